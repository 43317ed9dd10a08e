"""The device's agent as a mind: a real device with a simulated car, asked by what was heard."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import msgspec
import pytest

from edgewise.core.call import Result, Status
from edgewise.core.event import Event, TurnStarted
from edgewise.core.label import Label
from edgewise.core.message import Channel, Speaker
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone
from edgewise.device.runtime import Device, start_device
from edgewise.errors import UserError
from edgewise.hosting.board import Board
from edgewise.hosting.talk_mind import OUTPUT_CHARACTERS, TalkMind, asked_items, read_back
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Answer, Asking, Awaits, Began, Question, Say

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
ALONE: dict[str, JsonValue] = {
    f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus": "EMPTY"
    for seat in ("Row1.PassengerSide", "Row2.DriverSide", "Row2.Middle", "Row2.PassengerSide")
}


class Cabin:
    """A device and the conversation of one who sits in it."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.board = Board()
        self.count = 0
        self.mind = TalkMind(device.agent, self.board, "voice-1", typed=Zone.DRIVER)

    async def say(
        self,
        text: str,
        *,
        zone: Zone | None = Zone.DRIVER,
        by_sound: bool = True,
        language: Language = Language.ENGLISH,
        confidence: float = 0.9,
    ) -> list[Answer]:
        self.count += 1
        name, person = f"p{self.count}", Who.PERSON
        said = Item(name, person, text, language=language, by_sound=by_sound, confidence=confidence)
        return await self.answer(Question((said,), language, zone=zone, by_sound=by_sound))

    async def answer(self, question: Question) -> list[Answer]:
        async with asyncio.timeout(20), aclosing(self.mind.answer(question)) as answers:
            return [answer async for answer in answers]


def text_of(answers: list[Answer]) -> str:
    return "".join(answer.text for answer in answers if isinstance(answer, Say))


async def cabin_of(folder: Path, state: dict[str, JsonValue]) -> AsyncGenerator[Cabin, None]:
    (folder / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(folder, pace=1000.0, state=state)
    yield Cabin(device)
    await device.close()


@pytest.fixture
async def cabin(tmp_path: Path) -> AsyncGenerator[Cabin, None]:
    async for one in cabin_of(tmp_path, ALONE):
        yield one


@pytest.fixture
async def full_cabin(tmp_path: Path) -> AsyncGenerator[Cabin, None]:
    taken: dict[str, JsonValue] = {"Vehicle.Cabin.Seat.Row2.Middle.OccupancyStatus": "OCCUPIED"}
    async for one in cabin_of(tmp_path, ALONE | taken):
        yield one


async def test_a_command_is_acknowledged_done_and_told(cabin: Cabin):
    answers = await cabin.say("open the driver's window")
    began, acknowledged, acted, told = answers
    assert isinstance(began, Began)
    assert acknowledged == Say("OK.", ends=True)
    assert isinstance(acted, Acted)
    assert (acted.name, acted.done) == ("window.set", True)
    assert acted.arguments["windows"] == ["driver"]
    assert msgspec.json.decode(acted.output)["changed"] == {WINDOW: 100}
    assert text_of([acknowledged, told]) == "OK. Driver window open."
    readings = await cabin.device.agent.drivers.read([WINDOW])
    assert readings[WINDOW].value == 100


async def test_what_is_so_already_is_acknowledged_and_a_question_is_not(cabin: Cabin):
    await cabin.say("open the driver's window")
    again = await cabin.say("open the driver's window")
    assert again[0] == Say("OK.", ends=True), again
    asked = await cabin.say("what is the tyre pressure")
    assert text_of(asked).startswith("Tyre pressures")


async def test_chinese_is_acknowledged_in_chinese(cabin: Cabin):
    answers = await cabin.say("打开主驾车窗", language=Language.CHINESE)
    assert answers[1] == Say("好的。", ends=True)
    assert text_of(answers).startswith("好的。主驾车窗")


async def test_typed_words_are_not_acknowledged(cabin: Cabin):
    assert text_of(await cabin.say("open the driver's window", by_sound=False)) == (
        "Driver window open."
    )


async def test_a_no_is_answered_once_and_says_that_it_is_left(cabin: Cabin):
    for said in ("cancel", "No."):
        assert text_of(await cabin.say(said)) == "All right, I leave it."
    assert text_of(await cabin.say("取消", language=Language.CHINESE)) == "好的，不做了。"


async def test_what_is_refused_is_told_and_nothing_is_done(tmp_path: Path):
    moving: dict[str, JsonValue] = {
        "Vehicle.Speed": 80.0,
        "Vehicle.Body.Lights.Beam.Low.IsOn": True,
    }
    async for cabin in cabin_of(tmp_path, moving):
        answers = await cabin.say("turn off the headlights")
        (acted,) = [answer for answer in answers if isinstance(answer, Acted)]
        assert not acted.done
        assert msgspec.json.decode(acted.output)["rules"]
        assert not any(a.text == "OK." for a in answers if isinstance(a, Say))


async def test_a_yes_by_voice_carries_out_what_was_asked(cabin: Cabin):
    asked = text_of(await cabin.say("send 妈妈 a message: home at six"))
    assert "Shall I" in asked
    assert "home at six" in asked
    answers = await cabin.say("yes")
    assert any(isinstance(a, Acted) and a.done for a in answers)


SEND = "send 妈妈 a message: home at six"


async def asking_of(cabin: Cabin) -> Asking:
    answers = await cabin.say(SEND)
    (found,) = [a.asking for a in answers if isinstance(a, Awaits) and a.asking is not None]
    return found


async def test_a_question_that_was_not_spoken_to_its_end_waits_for_no_yes(cabin: Cabin):
    (await asking_of(cabin)).drop()
    answers = await cabin.say("yes")
    assert "nothing waiting" in text_of(answers)
    assert not any(isinstance(a, Acted) for a in answers)


async def test_a_question_that_nobody_was_told_of_waits_for_no_yes(cabin: Cabin):
    said = Item("p", Who.PERSON, SEND, by_sound=True, confidence=0.9)
    answers = cabin.mind.answer(Question((said,), Language.ENGLISH, zone=Zone.DRIVER))
    async for answer in answers:
        if isinstance(answer, Awaits):
            break
    await answers.aclose()
    assert "nothing waiting" in text_of(await cabin.say("yes"))


async def test_a_yes_counts_from_the_end_of_the_spoken_question_on(
    cabin: Cabin, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("edgewise.agent.pending.APPROVAL_LIFETIME_S", 0.3)
    asking = await asking_of(cabin)
    await asyncio.sleep(0.4)
    asking.told_in(0.3)
    await asyncio.sleep(0.3)
    answers = await cabin.say("yes")
    assert any(isinstance(a, Acted) and a.done for a in answers)


async def test_how_to_answer_a_question_is_shown_and_not_spoken(cabin: Cabin):
    for text, language, hint in (
        ("send 妈妈 a message: home at six", Language.ENGLISH, " (yes / no)"),
        ("给妈妈发消息说六点到家", Language.CHINESE, "（确认 / 取消）"),
    ):
        answers = await cabin.say(text, language=language)
        assert text_of(answers).endswith(hint)
        spoken = "".join(one.text for one in answers if isinstance(one, Say) and one.aloud)
        assert spoken.strip()
        assert hint.strip() not in spoken


@pytest.mark.parametrize(("zone", "done"), [(Zone.DRIVER, 1), (Zone.PASSENGER, 0), (None, 0)])
async def test_an_unknown_zone_has_no_more_rights_than_a_passenger(
    cabin: Cabin, zone: Zone | None, done: int
):
    answers = await cabin.say("turn on sport mode", zone=zone)
    assert [isinstance(a, Acted) and a.done for a in answers].count(True) == done


async def test_private_answers_are_shown_and_not_spoken_to_others(full_cabin: Cabin):
    answers = await full_cabin.say("read my messages")
    assert "Alice Chen" in text_of(answers)
    assert all(not answer.aloud for answer in answers if isinstance(answer, Say))


async def test_alone_they_are_spoken(cabin: Cabin):
    answers = await cabin.say("read my messages")
    assert all(answer.aloud for answer in answers if isinstance(answer, Say))


async def test_the_turn_is_on_the_board_with_who_spoke(cabin: Cabin):
    shown: list[Event] = []

    async def watch() -> None:
        async for event in cabin.board.read():
            assert event is not None
            shown.append(event)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    await cabin.say("open the driver's window", zone=Zone.PASSENGER)
    await asyncio.sleep(0)
    watching.cancel()
    (started,) = [event for event in shown if isinstance(event, TurnStarted)]
    assert started.speaker == Speaker(Zone.PASSENGER, Channel.VOICE)
    assert started.session == "voice-1"


async def test_stop_is_urgent_and_a_question_is_not(cabin: Cabin):
    assert await cabin.mind.is_urgent("stop")
    assert await cabin.mind.is_urgent("停")
    assert not await cabin.mind.is_urgent("what is the range")


async def test_closing_the_answer_cancels_the_turn(cabin: Cabin):
    said = Item("p", Who.PERSON, "open the driver's window", by_sound=True)
    answers = cabin.mind.answer(Question((said,), Language.ENGLISH, zone=Zone.DRIVER))
    await anext(answers)
    await answers.aclose()
    turn = (await cabin.device.agent.recent(1))[0]
    assert not await cabin.device.agent.cancel(turn)


async def test_what_was_said_in_pieces_is_one_request(cabin: Cabin):
    items = (
        Item("a", Who.PERSON, "open the", by_sound=True),
        Item("r", Who.AGENT, ""),
        Item("b", Who.PERSON, "driver's window", by_sound=True),
    )
    question = Question(items, Language.ENGLISH, ("a", "b"), Zone.DRIVER, by_sound=True)
    assert any(isinstance(a, Acted) and a.done for a in await cabin.answer(question))
    assert [item.id for item in asked_items(msgspec.structs.replace(question, asked=()))] == ["b"]


def spoken(name: str, text: str) -> Item:
    return Item(name, Who.PERSON, text, language=Language.ENGLISH, by_sound=True)


async def test_what_was_answered_is_not_done_again(cabin: Cabin):
    said = spoken("p", "lower the driver's window by 20 percent")
    question = Question((said,), Language.ENGLISH, zone=Zone.DRIVER, by_sound=True)
    assert any(isinstance(a, Acted) and a.done for a in await cabin.answer(question))
    asked_by_name = msgspec.structs.replace(question, asked=("p",))
    gone = msgspec.structs.replace(question, asked=("gone",))
    for again in (question, asked_by_name, gone):
        with pytest.raises(UserError, match="has been answered") as refused:
            await cabin.answer(again)
        assert refused.value.code == "nothing_to_answer"
    readings = await cabin.device.agent.drivers.read([WINDOW])
    assert readings[WINDOW].value == 20


async def test_what_was_begun_is_not_asked_again_with_what_follows(cabin: Cabin):
    first = spoken("a", "lower the driver's window by 20 percent")
    question = Question((first,), Language.ENGLISH, ("a",), Zone.DRIVER, by_sound=True)
    answers = cabin.mind.answer(question)
    assert isinstance(await anext(answers), Began)
    await answers.aclose()
    both = Question(
        (first, spoken("b", "what time is it")), Language.ENGLISH, ("a", "b"), Zone.DRIVER
    )
    assert not any(isinstance(a, Began) for a in await cabin.answer(both))


async def test_what_was_cut_before_anything_began_is_asked_with_what_follows(cabin: Cabin):
    first = spoken("a", "open the")
    question = Question((first,), Language.ENGLISH, ("a",), Zone.DRIVER, by_sound=True)
    reading = asyncio.create_task(cabin.answer(question))
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    both = Question(
        (first, spoken("b", "driver's window")), Language.ENGLISH, ("a", "b"), Zone.DRIVER
    )
    assert any(isinstance(a, Acted) and a.done for a in await cabin.answer(both))


async def test_what_is_typed_is_of_the_seat_of_who_types_not_of_the_microphone(cabin: Cabin):
    voice = await cabin.say("turn on sport mode", zone=None)
    typed = await cabin.say("turn on sport mode", zone=None, by_sound=False)
    done = [any(isinstance(a, Acted) and a.done for a in one) for one in (voice, typed)]
    assert done == [False, True]


async def test_a_private_question_is_shown_and_aloud_only_where_to_answer(full_cabin: Cabin):
    answers = await full_cabin.say("send 妈妈 a message: I am pregnant")
    aloud = "".join(a.text for a in answers if isinstance(a, Say) and a.aloud)
    assert "pregnant" in text_of(answers)
    assert "pregnant" not in aloud
    assert "confirm on the screen" in aloud
    assert any(isinstance(answer, Awaits) for answer in answers)


@pytest.mark.parametrize(
    ("words", "language", "asked"),
    [
        ("call 妈妈", Language.ENGLISH, "Did you say “call 妈妈”?"),
        ("给妈妈打电话", Language.CHINESE, "您说的是“给妈妈打电话”吗？"),
    ],
)
async def test_what_was_hardly_heard_is_asked_about_where_it_weighs(
    cabin: Cabin, words: str, language: Language, asked: str
):
    unsure = await cabin.say(words, language=language, confidence=0.2)
    assert not any(isinstance(a, Acted) and a.done for a in unsure)
    assert asked in text_of(unsure)


async def test_a_yes_that_was_hardly_heard_is_none_and_one_that_was_heard_is(cabin: Cabin):
    await cabin.say("send 妈妈 a message: home at six")
    hardly = await cabin.say("yes", confidence=0.3)
    assert not any(isinstance(a, Acted) and a.done for a in hardly)
    assert "Did you say “yes”?" in text_of(hardly)
    heard = await cabin.say("yes", confidence=0.9)
    assert any(isinstance(a, Acted) and a.done for a in heard)


@pytest.mark.parametrize("word", ["no", "cancel", "stop"])
async def test_what_refuses_is_obeyed_however_it_was_heard(cabin: Cabin, word: str):
    await cabin.say("send 妈妈 a message: home at six")
    await cabin.say(word, confidence=0.1)
    after = await cabin.say("yes")
    assert not any(isinstance(a, Acted) and a.done for a in after)


async def test_what_is_easily_undone_is_done_however_it_was_heard(cabin: Cabin):
    answers = await cabin.say("set the temperature to 21 degrees", confidence=0.1)
    assert any(isinstance(a, Acted) and a.done for a in answers)


def test_what_was_read_back_is_bounded_and_stays_json():
    result = Result(
        "c", "f", Status.FAILED, data=["x" * 100] * 100, words=Words("why", "为什么"), label=Label()
    )
    told = read_back(result, Language.CHINESE)
    assert len(told) <= OUTPUT_CHARACTERS
    assert msgspec.json.decode(told)["reason"] == "为什么"
