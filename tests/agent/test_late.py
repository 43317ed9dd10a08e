"""What comes late is a turn of its own that names the one it resumes, and is told whole or not."""

import pytest

from edgewise.agent.late import Late, answer_of, moment
from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.core.event import Answered, Event, Left, Manner, Stopped, TextDelta, TurnStarted
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.words import Language, Words
from edgewise.errors import DeviceError, UserError
from tests.agent.conftest import House
from tests.agent.scripted_reach import ScriptedReach, reaching

ASKED = Message("why", Language.ENGLISH, label_of(OriginKind.TYPED), Speaker())
LATE = Late("t1", "t1", "s", ASKED, 90.0, Outgoing("step", "CN", "assist", b"why", "d" * 64))


async def late(house: House) -> list[Event]:
    return [event async for event in house.agent.ask_late(LATE)]


async def test_an_answer_is_recorded_as_it_goes_and_may_be_spoken_later(house: House):
    reach = reaching(house, ScriptedReach())
    events = await late(house)
    started, end = events[0], events[-1]
    assert isinstance(started, TurnStarted)
    assert (started.session, started.resumes) == ("s", "t1")
    assert isinstance(end, Answered)
    assert (end.manner, end.source) == (Manner.LATER, "step")
    assert end.text.endswith("From the cloud.")
    assert reach.sent == [LATE.outgoing]
    assert await house.agent.trail(end.turn) == events
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


@pytest.mark.parametrize(
    ("says", "failed"), [((), "cloud_away"), (("Half",), "cloud_broken"), ((), "")]
)
async def test_half_an_answer_is_none(house: House, says: tuple[str, ...], failed: str):
    reaching(house, ScriptedReach(says=says, ends=CloudSaid(failed=failed)))
    events = await late(house)
    assert isinstance(events[-1], Stopped)
    assert events[-1].code == failed or events[-1].code == "cloud_broken"
    assert not [event for event in events if isinstance(event, TextDelta)]


async def test_nothing_leaves_that_can_not_be_recorded(house: House):
    reach = reaching(house, ScriptedReach())
    await house.agent.close()
    with pytest.raises(DeviceError):
        await late(house)
    assert reach.sent == []


async def test_left_stands_in_the_trail_before_it_leaves(house: House):
    reach = reaching(house, ScriptedReach())
    lefts = 0
    async for event in house.agent.ask_late(LATE):
        if isinstance(event, Left):
            lefts += 1
            recorded = await house.agent.trail(event.turn)
            assert recorded is not None
            assert recorded[-1] == event
            assert reach.sent == []
    assert (lefts, len(reach.sent)) == (1, 1)


async def test_without_a_cloud_it_is_said(house: House):
    with pytest.raises(UserError, match=r"\[\[cloud\]\]"):
        await late(house)


async def test_what_happened_to_a_question_is_told_in_its_language(house: House):
    asked = Message("", Language.CHINESE, ASKED.label, ASKED.speaker)
    events = house.agent.tell_late("s", "t1", asked, Words("gone", "没有发出"))
    assert isinstance(events[-1], Answered)
    assert (events[-1].text, events[-1].source) == ("没有发出", "")
    assert await house.agent.trail(events[-1].turn) == events


def test_a_time_is_told_with_its_day_where_that_is_another():
    noon = 1_767_225_600.0 + 43_200
    assert moment(noon, noon + 60) == moment(noon, noon + 60)[-5:]
    assert moment(noon - 7 * 86_400, noon).startswith("2025-12-2")
    assert answer_of(noon, "because", noon).en.endswith(": because")
