"""Which arguments go the same way, which opposite ways, and which tell no way."""

from typing import Any

from edgewise.act.catalogue import builtin_catalogue
from edgewise.learn.direction import agree, direction, opposed, tells_way
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
HEAT = "seat.set_heat_vent"


def way(name: str, arguments: dict[str, Any]) -> frozenset[str]:
    return direction(CAPABILITIES[name], arguments)


@each_row(
    ("name", "one", "other"),
    [
        ("window.set", {"percent": 0}, {"percent": 100}),
        ("window.set", {"percent": 0}, {"percent": 10}),
        ("window.set", {"percent": 0}, {"delta": 20}),
        ("window.set", {"percent": 100}, {"delta": -20}),
        ("window.set", {"delta": -10}, {"delta": 10}),
        ("roof.set", {"percent": 0}, {"tilt": True}),
        ("door.lock", {"locked": True}, {"locked": False}),
        ("trunk.set", {"open": True}, {"open": False}),
        ("mirror.set", {"fold": True}, {"fold": False}),
        ("mirror.set", {"direction": "up"}, {"direction": "down"}),
        ("climate.set_power", {"on": True}, {"on": False}),
        ("climate.set_temperature", {"value": "max"}, {"delta": -1}),
        ("climate.set_temperature", {"delta": 1}, {"value": 16}),
        ("climate.set_recirculation", {"mode": "fresh"}, {"mode": "recirculate"}),
        (HEAT, {"mode": "heat"}, {"mode": "heat", "level": 0}),
        (HEAT, {"mode": "heat", "level": 3}, {"mode": "heat", "level": 0}),
        (HEAT, {"mode": "heat"}, {"mode": "heat", "delta": -1}),
        ("light.interior.set", {"on": False}, {"brightness": "min"}),
        ("light.interior.set", {"on": False}, {"color": "red"}),
        ("light.interior.set", {"delta": -10}, {"on": True}),
        ("light.exterior.set", {"state": "on"}, {"state": "off"}),
        ("wiper.set", {"mode": "off"}, {"mode": "interval"}),
        ("wiper.set", {"delta": 1}, {"mode": "slow"}),
        ("media.set_volume", {"mute": True}, {"mute": False}),
        ("media.set_volume", {"mute": True}, {"level": 30}),
        ("media.set_volume", {"mute": False}, {"level": 0}),
        ("media.control", {"action": "next"}, {"action": "previous"}),
        ("call.control", {"action": "answer"}, {"action": "reject"}),
        ("vehicle.set_charging", {"op": "start"}, {"op": "stop"}),
        ("home.control", {"action": "lock"}, {"action": "unlock"}),
    ],
)
def test_opposite_ways_are_told(name: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert opposed(way(name, one), way(name, other))
    assert opposed(way(name, other), way(name, one))
    assert not agree(way(name, one), way(name, other))


@each_row(
    ("name", "one", "other"),
    [
        ("window.set", {"percent": 100}, {"percent": 10}),
        ("window.set", {"percent": 0}, {"delta": -20}),
        ("climate.set_fan", {"delta": 1}, {"level": 10}),
        (HEAT, {"mode": "heat"}, {"mode": "heat", "level": 2}),
        ("light.interior.set", {"delta": -10}, {"on": False}),
        ("light.interior.set", {"delta": -10}, {"delta": -10, "on": True}),
        ("light.interior.set", {"on": True}, {"brightness": 40}),
        ("media.set_volume", {"mute": True}, {"level": 0}),
        ("fragrance_fridge.set", {"state": "on"}, {"temperature": 0}),
    ],
)
def test_the_same_way_by_other_arguments_agrees(
    name: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert agree(way(name, one), way(name, other))


def test_a_level_in_between_neither_agrees_with_less_nor_opposes_it() -> None:
    less, middle = way("media.set_volume", {"delta": -10}), way("media.set_volume", {"level": 20})
    assert not opposed(less, middle)
    assert not agree(less, middle)


def test_heating_or_ventilating_a_seat_is_no_way_but_the_mode_of_the_wipers_is() -> None:
    assert not tells_way(CAPABILITIES[HEAT], "mode")
    assert tells_way(CAPABILITIES["wiper.set"], "mode")
    assert not tells_way(CAPABILITIES["window.set"], "windows")
