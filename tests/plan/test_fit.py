"""What fits into memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture
from edgewise.plan.count import kv_bytes, state_bytes
from edgewise.plan.fit import fit, fit_bytes, longest_context
from edgewise.plan.number_format import NumberFormat
from tests.plan.architectures import architectures
from tests.plan.paper import CHIPS, MODELS

Q4 = NumberFormat.Q4_K


def test_a_quantised_model_fits_where_the_full_one_does_not():
    nx, model = CHIPS["Jetson Orin NX"], MODELS["qwen3-8b"]
    assert fit(model, nx, weights=Q4, context=8192).fits
    full = fit(model, nx, weights=NumberFormat.BF16, context=8192)
    assert not full.fits
    assert (full.most_context, full.most_batch) == (0, 0)


def test_all_experts_are_held_though_few_act():
    model = MODELS["qwen3-30b-a3b"]
    held = fit(model, CHIPS["Jetson AGX Orin"], weights=Q4, context=4096)
    assert held.weights_bytes == pytest.approx(30.5e9 * 4.5 / 8, rel=0.01)
    assert held.fits
    assert not fit(model, CHIPS["Jetson Orin NX"], weights=Q4, context=4096).fits


def test_step_3_is_held_by_a_server_of_h800_with_eight_bits():
    model, h800 = MODELS["step-3"], CHIPS["H800"]
    assert fit(model, h800, weights=NumberFormat.FP8, context=8192, cards=8).fits
    assert not fit(model, h800, weights=NumberFormat.BF16, context=8192, cards=8).fits


def test_the_longest_context_and_the_widest_batch_just_fit():
    model, pi = MODELS["llama-3.2-1b"], CHIPS["Raspberry Pi 5"]
    use = fit(model, pi, weights=NumberFormat.BF16, context=8192, batch=4)
    assert use.fits
    widest = fit(model, pi, weights=NumberFormat.BF16, context=8192, batch=use.most_batch)
    wider = fit(model, pi, weights=NumberFormat.BF16, context=8192, batch=use.most_batch + 1)
    assert widest.fits
    assert not wider.fits
    longest = fit(model, pi, weights=NumberFormat.BF16, context=use.most_context, batch=4)
    longer = fit(model, pi, weights=NumberFormat.BF16, context=use.most_context + 1, batch=4)
    assert longest.fits
    assert not longer.fits


@given(architectures(), st.floats(0, 1e12))
def test_the_longest_context_fits_and_one_more_token_does_not(model: Architecture, room: float):
    longest = longest_context(model, room)
    if state_bytes(model) > room:
        assert longest == 0
    else:
        assert kv_bytes(model, longest) + state_bytes(model) <= room
    if 0 < longest < 10**9:
        assert kv_bytes(model, longest + 1) + state_bytes(model) > room


def test_a_files_own_bytes_count():
    use = fit_bytes(MODELS["qwen3-0.6b"], CHIPS["Raspberry Pi 5"], 639_446_688, context=2048)
    assert use.weights_bytes == 639_446_688
    assert use.room_bytes == 0.9 * 16e9


def test_what_can_not_be_asked_is_told():
    with pytest.raises(UserError, match="Dimensity 9400 has no memory"):
        fit(MODELS["qwen3-0.6b"], CHIPS["Dimensity 9400"], weights=Q4, context=10)
    with pytest.raises(UserError, match="batch is 0"):
        fit(MODELS["qwen3-0.6b"], CHIPS["L4"], weights=Q4, context=10, batch=0)
