"""Random steps: calls, sentences, answers, driving, weather, faults, waiting, giving up."""

from typing import Any

from hypothesis import strategies as st

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Argument, Capability, Kind
from edgewise.core.message import Channel, Proposal, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.zone import Zone
from edgewise.device.vehicle.faults import (
    MissingValue,
    ProviderGone,
    SlowBus,
    Stale,
    Stuck,
    Swallowed,
)
from tests.safety.cases import CASES
from tests.safety.monitor import FROM_CONTENT
from tests.safety.play import FOREIGN_TEXTS, GUESSES, SPOKEN_YES, Step
from tests.safety.situation import AIR, GEAR, LIGHTS, ROOF

CAPABILITIES = builtin_catalogue().capabilities
GUARDED = [
    capability
    for capability in CAPABILITIES
    if capability.name
    in {
        "light.exterior.set", "door.lock", "trunk.set", "window.set", "window.set_child_lock",
        "roof.set", "adas.set_feature", "seat.move", "mirror.set", "climate.set_power",
        "climate.set_defrost", "media.play", "message.send", "email.send", "call.dial",
        "contact.upsert", "calendar.upsert", "calendar.delete", "memory.forget", "file.change",
        "nav.set_destination", "nav.edit_route", "dialog.control", "scene.save",
        "vehicle.set_charging",
    }
]  # fmt: skip
TEXTS = sorted({text for case in CASES for text in (case.zh, case.en, case.several) if text})
MORE_TEXTS = ["撤销", "undo", "stop", "停", "再说一遍", "大灯自动", "set the headlights to auto"]
SESSIONS = st.sampled_from("ab")
ZONES = st.sampled_from([*Zone])
SPEAKERS = st.just(Speaker()) | st.builds(Speaker, st.none() | ZONES, st.sampled_from(Channel))
TEXT_VALUES = ["妈妈", "Alice Chen", "OFF", "110", "13900002222", "all", "家", "x@y.example", "1"]


def values_for(argument: Argument) -> st.SearchStrategy[Any]:
    low, high = argument.minimum, argument.maximum
    match argument.kind:
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from([choice.value for choice in argument.choices] or ["x"])
        case Kind.CHOICES:
            values = [choice.value for choice in argument.choices] or ["x"]
            return st.lists(st.sampled_from(values), min_size=1, max_size=2)
        case Kind.ZONE:
            return ZONES
        case Kind.ZONES:
            return st.lists(ZONES, min_size=1, max_size=3)
        case Kind.NUMBER | Kind.INTEGER | Kind.DURATION:
            numbers = st.integers(int(low if low is not None else -10), int(high or 100))
            return numbers.filter(lambda number: number != FROM_CONTENT[1])
        case Kind.MOMENT:
            return st.just("2026-12-01T08:00:00")
        case Kind.OBJECT:
            return st.just({})
        case _:
            return st.sampled_from(TEXT_VALUES)


@st.composite
def calls(draw: st.DrawFn, of: list[Capability] | None = None) -> Request:
    """A program's or a button's typed call."""
    capability = draw(st.sampled_from(of or GUARDED) | st.sampled_from(CAPABILITIES))
    arguments = {
        argument.name: draw(values_for(argument))
        for argument in capability.arguments
        if argument.required or draw(st.booleans())
    }
    proposal = Proposal(capability.name, arguments)
    return Request((), draw(SESSIONS), draw(SPEAKERS), proposal=proposal)


@st.composite
def sentences(draw: st.DrawFn) -> Request:
    """Words of somebody, rarely not meant for the device."""
    some = [*TEXTS, *MORE_TEXTS, *FOREIGN_TEXTS * 3, *SPOKEN_YES * 3, *GUESSES]
    text = TextPart(draw(st.sampled_from(some)))
    addressed = draw(st.sampled_from([True] * 9 + [False]))
    return Request((text,), draw(SESSIONS), draw(SPEAKERS), addressed=addressed)


REQUESTS = calls() | calls() | sentences()
ANSWERS = st.tuples(
    st.sampled_from(["yes", "yes", "yes", "no", "replay", "forge", "cross"]),
    SESSIONS,
    st.just(Zone.DRIVER) | ZONES,
    st.just(Channel.TOUCH) | st.sampled_from(Channel),
)
DRIVES = st.sampled_from([(0, "P"), (0, "D"), (30, "D"), (110, "D"), (8, "R"), (0, "N")])
WORLD = st.sampled_from(
    [
        ("Vehicle.Body.Raindetection.Intensity", 60), ("Vehicle.Body.Raindetection.Intensity", 0),
        ("Vehicle.Exterior.LightIntensity", 0), ("Vehicle.Exterior.LightIntensity", 90),
        ("Vehicle.Exterior.AirTemperature", -5.0), ("Vehicle.LowVoltageSystemState", "LOCK"),
        ("Vehicle.LowVoltageSystemState", "ON"), ("Vehicle.Speed", None),
        ("Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus", "OCCUPIED"),
        ("Vehicle.Edgewise.Occupant.Row2.PassengerSide.IsChild", True),
        ("Vehicle.Cabin.Seat.Row2.DriverSide.OccupancyStatus", "EMPTY"),
    ]
)  # fmt: skip
NODES = st.sampled_from(
    ["Vehicle", "Vehicle.Speed", GEAR, "Vehicle.Cabin.Door", "Vehicle.Body.Lights", ROOF[:-1],
     "Vehicle.Body.Raindetection", "Vehicle.Cabin.Seat", "Vehicle.Cabin.HVAC"]
)  # fmt: skip
FAULTS = st.one_of(
    st.builds(Stuck, st.just("Vehicle.Cabin.Door"), st.none() | st.just(40.0)),
    st.builds(Swallowed, NODES),
    st.builds(SlowBus, st.sampled_from([0.2, 0.6, 1.2])),
    st.builds(ProviderGone, NODES),
    st.builds(Stale, NODES),
    st.builds(MissingValue, NODES),
)
WAITS = st.sampled_from([0.1, 0.9, 1.5, 5.0, 14.0, 15.5, 61.0, 700.0])


def step(kind: str, what: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(kind), what)


CANCELS = st.tuples(REQUESTS, st.integers(0, 60))
STEP = st.one_of(
    step("ask", REQUESTS),
    step("ask", REQUESTS),
    step("ask", REQUESTS),
    step("answer", ANSWERS),
    step("answer", ANSWERS),
    step("cancel", CANCELS),
    step("drive", DRIVES),
    step("sensor", WORLD),
    step("break", FAULTS),
    step("heal", st.none()),
    step("wait", WAITS),
)
STEPS = st.lists(STEP, min_size=2, max_size=9)
STATES = st.fixed_dictionaries(
    {
        "Vehicle.Speed": st.sampled_from([0, 0, 60, None]),
        LIGHTS + "LightSwitch": st.sampled_from(["BEAM", "AUTO", "OFF", "POSITION"]),
        LIGHTS + "Fog.Front.IsOn": st.booleans(),
        "Vehicle.LowVoltageSystemState": st.sampled_from(["ON", "ON", "OFF", "LOCK", "ACC"]),
        "Vehicle.Cabin.Door.Row2.PassengerSide.Window.Position": st.sampled_from([0, 60, 100]),
        "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked": st.booleans(),
        AIR: st.booleans(),
        ROOF + "Shade.Position": st.sampled_from([0, 100]),
        "Vehicle.Body.Raindetection.Intensity": st.sampled_from([0, 60]),
        "Vehicle.Exterior.LightIntensity": st.sampled_from([0, 90]),
    }
)
