"""A device with a screen for a test: the whole agent, a scripted screen, a car in a given state."""

import dataclasses
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cache
from typing import Any

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.driver import Drivers
from edgewise.agent.agent import Agent
from edgewise.core.call import Effect
from edgewise.core.clock import SystemClock
from edgewise.core.event import Event, NeedsApproval
from edgewise.core.label import Label
from edgewise.core.message import Approval, Channel, Proposal, Request, Speaker
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.zone import Zone
from edgewise.device.names import Names
from edgewise.device.screen.driver import ScreenDriver
from edgewise.errors import DeviceError
from edgewise.hosting.mind import load_thinking
from edgewise.testing.screen import ScriptedScreen
from edgewise.think.think import Thinking
from tests.safety.device import Car, car, said, shared_trail
from tests.safety.situation import IDLING, MOVING

PARKED_STATE: dict[str, Any] = {}
IDLING_STATE = {"Vehicle.Speed": 0.0, **IDLING}
MOVING_STATE = {**MOVING, "Vehicle.Speed": 60.0}
PROVED = {"session.authenticated": True}
DRIVER = Speaker(Zone.DRIVER)
PROGRAM = Speaker(channel=Channel.API)


class Known:
    """What the session knows of the person: whether they have proved who they are."""

    prefix = "session"
    receipts_only: tuple[str, ...] = ()

    def __init__(self, state: Mapping[str, JsonValue]) -> None:
        self.state = dict(state)

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        wanted = "session" in targets
        return {t: Reading(v, 0.0) for t, v in self.state.items() if wanted or t in targets}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        raise DeviceError("nobody writes this", code="not_writable")

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        yield await self.read(targets)


class ScreenCar:
    """A device with a screen; `asked` is the question that waits, if the last turn ended in one."""

    def __init__(self, tested: Car, screen: ScriptedScreen) -> None:
        self.car, self.screen = tested, screen
        self.asked: NeedsApproval | None = None

    async def say(self, text: str, speaker: Speaker = DRIVER) -> list[Event]:
        return await self.run(said(text, speaker))

    async def call(
        self,
        arguments: Mapping[str, JsonValue],
        speaker: Speaker = DRIVER,
        label: Label | None = None,
        name: str = "gui.act",
    ) -> list[Event]:
        proposal = Proposal(name, dict(arguments), label)
        return await self.run(Request((), "s", speaker, proposal=proposal))

    async def yes(self) -> list[Event]:
        """The driver's yes to what was asked last."""
        assert self.asked is not None, "nothing was asked"
        approval = Approval(self.asked.approval, self.asked.payload_hash, True)
        return await self.run(Request((), "s", DRIVER, approval=approval))

    async def run(self, request: Request) -> list[Event]:
        events = await self.car.run(request)
        self.asked = events[-1] if isinstance(events[-1], NeedsApproval) else None
        return events

    @property
    def done(self) -> list[str]:
        """What was done to the screen."""
        return [touch.what for touch in self.screen.done]


@cache
def thinking_with_screen() -> Thinking:
    return load_thinking(builtin_catalogue(screen=True).capabilities)


async def screen_car(
    screen: ScriptedScreen, state: Mapping[str, Any] = PARKED_STATE, *, proved: bool = True
) -> ScreenCar:
    """The device with `screen` in a car in `state`, whose driver has proved who they are or not."""
    tested = await car(None, {"Vehicle.Speed": 0.0, **state})
    home = tested.agent.home
    known = Known(PROVED if proved else {})
    drivers = Drivers(
        [
            *home.drivers._by_prefix.values(),
            ScreenDriver(screen, SystemClock(), fresh_s=0.0, apps=screen.apps),
            known,
        ]
    )  # pyright: ignore[reportPrivateUsage]
    names = Names(drivers)
    await names.follow()
    await names.close()
    home = dataclasses.replace(
        home,
        names=names.current,
        catalogue=builtin_catalogue(screen=True),
        drivers=drivers,
        mind=thinking_with_screen(),
        always_read=("Vehicle", "session"),
    )
    return ScreenCar(Car(Agent(home, shared_trail()), tested.vehicle), screen)
