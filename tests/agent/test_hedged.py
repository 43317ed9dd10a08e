"""The device's own answer stands beside a cloud's that does not begin, and has its time behind."""

import asyncio
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgewise.agent.hedged import HELD_S, LEAST_S, SLACK, UNMEASURED_S, Hedged, cloud_s
from edgewise.agent.marker import Marker
from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.agent.search import DEADLINE_S, Chosen, Search
from edgewise.agent.session import Session
from edgewise.core.event import Answered, Came, Stopped
from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.place import Mode, Routing, Way
from edgewise.core.words import Language
from edgewise.think.chat import Said
from edgewise.think.retry_budget import RetryBudget
from tests.agent.conftest import House
from tests.agent.conftest import request as asked
from tests.agent.scripted_reach import SMALL, ScriptedReach, end_of, reaching

OUTGOING = Outgoing("step", "CN", "assist", b"why", "ab" * 32)
SLOW = 30.0
RECORDED = Path(__file__).parents[2] / "benchmarks" / "recordings" / "pair.jsonl"


def searching(
    house: House,
    reach: ScriptedReach,
    *,
    way: Way = Way.CLOUD,
    held: Said | None = None,
    language: Language = Language.ENGLISH,
) -> tuple[Search, Chosen]:
    reaching(house, reach)
    home = house.agent.home
    message = Message("why", language, Label(), Speaker())
    search = Search(message, home, Session("s"), Marker("t1", home.clock))
    question = reach.question(message, last="", deadline_s=search.left_s)
    return search, Chosen(reach, question, Routing(way, "step"), held)


async def words_of(answer: Hedged) -> str:
    try:
        async with asyncio.timeout(2):
            return "".join([piece async for piece in answer])
    finally:
        await answer.aclose()


async def test_the_devices_answer_wins_where_the_cloud_does_not_begin(house: House):
    reach = ScriptedReach(silent_s=SLOW, begins_p95_s=0.01)
    answer = Hedged(*searching(house, reach), OUTGOING)
    assert await words_of(answer) == "Hello there."
    assert (answer.is_own, answer.is_hedged) == (True, True)
    assert (answer.said.failed, answer.said.cost) == ("ended", 0.01)


async def test_a_cloud_that_begins_in_time_is_alone(house: House):
    answer = Hedged(*searching(house, ScriptedReach(begins_p95_s=0.5)), OUTGOING)
    assert await words_of(answer) == "From the cloud."
    assert (answer.is_own, answer.is_hedged, answer.said.failed) == (False, False, "")


@pytest.mark.parametrize(
    ("changes", "way", "language"),
    [
        ({}, Way.AGENT, Language.ENGLISH),
        ({}, Way.DELEGATE, Language.ENGLISH),
        ({"mode": Mode.CLOUD_ONLY}, Way.CLOUD, Language.ENGLISH),
        ({}, Way.CLOUD, Language.CHINESE),
        ({"condition": replace(SMALL, model="")}, Way.CLOUD, Language.ENGLISH),
        ({"begins_p95_s": 0.0}, Way.CLOUD, Language.ENGLISH),
    ],
)
async def test_nothing_stands_beside_a_cloud_where_the_device_may_not_answer_or_can_not(
    house: House, changes: dict[str, object], way: Way, language: Language
):
    given = {"silent_s": 0.1, "begins_p95_s": 0.01} | changes
    reach = ScriptedReach(**given)  # type: ignore[arg-type]
    answer = Hedged(*searching(house, reach, way=way, language=language), OUTGOING)
    assert await words_of(answer) == "From the cloud."
    assert not answer.is_hedged


async def test_the_budget_bounds_how_often_both_are_asked(house: House):
    reach = ScriptedReach(silent_s=0.2, begins_p95_s=0.01)  # a busy machine still hedges before
    reach.budget = RetryBudget(house.clock, share=0.5, spare=0)
    hedged: list[bool] = []
    for _ in range(6):
        answer = Hedged(*searching(house, reach), OUTGOING)
        await words_of(answer)
        hedged.append(answer.is_hedged)
    assert hedged == [False, True, False, True, False, True]


async def test_an_answer_that_the_device_holds_already_is_the_second_way(house: House):
    reach = ScriptedReach(silent_s=SLOW, begins_p95_s=0.01)
    search, chosen = searching(house, reach, held=Said("Held."))
    house.mind.pieces = ("Asked again.",)
    answer = Hedged(search, chosen, OUTGOING)
    assert await words_of(answer) == "Held."


async def test_a_device_that_declines_leaves_the_cloud_the_answer(house: House):
    house.mind.declines = True
    reach = ScriptedReach(silent_s=0.2, begins_p95_s=0.01)
    answer = Hedged(*searching(house, reach), OUTGOING)
    assert await words_of(answer) == "From the cloud."
    assert (answer.is_own, answer.is_hedged) == (False, True)


@pytest.mark.parametrize(
    ("p95_s", "held", "kept_s"),
    [
        (3.0, None, 3.0 * SLACK),
        (0.01, None, LEAST_S),
        (0.0, None, UNMEASURED_S),
        (60.0, None, DEADLINE_S / 2),
        (3.0, Said("Held."), HELD_S),
    ],
)
async def test_a_cloud_leaves_the_devices_answer_its_time(
    house: House, p95_s: float, held: Said | None, kept_s: float
):
    reach = ScriptedReach(condition=replace(SMALL, p95_s=p95_s))
    search, chosen = searching(house, reach, held=held)
    assert cloud_s(search, chosen) == pytest.approx(DEADLINE_S - kept_s, abs=0.05)


async def test_without_a_model_the_cloud_has_all_the_time(house: House):
    house.mind.chat_name = ""
    search, chosen = searching(house, ScriptedReach())
    assert cloud_s(search, chosen) == pytest.approx(DEADLINE_S, abs=0.05)


async def test_a_turn_with_a_hedge_is_marked_and_recorded_as_one(house: House):
    ends = CloudSaid(input_tokens=3, cost=0.02)
    reaching(house, ScriptedReach(wrong=0.9, silent_s=SLOW, begins_p95_s=0.01, ends=ends))
    events = await house.ask("why is the sky blue")
    end = end_of(events)
    assert end.text == "(Not checked by a cloud.) Hello there."
    assert (end.source, end.unverified) == ("", True)
    (came,) = [event for event in events if isinstance(event, Came)]
    assert (came.hedged, came.failed, came.cost, came.seam) == (True, "ended", 0.02, False)


async def test_a_deadline_of_its_own_is_kept_though_the_cloud_says_nothing(house: House):
    reach = reaching(house, ScriptedReach(wrong=0.9, silent_s=SLOW))
    began = house.clock.monotonic()
    end = end_of(await house.run(replace(asked("why is the sky blue"), deadline_s=1.0)))
    assert house.clock.monotonic() - began < 1.0
    assert reach.given_s[0] < 0.6
    assert end.text == "(Not checked by a cloud.) Hello there."


async def test_a_turn_whose_deadline_passed_while_it_waited_does_nothing(house: House):
    first = asyncio.create_task(house.ask("wait a while"))
    await house.mind.waiting.wait()
    late = asyncio.create_task(house.run(replace(asked("air on"), deadline_s=1e-6)))
    await asyncio.sleep(0)
    house.mind.gate.set()
    last = (await late)[-1]
    assert isinstance(last, Stopped)
    assert last.code == "expired"
    assert isinstance((await first)[-1], Answered)


def test_what_is_kept_for_an_unmeasured_answer_covers_all_that_were_recorded():
    lines = RECORDED.read_bytes().splitlines()[1:]  # the first tells of the recording
    taken = [json.loads(line)["device"]["took_s"] for line in lines]
    assert len(taken) > 500
    assert 0.8 * UNMEASURED_S < max(taken) < UNMEASURED_S
