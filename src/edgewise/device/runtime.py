"""A whole device in one process: drivers, catalogue, policy, mind, trail, agent.

This is the only place that knows which driver stands behind which prefix. Parts that are missing
are left out and told by `doctor`, in the notices of the start and in the answers that need them; a
car that is away is found when it comes. A policy that does not load is not survived (fail closed).
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.catalogue.desktop import FUNCTIONS as DESKTOP
from edgewise.act.cedar import Policy
from edgewise.act.driver import Driver, Drivers
from edgewise.act.function import Catalogue
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.home import Home
from edgewise.agent.redact import Redactor
from edgewise.agent.session_files import SessionFiles
from edgewise.agent.trail import Trail
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.event import Event, TurnStarted
from edgewise.core.signal import JsonValue
from edgewise.device.config import Config, load_config
from edgewise.device.consents import Consents
from edgewise.device.desktop.dbus import DesktopBus
from edgewise.device.desktop.ring import show_ring
from edgewise.device.drives import follow_drives
from edgewise.device.late_sending import LateSending, news_of
from edgewise.device.names import Names
from edgewise.device.phone.repair import open_stores
from edgewise.device.phone.ringer import Ringer
from edgewise.device.phone.sample import load_sample
from edgewise.device.phone.store import DocumentStore
from edgewise.device.reach import DeviceReach, Own
from edgewise.device.route_policy import load_route_policy
from edgewise.device.screen.driver import ScreenDriver
from edgewise.device.screen.screens import open_screen
from edgewise.device.sight import ClosedEyes, Sight
from edgewise.device.third_party import ThirdParties, load_third_parties
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import DeviceError, UserError
from edgewise.hosting.kept_secret import kept_secret
from edgewise.hosting.mind import load_thinking
from edgewise.perceive.eyes import LocalEyes

_log = logging.getLogger("edgewise.device")


@dataclass(slots=True)
class Device:
    """A running device: its agent, the drivers that a face may show or steer, and what the start
    had to say (`notices`); `news` is what the person did not read yet."""

    agent: Agent
    vehicle: SimulatedVehicle | None
    stores: DocumentStore
    names: Names
    third_parties: ThirdParties
    notices: list[str]
    sight: Sight
    background: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    disconnect: Callable[[], Awaitable[None]] | None = None
    desktop: DesktopBus | None = None
    screen: ScreenDriver | None = None
    reach: DeviceReach | None = None
    news: list[str] = field(default_factory=list[str])

    async def close(self) -> None:
        """End everything in order; the stores last. A background task that failed is logged."""
        for task in self.background:
            task.cancel()
        for ended in await asyncio.gather(*self.background, return_exceptions=True):
            if isinstance(ended, Exception):
                _log.error("a background task had failed: %s", ended)
        await self.names.close()
        await self.agent.close()
        if self.reach is not None:
            await self.reach.close()
        await self.sight.close()
        await self.third_parties.close()
        if self.disconnect is not None:
            await self.disconnect()
        if self.desktop is not None:
            await self.desktop.close()
        if self.screen is not None:
            await self.screen.close()
        self.stores.close()


async def start_device(
    folder: Path,
    *,
    state: Mapping[str, JsonValue] | None = None,
    pace: float = 1.0,
    keep_sessions: bool = False,
    alone: bool = False,
    clock: Clock | None = None,
) -> Device:
    """A device whose data lives in `folder`; `state` sets signals of the simulated car.

    `pace` makes its motors faster by that factor; `alone` marks the turns of a simulated car as of
    a car of their own. Raises UserError for a bad configuration or
    state, TrustError for a policy that does not load, DeviceError for unusable storage.
    """
    os.makedirs(folder, mode=0o700, exist_ok=True)
    config = load_config(folder)
    clock = clock or SystemClock()
    policy = builtin_policy()
    catalogue = builtin_catalogue(screen=bool(config.screen.backend))
    vehicle, car, disconnect = await _car(config, clock, state, pace)
    stores, repaired = open_stores(folder / "stores.sqlite", clock)
    await load_sample(stores, clock.now())
    desktop, notices = await _desktop(config, clock, catalogue)
    third_parties = await load_third_parties(config)
    notices += third_parties.add_to(catalogue)
    screen = open_screen(config.screen, folder, clock)
    beside = [driver for driver in (desktop, screen) if driver is not None]
    drivers = Drivers([car, *stores.drivers, *beside, *third_parties.drivers])
    told = ([repaired] if repaired else []) + list(drivers.away(drivers.prefixes).values())
    notices += [words.said_in(config.spoken) for words in told]
    names = Names(drivers)
    await names.follow()
    trail = _trail(folder, config, catalogue)
    home = _home(folder, config, catalogue, policy, drivers, clock, names)
    sight = Sight(LocalEyes() if config.senses.see else ClosedEyes(), names.current)
    reach = _reach(folder, config, clock, home, names, sight) if config.cloud else None
    home = replace(home, own_car=alone and vehicle is not None, reach=reach)
    home = replace(home, forget_pictures=sight.forget)
    agent = Agent(home, trail, files=SessionFiles(folder / "sessions") if keep_sessions else None)
    notices += [trail.repaired] if trail.repaired else []
    news: list[str] = []
    if reach is not None and (later := reach.later) is not None:
        notices += [later.repaired.said_in(config.spoken)] if later.repaired is not None else []
        news = [words.said_in(config.spoken) for words in news_of(later)]
    return Device(
        agent, vehicle, stores, names, third_parties, notices,
        sight, disconnect=disconnect, desktop=desktop, screen=screen, reach=reach,
        news=news,
    )  # fmt: skip


def ring_alarms(device: Device, clock: Clock | None = None) -> None:
    """Let the device's alarms and timers ring until it is closed."""
    ringer = Ringer(device.stores, clock or SystemClock())

    async def ring() -> None:
        async for rung in ringer.rings():
            _log.info("rings: %s", rung)
            await show_ring(device.agent, rung)

    device.background.append(asyncio.create_task(ring()))


def begin_drives(device: Device, folder: Path, clock: Clock | None = None) -> None:
    """Begin a drive now and with each the car begins, until the device is closed (rule P6)."""
    begin = device.reach.begin_drive if device.reach is not None else None
    begin = begin or Consents(folder, clock or SystemClock()).begin_drive
    try:
        begin()
    except DeviceError as error:
        device.notices.append(str(error))
    device.background.append(asyncio.create_task(follow_drives(device.agent.home.drivers, begin)))


def send_waiting(
    device: Device,
    post: Callable[[Event], None] | None = None,
    started: Callable[[TurnStarted], None] | None = None,
) -> None:
    """Let what waits for a network be sent until the device is closed; `post` shows what came,
    `started` hears of each turn that begins to send."""
    reach = device.reach
    if reach is not None and reach.later is not None:
        sending = LateSending(device.agent, reach, reach.later, post, started=started)
        device.background.append(asyncio.create_task(sending.run()))


async def _car(
    config: Config, clock: Clock, state: Mapping[str, JsonValue] | None, pace: float
) -> tuple[SimulatedVehicle | None, Driver, Callable[[], Awaitable[None]] | None]:
    """The simulated car if it is one, the driver of either, and how to end its connection."""
    if config.vehicle == "simulated":
        vehicle = SimulatedVehicle.from_state(state or {}, clock, pace=pace)
        return vehicle, vehicle, None
    if state:
        raise UserError("a state can be given to the simulated car only, not to a KUKSA databroker")
    from edgewise.device.vehicle.kuksa_driver import connect

    broker = await connect(config.kuksa_address)
    return None, broker, broker.close


async def _desktop(
    config: Config, clock: Clock, catalogue: Catalogue
) -> tuple[DesktopBus | None, list[str]]:
    """The desktop if the owner wants it, its functions added. Without a bus it says so and tries
    again at each use."""
    if not config.desktop:
        return None, []
    catalogue.add(DESKTOP)
    bus = DesktopBus(clock)
    try:
        await bus.connect()
    except DeviceError as error:
        return bus, [f"the desktop is not there yet: {error}"]
    return bus, []


def _home(
    folder: Path,
    config: Config,
    catalogue: Catalogue,
    policy: Policy,
    drivers: Drivers,
    clock: Clock,
    names: Names,
) -> Home:
    return Home(
        catalogue=catalogue,
        policy=policy,
        drivers=drivers,
        mind=load_thinking(catalogue.capabilities, config.chat_model, folder / "models"),
        clock=clock,
        names=names.current,
        driver_on_left=config.driver_on_left,
        language=config.spoken,
        region=config.region,
    )


def _reach(
    folder: Path, config: Config, clock: Clock, home: Home, names: Names, sight: Sight
) -> DeviceReach:
    """The way to the clouds that are set up. Raises UserError for a routing policy that does not
    hold."""
    mind = home.mind
    return DeviceReach(
        folder,
        config,
        clock,
        load_route_policy(folder),
        kept_secret(folder / "reach.key"),
        Own(mind.chat_name, tuple(mind.chat_languages)),
        names.current,
        sight=sight,
    )


def _trail(folder: Path, config: Config, catalogue: Catalogue) -> Trail:
    redactor = None if config.keep_text else Redactor(kept_secret(folder / "trail.key"), catalogue)
    return Trail(folder / "trail", redactor)
