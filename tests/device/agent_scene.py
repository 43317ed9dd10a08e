"""A whole device with a cloud's agent, whose model plays a script, over the real API."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgewise.cloud.agent_api import AgentApi
from edgewise.core.clock import SystemClock
from edgewise.core.event import (
    Event,
)
from edgewise.core.message import Request, Speaker
from edgewise.core.part import TextPart
from edgewise.device.clouds import Cloud
from edgewise.device.consents import Consents
from edgewise.device.runtime import Device, start_device
from tests.cloud.scripted_gateway import Keys, Play, ScriptedGateway, served

MAIL = "li.na@example.com"
TASK = f"plan my evening with {MAIL} and set everything up for it"
PARTLY = "plan the evening: dim the lights and tell me the weather on the way"
LAMP = ("light_interior_set", {"kind": "reading", "zone": "row2_left", "on": True})


@dataclass
class Scene:
    """A device, and the model of its cloud."""

    device: Device
    gateway: ScriptedGateway

    async def ask(self, text: str = TASK) -> list[Event]:
        return await ask(self.device, text)

    def state(self, target: str) -> Any:
        assert self.device.vehicle is not None
        return self.device.vehicle.export_state()[target]

    @property
    def sent(self) -> str:
        """All that the model was given."""
        return json.dumps([body["messages"] for body in self.gateway.bodies], ensure_ascii=False)


@asynccontextmanager
async def scene(
    folder: Path,
    *steps: Play,
    purposes: Sequence[str] = ("assist", "tools"),
    mode: str = "prefer_device",
    service: str = "platform",
    gate: asyncio.Event | None = None,
    state: dict[str, Any] | None = None,
) -> AsyncGenerator[Scene]:
    """A device in CN with a platform there whose model plays `steps`."""
    gateway = ScriptedGateway(steps, gate)
    async with (
        served(AgentApi(gateway, Keys().find, model="m")) as address,
        device_of(folder, address, purposes=purposes, mode=mode, service=service, state=state) as (
            device
        ),
    ):
        yield Scene(device, gateway)


@asynccontextmanager
async def device_of(
    folder: Path,
    address: str,
    *,
    purposes: Sequence[str] = ("assist", "tools"),
    mode: str = "prefer_device",
    service: str = "platform",
    state: dict[str, Any] | None = None,
) -> AsyncGenerator[Device]:
    """A device in CN with the cloud at that address, to which its person gave these consents."""
    folder.mkdir(exist_ok=True)
    (folder / "key").write_text("secret")
    (folder / "key").chmod(0o600)
    (folder / "config.toml").write_text(
        f'region = "CN"\nchat_model = ""\nmode = "{mode}"\n[[cloud]]\nname = "home"\n'
        f'address = "{address}/v1"\nmodel = "m"\nregion = "CN"\nservice = "{service}"\n'
        'key_file = "key"\ncontext_tokens = 200_000\ninput_price = 1.0\noutput_price = 2.0\n'
    )
    cloud = Cloud("home", f"{address}/v1", "m", "CN")
    for purpose in purposes:
        Consents(folder, SystemClock()).grant(cloud.endpoint, purpose)
    device = await start_device(folder, state=state, pace=1000.0)
    try:
        yield device
    finally:
        await device.close()


async def ask(device: Device, text: str = TASK) -> list[Event]:
    request = Request((TextPart(text),), "s", Speaker())
    return [event async for event in device.agent.run(request)]


def of(kind: type[Any], events: Sequence[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]
