"""When the agent of a device is there: soon, also where the device is slow or tells nothing."""

import asyncio
from pathlib import Path

from edgewise.cloud.xiaozhi.hosts import Hosted
from tests.cloud.xiaozhi.scene import Scene, scene
from tests.cloud.xiaozhi.test_tools_by_voice import Speaker, hands, said
from tests.talk.xiaozhi.board import Board


async def another(made: Scene, device: str, before: Hosted | None) -> Hosted:
    """The agent of a device, once it is another one than before."""
    async with asyncio.timeout(10):
        while (found := made.hosts.known(device)) is before or found is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return found


def mute(board: Board) -> None:
    """A device that says it has tools and never tells which."""
    board.is_mute = True


async def test_a_device_that_never_tells_its_tools_is_answered(tmp_path: Path):
    async with scene(tmp_path, ["what is the weather"]) as made:
        made.add("t")
        async with made.board("t", as_made=mute) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "start")


async def test_after_a_reconnect_its_agent_is_there_at_once(tmp_path: Path):
    speaker = Speaker()
    async with scene(tmp_path, ["set the volume to 30"], hands=hands) as made:
        known = made.add("t")
        async with made.board("t", as_made=speaker) as (board, _):
            before = await another(made, known.device, None)

        def slow(board: Board) -> None:
            speaker(board)
            board.is_mute = True

        async with made.board("t", as_made=slow) as (board, _):
            await board.until("mcp")
            board.listen("start", mode="auto")
            board.is_mute = False
            board.hear(said(1))
            async with asyncio.timeout(10):
                await board.until("tts", "start")
            assert made.hosts.known(known.device) is before
            assert speaker.volume == 30


async def test_other_tools_after_an_upgrade_make_another_agent(tmp_path: Path):
    speaker = Speaker()
    async with scene(tmp_path, ["set the volume to 30"], hands=hands) as made:
        known = made.add("t")
        async with made.board("t") as (board, _):
            before = await another(made, known.device, None)
        async with made.board("t", as_made=speaker) as (board, _):
            await another(made, known.device, before)
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "start")
            assert speaker.volume == 30
