"""A device as the ears and the mouth of a conversation: what it sends is heard by how it listens,
what is said comes back at the pace of speech."""

import asyncio
from collections.abc import AsyncGenerator
from typing import cast

import pytest

from edgewise.core.clock import SystemClock
from edgewise.errors import LinkError
from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.talk.events import Ended, ReplyEnded, ReplySound, TalkEvent, Who
from edgewise.talk.mind import Acted, Answer, Question, Say
from edgewise.talk.talk import Talk
from edgewise.talk.xiaozhi.link import Bounds, Link, greeted
from tests.talk.fakes import FakeMind
from tests.talk.realtime.loud import silent, spoken
from tests.talk.xiaozhi.board import LIMIT_S, Board, linked

HZ = 16_000
OPENED: list[Answer] = [Say("Done.")]
LONG: list[Answer] = [
    Say("One, two, three, four, five, six, seven, eight, nine, ten, eleven. " * 2)
]


def said(sentence: int) -> bytes:
    return spoken(sentence, rate_hz=HZ) + silent(500, rate_hz=HZ)


@pytest.mark.parametrize("version", [1, 2, 3])
async def test_what_is_said_is_answered_with_words_and_sound(version: int):
    async with linked(FakeMind(OPENED), ["open it"], board=Board(version)) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "stop")
    assert [one["text"] for one in board.of("stt")] == ["open it"]
    states = [one["state"] for one in board.of("tts")]
    assert states == ["start", "sentence_start", "sentence_start", "stop"]
    words = [one["text"] for one in board.of("tts") if "text" in one]
    assert "".join(words).replace(" ", "") == "Done."
    assert board.dropped == 0
    length_s = len(board.sound) / 2 / SPEAKING_HZ
    assert length_s == pytest.approx(len("Done.") * 0.05, abs=0.061)


async def test_every_message_carries_the_session_and_the_hello_a_transport():
    async with linked(FakeMind(OPENED), ["open it"]) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "stop")
    assert {message["session_id"] for message in board.told} == {"s"}
    hello = board.of("hello")[0]
    assert hello["transport"] == "websocket"
    assert hello["audio_params"] == {
        "format": "opus", "sample_rate": 24_000, "channels": 1, "frame_duration": 60,
    }  # fmt: skip


async def test_sound_is_sent_little_ahead_of_being_played():
    async with linked(FakeMind(LONG), ["count"]) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "start")
        await asyncio.sleep(0.8)
        assert max(board.waiting_s) <= 6 * 0.06 + 0.02
        assert len(board.waiting_s) >= 6


async def test_with_a_button_only_the_button_ends_a_turn():
    async with linked(FakeMind(OPENED), ["open it"]) as (board, _):
        board.listen("start", mode="manual")
        board.hear(said(1) + silent(3000, rate_hz=HZ))
        await asyncio.sleep(0.2)
        assert board.of("stt") == []
        board.listen("stop")
        await board.until("tts", "stop")
    assert [one["text"] for one in board.of("stt")] == ["open it"]


async def test_an_abort_is_silence_at_once():
    async with linked(FakeMind(LONG), ["count"]) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "start")
        await asyncio.sleep(0.3)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        board.abort()
        await board.until("tts", "stop")
        assert loop.time() - began_s < 0.5  # `make bench-devices` holds it to 150 ms
        await asyncio.sleep(0.3)
    assert board.sent_after_abort <= 1
    assert [one["state"] for one in board.of("tts")].count("stop") == 1


async def test_what_comes_at_once_with_an_abort_is_heard():
    async with linked(FakeMind(LONG, OPENED), ["count", "open it"]) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "sentence_start")
        board.abort()
        board.listen("start", mode="auto")
        board.hear(said(2))  # a line that was stalled brings all of it in one moment
        await board.until("tts", "stop", 2)
    assert [one["text"] for one in board.of("stt")] == ["count", "open it"]
    assert [one["state"] for one in board.of("tts")].count("stop") == 2


async def test_an_abort_while_nothing_is_said_is_answered():
    async with linked(FakeMind()) as (board, _):
        board.abort()
        await board.until("tts", "stop")


async def test_what_was_not_played_is_not_remembered_as_said():
    async def script(question: Question) -> AsyncGenerator[Answer, None]:
        before = [item.text for item in question.items if item.who is Who.AGENT]
        yield Say(before[0] if before else LONG[0].text)  # type: ignore[union-attr]

    async with linked(FakeMind(script, script), ["count", "what did you say"]) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "sentence_start")
        await asyncio.sleep(0.5)
        board.abort()
        await board.until("tts", "stop")
        heard = len(board.sound)
        board.listen("start", mode="auto")
        board.hear(said(2))
        await board.until("tts", "stop", 2)
        words = "".join(m["text"] for m in board.of("tts")[2:] if m.get("text"))
    assert len(words) < 60
    assert heard / 48_000 < 1.2


async def test_in_realtime_who_speaks_ends_the_answer():
    async with linked(FakeMind(LONG, OPENED), ["count", "stop it"]) as (board, _):
        board.listen("start", mode="realtime")
        board.hear(said(1))
        await board.until("tts", "start")
        await asyncio.sleep(0.3)
        board.hear(said(2))
        await board.until("tts", "start", 2)
    assert [one["text"] for one in board.of("stt")] == ["count", "stop it"]


async def test_in_auto_mode_its_own_sound_is_not_heard():
    async with linked(FakeMind(LONG), ["count", "an echo"]) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "start")
        board.hear(said(2))
        await asyncio.sleep(0.3)
    assert [one["text"] for one in board.of("stt")] == ["count"]


async def test_the_sound_of_a_wake_word_is_no_request():
    async with linked(FakeMind(OPENED), ["hello box", "open it"]) as (board, _):
        board.hear(spoken(1, rate_hz=HZ))
        board.listen("detect", text="a word of the owner's own")
        board.listen("start", mode="auto")
        board.hear(said(2))
        await board.until("tts", "stop")
    assert [one["text"] for one in board.of("stt")] == ["open it"]


async def test_sound_just_before_listening_is_heard():
    async with linked(FakeMind(OPENED), ["open it"]) as (board, _):
        board.hear(spoken(1, rate_hz=HZ))
        board.listen("start", mode="auto")
        board.hear(silent(500, rate_hz=HZ))
        await board.until("tts", "stop")
    assert [one["text"] for one in board.of("stt")] == ["open it"]


async def test_written_words_are_answered_and_a_wake_word_is_not():
    async with linked(FakeMind(OPENED)) as (board, _):
        board.listen("start", mode="realtime")
        board.listen("detect", text="你好，小智")
        board.listen("detect", text="打开窗户")
        await board.until("tts", "stop")
    assert [one["text"] for one in board.of("stt")] == ["打开窗户"]


async def test_sound_of_long_ago_belongs_to_nothing_that_comes_now():
    """A device may send some still behind its `stop`."""
    bounds = Bounds(before_s=0.1)
    async with linked(FakeMind(OPENED), ["open it"], bounds=bounds) as (board, _):
        board.hear(spoken(1, 60, rate_hz=HZ))
        await asyncio.sleep(0.3)
        board.listen("detect", text="打开窗户")
        await board.until("tts", "stop")
        board.hear(spoken(1, 60, rate_hz=HZ))
        await asyncio.sleep(0.3)
        board.listen("start", mode="manual")
        board.listen("stop")
        await asyncio.sleep(0.3)
    assert [one["text"] for one in board.of("stt")] == ["打开窗户"]


async def test_the_face_tells_whether_it_was_done():
    acted: list[Answer] = [Acted("c", "f", {}, "{}", done=False), Say("That is not allowed.")]
    async with linked(FakeMind(acted), ["open it"]) as (board, _):
        board.listen("start", mode="auto")
        board.hear(said(1))
        await board.until("tts", "stop")
    assert [one["emotion"] for one in board.of("llm")] == ["thinking", "confused"]


async def test_broken_frames_are_counted_and_the_line_goes_on():
    async with linked(FakeMind(OPENED), ["open it"], board=Board(3)) as (board, _):
        board.listen("start", mode="auto")
        for frame in (b"", b"\0\0", b"\0\0\xff\xff", b"\0\0\0\x02\xff\xff\xff", b"x" * 1_000_000):
            board.send_raw(frame)
        board.send_raw("{}")
        board.send_raw("no json")
        board.send_raw('{"type":"a type of tomorrow"}')
        board.hear(said(1))
        await board.until("tts", "stop")
    assert board.refused == ["bad_frame"] * 5 + ["bad_message"] * 2


async def test_too_many_broken_frames_end_it():
    async with linked(FakeMind(), bounds=Bounds(broken=3)) as (board, serving):
        for _ in range(4):
            board.send_raw("no json")
        with pytest.raises(LinkError, match="not as in the protocol"):
            async with asyncio.timeout(LIMIT_S):
                await serving
        assert board.refused == ["bad_message"] * 4


async def test_sound_faster_than_anybody_speaks_ends_it():
    async with linked(FakeMind(), bounds=Bounds(sound_burst_s=2.0)) as (board, serving):
        board.listen("start", mode="realtime")
        board.hear(silent(4_000, rate_hz=HZ))
        with pytest.raises(LinkError) as told:
            async with asyncio.timeout(LIMIT_S):
                await serving
    assert told.value.code == "too_fast"
    assert board.refused == ["too_fast"]


@pytest.mark.parametrize(
    ("version", "frame"), [(1, b""), (2, b"\0\2\0\1" + bytes(10) + b"\0\1x"), (3, b"\1\0\0\1x")]
)
async def test_frames_without_sound_count_as_messages(version: int, frame: bytes):
    bounds = Bounds(burst=20)
    async with linked(FakeMind(), board=Board(version), bounds=bounds) as (board, serving):
        for _ in range(100):
            board.send_raw(frame)
        with pytest.raises(LinkError) as told:
            async with asyncio.timeout(LIMIT_S):
                await serving
    assert told.value.code == "too_fast"
    assert board.refused == ["too_fast"]


async def test_a_quiet_line_is_kept_awake_and_ended_in_the_end():
    async with linked(FakeMind(), bounds=Bounds(ping_s=0.05, quiet_s=0.3)) as (board, serving):
        async with asyncio.timeout(LIMIT_S):
            await serving
        assert 3 <= len(board.of("ping")) <= 6


async def test_a_device_that_leaves_or_says_goodbye_ends_it():
    for ends in ("leave", "goodbye"):
        async with linked(FakeMind()) as (board, serving):
            if ends == "leave":
                board.leave()
            else:
                board.say(type="goodbye", session_id="s")
            async with asyncio.timeout(LIMIT_S):
                await serving


async def test_a_late_hello_is_waited_for_and_a_missing_one_is_not():
    board = Board()
    board.hear(silent(120, rate_hz=HZ))
    board.send_raw('{"type":"listen","state":"start","mode":"auto"}')
    board.send_raw("no json")
    board.hello()
    hello = await greeted(board, "s", Bounds(), hz=24_000, packet_ms=60)
    assert hello.features.mcp
    with pytest.raises(LinkError) as told:
        await greeted(Board(), "s", Bounds(hello_s=0.05), hz=24_000, packet_ms=60)
    assert told.value.code == "no_hello"


class Told:
    """A conversation that told two whole answers; `cut` is how much was heard of each."""

    def __init__(self) -> None:
        self.cut: dict[str, int] = {}

    async def events(self) -> AsyncGenerator[TalkEvent, None]:
        for item in ("a", "b"):
            yield ReplySound("r", item, bytes(2 * SPEAKING_HZ), "Words.")
            yield ReplyEnded("r", item, Ended.COMPLETED, "Words.", "Words.")
        await asyncio.Event().wait()

    def truncate(self, item: str, heard_ms: int, cause: str = "") -> None:
        self.cut[item] = heard_ms


async def test_an_answer_that_waited_behind_the_one_that_was_cut_was_not_heard():
    board, talk = Board(), Told()
    board.hello()
    hello = await greeted(board, "s", Bounds(), hz=SPEAKING_HZ, packet_ms=60)
    link = Link(board, cast(Talk, talk), hello, SystemClock(), session="s")
    serving = asyncio.create_task(link.serve())
    await board.until("tts", "start")
    await asyncio.sleep(0.2)
    board.abort()
    await board.until("tts", "stop")
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert 0 < talk.cut["a"] < 1000
    assert talk.cut["b"] == 0
