"""A reading that stands still is unknown after its limit, and unknown is unsafe."""

import pytest

from edgewise.core.call import Effect
from edgewise.core.freshness import FRESH_S, SEATED_S, SETTLED_S, WEATHER_S, after, named
from edgewise.core.signal import Reading, Snapshot
from tests.each_row import each_row
from tests.safety.situation import (
    AIR,
    DRIVER_WINDOW,
    LIGHTS,
    REAR_WINDOW,
    ROOF,
    facts_of,
    snapshot,
)

SEAT = "Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus"

FOG = (LIGHTS + "Fog.Front.IsOn", True)

SHUT = (REAR_WINDOW, 0)


def aged(state: Snapshot, target: str, age_s: float) -> Snapshot:
    """`state` with the reading of `target` frozen `age_s` ago."""
    readings = dict(state.readings)
    readings[target] = Reading(readings[target].value, state.now - age_s)
    return Snapshot(readings, state.now, state.wall)


@pytest.mark.rule(5, 6, 7, 8, 11, 20, 21, 22)
@each_row(
    ("target", "limit_s", "effect", "fact", "unsafe"),
    [
        ("Vehicle.Body.Raindetection.Intensity", WEATHER_S, FOG, "weather", "unknown"),
        ("Vehicle.Exterior.AirTemperature", WEATHER_S, FOG, "weather", "unknown"),
        (SEAT, SEATED_S, SHUT, "rear_occupants", "unknown"),
        ("Vehicle.LowVoltageSystemState", FRESH_S, SHUT, "power", "unknown"),
        (AIR, SETTLED_S, (DRIVER_WINDOW, 100), "ac_after", "unknown"),
        (LIGHTS + "Beam.Low.IsOn", SETTLED_S, FOG, "low_beam_after", "unknown"),
        (LIGHTS + "Beam.High.IsOn", SETTLED_S, FOG, "high_beam_after", "unknown"),
        (ROOF + "Position", SETTLED_S, (ROOF + "Shade.Position", 50), "roof_after", 100),
        (DRIVER_WINDOW, SETTLED_S, (AIR, True), "widest_window_after", 100),
    ],
)
def test_a_reading_that_stands_still_is_unknown_after_its_limit(
    target: str, limit_s: float, effect: tuple[str, object], fact: str, unsafe: object
):
    state = snapshot({REAR_WINDOW: 80})
    if target == DRIVER_WINDOW:
        state = snapshot()
    assert facts_of([effect], aged(state, target, limit_s))[fact] != unsafe
    assert facts_of([effect], aged(state, target, limit_s + 0.1))[fact] == unsafe


@pytest.mark.rule(22)
def test_an_old_word_that_no_child_sits_there_is_none():
    child = "Vehicle.Edgewise.Occupant.Row2.PassengerSide.IsChild"
    state = snapshot({REAR_WINDOW: 80, SEAT: "OCCUPIED", child: False})
    assert facts_of([SHUT], state)["rear_occupants"] == "adult"
    assert facts_of([SHUT], aged(state, child, SEATED_S + 1))["rear_occupants"] == "unknown"


def test_after_a_batch_a_target_holds_what_was_written_or_what_it_held():
    state = snapshot({AIR: True})
    assert after(AIR, (), state) is True
    assert after(AIR, (Effect(AIR, False),), state) is False
    assert after(AIR, (), aged(state, AIR, SETTLED_S + 1)) is None


@each_row(("value", "expected"), [(True, "on"), (False, "off"), (None, "unknown"), (1, "unknown")])
def test_only_a_truth_value_is_on_or_off(value: object, expected: str):
    assert named(value) == expected
