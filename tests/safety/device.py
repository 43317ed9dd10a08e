"""A whole device for a test: understanding, policy, agent, stores and a car in a given state."""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.home import Home
from edgewise.agent.trail import Trail
from edgewise.core.call import Effect, Result
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.event import CallFinished, CallStarted, Event
from edgewise.core.message import Request, Speaker
from edgewise.core.part import TextPart
from edgewise.device.names import Names
from edgewise.device.phone.sample import load_sample
from edgewise.device.phone.store import DocumentStore
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.hosting.mind import load_thinking
from edgewise.think.think import Thinking
from tests.safety.apps import APPS, Screens


@cache
def catalogue() -> Catalogue:
    """The built-in functions, to which nothing is added: it is hashed once."""
    return builtin_catalogue()


@cache
def thinking() -> Thinking:
    return load_thinking(catalogue().capabilities)


@cache
def catalogue_with_apps() -> Catalogue:
    added = builtin_catalogue()
    added.add(APPS)
    return added


@cache
def thinking_with_apps() -> Thinking:
    return load_thinking(catalogue_with_apps().capabilities)


@cache
def shared_trail() -> Trail:
    return Trail(Path(mkdtemp(prefix="edgewise-safety-")), None)


class Car:
    """A device in a given state."""

    def __init__(self, agent: Agent, vehicle: SimulatedVehicle) -> None:
        self.agent = agent
        self.vehicle = vehicle

    async def run(self, request: Request) -> list[Event]:
        return [event async for event in self.agent.run(request)]


_IMAGES: dict[date, bytes] = {}


async def sample_image(clock: Clock) -> bytes:
    """A store with the sample as SQLite keeps it, made once a day: filling one takes 10 ms."""
    day = datetime.fromtimestamp(clock.now()).date()
    if day not in _IMAGES:
        store = DocumentStore(":memory:", clock)
        await load_sample(store, clock.now())
        _IMAGES[day] = store._db.serialize()  # pyright: ignore[reportPrivateUsage]
    return _IMAGES[day]


async def car(
    folder: Path | None,
    state: Mapping[str, Any],
    *,
    pace: float = 1000.0,
    clock: Clock | None = None,
    apps: bool = False,
) -> Car:
    """The device in `state`; with `apps` somebody else's functions and screens are installed.

    Without a `folder` its trail is one that all tests of the process share: quick.
    """
    clock = clock or SystemClock()
    signals = {path: value for path, value in state.items() if path.startswith("Vehicle.")}
    vehicle = SimulatedVehicle.from_state(signals, clock, pace=pace)
    store = DocumentStore(":memory:", clock)
    store._db.deserialize(await sample_image(clock))  # pyright: ignore[reportPrivateUsage]
    rows = [Effect(t, v) for t, v in state.items() if not t.startswith("Vehicle.")]
    if rows:
        await store.write(rows)
    drivers = Drivers([vehicle, *store.drivers])
    names = Names(drivers)
    await names.follow()
    await names.close()
    home = Home(catalogue(), builtin_policy(), drivers, thinking(), clock, names=names.current)
    if apps:
        screens = [Screens(prefix, clock) for prefix in ("plugin", "gui")]
        drivers = Drivers([vehicle, *store.drivers, *screens])
        home = dataclasses.replace(
            home, catalogue=catalogue_with_apps(), drivers=drivers, mind=thinking_with_apps()
        )
    return Car(Agent(home, Trail(folder, None) if folder else shared_trail()), vehicle)


def said(text: str, speaker: Speaker, *, addressed: bool = True) -> Request:
    return Request((TextPart(text),), "s", speaker, addressed=addressed)


def results_of(events: list[Event]) -> list[Result]:
    return [event.result for event in events if isinstance(event, CallFinished)]


def written(events: list[Event]) -> dict[str, Any]:
    return {
        effect.target: effect.value
        for event in events
        if isinstance(event, CallStarted)
        for effect in event.effects
    }
