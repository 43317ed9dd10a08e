"""Weights as they are kept, and which of them a token reads."""

import msgspec
import pytest
from hypothesis import given

from edgewise.plan.arch import Architecture, Dense, Gqa, Moe
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.stored import StoredWeights, rate_of, read_for_a_token, stored_as
from edgewise.plan.weights import parameters, weight_bytes
from tests.plan.architectures import architectures, one_group

SMALL = one_group(Gqa(heads=2, kv_heads=1, head_dim=16), Dense(64))


@given(architectures())
def test_bytes_are_those_of_the_weights(architecture: Architecture):
    for stored in (NumberFormat.BF16, NumberFormat.Q8_0, NumberFormat.FP32):
        total = stored_as(architecture, stored).total_bytes
        assert total == pytest.approx(weight_bytes(parameters(architecture), stored), abs=8)


@given(architectures())
def test_a_token_reads_no_more_than_there_is(architecture: Architecture):
    stored = stored_as(architecture, NumberFormat.Q4_0)
    assert 0 < sum(read_for_a_token(architecture, stored).values()) <= stored.total_bytes


def test_a_token_reads_the_experts_that_act():
    sparse = one_group(None, Moe(experts=8, top_k=2, width=64))
    stored = stored_as(sparse, NumberFormat.FP8)
    idle = stored.part_bytes["experts"] * 6 // 8 + stored.part_bytes["embedding"]
    assert sum(read_for_a_token(sparse, stored).values()) == stored.total_bytes - idle


def test_an_embedding_is_read_where_it_is_the_head():
    tied = msgspec.structs.replace(SMALL, tied=True)
    read = read_for_a_token(tied, stored_as(tied, NumberFormat.FP8))
    apart = read_for_a_token(SMALL, stored_as(SMALL, NumberFormat.FP8))
    assert read == apart


def test_a_format_of_gguf_has_the_rate_of_ours():
    rates = {NumberFormat.FP32: 2.0, NumberFormat.Q4_K: 3.0}
    assert [rate_of(name, rates, 1.0) for name in ("f32", "q4_k", "iq1_s", "q8_0")] == [2, 3, 1, 1]


def test_formats_are_listed_with_the_most_bytes_first():
    kept = {"dense": {"q4_1": 5, "f32": 1}, "head": {"q8_0": 4}}
    assert StoredWeights({"dense": 6, "head": 4}, kept).formats == ("q4_1", "q8_0", "f32")


def test_the_total_is_that_of_all_parts():
    assert StoredWeights({"dense": 3, "head": 4}, {}).total_bytes == 7
