"""Help is sought for a person's own task that was not understood, and for nothing else."""

import msgspec
import pytest

from edgewise.core.call import Status
from edgewise.core.event import CallFinished, CallResolved, Event, Left, NeedsApproval, Weighed
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.place import Mode, Way
from edgewise.route.question import Question
from edgewise.route.route import decide
from tests.agent.conftest import AIR, TASK, House
from tests.agent.scripted_reach import GIVEN, STEP, end_of
from tests.agent.scripted_talk import END, says
from tests.agent.test_by_agent import AIR_ON, OPEN_TRUNK, agent, of


def weighed(events: list[Event]) -> list[Weighed]:
    return [event for event in events if isinstance(event, Weighed)]


async def test_a_command_that_was_understood_asks_nobody(house: House):
    reach = agent(house, AIR_ON, END)
    events = await house.ask("air on")
    assert reach.talks == []
    assert weighed(events) == []


async def test_a_question_stays_a_question(house: House):
    reach = agent(house, AIR_ON, END, consents=(GIVEN,), wrong=0.9)
    (event,) = weighed(await house.ask("why is the sky blue"))
    assert event.routing.way is Way.CLOUD
    assert reach.talks == []


async def test_what_was_understood_of_it_is_done_here_and_not_offered_again(house: House):
    reach = agent(house, OPEN_TRUNK, says("The rest is asked for."), END)
    events = await house.ask(f"air on and {TASK}")
    (talk,) = reach.talks
    assert "air.set" not in talk.offered
    assert "air.set" in talk.note
    end = events[-1]
    assert isinstance(end, NeedsApproval)
    assert end.changed == {AIR: True}
    assert "I did not understand it" not in end.text
    ids = [event.call.id for event in of(CallResolved, events)]
    assert len(set(ids)) == 2


async def test_no_help_is_sought_where_the_device_refused_or_asks(house: House):
    reach = agent(house, AIR_ON, END)
    house.car.set_sensor("Vehicle.Exterior.LightIntensity", 0.0)
    house.car.drive(speed_km_h=90.0, gear="D")
    events = await house.ask(f"lights off and {TASK}")
    assert [e.result.status for e in of(CallFinished, events)] != [Status.DONE]
    assert reach.talks == []


@pytest.mark.parametrize("channel", [Channel.API, Channel.MCP, Channel.CLOUD])
async def test_a_programs_task_is_not_helped_with(house: House, channel: Channel):
    reach = agent(house, AIR_ON, END)
    await house.run(Request((TextPart(TASK),), "s", Speaker(channel=channel)))
    assert reach.talks == []


async def test_a_task_that_stands_in_content_is_not_helped_with(house: House):
    reach = agent(house, AIR_ON, END)
    page = TextPart(TASK, label_of(OriginKind.WEB, "example.com"))
    await house.run(Request((page,), "s", Speaker()))
    assert reach.talks == []


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"mode": Mode.DEVICE_ONLY}, Way.REFUSE),
        ({"mode": Mode.ASK}, Way.ASK),
        ({"consents": (GIVEN,)}, Way.ASK),
        ({"endpoint": STEP}, Way.REFUSE),
        ({"queueable": True, "condition": "offline"}, Way.REFUSE),
    ],
)
async def test_without_a_way_to_an_agent_the_devices_own_words_stand(
    house: House, changes: dict[str, object], way: Way
):
    reach = agent(house, AIR_ON, END)
    if changes.get("condition") == "offline":
        changes = changes | {"condition": msgspec.structs.replace(reach.condition, online=False)}
    for name, value in changes.items():
        setattr(reach, name, value)
    events = await house.ask(TASK)
    (event,) = weighed(events)
    assert event.routing.way is way
    assert not [event for event in events if isinstance(event, Left)]
    assert reach.talks == []
    text = end_of(events).text
    assert text.startswith("I did not understand it.")
    assert ("--purpose tools" in text) is ("consents" in changes)
    assert ("the mode `ask` does not allow" in text) is (changes.get("mode") is Mode.ASK)


async def test_without_a_cloud_nothing_changes(house: House):
    events = await house.ask(TASK)
    assert weighed(events) == []
    assert end_of(events).text == "I did not understand it."


async def test_the_decision_can_be_made_again_from_its_record(house: House):
    reach = agent(house, AIR_ON, END)
    (event,) = weighed(await house.ask(TASK))
    question = msgspec.convert(event.question, Question)
    assert (question.need.tools, question.purpose, question.queueable) == (True, "tools", False)
    assert decide(question, reach.policy) == event.routing


async def test_the_turn_remembers_its_way(house: House):
    reach = agent(house, AIR_ON, END)
    await house.ask(TASK)
    await house.ask(TASK)
    assert reach.lasts == ["", "agent"]
