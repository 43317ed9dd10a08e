"""The device's answer is compared with a cloud's on samples alone, unheard, and costs no turn."""

import asyncio
from dataclasses import dataclass

import msgspec
import pytest

from edgewise.agent.comparison import given_up, in_time
from edgewise.agent.explain import explain
from edgewise.agent.marker import Marker
from edgewise.agent.reach import CloudSaid
from edgewise.agent.search import Search
from edgewise.agent.session import Session
from edgewise.core.event import Answered, Compared, Event
from edgewise.core.label import Label, Sensitivity
from edgewise.core.message import Message, Speaker
from edgewise.core.place import Mode
from edgewise.core.words import Language
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question
from edgewise.think.chat import Said
from tests.agent.conftest import House
from tests.agent.scripted_reach import ScriptedReach, kinds, reaching

OPEN = "why is the sky blue"
SAMPLED = RoutePolicy(sample=0.05)
SAME = ("Hello", " there.")


def compared(events: list[Event]) -> list[Compared]:
    return [event for event in events if isinstance(event, Compared)]


async def test_an_easy_question_that_is_drawn_goes_to_the_cloud_and_both_answer(house: House):
    reach = ScriptedReach(wrong=0.05, chance=0.01, policy=SAMPLED, says=SAME)
    reaching(house, reach)
    events = await house.ask(OPEN)
    assert kinds(events)[-1] == "Compared"
    (found,) = compared(events)
    assert (found.agreement, found.probability, found.kept) == (1.0, 0.05, 0.95)
    assert isinstance(events[-1], Answered)
    assert events[-1].text == "Hello there."  # the cloud's, once


async def test_a_hard_question_is_compared_as_often(house: House):
    reach = reaching(house, ScriptedReach(wrong=0.9, chance=0.07, policy=SAMPLED))
    (found,) = compared(await house.ask(OPEN))
    assert (found.agreement, found.probability, found.kept) == (0.0, 0.05, 0.05)
    reach.chance = 0.2
    assert compared(await house.ask(OPEN)) == []
    assert len(reach.sent) == 2


async def test_an_answer_that_was_held_and_doubted_is_compared_for_nothing(house: House):
    reaching(house, ScriptedReach(wrong=0.3, answer_wrong=0.9))
    (found,) = compared(await house.ask(OPEN))
    assert (found.probability, found.kept, found.score["wrong"]) == (1.0, 0.0, 0.9)


async def test_without_a_sample_share_the_device_does_not_answer_beside(house: House):
    reaching(house, ScriptedReach(wrong=0.9, chance=0.0))
    assert compared(await house.ask(OPEN)) == []


async def test_a_cloud_that_fails_is_compared_with_nothing(house: House):
    away = CloudSaid(failed="cloud_away")
    reaching(house, ScriptedReach(wrong=0.9, chance=0.07, policy=SAMPLED, says=(), ends=away))
    events = await house.ask(OPEN)
    assert compared(events) == []
    assert isinstance(events[-1], Answered)
    assert "Hello there." in events[-1].text


@dataclass
class PrivateReach(ScriptedReach):
    """All that is asked is sensitive, with a consent to it."""

    def question(self, message: Message, *given: object, **named: object) -> Question:
        made = ScriptedReach.question(self, message, *given, **named)  # pyright: ignore
        return msgspec.structs.replace(made, sensitivity=Sensitivity.SENSITIVE)


@pytest.mark.parametrize("held", [True, False])
async def test_what_is_private_is_never_compared(house: House, held: bool):
    wrong = 0.3 if held else 0.9
    given = msgspec.structs.replace(ScriptedReach().consents[0], sensitive=True)
    reach = PrivateReach(
        wrong=wrong, answer_wrong=0.9, chance=0.01, policy=SAMPLED, consents=(given,)
    )
    reaching(house, reach)
    assert compared(await house.ask(OPEN)) == []


async def test_in_mode_ask_nothing_is_drawn(house: House):
    reaching(house, ScriptedReach(mode=Mode.ASK, wrong=0.9, chance=0.01, policy=SAMPLED))
    assert compared(await house.ask(OPEN)) == []


async def test_a_device_that_is_not_ready_in_time_costs_the_turn_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """`wait` makes the scripted model wait for its gate, which nobody opens."""
    monkeypatch.setattr("edgewise.agent.comparison.LONGEST_S", 0.01)
    reaching(house, ScriptedReach(wrong=0.9, chance=0.07, policy=SAMPLED))
    events = await house.ask("wait for it")
    assert compared(events) == []
    assert isinstance(events[-1], Answered)
    assert events[-1].text == "From the cloud."
    left_over = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [task for task in left_over if "held" in repr(task.get_coro())]


async def test_no_word_of_either_answer_is_in_the_record(house: House):
    reaching(house, ScriptedReach(wrong=0.9, chance=0.07, policy=SAMPLED, says=("A canary.",)))
    (found,) = compared(await house.ask(OPEN))
    line = msgspec.json.encode(found)
    assert b"canary" not in line
    assert b"Hello" not in line


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (Language.ENGLISH, "the device's own answer, unheard, agrees with it by 0.00"),
        (Language.CHINESE, "本机自己的回答（未播报）与其一致程度 0.00"),
    ],
)
async def test_an_explanation_tells_of_it_and_of_a_question_asked_again(
    house: House, language: Language, told: str
):
    reaching(house, ScriptedReach(wrong=0.9, chance=0.07, policy=SAMPLED))
    first = (await house.ask(OPEN))[-1].turn
    lines = "\n".join(explain(await house.ask(OPEN), language))
    assert told in lines
    assert first in lines


async def test_who_is_cancelled_while_the_devices_answer_is_given_up_stays_cancelled():
    """A "stop", a cancel and a turn's own deadline all come as a cancel, and come once."""
    ending, gate = asyncio.Event(), asyncio.Event()

    async def held() -> Said:
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            await gate.wait()  # a model's process that takes a moment to stop
        raise AssertionError

    async def turn() -> None:
        task = asyncio.create_task(held())
        await asyncio.sleep(0)
        try:
            await given_up(task)
        finally:
            gate.set()

    running = asyncio.create_task(turn())
    await ending.wait()
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()


async def test_who_is_cancelled_as_the_devices_answer_comes_stays_cancelled(house: House):
    gate = asyncio.Event()

    async def held() -> Said:
        await gate.wait()
        return Said("Hello there.")

    home = house.agent.home
    message = Message("why", Language.ENGLISH, Label(), Speaker())
    search = Search(message, home, Session("s"), Marker("t1", home.clock))
    task = asyncio.create_task(held())
    running = asyncio.create_task(in_time(task, search))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.sleep(0)
    assert task.done()
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
