"""A whole device in one process: drivers, catalogue, policy, mind, trail, agent.

This is the only place that knows which driver stands behind which prefix. Parts that are missing
are left out and told by `doctor`; a policy that does not load is not survived (fail closed).
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.driver import Driver, Drivers
from edgewise.act.function import Catalogue
from edgewise.act.mcp import McpServers
from edgewise.act.plugin import PluginDriver, load_plugins
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.home import Home
from edgewise.agent.redact import Redactor
from edgewise.agent.session_files import SessionFiles
from edgewise.agent.trail import Trail
from edgewise.core.clock import SystemClock
from edgewise.core.signal import JsonValue
from edgewise.device.config import Config, load_config
from edgewise.device.phone.store import DocumentStore
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import EdgewiseError, ModelError
from edgewise.think.think import Thinking

if TYPE_CHECKING:
    from edgewise.think.chat import ChatModel
    from edgewise.think.understand import Understander

_log = logging.getLogger("edgewise.device")


@dataclass(slots=True)
class Device:
    """A running device: its agent and the drivers that a face may show or steer."""

    agent: Agent
    vehicle: SimulatedVehicle | None
    stores: DocumentStore
    folder: Path
    notices: list[str]

    async def close(self) -> None:
        """End everything in order; the stores last."""
        await self.agent.close()
        self.stores.close()


async def start_device(
    folder: Path,
    *,
    state: Mapping[str, JsonValue] | None = None,
    pace: float = 1.0,
    keep_sessions: bool = False,
) -> Device:
    """A device whose data lives in `folder`; `state` sets signals of the simulated car.

    `pace` makes its motors faster by that factor. Raises UserError for a bad configuration or
    state, TrustError for a policy that does not load, DeviceError for unusable storage.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = load_config(folder)
    clock = SystemClock()
    notices: list[str] = []
    vehicle, car = await _vehicle(config, clock, state, pace)
    stores = DocumentStore(folder / "stores.sqlite", clock=clock)
    drivers: list[Driver] = [car, *stores.drivers]
    catalogue = builtin_catalogue()
    drivers += await _add_third_parties(catalogue, config, notices)
    policy = builtin_policy()
    trail = Trail(folder / "trail", None if config.keep_text else Redactor(_key(folder), catalogue))
    if trail.repaired:
        notices.append(trail.repaired)
    mind = _mind(catalogue, config, notices)
    names = Names(stores)
    home = Home(
        catalogue=catalogue,
        policy=policy,
        drivers=Drivers(drivers),
        mind=mind,
        clock=clock,
        names=names.current,
        driver_on_left=config.driver_on_left,
    )
    files = SessionFiles(folder / "sessions") if keep_sessions else None
    for notice in notices:
        _log.warning("%s", notice)
    return Device(Agent(home, trail, files=files), vehicle, stores, folder, notices)
