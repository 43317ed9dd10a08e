"""The paper's Table 7, the rule of Table 8, the L20 and L4 examples, and sizes xA yF."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgewise.errors import UserError
from edgewise.plan.arch import Dense
from edgewise.plan.disaggregate import (
    Deployment,
    TooFull,
    TooSlow,
    acting_experts,
    attention_room,
    batch_of_dense,
    batch_of_experts,
    ffn_cards,
    scaled_throughput,
    size_deployment,
    sparsity,
    sparsity_floor,
    traffic_bytes,
)
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import parameters
from tests.plan.paper import CHIPS, MODELS, needs_tables, rows

STEP3, H800 = MODELS["step-3"], CHIPS["H800"]
LAYER_S = 272e-6
"""The paper's time for a layer: 16.6 ms over 61."""


@needs_tables
def test_the_sparsity_floors_are_those_of_table_7():
    for row in rows("table7_min_moe_sparsity"):
        floor = sparsity_floor(7168, 61, CHIPS[row["accelerator"]])
        assert f"{floor:.3f}" == row["min_sparsity"], row
    assert len(rows("table7_min_moe_sparsity")) == 4


def test_the_floor_rises_as_less_of_the_network_is_reached():
    """DeepEP reaches 40 of 50 GB/s: the paper says .073, and that Step-3 took about .08."""
    floor = sparsity_floor(7168, 61, H800, network_share=40 / 50)
    assert f"{floor:.3f}" == "0.073"
    moe = STEP3.groups[1].ffn
    assert sparsity(moe) == pytest.approx(4 / 48)
    assert sparsity(moe) > floor
    assert sparsity(Dense(width=8)) == 1


def test_deepseek_v3_would_need_fourteen_acting_experts():
    """The example counts the shared expert in the denominator, the definition (9/256) does not."""
    assert acting_experts(sparsity_floor(7168, 61, H800), experts=256, shared=1) == 14
    assert sparsity(MODELS["deepseek-v3"].groups[1].ffn) == 9 / 256


def test_a_batch_that_uses_the_chip_is_half_its_roofline():
    dense = batch_of_dense(H800, NumberFormat.FP8, NumberFormat.FP8)
    assert dense == pytest.approx(591 / 2, rel=0.001)
    assert batch_of_experts(dense, 4 / 48) == pytest.approx(12 * dense)
    assert batch_of_dense(H800, NumberFormat.BF16, NumberFormat.BF16) == pytest.approx(
        dense, rel=0.01
    )
    assert traffic_bytes(7168, 100) == 3 * 7168 * 100


@needs_tables
def test_table_8_follows_its_rule_but_for_a_misprint():
    """The table prints 2643 at 8K; the text's own formula, 4039 * (2+2) / (4+2), gives 2693."""
    by_name = {(row["deployment"], row["avg_context"]): row for row in rows("table8_throughput")}
    known = float(by_name["2A2F", "4096"]["peak_tok_s_gpu"])
    assert known == 4039
    assert round(scaled_throughput(known, (2, 2), attention=4)) == 2693
    assert by_name["4A2F", "8192"]["peak_tok_s_gpu"] == "2643"
    assert round(scaled_throughput(known, (2, 2), attention=16)) == 898


@pytest.mark.parametrize(
    ("context", "name", "cards"), [(4096, "2A2F", 32), (8192, "4A2F", 48), (32768, "16A2F", 144)]
)
def test_the_papers_deployments_are_those_that_are_planned(context: int, name: str, cards: int):
    """H800 with micro-batches of 2048, at half of peak."""
    planned = size_deployment(STEP3, context, H800, H800, micro_batch=2048)
    assert isinstance(planned, Deployment)
    assert (planned.name, planned.cards, planned.batch) == (name, cards, 6144)
    assert planned.tokens_s == pytest.approx(6144 / 0.05)
    assert planned.tokens_s_per_card == pytest.approx(
        scaled_throughput(4039, (2, 2), planned.attention_servers), rel=0.06
    )


def test_an_l20_serves_attention_of_forty_sequences():
    """The paper says 41 for "8K", which is 8000 there; 8192 gives 40."""
    room = attention_room(STEP3, CHIPS["L20"], LAYER_S)
    assert f"{room.readable_bytes / 1e6:.0f}" == "235"
    assert f"{room.weights_bytes / 1e6:.1f}" == "66.6"
    assert round(room.tokens, -3) in {328_000, 329_000}
    assert room.batch(8000) == 41
    assert room.batch(8192) == 40


def test_an_l20_ffn_takes_six_servers():
    held = parameters(STEP3).ffn
    assert f"{held / 1e9:.1f}" == "304.1"
    needed = ffn_cards(STEP3, CHIPS["L20"], LAYER_S)
    assert f"{needed.bytes_per_card / 61 / 1e6:.1f}" == "117.5"
    assert f"{needed.bytes_per_card * 8 / 1e9:.0f}" == "57"
    assert needed.servers == 6
    assert needed.servers * 8 == 48


def test_an_l4_is_not_enough_for_attention_and_takes_fewer_cards_for_ffn_than_printed():
    """The paper triples the L20's 48 cards to 144; its own rule gives 123 cards, or 16 servers."""
    room = attention_room(STEP3, CHIPS["L4"], LAYER_S)
    assert room.weights_bytes > 0.8 * room.readable_bytes
    assert room.batch(8000) == 3
    needed = ffn_cards(STEP3, CHIPS["L4"], LAYER_S)
    assert (needed.cards, needed.servers) == (123, 16)
    assert needed.cards < 144
    slow = size_deployment(STEP3, 8192, CHIPS["L4"], H800)
    assert isinstance(slow, TooSlow)
    assert slow.part == "attention"
    assert slow.needs_s > slow.has_s
    assert isinstance(size_deployment(STEP3, 8192, CHIPS["L20"], H800), Deployment)


def test_a_context_that_no_card_holds_is_told_with_its_bytes():
    model = replace(MODELS["qwen3-32b"], max_context=0)
    small = replace(H800, memory_bytes=20e9)
    full = size_deployment(model, 100_000, small, H800, target_s=10)
    assert isinstance(full, TooFull)
    assert full.needs_bytes > full.has_bytes == pytest.approx(18e9)


def test_a_network_that_carries_no_token_is_told():
    thin = replace(H800, network_bytes_s=1e5)
    slow = size_deployment(STEP3, 8192, H800, thin)
    assert isinstance(slow, TooSlow)
    assert slow.part == "network"


def test_without_a_batch_the_one_that_uses_the_ffn_well_is_taken():
    planned = size_deployment(STEP3, 4096, H800, H800)
    assert isinstance(planned, Deployment)
    assert planned.micro_batch == 3546 == int(12 * 591.04 / 2)


def test_a_wide_batch_takes_ffn_servers_for_its_flops_or_for_its_network():
    """100,000 tokens of 53.3 GFLOP at half of peak; 3 bytes of 7168 elements in 61 layers."""
    wide = size_deployment(STEP3, 1, H800, H800, micro_batch=100_000)
    thin = replace(H800, network_bytes_s=1e9)
    carried = size_deployment(STEP3, 1, H800, thin, micro_batch=2048)
    assert isinstance(wide, Deployment)
    assert isinstance(carried, Deployment)
    assert wide.ffn_servers == 41 == math.ceil(100_000 * 5.331e10 / (8 * 0.99e15 * 0.05 / 3))
    assert carried.ffn_servers == 21 == math.ceil(2048 * 61 * 3 * 7168 / (8e9 * 0.05 / 3))


@given(st.integers(256, 60_000), st.integers(1, 6000), st.sampled_from(["H800", "H20", "A800"]))
def test_longer_contexts_and_wider_batches_take_no_fewer_servers(
    context: int, micro_batch: int, chip: str
):
    own = replace(CHIPS[chip], memory_bytes=1e15)
    small = size_deployment(STEP3, context, own, H800, micro_batch=micro_batch)
    longer = size_deployment(STEP3, context + 1000, own, H800, micro_batch=micro_batch)
    wider = size_deployment(STEP3, context, own, H800, micro_batch=micro_batch + 100)
    for planned in (small, longer, wider):
        assert isinstance(planned, Deployment)
        assert isinstance(small, Deployment)
        assert planned.attention_servers >= small.attention_servers
        assert planned.ffn_servers >= small.ffn_servers
        assert planned.cards == 8 * (planned.attention_servers + planned.ffn_servers)


def test_what_can_not_be_planned_is_told():
    with pytest.raises(UserError, match="target for a token is 0"):
        size_deployment(STEP3, 8192, H800, H800, target_s=0)
    with pytest.raises(UserError, match="micro-batch is 0"):
        size_deployment(STEP3, 8192, H800, H800, micro_batch=0)
    with pytest.raises(UserError, match=r"reached is 1\.5; it is above 0 and at most 1"):
        size_deployment(STEP3, 8192, H800, H800, reached=1.5)
    with pytest.raises(UserError, match="the context is 0"):
        size_deployment(STEP3, 0, H800, H800)
    with pytest.raises(UserError, match="H800 has no memory"):
        size_deployment(STEP3, 8192, replace(H800, memory_bytes=None), H800)
    with pytest.raises(UserError, match="L20 has no network"):
        sparsity_floor(7168, 61, CHIPS["L20"])
