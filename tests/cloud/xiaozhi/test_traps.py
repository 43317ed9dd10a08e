"""Where naive servers of this protocol fall, driven against the served door by a device that was
written from the protocol's description: its frames, its pages of tools, its late and missing
answers, its garbage. Source: 78/xiaozhi-esp32, protocols/*.cc, application.cc and mcp_server.cc."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgewise.cloud.xiaozhi.hosts import Hosted
from edgewise.talk.xiaozhi.link import Bounds
from edgewise.talk.xiaozhi.tools import MOST_PAGES, MOST_TOOLS
from tests.cloud.xiaozhi.scene import Scene, on_the_line, scene
from tests.cloud.xiaozhi.test_tools_by_voice import Speaker, hands, said
from tests.talk.realtime.loud import silent, spoken
from tests.talk.xiaozhi.board import USER_ONLY, Board, frame_of, packet_in

HZ = 16_000
LIMIT_S = 10.0
HEADERS = {"Authorization": "Bearer t", "Device-Id": "02", "Client-Id": "c"}
GARBAGE = (
    b"",
    b"\0",
    b"\x7f" * 3,
    b"\xff" * 60,
    bytes(15),
    b"\0\0\xff\xff" + b"x" * 9,
    b"x" * 9_000,
)
NO_JSON = ("", "{", "[]", "null", '{"type":7}', '{"type":"listen"}', '{"type":"mcp"}', "\x00", "{}")


async def is_answered(board: Board, sentence: int = 1, count: int = 1) -> None:
    """What is said to it is answered, `count` answers from the start."""
    board.listen("start", mode="auto")
    board.hear(said(sentence))
    await board.until("tts", "stop", count)


async def agent_of(made: Scene, device: str, tools: int) -> Hosted:
    """The agent of a device, once it has so many tools."""
    async with asyncio.timeout(LIMIT_S):
        while (found := made.hosts.known(device)) is None or len(found.tools) != tools:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return found


# Binary frames


@pytest.mark.parametrize("version", [1, 2, 3])
async def test_frames_of_each_version_are_exact_both_ways(tmp_path: Path, version: int):
    async with scene(tmp_path, ["what is the weather"]) as made:
        made.add("t")
        async with made.board("t", version=version) as (board, _):
            await is_answered(board)
            assert [one["text"] for one in board.of("stt")] == ["what is the weather"]
            assert board.dropped == 0
            frames = list(board.frames)
        assert frames
        assert all(packet_in(frame, version) for frame in frames)
        if version == 2:
            at_ms = [int.from_bytes(frame[8:12], "big") for frame in frames]
            assert at_ms == [60 * (1 + at) for at in range(len(frames))]
        assert made.devices.counted.total() == 0


async def test_a_frame_that_is_no_sound_is_passed_over(tmp_path: Path):
    async with scene(tmp_path, ["what is the weather"]) as made:
        made.add("t")
        async with made.board("t", version=2) as (board, _):
            board.listen("start", mode="auto")
            told = b'{"type":"x"}'
            board.send_raw(frame_of(told, 2)[:2] + b"\0\1" + frame_of(told, 2)[4:])
            board.hear(said(1))
            await board.until("tts", "stop")
        assert made.devices.counted.total() == 0


# Garbage


@pytest.mark.parametrize("version", [1, 3])
async def test_garbage_in_the_middle_of_speech_is_counted_and_the_words_are_heard(
    tmp_path: Path, version: int
):
    async with scene(tmp_path, ["what is the weather", "tell me a story"]) as made:
        made.add("t")
        async with made.board("t", version=version) as (board, socket):
            board.listen("start", mode="auto")
            board.hear(spoken(1, 300, rate_hz=HZ))
            for thing in (*GARBAGE, *NO_JSON):
                board.send_raw(thing)
            board.hear(spoken(1, 300, rate_hz=HZ) + silent(500, rate_hz=HZ))
            await board.until("tts", "sentence_start")
            for thing in (*GARBAGE, *NO_JSON):  # while it is told the answer
                board.send_raw(thing)
            await board.until("tts", "stop")
            await is_answered(board, 2, count=2)
            assert [one["text"] for one in board.of("stt")] == [
                "what is the weather",
                "tell me a story",
            ]
            assert socket.close_code is None
        counted = made.devices.counted
        assert counted["bad_message"] == 2 * len(NO_JSON)
        assert counted["bad_frame"] == 2 * (len(GARBAGE) if version == 3 else 1)
        assert set(counted) <= {"bad_message", "bad_frame", "bad_opus"}


async def test_what_nobody_knows_and_what_comes_at_the_wrong_time_is_passed_over(tmp_path: Path):
    async with scene(tmp_path, ["what is the weather"]) as made:
        made.add("t")
        async with made.board("t") as (board, _):
            await board.until("hello")
            board.listen("stop")  # it has not begun
            board.listen("stop")
            board.say(type="iot", session_id="", descriptors=[{}])
            board.say(type="a type of tomorrow", session_id="", payload={"x": [1]})
            board.say(type="mcp", payload={"jsonrpc": "2.0", "method": "notifications/x"})
            board.say(type="mcp", payload={"jsonrpc": "2.0", "id": "7", "result": {}})
            board.say(type="mcp", payload={"jsonrpc": "2.0", "id": 4711, "result": {}})
            board.hello()  # once more
            board.abort()  # nothing is said
            await board.until("tts", "stop")
            assert board.of("stt") == []
            await is_answered(board, count=2)
        assert made.devices.counted.total() == 0
        assert len(board.of("hello")) == 1


async def test_a_wake_word_that_makes_no_json_is_read(tmp_path: Path):
    async with scene(tmp_path, ["what is the weather"]) as made:
        made.add("t")
        async with made.board("t") as (board, _):
            await board.until("hello")
            board.send_raw('{"session_id":"","type":"listen","state":"detect","text":"say "hi" "}')
            board.send_raw('{"session_id":"","type":"abort","reason":"wake "word""}')
            told = await board.until("stt")
            assert told["text"] == 'say "hi"'
        assert set(made.devices.counted) <= {"bad_message"}


# The hello


async def test_a_hello_later_than_usual_is_waited_for(tmp_path: Path):
    async with scene(tmp_path, ["what is the weather"]) as made:
        made.add("t")
        board = Board()
        async with on_the_line(board, made.address, HEADERS):
            board.hear(spoken(1, 120, rate_hz=HZ))
            board.listen("start", mode="auto")
            for thing in ("no json", '{"type":"a type of tomorrow"}', b"\xff" * 60):
                board.send_raw(thing)
            await asyncio.sleep(0.3)
            assert board.told == []
            board.hello()
            await is_answered(board)
            assert [one["text"] for one in board.of("stt")] == ["what is the weather"]


async def test_who_says_all_but_a_hello_is_let_go(tmp_path: Path):
    async with scene(tmp_path, bounds=Bounds(hello_s=0.2)) as made:
        made.add("t")
        board = Board()
        async with on_the_line(board, made.address, HEADERS) as socket:
            board.listen("start", mode="auto")
            board.hear(said(1))
            async with asyncio.timeout(LIMIT_S):
                await socket.wait_closed()
            assert (socket.close_code, socket.close_reason) == (1008, "no_hello")
            assert board.told == []
        assert made.devices.counted == {"no_hello": 1}


# The tools of the device


def with_tools(*names: str) -> Callable[[Board], None]:
    def made(board: Board) -> None:
        board.tools = {name: lambda arguments: "true" for name in names}

    return made


async def test_the_tools_of_all_pages_are_its_agents(tmp_path: Path):
    speaker = Speaker()
    more = [f"self.shelf_{at:03}.{'x' * 30}" for at in range(90)]

    def as_made(board: Board) -> None:
        speaker(board)
        board.hides = True
        last = board.tools
        board.tools = {**dict.fromkeys(more, lambda arguments: "true"), **last}

    async with scene(tmp_path, ["set the volume to 30"], hands=hands) as made:
        known = made.add("t")
        async with made.board("t", as_made=as_made) as (board, _):
            hosted = await agent_of(made, known.device, len(board.tools) - 1)  # not the restart
            lists = [one["params"] for one in board.asked if one["method"] == "tools/list"]
            assert len(lists) >= 2
            assert lists[0]["cursor"] == ""
            assert all(one["cursor"] in board.tools for one in lists[1:])
            assert not any(one.get("withUserTools") for one in lists)
            assert [tool.name for tool in hosted.tools if tool.name in USER_ONLY] == []
            await is_answered(board)
            assert speaker.volume == 30


async def test_more_tools_than_may_be_are_left(tmp_path: Path):
    names = [f"self.shelf_{at:03}.{'x' * 30}" for at in range(3 * MOST_TOOLS)]
    async with scene(tmp_path) as made:
        known = made.add("t")
        async with made.board("t", as_made=with_tools(*names)) as (board, _):
            hosted = await agent_of(made, known.device, MOST_TOOLS)
            assert [tool.name for tool in hosted.tools] == names[:MOST_TOOLS]
            await is_answered(board)


class Endless(Board):
    """Each page has another one behind it."""

    def _page(self, params: dict[str, Any]) -> dict[str, Any]:
        at = sum(1 for one in self.asked if one["method"] == "tools/list")
        return {"tools": [{"name": f"self.tool_{at}"}], "nextCursor": f"self.tool_{at}x"}


async def test_pages_without_an_end_are_left(tmp_path: Path):
    async with scene(tmp_path) as made:
        known = made.add("t")
        board = Endless()
        async with on_the_line(board, made.address, HEADERS):
            board.hello()
            await agent_of(made, known.device, MOST_PAGES)
            await is_answered(board)
            assert sum(1 for one in board.asked if one["method"] == "tools/list") == MOST_PAGES


def mute(method: str) -> Callable[[Board], None]:
    return lambda board: board.mute.add(method)


def failing(method: str) -> Callable[[Board], None]:
    return lambda board: board.fails.add(method)


@pytest.mark.parametrize(
    "as_made",
    [
        failing("initialize"),
        failing("tools/list"),
        pytest.param(mute("initialize"), marks=pytest.mark.slow),
        pytest.param(mute("tools/list"), marks=pytest.mark.slow),
    ],
    ids=["no greeting: error", "no list: error", "no greeting: silence", "no list: silence"],
)
async def test_a_device_whose_tools_are_not_told_is_answered(
    tmp_path: Path, as_made: Callable[[Board], None]
):
    async with scene(tmp_path, ["what is the weather"]) as made:
        known = made.add("t")
        async with made.board("t", as_made=as_made) as (board, socket):
            await is_answered(board)
            assert [one["text"] for one in board.of("stt")] == ["what is the weather"]
            assert (await agent_of(made, known.device, 0)).tools == ()
            assert socket.close_code is None
        assert made.devices.counted.total() == 0


async def test_a_call_that_fails_without_a_code_is_told_of_and_the_device_goes_on(tmp_path: Path):
    speaker = Speaker()

    def as_made(board: Board) -> None:
        speaker(board)
        board.fails.add("tools/call")

    async with scene(
        tmp_path, ["set the volume to 30", "what is the weather"], hands=hands
    ) as made:
        made.add("t")
        async with made.board("t", as_made=as_made) as (board, _):
            await is_answered(board)
            assert board.of("llm")[-1]["emotion"] == "confused"
            await board.until_says("tools/call failed")  # in its own words: it was not waited for
            await is_answered(board, 2, count=2)
            assert speaker.volume == 70
