"""The planner's FLOPs and bytes are those of models as transformers builds and runs them.

Each small model prefills and then decodes one token after a cache; every product that it makes is
counted by part (`counting`), every tensor of weights and cache is measured. Where the library does
other work than a model needs, the difference is reckoned exactly, and this is all of it:

- it multiplies all pairs of a prompt and masks then;
- Llama 4's experts all run, on inputs that are zero for those not chosen;
- DeepSeek's latents are expanded anew for all tokens at each step, where the planner absorbs;
- a convolution is also made where its outcome is thrown away;
- at prefill, states are computed in blocks by products of their own.
"""

from collections import Counter

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")
pytest.importorskip("transformers", reason="transformers is not installed (extra step3)")

import torch
from torch import Tensor

from edgewise.plan.arch import Dense, Gqa, LinearAttention, Mfa, Mla, Moe, ShortConvolution
from edgewise.plan.count import Work, decode, kv_bytes, prefill, state_bytes
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import convolved, parameters, weight_bytes
from tests.plan.counting import count_flops, count_parameters, published_tensors
from tests.plan.paper import MODELS
from tests.plan.small_models import BLOCK, HIDDEN, SMALL, Small

TOKENS = 14
CHUNK = 64
"""Tokens of a block of the library's gated delta rule."""
ids = torch.arange(TOKENS)[None] % 50 + 3
every = pytest.mark.parametrize("small", SMALL.values(), ids=SMALL)


def test_every_built_in_model_is_of_kinds_that_are_counted():
    """Step-3's own attention is counted in tests/step3."""
    attentions = {kind_of(attention) for small in SMALL.values() for attention, _ in small.layers}
    ffns = {kind_of(ffn) for small in SMALL.values() for _, ffn in small.layers}
    for name, model in MODELS.items():
        for group in model.groups:
            assert isinstance(group.attention, Mfa) or kind_of(group.attention) in attentions, name
            assert kind_of(group.ffn) in ffns, name


@every
def test_parameters_are_those_of_the_tensors_part_by_part(small: Small):
    model, planned = small.build(), parameters(small.architecture)
    found = count_parameters(model, small.top_k)
    for part in ("embedding", "head", "projections", "dense", "shared", "experts", "router"):
        assert getattr(planned, part) == found.get(part, 0), part
    assert planned.active_experts == found.get("active_experts", 0)
    assert planned.small == found["small"]


@every
def test_bytes_of_weights_are_those_of_the_tensors(small: Small):
    for dtype, stored in ((torch.float32, NumberFormat.FP32), (torch.bfloat16, NumberFormat.BF16)):
        tensors = published_tensors(small.build().to(dtype)).values()
        found = sum(each.numel() * each.element_size() for each in tensors)
        assert weight_bytes(parameters(small.architecture), stored) == found


@every
def test_a_decoded_token_costs_what_is_planned(small: Small):
    model = small.build()
    with torch.no_grad():
        cache = model(ids, use_cache=True).cache
    counted = count_flops(lambda: model(ids[:, :1], cache=cache), small.state)
    work = items(decode(small.architecture, TOKENS + 1), small, 1)
    assert counted == work + expanded_latents(small) + idle_experts(small, 1) + idle_taps(small, 1)


@every
def test_a_prompt_costs_what_is_planned_for_a_kernel_that_masks_afterwards(small: Small):
    model = small.build()
    counted = count_flops(lambda: model(ids, use_cache=True), small.state)
    planned = prefill(small.architecture, TOKENS, heads=TOKENS, masked=False)
    work = items(planned, small, TOKENS)
    extra = idle_experts(small, TOKENS) + idle_taps(small, TOKENS)
    assert counted == work + extra + blocks(small)


@every
def test_a_cache_has_the_bytes_that_are_planned(small: Small):
    model = small.build()
    with torch.no_grad():
        cache = model(ids, use_cache=True).cache
    dropped = sum(
        2 * attention.kv_heads * attention.head_dim * 4
        for attention, _ in small.layers
        if isinstance(attention, Gqa) and (attention.window or attention.chunk)
    )
    """A window's oldest token, which the next one does not see, is dropped at once."""
    assert kept_bytes(cache) == kv_bytes(small.architecture, TOKENS) - dropped
    taps = sum(convolved_channels(attention) * 4 for attention, _ in small.layers)
    """The library keeps as many tokens as a convolution is long; all but one are needed."""
    assert state_size(cache) == state_bytes(small.architecture) + taps


def kind_of(part: object) -> tuple[object, ...]:
    """All that makes one layer's code another's: which parts it has, not how large they are."""
    match part:
        case Gqa():
            limits = part.window > 0, part.chunk > 0
            return (Gqa, part.qk_norm, part.output_gate, part.qkv_bias, part.own_kv, *limits)
        case LinearAttention():
            each = part.flops_per_element
            return LinearAttention, part.gate, part.scalars, part.norm, part.convolution > 0, each
        case Moe():
            return Moe, part.shared_width > 0, part.gated, part.shared_gate, part.router_bias
        case Dense():
            return Dense, part.gated, part.bias
        case _:
            return (type(part),)


def items(work: Work, small: Small, tokens: int) -> Counter[str]:
    """The planner's items as `count_flops` names them."""
    convolutions = 2 * tokens * sum(convolved(attention, HIDDEN) for attention, _ in small.layers)
    return +Counter(
        {
            "core": int(work.core) - convolutions,
            "convolved": convolutions,
            "projections": int(work.projections),
            "dense": int(work.dense),
            "shared": int(work.shared),
            "experts": int(work.experts),
            "router": int(work.router),
            "head": int(work.head),
        }
    )


def expanded_latents(small: Small) -> Counter[str]:
    """What a step of the library costs more where it expands the latents of all tokens."""
    difference: Counter[str] = Counter()
    for attention, _ in small.layers:
        if isinstance(attention, Mla):
            each = attention.kv_rank * attention.heads * (attention.nope_dim + attention.value_dim)
            difference["projections"] += 2 * each * TOKENS
            latent = 2 * attention.kv_rank + attention.rope_dim
            expanded = attention.nope_dim + attention.rope_dim + attention.value_dim
            difference["core"] += 2 * attention.heads * (expanded - latent) * (TOKENS + 1)
    return difference


def idle_experts(small: Small, tokens: int) -> Counter[str]:
    """What Llama 4's experts do on the zeros of tokens that are not theirs."""
    idle = [
        2 * 3 * HIDDEN * ffn.width * (ffn.experts - ffn.top_k) * tokens
        for _, ffn in small.layers
        if isinstance(ffn, Moe) and small.kind == "Llama4"
    ]
    return Counter({"experts": sum(idle)})


def idle_taps(small: Small, tokens: int) -> Counter[str]:
    """Outcomes of a convolution that are dropped: of a step one, of a prompt those past its end."""
    idle = 0
    for attention, _ in small.layers:
        if channels := convolved_channels(attention):
            length = convolved(attention, HIDDEN) // channels
            idle += 2 * channels * length * (1 if tokens == 1 else length - 1)
    return Counter({"convolved": idle})


def blocks(small: Small) -> Counter[str]:
    """What computing a prompt's states block by block costs more than token by token."""
    difference: Counter[str] = Counter()
    for attention, _ in small.layers:
        if isinstance(attention, LinearAttention):
            by_token = attention.flops_per_element * elements(attention) * TOKENS
            by_block = lightning(attention) if small.kind == "MiniMax" else delta(attention)
            difference["core"] += by_block - int(by_token)
    return difference


def lightning(attention: LinearAttention) -> int:
    """Blocks of BLOCK tokens and a rest: within a block all pairs, between blocks the state, which
    decays and is added to once a block."""
    sizes = [BLOCK] * (TOKENS // BLOCK) + [TOKENS % BLOCK]
    inside = sum(4 * attention.heads * size * size * attention.key_dim for size in sizes)
    between = sum(4 * elements(attention) * size for size in sizes)
    return inside + between + 2 * elements(attention) * len(sizes)


def delta(attention: LinearAttention) -> int:
    """Blocks of CHUNK tokens, the last filled up: keys by keys, queries by keys, those by values,
    and three products with the state; torch counts no triangular system."""
    keys, values = attention.key_dim, attention.value_dim
    within = 2 * CHUNK * CHUNK * (2 * keys + values)
    with_state = 3 * 2 * CHUNK * keys * values
    once = 2 * keys * values  # decayed and added to
    return attention.heads * (within + with_state + once) * -(-TOKENS // CHUNK)


def elements(attention: LinearAttention) -> int:
    return attention.heads * attention.key_dim * attention.value_dim


def convolved_channels(attention: object) -> int:
    match attention:
        case LinearAttention(convolution=length) | ShortConvolution(length=length) if length:
            return convolved(attention, HIDDEN) // length
        case _:
            return 0


def kept_bytes(cache: object) -> int:
    """Bytes of keys, values and latents in the library's cache."""
    tensors = [
        kept
        for layer in cache.layers
        for kept in (getattr(layer, "keys", None), getattr(layer, "values", None))
    ]
    return sum(kept.numel() * kept.element_size() for kept in tensors if kept is not None)


def state_size(cache: object) -> int:
    """Bytes of states in the library's cache."""
    found: list[Tensor | None] = [
        kept for kept in getattr(cache, "linear_cache", []) if isinstance(kept, Tensor)
    ]
    for layer in cache.layers:
        for states in ("conv_states", "recurrent_states"):
            found += getattr(layer, states, {}).values()
    return sum(kept.numel() * kept.element_size() for kept in found if kept is not None)
