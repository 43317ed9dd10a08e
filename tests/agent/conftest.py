"""A home for turns: the real policy, a simulated car, small functions, a scripted mind."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue, Function
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.home import Home
from edgewise.agent.redact import Redactor
from edgewise.agent.trail import Trail
from edgewise.core.call import Call, Effect, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.clock import SystemClock
from edgewise.core.event import Event
from edgewise.core.message import Channel, Message, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.signal import Snapshot
from edgewise.core.thought import Context, Exchange, MessageKind, Thought, Urgency
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.think.chat import Note, Said, unnoted

AIR = "Vehicle.Cabin.HVAC.IsAirConditioningActive"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
REAR = "Vehicle.Cabin.Door.Row2.PassengerSide.Window.Position"
SWITCH = "Vehicle.Body.Lights.LightSwitch"
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"
TRUNK = "Vehicle.Body.Trunk.Rear.IsOpen"


TASK = "plan it"
NOT_UNDERSTOOD = Words("I did not understand it.", "没听明白。")


def _write(target: str, argument: str) -> Callable[[Call, Snapshot], Resolution]:
    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        del snapshot
        return Resolved((Effect(target, call.arguments[argument]),))

    return resolve


def _undo(call: Call, snapshot: Snapshot) -> Resolution:
    del call
    before = (snapshot.get("session.undo") or {}).get("before", {})
    return Resolved(tuple(Effect(target, value) for target, value in before.items()))


def _function(name: str, risk: Risk, target: str, argument: str, kind: Kind) -> Function:
    capability = Capability(
        name,
        Words(name, name),
        risk,
        (Argument(argument, kind, Words(argument, argument), required=True),),
        actuators=(target,),
        readback_s=0.3,
        undoable=True,
        done=Words(f"{name} {{{argument}}}", f"{name} {{{argument}}}"),
    )
    return Function(capability, _write(target, argument))


FUNCTIONS = (
    _function("air.set", Risk.REVERSIBLE, AIR, "on", Kind.BOOLEAN),
    _function("window.set", Risk.DISRUPTIVE, WINDOW, "percent", Kind.INTEGER),
    _function("rear.set", Risk.DISRUPTIVE, REAR, "percent", Kind.INTEGER),
    _function("light.set", Risk.SAFETY_CRITICAL, SWITCH, "state", Kind.TEXT),
    _function("fan.set", Risk.REVERSIBLE, FAN, "percent", Kind.INTEGER),
    _function("trunk.set", Risk.SAFETY_CRITICAL, TRUNK, "open", Kind.BOOLEAN),
    Function(
        Capability("dialog.control", Words("dialogue", "对话"), Risk.READ, actuators=("*",)), _undo
    ),
)


@dataclass
class ScriptedMind:
    """Understands exactly the sentences it was given; waits at `gate` for one that asks to."""

    script: dict[str, Sequence[tuple[str, dict[str, object]]]]
    chat_name: str = "scripted"
    chat_languages: tuple[Language, ...] = (Language.ENGLISH,)
    model_hash: str = "weights"
    pieces: Sequence[str] = ("Hello", " there.")
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Exception | None = None
    declines: bool = False
    took_s: float = 0.0
    reads: dict[str, str] = field(default_factory=dict[str, str])

    def understand(self, text: str, context: Context) -> Thought:
        if self.failure is not None:
            raise self.failure
        if text in ("yes", "no", "undo", "stop"):
            fixed = {"yes": "confirm", "no": "deny"}.get(text, text)
            calls = (
                Call(
                    f"{context.turn}.1",
                    "dialog.control",
                    {},
                    context.label,
                    asked_at=context.asked_at,
                ),
            )
            return Thought(
                MessageKind.COMMAND, calls if text == "undo" else (), confidence=1.0, fixed=fixed
            )
        if text == TASK:
            return Thought(MessageKind.UNKNOWN, question=NOT_UNDERSTOOD, task=True)
        if text not in self.script:
            return Thought(MessageKind.CHAT)
        calls = tuple(
            Call(
                f"{context.turn}.{n}",
                name,
                dict(arguments),
                context.label,
                asked_at=context.asked_at,
                clause=text,
            )
            for n, (name, arguments) in enumerate(self.script[text], 1)
        )
        task = text.endswith(TASK)
        return Thought(MessageKind.COMMAND, calls, 0.9, NOT_UNDERSTOOD if task else None, task=task)

    def urgency(self, text: str) -> Urgency:
        if text == "stop":
            return Urgency.STOPS
        return Urgency.NOW if text == "urgent" else Urgency.WAITS

    async def converse(
        self,
        message: Message,
        exchanges: Sequence[Exchange],
        *,
        deadline_s: float,
        note: Note = unnoted,
    ) -> AsyncIterator[str]:
        del exchanges, deadline_s
        if message.text.startswith("wait"):
            self.waiting.set()
            await self.gate.wait()
        if self.declines:
            note(Said("I can not.", declined=True))
            yield "I can not."
            return
        for piece in self.pieces:
            yield piece
        note(Said("".join(self.pieces), took_s=self.took_s))

    async def read(self, piece: str, job: str, language: Language, *, deadline_s: float) -> str:
        return self.reads.get(job, "")

    def prepare(self) -> None:
        return

    def warm(self) -> None:
        return

    async def close(self) -> None:
        return


class House:
    """An agent over all this, and a short way to ask it."""

    def __init__(self, folder: Path, *, keep_text: bool = True, pace: float = 1000.0) -> None:
        self.clock = SystemClock()
        self.car = SimulatedVehicle(self.clock, pace=pace)
        self.mind = ScriptedMind(
            {
                "air on": [("air.set", {"on": True})],
                "air off": [("air.set", {"on": False})],
                "window half": [("window.set", {"percent": 50})],
                "rear shut": [("rear.set", {"percent": 0})],
                "lights off": [("light.set", {"state": "OFF"})],
                "trunk": [("trunk.set", {"open": True})],
                "both": [("light.set", {"state": "OFF"}), ("air.set", {"on": True})],
                "nonsense": [("no.such", {})],
                f"air on and {TASK}": [("air.set", {"on": True})],
                f"lights off and {TASK}": [("light.set", {"state": "OFF"})],
            }
        )
        self.catalogue = Catalogue(FUNCTIONS)
        home = Home(self.catalogue, builtin_policy(), Drivers([self.car]), self.mind, self.clock)
        redactor = None if keep_text else Redactor(b"key", self.catalogue)
        self.agent = Agent(home, Trail(folder / "trail", redactor))

    async def ask(
        self, text: str, *, session: str = "s", zone: Zone | None = Zone.DRIVER
    ) -> list[Event]:
        return await self.run(request(text, session, zone))

    async def run(self, said: Request) -> list[Event]:
        return [event async for event in self.agent.run(said)]

    def state(self, target: str) -> object:
        return self.car.export_state()[target]


def request(text: str, session: str = "s", zone: Zone | None = Zone.DRIVER) -> Request:
    return Request((TextPart(text),), session, Speaker(zone, Channel.TYPED))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    yield made
    await made.agent.close()
