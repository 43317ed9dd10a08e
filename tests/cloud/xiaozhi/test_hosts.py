"""The agents of voice devices: one each, made when needed, gone when nobody comes back."""

import asyncio
from pathlib import Path
from typing import Any

from edgewise.cloud.xiaozhi.hosts import LEAVES_S, Hosts
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.talk.xiaozhi.tools import BoardTool
from edgewise.testing.clock import ManualClock
from tests.cloud.xiaozhi.scene import NoHands

TOOLS = (BoardTool("self.get_device_status"),)


class Connection:
    async def call(self, name: str, arguments: dict[str, Any]) -> str:
        raise AssertionError(name)


def hosts(folder: Path, clock: ManualClock, **more: Any) -> Hosts:
    return Hosts(folder, clock, NoHands, lambda device: None, **more)


async def test_a_device_keeps_its_agent_over_connections_and_others_have_their_own(tmp_path: Path):
    made = hosts(tmp_path, ManualClock())
    first, second = Connection(), Connection()
    one = await made.enter("dev_a", TOOLS, first)
    await made.leave("dev_a", first)
    assert await made.enter("dev_a", TOOLS, second) is one
    other = await made.enter("dev_b", TOOLS, first)
    assert other.agent is not one.agent
    assert {path.name for path in tmp_path.iterdir()} == {"dev_a", "dev_b"}
    await made.close()


async def test_an_old_connection_that_ends_late_takes_nothing_from_the_new(tmp_path: Path):
    made = hosts(tmp_path, ManualClock())
    old, new = Connection(), Connection()
    hosted = await made.enter("dev_a", TOOLS, old)
    await made.enter("dev_a", TOOLS, new)
    await made.leave("dev_a", old)
    assert isinstance(hosted.hands, NoHands)
    assert hosted.hands.calls is new
    await made.close()


async def test_other_tools_make_another_agent_that_remembers(tmp_path: Path):
    made = hosts(tmp_path, ManualClock())
    connection = Connection()
    one = await made.enter("dev_a", TOOLS, connection)
    request = Request((TextPart("what is 2 plus 2"),), "voice", Speaker(None, Channel.VOICE))
    events = [event async for event in one.agent.run(request)]
    assert "4" in str(events[-1])
    other = await made.enter("dev_a", (), connection)
    assert other is not one
    assert len(await other.agent.recent(5)) == 1
    await made.close()


async def test_who_does_not_come_back_is_forgotten(tmp_path: Path):
    clock = ManualClock()
    made = hosts(tmp_path, clock)
    a, b = Connection(), Connection()
    await made.enter("dev_a", TOOLS, a)
    await made.enter("dev_b", TOOLS, b)
    await made.leave("dev_a", a)
    clock.advance(LEAVES_S + 1)
    await made.leave("dev_b", b)
    assert made.known("dev_a") is None
    assert made.known("dev_b") is not None
    await made.close()


async def test_who_comes_back_while_others_are_forgotten_keeps_its_agent(tmp_path: Path):
    clock = ManualClock()
    made = hosts(tmp_path, clock)
    a, b, again = Connection(), Connection(), Connection()
    slow = await made.enter("dev_a", TOOLS, a)
    one = await made.enter("dev_b", TOOLS, b)
    await made.leave("dev_a", a)
    await made.leave("dev_b", b)
    clock.advance(LEAVES_S + 1)
    closes, may_close = asyncio.Event(), asyncio.Event()
    close = slow.agent.close

    async def closing() -> None:
        closes.set()
        await may_close.wait()
        await close()

    slow.agent.close = closing
    forgetting = asyncio.create_task(made.leave("dev_c", Connection()))
    await closes.wait()
    ending = asyncio.gather(made.drop("dev_a"), made.drop("dev_a"))
    await asyncio.sleep(0)
    assert await made.enter("dev_b", TOOLS, again) is one
    may_close.set()
    await asyncio.gather(forgetting, ending)
    assert made.known("dev_a") is None
    assert made.known("dev_b") is one
    await made.close()


async def test_only_so_many_are_kept_without_a_device(tmp_path: Path):
    made = hosts(tmp_path, ManualClock(), most=1)
    for name in ("dev_a", "dev_b"):
        connection = Connection()
        await made.enter(name, TOOLS, connection)
        await made.leave(name, connection)
    assert made.known("dev_a") is None
    assert made.known("dev_b") is not None
    await made.drop("dev_b")
    assert made.known("dev_b") is None


async def test_who_leaves_while_its_agent_is_made_leaves_one_agent(tmp_path: Path):
    made = hosts(tmp_path, ManualClock())
    connection = Connection()
    for _ in range(3):
        entering = asyncio.create_task(made.enter("dev_a", TOOLS, connection))
        await asyncio.sleep(0)
        entering.cancel()
        await asyncio.gather(entering, return_exceptions=True)
        await made.leave("dev_a", connection)
    hosted = await made.enter("dev_a", TOOLS, connection)
    assert made.known("dev_a") is hosted
    assert hosted.connected == {connection}
    await made.close()


async def test_what_was_answered_is_known_to_the_agent_that_follows(tmp_path: Path):
    made = hosts(tmp_path, ManualClock())
    connection = Connection()
    one = await made.enter("dev_a", TOOLS, connection)
    other = await made.enter("dev_a", (), connection)
    assert other.turns is one.turns
    await made.close()


async def test_what_a_device_that_is_no_ones_said_is_deleted(tmp_path: Path):
    made = hosts(tmp_path, ManualClock())
    connection = Connection()
    await made.enter("dev_a", TOOLS, connection)
    assert (tmp_path / "dev_a" / "trail").is_dir()
    await made.erase("dev_a")
    assert made.known("dev_a") is None
    assert not (tmp_path / "dev_a").exists()
