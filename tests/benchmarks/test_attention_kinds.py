"""The three kinds that are timed compute what Step-3, Llama and DeepSeek compute, in every way that
is tried, and multiply just as much as the planner says."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")
pytest.importorskip("transformers", reason="transformers is not installed (extra step3)")

import torch
from msgspec.structs import replace
from torch import Tensor, nn
from transformers import DeepseekV3Config, LlamaConfig
from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3Attention
from transformers.models.llama.modeling_llama import LlamaAttention

from benchmarks.attention_kinds import (
    THETA,
    Attend,
    Cache,
    Kind,
    Layer,
    Stack,
    attend_by_blocks,
    attend_by_groups,
    attend_by_keys,
    attend_by_queries,
    attend_by_rows,
    attend_fused,
    layer_of,
)
from edgewise.plan.arch import Architecture, Gqa, LayerGroup, Mfa, Mla
from edgewise.plan.count import decode, kv_bytes
from edgewise.plan.number_format import NumberFormat
from edgewise.step3.attention import Attention, rotation_at
from edgewise.step3.config import PUBLISHED
from tests.plan.counting import count_flops

HIDDEN, TOKENS = 32, 9
KINDS: dict[str, Kind] = {
    "MFA": Mfa(heads=4, q_rank=24, kv_heads=1, head_dim=16),
    "GQA": Gqa(heads=4, kv_heads=2, head_dim=16),
    "MLA": Mla(heads=4, q_rank=20, kv_rank=16, rope_dim=4, nope_dim=8, value_dim=6),
}
WAYS = (
    attend_by_rows,
    attend_by_queries,
    attend_by_keys,
    attend_fused,
    attend_by_groups,
    attend_by_blocks,
)
every = pytest.mark.parametrize("sizes", KINDS.values(), ids=KINDS)
x = torch.randn(TOKENS, HIDDEN, generator=torch.Generator().manual_seed(3))


@every
@pytest.mark.parametrize("turned", [False, True], ids=["by token", "by element"])
def test_all_ways_of_computing_give_the_same(sizes: Kind, turned: bool):
    layer = layer_of(sizes, HIDDEN)
    cache = Cache(layer, 1100, batch=2, turned=turned)  # more than two blocks
    q = torch.randn(2, layer.groups, 3, layer.key_width)
    found = [attend(q, cache.keys, cache.values, layer.scale) for attend in WAYS]
    for other in found[1:]:
        torch.testing.assert_close(other, found[0], atol=1e-5, rtol=1e-4)


def test_mfa_is_step_3s():
    config = replace(
        PUBLISHED, hidden_size=HIDDEN, num_attention_heads=4, head_dim=16, share_q_dim=24
    )
    theirs, ours = Attention(config), layer_of(KINDS["MFA"], HIDDEN)
    load(ours, theirs)
    whole = theirs(x[None], rotation_at(torch.arange(TOKENS), config))[0]
    torch.testing.assert_close(one_by_one(ours), whole, atol=1e-5, rtol=1e-4)


def test_gqa_is_llamas():
    config = LlamaConfig(
        hidden_size=HIDDEN, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
        attn_implementation="eager",
    )  # fmt: skip
    theirs, ours = LlamaAttention(config, 0), layer_of(KINDS["GQA"], HIDDEN)
    load(ours, theirs)
    torch.testing.assert_close(one_by_one(ours), whole(theirs, 16), atol=1e-5, rtol=1e-4)


def test_mla_is_deepseeks_though_it_expands_nothing():
    config = DeepseekV3Config(
        hidden_size=HIDDEN, num_attention_heads=4, num_key_value_heads=4, q_lora_rank=20,
        kv_lora_rank=16, qk_rope_head_dim=4, qk_nope_head_dim=8, v_head_dim=6,
        rope_interleave=False, attn_implementation="eager",
    )  # fmt: skip
    theirs, ours = DeepseekV3Attention(config, 0), layer_of(KINDS["MLA"], HIDDEN)
    expand = theirs.kv_b_proj.weight.detach().view(4, 8 + 6, 16)
    load(ours, theirs, w_uk=expand[:, :8], w_uv=expand[:, 8:].mT)
    torch.testing.assert_close(one_by_one(ours), whole(theirs, 4), atol=1e-5, rtol=1e-4)


@every
@pytest.mark.parametrize("attend", WAYS[1:5])
def test_a_step_multiplies_and_keeps_what_the_planner_says(sizes: Kind, attend: Attend):
    stack = Stack(sizes, HIDDEN, layers=2)
    caches = [Cache(layer, 50) for layer in stack.attention]
    planned = Architecture(
        name="attention", hidden=HIDDEN, vocab=1,
        groups=(LayerGroup(2, sizes, None, kv_format=NumberFormat.FP32),),
    )  # fmt: skip
    counted = count_flops(lambda: stack(x[:1], caches, 49, attend))
    work = decode(planned, 50)
    widened = isinstance(sizes, Mla) and attend is attend_fused  # as the paper charges it
    assert counted.total() == (work.paper_core if widened else work.core) + work.projections
    kept = sum(
        cache.keys.nbytes + (0 if cache.in_keys else cache.values.nbytes) for cache in caches
    )
    assert kept == kv_bytes(planned, 50)


def one_by_one(layer: Layer) -> Tensor:
    """What a layer gives for each token of x after those before it."""
    cache, found = Cache(layer, TOKENS), list[Tensor]()
    for place in range(TOKENS):
        q, key, value = layer.ask(x[place, None], place)
        cache.write(place, key, value)
        end = place + 1
        seen = attend_by_queries(q, cache.keys[:, :, :end], cache.values[:, :, :end], layer.scale)
        found.append(layer.answer(seen))
    return torch.cat(found)


def whole(theirs: nn.Module, rotated: int) -> Tensor:
    """What a layer of transformers gives for all of x."""
    angles = torch.arange(TOKENS)[:, None] * THETA ** -(torch.arange(0, rotated, 2) / rotated)
    angles = torch.cat((angles, angles), -1)[None]
    mask = torch.full((TOKENS, TOKENS), float("-inf")).triu(1)[None, None]
    return theirs(x[None], position_embeddings=(angles.cos(), angles.sin()), attention_mask=mask)[
        0
    ][0]


def load(ours: Layer, theirs: nn.Module, **made: Tensor) -> None:
    assert isinstance(ours, nn.Module)
    names = ours.state_dict()
    for name in names:
        names[name] = made[name] if name in made else theirs.state_dict()[name]
    ours.load_state_dict(names)
    ours.requires_grad_(False)
    theirs.requires_grad_(False)
