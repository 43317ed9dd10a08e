"""Resolution of a call: unknown, unavailable, checked, and held within its declaration."""

from typing import Any

import pytest

from edgewise.act.function import Catalogue, Function
from edgewise.act.resolve import may_touch, resolve
from edgewise.core.call import Call, Effect, Impossible, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Snapshot, snapshot_of
from edgewise.core.words import Words
from edgewise.errors import TrustError


def lamp(target: str = "Vehicle.Lamp.Front.IsOn", **given: Any) -> Catalogue:
    """A catalogue of one function, `lamp.set`, that writes `target`."""

    def switch(call: Call, _snapshot: Snapshot) -> Resolution:
        return Resolved((Effect(target, call.arguments["on"]),))

    declared = Capability(
        "lamp.set",
        Words("lamp", "灯"),
        Risk.REVERSIBLE,
        (Argument("on", Kind.BOOLEAN, Words("on", "开"), required=True),),
        actuators=("Vehicle.Lamp.*.IsOn",),
        **given,
    )
    return Catalogue([Function(declared, switch)])


def call(name: str = "lamp.set", **arguments: Any) -> Call:
    return Call("t.1", name, arguments, label_of(OriginKind.VOICE))


def test_an_unknown_function_is_impossible():
    resolution = resolve(call("door.fly"), lamp(), snapshot_of({}))
    assert isinstance(resolution, Impossible)
    assert resolution.code == "unknown_capability"


def test_an_unavailable_function_says_why_in_its_own_words():
    why = Words("No lamp is built in.", "没有安装灯。")
    resolution = resolve(call(on=True), lamp(available=False, unavailable=why), snapshot_of({}))
    assert resolution == Impossible("unavailable", why)


def test_a_missing_argument_is_asked_for():
    assert isinstance(resolve(call(), lamp(), snapshot_of({})), Missing)


def test_a_wrong_argument_never_reaches_the_function():
    assert isinstance(resolve(call(on="yes"), lamp(), snapshot_of({})), Impossible)


def test_effects_within_the_declaration_pass():
    resolution = resolve(call(on=True), lamp(), snapshot_of({}))
    assert resolution == Resolved((Effect("Vehicle.Lamp.Front.IsOn", True),))


@pytest.mark.parametrize(
    "target", ["Vehicle.Body.Horn.IsActive", "Vehicle.Lamp.IsOn", "Vehicle.Lamp.Front.IsOn.x"]
)
def test_an_effect_outside_the_declaration_is_a_broken_function(target: str):
    with pytest.raises(TrustError) as raised:
        resolve(call(on=True), lamp(target), snapshot_of({}))
    assert raised.value.code == "outside_actuators"
    assert target in str(raised.value)


def test_a_star_stands_for_one_or_more_parts_of_a_name():
    declared = next(iter(lamp())).capability
    assert may_touch(declared, "Vehicle.Lamp.Row1.Left.IsOn")
    assert not may_touch(declared, "Vehicle.Lamp..IsOn")
    assert not may_touch(declared, "VehicleXLamp.Front.IsOn")


def test_resolving_twice_gives_the_same():
    snapshot = snapshot_of({})
    assert resolve(call(on=True), lamp(), snapshot) == resolve(call(on=True), lamp(), snapshot)
