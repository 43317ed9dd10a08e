"""Seats: heat and ventilation share a signal, massage, and movement in percent of the travel."""

from edgewise.core.call import Impossible
from tests.each_row import each_row

SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide"
HEAT = f"{SEAT}.HeatingCooling"


@each_row(
    ("arguments", "value"),
    [
        ({"mode": "heat"}, 67),
        ({"mode": "heat", "level": 3}, 100),
        ({"mode": "vent", "level": 1}, -33),
        ({"mode": "vent", "level": "max"}, -100),
    ],
)
def test_levels_are_thirds_and_ventilation_is_negative(writes, arguments, value):
    assert writes("seat.set_heat_vent", arguments) == {HEAT: value}


def test_heat_off_does_not_stop_ventilation(meaning):
    resolved = meaning("seat.set_heat_vent", {"mode": "heat", "level": 0}, {HEAT: -67})
    assert resolved.effects == ()
    assert resolved.notes


def test_heat_off_stops_heat(writes):
    assert writes("seat.set_heat_vent", {"mode": "heat", "level": 0}, {HEAT: 33}) == {HEAT: 0}


def test_a_step_ends_at_the_strongest(meaning):
    resolved = meaning("seat.set_heat_vent", {"mode": "heat", "delta": 2}, {HEAT: 67})
    assert [effect.value for effect in resolved.effects] == [100]
    assert resolved.notes


def test_switching_on_keeps_the_level_it_has(meaning):
    assert meaning("seat.set_heat_vent", {"mode": "heat"}, {HEAT: 33}).effects == ()


def test_a_level_beyond_three_is_refused(meaning):
    assert isinstance(meaning("seat.set_heat_vent", {"mode": "heat", "level": 4}), Impossible)


def test_the_rear_row_is_both_rear_seats(writes):
    effects = writes("seat.set_heat_vent", {"mode": "heat", "seat": "rear"})
    assert effects == {
        "Vehicle.Cabin.Seat.Row2.DriverSide.HeatingCooling": 67,
        "Vehicle.Cabin.Seat.Row2.PassengerSide.HeatingCooling": 67,
    }


def test_massage_takes_a_kind_and_a_level(writes):
    assert writes("seat.set_massage", {"mode": "BACK", "level": 1}) == {
        f"{SEAT}.Massage.TypeActive": "BACK",
        f"{SEAT}.Massage.Level": 33,
    }
    assert writes("seat.set_massage", {"level": 0}, {f"{SEAT}.Massage.Level": 67}) == {
        f"{SEAT}.Massage.Level": 0
    }


def test_movements_are_percent_of_the_travel(writes):
    assert writes("seat.move", {"axis": "position", "value": 100}) == {f"{SEAT}.Position": 250}
    assert writes("seat.move", {"axis": "position", "delta": -10}) == {f"{SEAT}.Position": 95}
    assert writes("seat.move", {"axis": "backrest", "delta": 10}) == {
        f"{SEAT}.Backrest.Recline": 27.0
    }


def test_a_movement_past_the_stop_ends_there(meaning):
    resolved = meaning("seat.move", {"axis": "height", "delta": -100})
    assert [effect.value for effect in resolved.effects] == [0]
    assert resolved.notes[0].words.zh == "已经到头了。"
