"""One sequence on a device: formats side by side, and what is not known is not told."""

import msgspec
import pytest

from edgewise.plan.count import kv_bytes
from edgewise.plan.edge import BANDWIDTH_SHARE, LAYER_S, rates_of
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.report_edge import FILE, FORMATS, OnDevice, on_device, ways_to_store
from edgewise.plan.stored import read_for_a_token, stored_as
from tests.plan.planned import CHIPS, MODELS

MODEL = MODELS["qwen3-4b"]


def planned(chip: str, context: int = 8192, wanted_tokens_s: float = 20) -> tuple[OnDevice, ...]:
    ways = ways_to_store(MODEL, None, None)
    return on_device(MODEL, CHIPS[chip], context, wanted_tokens_s, ways)


def test_the_usual_formats_stand_side_by_side_and_fewer_bits_are_faster() -> None:
    found = planned("Jetson AGX Orin")
    assert [each.format for each in found] == [each.value for each in FORMATS]
    speeds = [each.decode_tokens_s for each in found]
    assert None not in speeds
    assert speeds == sorted(speeds, key=lambda speed: speed or 0)
    assert found[0].weights_bytes > found[1].weights_bytes > found[2].weights_bytes


def test_a_format_that_is_asked_for_is_the_only_one() -> None:
    ((name, _),) = ways_to_store(MODEL, NumberFormat.Q8_0, None)
    assert name == "q8_0"


def test_a_file_is_as_it_is_whatever_is_asked_for() -> None:
    exact = stored_as(MODEL, NumberFormat.Q6_K)
    assert ways_to_store(MODEL, NumberFormat.BF16, exact) == ((FILE, exact),)


def test_prompt_and_first_token_tell_the_same() -> None:
    first = planned("Jetson AGX Orin")[0]
    assert first.first_token_s is not None
    assert first.prefill_tokens_s == pytest.approx(8192 / first.first_token_s)


def test_a_faster_wish_sends_to_the_cloud_sooner() -> None:
    slow, fast = (planned("Jetson AGX Orin", wanted_tokens_s=wish)[2] for wish in (20, 30))
    assert slow.cloud_from is not None
    assert fast.cloud_from is not None
    assert fast.cloud_from < slow.cloud_from
    assert fast.cloud_because == "speed"


def test_a_chip_without_memory_has_speeds_and_no_fit() -> None:
    found = planned("RK3588", wanted_tokens_s=1)[0]
    assert found.decode_tokens_s is not None
    assert (found.fits, found.most_context, found.cloud_because) == (None, None, None)


def test_where_speed_alone_decides_the_cloud_goes_on_though_memory_is_not_known() -> None:
    found = planned("RK3588")[0]
    assert (found.cloud_from, found.cloud_because, found.fits) == (1, "speed", None)


def test_a_chip_without_peaks_decodes_at_most_as_fast_as_its_memory() -> None:
    found = planned("Apple M4")[2]
    assert found.fits is True
    read = sum(read_for_a_token(MODEL, stored_as(MODEL, NumberFormat.Q4_K)).values())
    cache = kv_bytes(MODEL, 8192) + kv_bytes(MODEL, 1)
    seconds = (read + cache) / (120e9 * BANDWIDTH_SHARE) + MODEL.layers * LAYER_S
    assert found.decode_tokens_s == pytest.approx(1 / seconds)
    assert found.rates == "0.6 of bandwidth alone (assumed): at most so fast"
    assert (found.prefill_tokens_s, found.first_token_s) == (None, None)
    assert planned("Snapdragon 8 Elite")[2].decode_tokens_s is not None


def test_without_peaks_energy_is_not_told_and_without_bandwidth_nothing_is() -> None:
    chip = msgspec.structs.replace(CHIPS["Apple M4"], power_w=20.0)
    ways = ways_to_store(MODEL, NumberFormat.Q4_K, None)
    (found,) = on_device(MODEL, chip, 8192, 20, ways)
    assert found.joules is None
    bare = msgspec.structs.replace(chip, bandwidth_bytes_s=None)
    (unknown,) = on_device(MODEL, bare, 8192, 20, ways)
    assert (unknown.decode_tokens_s, unknown.rates, unknown.cloud_because) == (None, None, None)


def test_energy_is_told_where_power_is_known() -> None:
    assert planned("Raspberry Pi 5")[0].joules is None
    orin = planned("Jetson AGX Orin")[0]
    power_w = CHIPS["Jetson AGX Orin"].power_w
    assert power_w is not None
    assert orin.decode_tokens_s is not None
    assert orin.joules == pytest.approx(power_w / orin.decode_tokens_s)


def test_rates_that_were_measured_take_the_place_of_shares() -> None:
    chip = CHIPS["Jetson AGX Orin"]
    rates = msgspec.structs.replace(rates_of(chip, bandwidth_share=0.1), source="measured")
    (found,) = on_device(
        MODEL, chip, 8192, 20, ways_to_store(MODEL, NumberFormat.Q8_0, None), rates
    )
    assert found.rates == "measured"
    assert found.decode_tokens_s is not None
    assert found.decode_tokens_s < (planned("Jetson AGX Orin")[1].decode_tokens_s or 0)
