"""One sequence on one chip."""

from math import inf

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture
from edgewise.plan.chip import Chip
from edgewise.plan.count import decode, prefill
from edgewise.plan.edge import (
    Rates,
    decoding,
    edge_fit,
    prefill_s,
    rates_by_bandwidth,
    rates_of,
    takeover,
)
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.stored import stored_as
from tests.plan.architectures import architectures
from tests.plan.paper import CHIPS, MODELS

MODEL = MODELS["smollm2-135m"]
STORED = stored_as(MODEL, NumberFormat.Q8_0)
RATES = Rates(
    weights_bytes_s={NumberFormat.Q8_0: 1e10},
    other_weights_bytes_s=5e9,
    cache_bytes_s=2e10,
    core_flops_s=5e9,
    linear_flops_s=inf,
    prefill_flops_s=5e10,
    layer_s=1e-5,
    token_s=1e-4,
    source="made up",
)
H20 = CHIPS["H20"]


def chip_of(memory_bytes: float) -> Chip:
    return msgspec.structs.replace(H20, memory_bytes=memory_bytes)


@given(architectures(), st.integers(1, 10_000), st.integers(0, 10_000))
def test_a_longer_context_is_never_faster(architecture: Architecture, context: int, more: int):
    stored = stored_as(architecture, NumberFormat.Q8_0)
    short = decoding(architecture, stored, RATES, context)
    long = decoding(architecture, stored, RATES, context + more)
    assert short.tokens_s >= long.tokens_s > 0


def test_a_tokens_seconds_are_the_sum_of_what_they_are_for():
    found = decoding(MODEL, STORED, RATES, 1000, power_w=5.0)
    work = decode(MODEL, 1000)
    norms = STORED.part_bytes["small"]
    assert found.weights_s == pytest.approx((STORED.total_bytes - norms) / 1e10 + norms / 5e9)
    assert found.cache_s == pytest.approx((work.cache_traffic + work.kv_write) / 2e10)
    assert found.compute_s == pytest.approx(work.core / 5e9)
    assert found.overhead_s == pytest.approx(30 * 1e-5 + 1e-4)
    assert found.joules == pytest.approx(5.0 * found.seconds)
    assert decoding(MODEL, STORED, RATES, 1000).joules is None


def test_a_prompt_is_bound_by_its_flops_and_a_short_one_by_the_weights():
    work = prefill(MODEL, 512)
    linear_s = (work.flops - work.core) / 5e10
    assert prefill_s(MODEL, STORED, RATES, 512) == pytest.approx(linear_s, rel=0.2)
    assert prefill_s(MODEL, STORED, RATES, 1) > decoding(MODEL, STORED, RATES, 1).weights_s


def test_the_cloud_takes_over_where_the_device_is_too_slow():
    found = takeover(MODEL, STORED, H20, RATES, wanted_tokens_s=30.0)
    assert found.because == "speed"
    assert found.cloud_from == found.most_context_fast + 1
    assert decoding(MODEL, STORED, RATES, found.most_context_fast).tokens_s >= 30.0
    assert decoding(MODEL, STORED, RATES, found.most_context_fast + 1).tokens_s < 30.0
    assert takeover(MODEL, STORED, H20, RATES, wanted_tokens_s=1e6).cloud_from == 1


def test_the_cloud_takes_over_where_memory_ends():
    room = STORED.total_bytes + 1e7
    found = takeover(MODEL, STORED, chip_of(room / 0.9), RATES, wanted_tokens_s=1.0)
    assert found.because == "memory"
    assert 0 < found.most_context_fast == found.most_context_fits < MODEL.max_context
    tight = takeover(MODEL, STORED, chip_of(1e6), RATES, wanted_tokens_s=1.0)
    assert (tight.most_context_fits, tight.cloud_from) == (0, 1)


def test_the_cloud_is_not_needed_up_to_the_models_own_limit():
    found = takeover(MODEL, STORED, H20, RATES, wanted_tokens_s=1.0)
    assert (found.cloud_from, found.most_context_fast) == (None, MODEL.max_context)


def test_what_fits_counts_the_files_own_bytes():
    exact = edge_fit(MODEL, STORED, H20, 100)
    assert exact.weights_bytes == STORED.total_bytes
    assert exact.fits


def test_rates_of_a_data_sheet_are_shares_of_its_peaks():
    rates = rates_of(H20, bandwidth_share=0.5, compute_share=0.25)
    assert rates.other_weights_bytes_s == 0.5 * H20.bandwidth()
    assert rates.prefill_flops_s == 0.25 * H20.peak(NumberFormat.BF16)
    with pytest.raises(UserError, match=r"bandwidth_share is 1\.5"):
        rates_of(H20, bandwidth_share=1.5)


@pytest.mark.parametrize("wanted", [0, -1.0, inf, float("nan")])
def test_a_speed_that_cannot_be_wanted_is_refused(wanted: float):
    with pytest.raises(UserError, match="tokens/s is wanted"):
        takeover(MODEL, STORED, H20, RATES, wanted_tokens_s=wanted)


def test_a_context_of_nothing_is_refused():
    with pytest.raises(UserError, match="context is 0"):
        decoding(MODEL, STORED, RATES, 0)
    with pytest.raises(UserError, match="tokens is 0"):
        prefill_s(MODEL, STORED, RATES, 0)


def test_bandwidth_alone_is_no_slower_than_with_flops():
    model, orin = MODELS["qwen3-4b"], CHIPS["Jetson AGX Orin"]
    stored = stored_as(model, NumberFormat.Q4_K)
    alone, both = rates_by_bandwidth(orin), rates_of(orin)
    faster = decoding(model, stored, alone, 4096).tokens_s
    assert faster > decoding(model, stored, both, 4096).tokens_s > 0.8 * faster
