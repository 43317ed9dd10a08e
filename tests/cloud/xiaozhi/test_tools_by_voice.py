"""A device is told by voice what its own tools shall do: they do it, after the policy, and it is
read back; what weighs asks first, and nothing of another device's is moved."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.cloud.xiaozhi.hands import BoardHands
from edgewise.core.clock import SystemClock
from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.testing.upstream.directive import Directive, Tool
from tests.cloud.xiaozhi.scene import OwnVoice, scene
from tests.talk.realtime.loud import silent, spoken
from tests.talk.xiaozhi.board import Board

HZ = 16_000
LEVEL = {
    "type": "object",
    "properties": {"volume": {"type": "integer", "minimum": 0, "maximum": 100}},
    "required": ["volume"],
}


def said(sentence: int) -> bytes:
    return spoken(sentence, rate_hz=HZ) + silent(500, rate_hz=HZ)


def hands(tools: Any) -> BoardHands:
    return BoardHands(tools, SystemClock())


class Speaker:
    """The firmware of a loudspeaker with a lamp."""

    def __init__(self, *, lies: bool = False) -> None:
        self.volume = 70
        self.lamp = False
        self._lies = lies

    def __call__(self, board: Board) -> None:
        board.hides = False
        board.schemas["self.audio_speaker.set_volume"] = LEVEL
        board.tools = {
            "self.get_device_status": self.status,
            "self.audio_speaker.set_volume": self.set_volume,
            "self.lamp.turn_on": self.turn_on,
            "self.reboot": lambda arguments: "true",
        }

    def status(self, arguments: dict[str, Any]) -> str:
        return json.dumps({"audio_speaker": {"volume": self.volume}, "battery": {"level": 50}})

    def set_volume(self, arguments: dict[str, Any]) -> str:
        if not self._lies:
            self.volume = int(arguments["volume"])
        return "true"

    def turn_on(self, arguments: dict[str, Any]) -> str:
        self.lamp = True
        return "true"


async def test_the_volume_is_set_by_its_own_tool_and_read_back(tmp_path: Path):
    speaker = Speaker()
    async with scene(tmp_path, ["set the volume to 30"], hands=hands) as made:
        made.add("t")
        async with made.board("t", as_made=speaker) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "stop")
            assert speaker.volume == 30
            assert ("self.audio_speaker.set_volume", {"volume": 30}) in board.called
            assert board.of("llm")[-1]["emotion"] == "happy"


async def test_a_tool_that_says_yes_and_does_nothing_is_told_of(tmp_path: Path):
    async with scene(tmp_path, ["set the volume to 30"], hands=hands) as made:
        made.add("t")
        async with made.board("t", as_made=Speaker(lies=True)) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            faces = [(await board.until("llm", count=at))["emotion"] for at in (1, 2)]
            assert faces == ["thinking", "confused"]


async def test_a_tool_of_its_own_asks_first_and_acts_after_the_yes(tmp_path: Path):
    speaker = Speaker()
    async with scene(tmp_path, ["turn on the lamp", "yes"], hands=hands) as made:
        made.add("t")
        async with made.board("t", as_made=speaker) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "stop")
            assert not speaker.lamp
            board.listen("start", mode="auto")
            board.hear(said(2))
            await board.until("tts", "stop", 2)
            assert speaker.lamp


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ('{"success": true, "result": "MILK 1 L"}', "MILK 1 L"),
        ('{"success": false, "message": "no lens"}', "could not take a picture"),
    ],
)
async def test_what_the_camera_sees_or_why_it_sees_nothing_is_heard(
    tmp_path: Path, answer: str, heard: str
):
    speaker = Speaker()

    def as_made(board: Board) -> None:
        speaker(board)
        question = {"type": "object", "properties": {"question": {"type": "string"}}}
        board.schemas["self.camera.take_photo"] = {**question, "required": ["question"]}
        board.tools["self.camera.take_photo"] = lambda arguments: answer

    async with scene(tmp_path, ["what do you see"], hands=hands) as made:
        made.add("t")
        async with made.board("t", as_made=as_made) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "stop")
            spoken_words = "".join(str(one.get("text", "")) for one in board.of("tts"))
            assert heard.replace(" ", "") in spoken_words.replace(" ", "")


async def test_no_word_reaches_a_tool_for_the_owners_hand_or_another_device(tmp_path: Path):
    one, other = Speaker(), Speaker()
    async with scene(tmp_path, ["reboot", "set the volume to 30"], hands=hands) as made:
        made.add("a")
        made.add("b")
        async with (
            made.board("a", as_made=one) as (first, _),
            made.board("b", mac="02:00:00:00:00:02", as_made=other) as (second, _),
        ):
            await second.until("mcp", count=3)
            first.listen("start", mode="auto")
            first.hear(said(1))
            await first.until("tts", "stop")
            first.listen("start", mode="auto")
            first.hear(said(2))
            await first.until("tts", "stop", 2)
            assert (one.volume, other.volume) == (30, 70)
            assert all(name != "self.reboot" for name, _ in first.called)
            assert second.called == []


async def test_a_plain_no_leaves_it_and_says_so_once(tmp_path: Path):
    speaker = Speaker()
    async with scene(tmp_path, ["turn on the lamp", "No.", "No."], hands=hands) as made:
        made.add("t")
        async with made.board("t", as_made=speaker) as (board, _):
            for number in (1, 2, 3):
                board.listen("start", mode="auto")
                board.hear(said(number))
                await board.until("tts", "stop", number)
            assert not speaker.lamp
            told = "".join(one["text"] for one in board.of("tts") if "text" in one)
            assert told.replace(" ", "").endswith("Allright,Iwon't.Allright,Ileaveit.")


async def test_a_door_is_refused_with_the_reason_beside_what_is_done(tmp_path: Path):
    speaker = Speaker()

    def with_door(board: Board) -> None:
        speaker(board)
        board.tools["self.front_door.open"] = lambda arguments: "true"

    heard = ["open the front door", "set the volume to 30 and switch on the lamp", "yes"]
    async with scene(tmp_path, heard, hands=hands) as made:
        made.add("t")
        async with made.board("t", as_made=with_door) as (board, _):
            for number in (1, 2, 3):
                board.listen("start", mode="auto")
                board.hear(said(number))
                await board.until("tts", "stop", number)
            spoken = "".join(told["text"] for told in board.of("tts") if "text" in told)
            assert "cannotbeaskedforbywords" in spoken.replace(" ", "")
            assert (speaker.volume, speaker.lamp) == (30, True)
            assert all(name != "self.front_door.open" for name, _ in board.called)


async def test_what_the_model_suggests_is_asked_aloud_and_done_after_the_yes(tmp_path: Path):
    speaker = Speaker()
    dark = "it is far too dark in here to read my book"
    async with scene(tmp_path, [dark, "yes"], hands=hands) as made:
        made.platform.upstream.directive = Directive(calls=((Tool("board_lamp_turn_on"),),))
        made.add("t")
        async with made.board("t", as_made=speaker) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "stop")
            assert not speaker.lamp
            spoken = " ".join(told["text"] for told in board.of("tts") if "text" in told)
            assert "turn on the lamp" in spoken
            board.listen("start", mode="auto")
            board.hear(said(2))
            await board.until("tts", "stop", 2)
            assert speaker.lamp


async def test_a_yes_right_behind_a_long_question_is_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("edgewise.agent.pending.APPROVAL_LIFETIME_S", 2.0)
    speaker = Speaker()
    async with scene(tmp_path, ["turn on the lamp", "yes"], hands=hands, voice=OwnVoice) as made:
        made.add("t")
        async with made.board("t", as_made=speaker) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "stop")
            assert len(board.sound) / 2 / SPEAKING_HZ > 2.5, "the question is too short"
            board.listen("start", mode="auto")
            board.hear(said(2))
            await board.until("tts", "stop", 2)
            assert speaker.lamp


@pytest.mark.parametrize("mode", ["auto", "realtime"])
async def test_a_question_that_was_cut_before_it_named_the_lamp_waits_for_no_yes(
    tmp_path: Path, mode: str
):
    speaker = Speaker()
    async with scene(tmp_path, ["turn on the lamp", "yes"], hands=hands, voice=OwnVoice) as made:
        made.add("t")
        async with made.board("t", as_made=speaker) as (board, _):
            board.listen("start", mode=mode)
            board.hear(said(1))
            await board.until("tts", "sentence_start")
            await asyncio.sleep(0.5)
            if mode == "auto":
                board.abort()
                await board.until("tts", "stop")
                board.listen("start", mode=mode)
            board.hear(said(2))
            await board.until_says("There is nothing")
            assert not speaker.lamp
            assert board.called == []


async def test_a_question_that_a_lost_connection_cut_waits_for_no_yes(tmp_path: Path):
    speaker = Speaker()
    async with scene(tmp_path, ["turn on the lamp", "yes"], hands=hands, voice=OwnVoice) as made:
        made.add("t")
        async with made.board("t", as_made=speaker) as (board, socket):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "sentence_start")
            await asyncio.sleep(0.5)
            socket.transport.abort()
        async with made.board("t", as_made=speaker) as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(2))
            await board.until_says("There is nothing")
            assert not speaker.lamp
