"""Random knocking at a real device's doors, as a program and as the owner: no forbidden effect.

The whole way: web server, guard, HTTP or MCP, agent, policy, simulated car; the same monitor before
the drivers. The program guesses well: it answers its own questions with the very approval and hash
that the owner's page shows. Real time and sockets, so few and short sequences.
"""

import asyncio
import dataclasses
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgewise.act.cedar import Policy
from edgewise.act.driver import Drivers
from edgewise.core.call import Effect
from edgewise.core.clock import SystemClock
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.zone import Zone
from edgewise.device.api import create_app
from edgewise.device.callers import Caller
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.limits import Allowance, Limits
from edgewise.device.runtime import Device, start_device
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, client_of, listen
from tests.device.test_api import events_of
from tests.safety.monitor import Asked, Monitor, Watched, payload_of
from tests.safety.play import SPOKEN_YES
from tests.safety.steps import DRIVES, REQUESTS, WORLD, step
from tests.safety.test_sequences import kinds, lawless
from tests.safety.witnesses import LOCKED, OPEN_REAR, UNLOCK, ask

MANY = Allowance(turns_at_once=8, turns_a_minute=10_000, streams=8)
KNOCKS = st.lists(
    st.one_of(
        step("program", REQUESTS),
        step("tool", REQUESTS),
        step("owner", REQUESTS),
        step("owner", REQUESTS),
        step("program yes", st.none()),
        step("program yes", st.none()),
        step("owner yes", st.none()),
        step("drive", DRIVES),
        step("sensor", WORLD),
    ),
    min_size=3,
    max_size=9,
)


@dataclasses.dataclass
class Street:
    """The device from outside, and what it has asked so far."""

    device: Device
    monitor: Monitor
    owner: httpx.AsyncClient
    program: httpx.AsyncClient
    asked: list[str] = dataclasses.field(default_factory=list[str])
    answered: set[str] = dataclasses.field(default_factory=set[str])

    async def knock(self, kind: str, what: Any) -> None:
        car = self.device.vehicle
        assert car is not None
        match kind:
            case "drive":
                speed = 0 if what[1] == "P" else what[0]
                car.drive(speed_km_h=0)
                car.drive(speed_km_h=speed, gear=what[1])
            case "sensor":
                car.set_sensor(*what)
            case "program yes" | "owner yes":
                await self._answer(kind)
            case "tool":
                await self._tool(what)
            case _:
                await self._request(kind, what)

    def _asks(self, channel: Channel, yes: list[tuple[str, str]] | None = None) -> Asked:
        """The owner speaks from the driver's seat; a program sits nowhere."""
        zone = Zone.DRIVER if channel is Channel.TYPED else None
        who = Asked(zone, channel, time.monotonic(), yes or [])
        self.monitor.default = who
        return who

    async def _request(self, door: str, request: Request) -> None:
        client = self.owner if door == "owner" else self.program
        who = self._asks(Channel.TYPED if door == "owner" else Channel.API)
        session = request.session
        if request.proposal is not None:
            body = {"capability": request.proposal.capability,
                    "arguments": request.proposal.arguments, "session": session}  # fmt: skip
            await self._turn(client, "/v1/agent/calls", body)
            return
        who.guess = request.text in ("太晒了", "the sun is in my eyes")
        if door == "owner" and request.text in SPOKEN_YES and self.asked:
            who.yes = (await self._question(self.asked[-1]))[1]
        await self._turn(client, "/v1/agent/turns", {"text": request.text, "session": session})

    async def _turn(self, client: httpx.AsyncClient, route: str, body: dict[str, Any]) -> None:
        reply = await client.post(route, json=body)
        if reply.status_code == 200:
            end = events_of(reply)[-1]
            if end["event"] == "needs_approval":
                self.asked.append(end["turn"])

    async def _tool(self, request: Request) -> None:
        if request.proposal is None:
            return
        self._asks(Channel.MCP)
        call = {"name": request.proposal.capability, "arguments": request.proposal.arguments}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        headers = {"Accept": "application/json, text/event-stream"}
        reply = await self.program.post("/mcp", json=body, headers=headers)
        told = reply.json().get("result", {}).get("structuredContent") or {}
        if told.get("status") == "asked":
            self.asked.append(told["turn"])

    async def _question(self, turn: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """What the owner's page would answer, and what a yes to it is good for now."""
        asked = (await self.owner.get(f"/v1/agent/turns/{turn}")).json()["events"][-1]
        yes = {"approval": asked["approval"], "payload_hash": asked["payload_hash"]}
        payload = [
            payload_of(e["target"], e["value"]) for c in asked["calls"] for e in c["effects"]
        ]
        zone_fits = asked.get("zone") in (None, "driver")
        open_still = time.time() <= asked["expires_at"] and turn not in self.answered
        return yes | {"approved": True}, payload if zone_fits and open_still else []

    async def _answer(self, kind: str) -> None:
        if not self.asked:
            return
        turn = self.asked[-1]
        body, payload = await self._question(turn)
        by_owner = kind == "owner yes"
        self._asks(Channel.TYPED if by_owner else Channel.API, payload if by_owner else None)
        client = self.owner if by_owner else self.program
        await self._turn(client, f"/v1/agent/turns/{turn}/approval", body)
        if by_owner:
            self.answered.add(turn)


async def walk(
    steps: list[tuple[str, Any]],
    policy: Policy | None = None,
    watched_by: type[Monitor] = Monitor,
) -> list[str]:
    """What the monitor said while somebody knocked like that."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text('chat_model = ""\nkeep_text = true\n')
        device = await start_device(folder, pace=1000.0)
        monitor = watched_by(SystemClock())
        home = device.agent.home
        device.agent.home = dataclasses.replace(
            home,
            drivers=cast(Drivers, Watched(home.drivers, monitor)),
            policy=policy or home.policy,
        )
        app = create_app(
            device.agent,
            doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN),
            vehicle=device.vehicle,
            limits=Limits(dict.fromkeys(Caller, MANY)),
        )
        try:
            async with (
                listen(app) as address,
                client_of(address, TOKEN) as owner,
                client_of(address, PROGRAM_TOKEN) as program,
            ):
                street = Street(device, monitor, owner, program)
                for kind, what in steps:
                    await street.knock(kind, what)
        finally:
            await device.close()
        return monitor.spoken


@pytest.mark.slow
@pytest.mark.timeout(300)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(KNOCKS)
def test_no_knocking_brings_about_a_forbidden_effect(steps: list[tuple[str, Any]]) -> None:
    assert asyncio.run(walk(steps)) == []


@pytest.mark.slow
def test_at_the_doors_too_the_rules_are_what_keeps_the_monitor_silent() -> None:
    _, unlock = UNLOCK
    _, window = ask("window.set", OPEN_REAR)
    lock = next(iter(LOCKED))
    steps = [("sensor", (lock, True)), ("program", unlock), ("tool", window)]
    assert asyncio.run(walk(steps)) == []
    assert kinds(asyncio.run(walk(steps, lawless()))) == {
        "23 opened or unlocked without a yes",
        "0 a program's own doing, without a yes",
    }


@pytest.mark.slow
def test_the_owners_yes_is_the_only_one_at_the_doors() -> None:
    """Both play the same question; only one of the two answers is followed by a write."""
    _, unlock = UNLOCK
    lock = next(iter(LOCKED))
    said_by = Speaker()
    for answer, free in (("program yes", False), ("owner yes", True)):
        steps = [("sensor", (lock, True)), ("tool", unlock), (answer, None)]
        later = ("owner", Request((TextPart("锁车"),), "b", said_by))
        assert asyncio.run(walk([*steps, later])) == []
        assert asyncio.run(unlocked_after(steps)) is free


class Unlocking(Monitor):
    """Notes writes that unlock, allowed or not."""

    def look(self, effects: Sequence[Effect]) -> None:
        unlocked = [e.target for e in effects if e.value is False and "IsLocked" in e.target]
        self.spoken.extend(unlocked)


async def unlocked_after(steps: list[tuple[str, Any]]) -> bool:
    """Whether a write that unlocks came through the drivers' door."""
    return bool(await walk(steps, watched_by=Unlocking))


@pytest.mark.slow
@pytest.mark.rule(31)
def test_a_message_that_a_program_asks_for_is_sent_by_the_owners_yes_alone() -> None:
    """The yes is known by what was shown, in whatever order its fields come back."""
    send = ("program", Request((TextPart("给妈妈发短信说我快到家了"),), "b", Speaker()))
    assert asyncio.run(walk([send, ("owner yes", None)])) == []
    for answer, sent in (("program yes", False), ("owner yes", True)):
        written = asyncio.run(walk([send, (answer, None)], watched_by=Sending))
        assert bool(written) is sent


class Sending(Monitor):
    """Notes messages, allowed or not."""

    def look(self, effects: Sequence[Effect]) -> None:
        self.spoken.extend(e.target for e in effects if e.target.startswith("phone.messages."))
