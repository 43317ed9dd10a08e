"""Parameters: what the publishers say, from the sizes alone."""

import pytest
from hypothesis import given

from edgewise.plan.arch import Architecture, Dense, Gqa, Moe
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import parameters, projections, weight_bytes
from tests.plan.architectures import architectures, one_group
from tests.plan.paper import MODELS

PUBLISHED = {
    "deepseek-v3": 671_026_419_200,
    "qwen3-235b-a22b": 235_093_634_560,
    "qwen3-32b": 32_762_123_264,
    "qwen3-30b-a3b": 30_532_122_624,
    "qwen3-8b": 8_190_735_360,
    "qwen3-4b": 4_022_468_096,
    "qwen3-1.7b": 1_720_574_976,
    "qwen3-0.6b": 596_049_920,
    "llama-3.2-3b": 3_212_749_824,
    "llama-3.2-1b": 1_235_814_400,
    "ernie-4.5-300b": 299_484_163_264,
    "gemma-3-4b": 4_300_079_472,
    "gemma-3-1b": 999_885_952,
    "smollm2-135m": 134_515_008,
}
"""What the hubs count in the published files, DeepSeek's without its multi-token prediction.
ERNIE's is the sum over the shapes of its tensors."""

STATED = {
    "kimi-k2": (1.03e12, 32e9),
    "llama-4-maverick": (400e9, 17e9),
    "minimax-m1": (456e9, 45.9e9),
    "pangu-pro-moe": (72e9, 16e9),
    "step-3.5-flash": (196.81e9, 11e9),
}
"""Round figures of the publishers: total, and active in one way of counting or another."""


def test_step_3_has_316_billion_parameters_of_which_38_act():
    held = parameters(MODELS["step-3"])
    assert f"{held.total / 1e9:.2f}" == "316.29"
    assert f"{held.active / 1e9:.2f}" == "37.92"
    assert f"{held.layers_active / 1e9:.2f}" in {"36.99", "37.00"}
    assert f"{(held.active + held.embedding) / 1e9:.2f}" == "38.84"
    attention = projections(MODELS["step-3"].groups[0].attention, 7168)
    assert sum(matrix.size for matrix in attention) == 169_345_024


def test_parameters_are_those_of_the_published_files_to_the_last_one():
    assert {name: parameters(MODELS[name]).total for name in PUBLISHED} == PUBLISHED


def test_parameters_are_about_what_the_others_publishers_state():
    for name, (total, active) in STATED.items():
        held = parameters(MODELS[name])
        assert held.total == pytest.approx(total, rel=0.01), name
        assert held.active == pytest.approx(active, rel=0.06), name


@given(architectures())
def test_what_acts_is_never_more_than_what_is_held(model: Architecture):
    held = parameters(model)
    assert 0 < held.active <= held.total
    assert held.active_experts <= held.experts


def test_a_tied_head_is_read_and_holds_nothing():
    tied = parameters(MODELS["smollm2-135m"])
    assert tied.head == 0
    assert tied.active == tied.total


def test_biases_norms_and_gates_are_parameters():
    plain = parameters(one_group(Gqa(heads=4, kv_heads=2, head_dim=8), Dense(width=64)))
    biased = parameters(
        one_group(
            Gqa(heads=4, kv_heads=2, head_dim=8, qkv_bias=True, output_bias=True),
            Dense(width=64, gated=False, bias=True),
        )
    )
    assert plain.small == 32 + 2 * 32
    assert biased.small - plain.small == (4 + 2 + 2) * 8 + 32 + 64 + 32
    assert plain.dense - biased.dense == 32 * 64
    gated = one_group(
        Gqa(heads=4, kv_heads=2, head_dim=8, qk_norm="width", output_gate="element"),
        Moe(experts=4, top_k=2, width=8, shared_gate=True, router_bias=True),
    )
    held = parameters(gated)
    assert held.projections - plain.projections == 32 * 32
    by_head = one_group(Gqa(heads=4, kv_heads=2, head_dim=8, output_gate="head"), None)
    assert parameters(by_head).projections - plain.projections == 32 * 4
    assert held.small - plain.small == (4 + 2) * 8 + 4
    assert held.router == 32 * 5


def test_bytes_go_by_the_format_of_each_part():
    held = parameters(MODELS["smollm2-135m"])
    assert weight_bytes(held, NumberFormat.BF16) == 2 * 134_515_008
    assert weight_bytes(held, NumberFormat.FP32) == 4 * 134_515_008
    quantised = weight_bytes(held, NumberFormat.Q4_0)
    assert quantised == (held.total - held.small) * 18 / 32 + 2 * held.small
    wider = weight_bytes(held, NumberFormat.Q4_0, {"embedding": NumberFormat.Q8_0})
    assert wider - quantised == held.embedding * (34 - 18) / 32
