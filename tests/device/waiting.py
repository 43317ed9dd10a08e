"""A device whose owner lets questions wait, and a cloud that is there or is not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from edgewise.core.clock import Clock
from edgewise.core.event import Event
from edgewise.device.late_sending import LateSending, Pace
from edgewise.device.later import Later
from edgewise.device.reach import DeviceReach
from edgewise.device.runtime import Device, start_device
from edgewise.device.tunnel import set_tunnel
from tests.cloud.strange_upstream import StrangeUpstream, reply, strange_upstream
from tests.device.test_reach import echo, grant

CANARY = "canary.li@example.com"
ASKED = f"what is the capital of the country where {CANARY} of card 4111 1111 1111 1111 was born"
QUICK = Pace(first_s=0.02, most_s=0.05, tick_s=0.01)


@dataclass
class Desert:
    """The device, its cloud and what was shown to whoever looks on. `status` other than 200: the
    cloud answers with that."""

    folder: Path
    device: Device
    cloud: StrangeUpstream
    consent: str
    posted: list[Event] = field(default_factory=list[Event])
    status: str = "200 OK"

    @property
    def reach(self) -> DeviceReach:
        assert self.device.reach is not None
        return self.device.reach

    @property
    def later(self) -> Later:
        assert self.reach.later is not None
        return self.reach.later

    @property
    def sending(self) -> LateSending:
        post = self.posted.append
        return LateSending(self.device.agent, self.reach, self.later, post, QUICK)

    @property
    def waiting(self) -> list[str]:
        return [entry.key for entry in self.later.box.entries()]


@asynccontextmanager
async def desert(
    folder: Path,
    *,
    mode: str = "cloud_only",
    hours: float = 24.0,
    keep_text: bool = False,
    clock: Clock | None = None,
) -> AsyncIterator[Desert]:
    """In a tunnel, in CN, with one cloud there that says again what it is told."""
    made: list[Desert] = []

    def answer(head: bytes, body: bytes) -> bytes:
        status = made[0].status
        return echo(head, body) if status == "200 OK" else reply(b"{}", status=status)

    async with strange_upstream(answer) as cloud:
        kept = "keep_text = true\n" if keep_text else ""
        (folder / "config.toml").write_text(kept + settings(cloud.address, mode, hours))
        consent = grant(folder, f"{cloud.address}/v1")
        device = await start_device(folder, clock=clock)
        made.append(Desert(folder, device, cloud, consent))
        set_tunnel(folder, on=True)
        try:
            yield made[0]
        finally:
            await device.close()


def settings(address: str, mode: str = "cloud_only", hours: float = 24.0) -> str:
    return (
        f'region = "CN"\nchat_model = ""\nmode = "{mode}"\nqueue_hours = {hours}\n[[cloud]]\n'
        f'name = "step"\naddress = "{address}/v1"\nmodel = "m"\nregion = "CN"\n'
    )


def bytes_below(folder: Path) -> bytes:
    """All that all files of the device hold."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
