"""What the planner says of Step-3 is what the reference model does: FLOPs as torch counts them in
its modules, parameters and bytes by the sizes of its tensors, part by part."""

from collections import Counter

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from msgspec.structs import replace
from torch import Tensor

from edgewise.plan.arch import Architecture, Dense, LayerGroup, Mfa, Moe
from edgewise.plan.count import Work, decode, kv_bytes, prefill
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import parameters, weight_bytes
from edgewise.step3.attention import attend_fused, attend_plain
from edgewise.step3.config import PUBLISHED, Step3TextConfig
from edgewise.step3.layout import count_active_parameters, tensor_shapes
from edgewise.step3.layout import count_parameters as count_published
from edgewise.step3.model import Step3ForCausalLM
from tests.plan.counting import count_flops, count_parameters
from tests.plan.paper import MODELS

BEFORE, TOKENS = 23, 17
CONFIG = Step3TextConfig(
    hidden_size=64,
    intermediate_size=112,
    num_hidden_layers=4,
    num_attention_heads=4,
    head_dim=16,
    share_q_dim=48,
    moe_layers_enum=(1, 2),
    moe_num_experts=6,
    moe_top_k=3,
    moe_intermediate_size=24,
    share_expert_dim=40,
    vocab_size=80,
    max_position_embedding=128,
    max_seq_len=128,
)
"""All sizes differ, so that no mistake hides behind another."""
ids = torch.arange(TOKENS)[None]
both = pytest.mark.parametrize("plain", [True, False], ids=["plain", "fast"])


@both
def test_a_prompt_costs_what_is_planned_for_a_kernel_that_masks_afterwards(plain: bool):
    model = Step3ForCausalLM(CONFIG, plain=plain)
    planned = prefill(planned_for(CONFIG), TOKENS, heads=TOKENS, masked=False)
    assert count_flops(lambda: model(ids)) == items(planned)


@both
def test_a_decoded_token_costs_what_is_planned(plain: bool):
    model = Step3ForCausalLM(CONFIG, plain=plain)
    fill_caches(model, plain)
    planned = decode(planned_for(CONFIG), BEFORE + 1)
    assert count_flops(lambda: model(ids[:, :1])) == items(planned)


def test_keys_and_values_have_the_bytes_that_are_planned():
    model = Step3ForCausalLM(CONFIG).to(torch.bfloat16)
    kept = fill_caches(model, plain=True)
    found = sum(tensor.numel() * tensor.element_size() for tensor in kept)
    assert found == kv_bytes(planned_for(CONFIG, NumberFormat.BF16), BEFORE)


def test_parameters_are_those_of_the_tensors_part_by_part():
    found = count_parameters(Step3ForCausalLM(CONFIG), CONFIG.moe_top_k)
    planned = parameters(planned_for(CONFIG))
    for part in ("embedding", "head", "projections", "dense", "shared", "experts", "router"):
        assert getattr(planned, part) == found[part], part
    assert planned.active_experts == found["active_experts"]
    assert planned.small == found["small"]


@pytest.mark.parametrize(
    ("dtype", "stored"),
    [(torch.float32, NumberFormat.FP32), (torch.bfloat16, NumberFormat.BF16)],
    ids=["fp32", "bf16"],
)
def test_bytes_of_weights_are_those_of_the_tensors(dtype: torch.dtype, stored: NumberFormat):
    model = Step3ForCausalLM(CONFIG).to(dtype)
    found = sum(weight.numel() * weight.element_size() for weight in model.parameters())
    assert weight_bytes(parameters(planned_for(CONFIG)), stored) == found


def test_the_published_size_is_planned_as_its_tensors_are():
    planned = parameters(MODELS["step-3"])
    assert replace(planned_for(PUBLISHED), name="") == replace(
        MODELS["step-3"], name="", aliases=(), source="", max_context=0,
        groups=tuple(replace(group, kv_format=NumberFormat.FP32)
                     for group in MODELS["step-3"].groups),
    )  # fmt: skip
    assert planned.total == count_published(PUBLISHED) == pytest.approx(316.29e9, rel=1e-4)
    assert planned.active == count_active_parameters(PUBLISHED) == pytest.approx(37.92e9, rel=1e-4)
    assert weight_bytes(planned, NumberFormat.BF16) == 2 * sum(
        torch.empty(shape, device="meta").numel() for shape in tensor_shapes(PUBLISHED).values()
    )


def test_every_matrix_that_acts_is_multiplied_once_a_token():
    work, planned = decode(MODELS["step-3"], 1), parameters(MODELS["step-3"])
    assert work.flops - work.core == 2 * (planned.active - planned.small)


def planned_for(
    config: Step3TextConfig, kv_format: NumberFormat = NumberFormat.FP32
) -> Architecture:
    """What the planner is told of a config."""
    attention = Mfa(
        heads=config.num_attention_heads,
        q_rank=config.share_q_dim,
        kv_heads=config.num_attention_groups,
        head_dim=config.head_dim,
    )
    moe = Moe(
        experts=config.moe_num_experts,
        top_k=config.moe_top_k,
        width=config.moe_intermediate_size,
        shared_width=config.share_expert_dim,
    )
    sparse = len(config.moe_layers_enum)
    dense = config.num_hidden_layers - sparse
    return Architecture(
        name="step-3",
        hidden=config.hidden_size,
        vocab=config.vocab_size,
        groups=(
            LayerGroup(dense, attention, Dense(config.intermediate_size), kv_format=kv_format),
            LayerGroup(sparse, attention, moe, kv_format=kv_format),
        ),
    )


def items(work: Work) -> Counter[str]:
    """The planner's items as `count_flops` names them."""
    names = ("core", "projections", "dense", "shared", "experts", "router", "head")
    return Counter({name: int(getattr(work, name)) for name in names})


def fill_caches(model: Step3ForCausalLM, plain: bool) -> list[Tensor]:
    """Gives each layer keys and values of tokens before, and returns them."""
    attend, kept = attend_plain if plain else attend_fused, list[Tensor]()
    for layer in model.model.layers:
        size = (1, BEFORE, 1, model.config.head_dim)
        past = [torch.randn(size, dtype=model.lm_head.weight.dtype) for _ in "kv"]
        kept += past

        def cached(q: Tensor, k: Tensor, v: Tensor, past: list[Tensor] = past) -> Tensor:
            keys, values = (torch.cat(pair, 1) for pair in zip(past, (k, v), strict=True))
            return attend(q, keys, values)

        layer.self_attn.look = cached
    return kept
