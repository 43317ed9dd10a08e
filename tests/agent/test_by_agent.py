"""What a cloud's agent proposes is judged and performed in the turn; the turn's end ends it."""

import asyncio
from contextlib import aclosing
from typing import TypeVar

import msgspec
import pytest

from edgewise.agent.consent import CHOICE_OF_CALL
from edgewise.agent.inbox import MOST_CALLS, MOST_CHARACTERS
from edgewise.agent.reach import Outgoing
from edgewise.core.call import Status
from edgewise.core.endpoint import Consent, Service
from edgewise.core.event import (
    Answered,
    CallFinished,
    CallResolved,
    CallStarted,
    Came,
    Event,
    Left,
    NeedsApproval,
)
from edgewise.core.exchange import Ended, How, Withdrawn
from edgewise.core.label import Label, OriginKind, Residency
from edgewise.core.message import Approval, Channel, Request, Speaker
from edgewise.device.vehicle.faults import Swallowed
from edgewise.errors import LinkError
from tests.agent.conftest import AIR, TASK, TRUNK, House, request
from tests.agent.scripted_reach import STEP, ScriptedReach, end_of, kinds, reaching
from tests.agent.scripted_talk import END, Play, ScriptedTalk, says, wants

YES = Consent("c2", "step", "tools", 0.0)
AIR_ON = wants("air.set", {"on": True})
OPEN_TRUNK = wants("trunk.set", {"open": True})


def agent(house: House, *plays: Play, **changes: object) -> ScriptedReach:
    """The house with a platform whose agent plays `plays`."""
    platform = msgspec.structs.replace(STEP, service=Service.PLATFORM)
    given = {"consents": (YES,), "endpoint": platform, "plays": plays} | changes
    return reaching(house, ScriptedReach(**given))  # type: ignore[arg-type]


One = TypeVar("One", bound=Event)


def of(kind: type[One], events: list[Event]) -> list[One]:
    return [event for event in events if isinstance(event, kind)]


def failed(events: list[Event]) -> str:
    (came,) = of(Came, events)
    return came.failed


def talk_of(reach: ScriptedReach) -> ScriptedTalk:
    (talk,) = reach.talks
    assert talk.closed
    return talk


async def test_the_calls_run_in_the_turn_and_its_words_are_the_answer(house: House):
    reach = agent(house, AIR_ON, says("The air "), says("runs."), END)
    events = await house.ask(TASK)
    assert kinds(events) == ["Weighed", "Left", "Left", "TextDelta", "TextDelta", "Came"]
    acts = [type(e).__name__ for e in events if type(e).__name__.startswith("Call")]
    assert acts == ["CallResolved", "CallDecided", "CallStarted", "CallFinished"]
    end = end_of(events)
    assert end.text.endswith("The air runs.")
    assert "I did not understand it" not in end.text
    assert (end.source, end.changed) == ("step", {AIR: True})
    assert house.state(AIR) is True
    ((call, outcome),) = talk_of(reach).told
    assert (call, outcome.status, outcome.changed) == ("c1", Status.DONE, {AIR: True})


async def test_a_proposal_is_a_call_without_a_seat_that_carries_model_and_words(house: House):
    agent(house, AIR_ON, END)
    (resolved,) = of(CallResolved, await house.ask(TASK))
    label = resolved.call.labels["on"]
    assert resolved.call.labels[CHOICE_OF_CALL] == label
    kinds_of = {origin.kind for origin in label.origins}
    assert {OriginKind.MODEL, OriginKind.TYPED, OriginKind.CLIENT} <= kinds_of


async def test_everything_leaves_behind_its_own_event(house: House):
    reach = agent(house, AIR_ON, END)
    events = await house.ask(TASK)
    told = [one.digest for one in of(Left, events)]
    assert len(set(told)) == 2
    assert told[1:] == list(talk_of(reach).made)
    assert [one.purpose for one in of(Left, events)] == ["tools", "tools"]


async def test_what_a_rule_asks_about_is_asked_by_the_device_at_the_end(house: House):
    reach = agent(house, OPEN_TRUNK, says("I have asked for it."), END)
    events = await house.ask(TASK)
    end = events[-1]
    assert isinstance(end, NeedsApproval)
    assert "I have asked for it." in end.text
    assert house.state(TRUNK) is False
    ((_, outcome),) = talk_of(reach).told
    assert (outcome.status, outcome.later) == (Status.ASKED, True)

    spoken = await house.ask("yes")
    assert not of(CallStarted, spoken), "a bare yes is never for what a program raised"
    approval = Approval(end.approval, end.payload_hash, approved=True)
    events = await house.run(Request((), "s", Speaker(channel=Channel.TOUCH), approval=approval))
    assert end_of(events).changed == {TRUNK: True}


async def test_what_was_done_by_it_can_be_undone(house: House):
    agent(house, AIR_ON, END)
    before = house.state(AIR)
    await house.ask(TASK)
    await house.ask("undo")
    assert house.state(AIR) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"is_safe": False}, "not_redacted"), ({"still_may": False}, "consent_withdrawn")],
)
async def test_nothing_is_sent_that_can_not_be_made_safe_or_may_not_any_more(
    house: House, changes: dict[str, object], code: str
):
    agent(house, AIR_ON, END, **changes)
    events = await house.ask(TASK)
    assert not of(Left, events)
    assert failed(events) == code
    assert "I did not understand it." in end_of(events).text


async def test_a_consent_that_goes_during_the_talk_ends_it_before_the_next_call(house: House):
    reach = agent(house)

    def withdraw() -> None:
        reach.still_may = False

    reach.plays = (withdraw, AIR_ON, AIR_ON, END)
    events = await house.ask(TASK)
    assert failed(events) == "consent_withdrawn"
    assert len(of(Left, events)) == 1
    assert not of(CallResolved, events)
    assert talk_of(reach).told == []


async def test_a_call_id_counts_once(house: House):
    again = msgspec.structs.replace(AIR_ON, arguments={"on": False})
    reach = agent(house, AIR_ON, again, END)
    events = await house.ask(TASK)
    assert house.state(AIR) is True
    assert len(of(CallStarted, events)) == 1
    assert len(talk_of(reach).told) == 1


async def test_a_proposal_of_another_turn_is_none(house: House):
    agent(house, msgspec.structs.replace(AIR_ON, turn="another"), LinkError("x", code="gone"))
    events = await house.ask(TASK)
    assert not of(CallResolved, events)


async def test_what_is_not_offered_or_holds_a_foreign_standin_is_not_resolved(house: House):
    reach = agent(
        house,
        wants("dialog.control", {"action": "confirm"}, "c1"),
        wants("no.such", {}, "c2"),
        wants("air.set", {"on": "<PHONE_BCDF>"}, "c3"),
        END,
    )
    events = await house.ask(TASK)
    assert not of(CallResolved, events)
    codes = [outcome.code for _, outcome in talk_of(reach).told]
    assert codes == ["not_offered", "not_offered", "unknown_standin"]


async def test_a_flood_is_left(house: House):
    flood = [wants("air.set", {"on": n % 2 == 0}, f"c{n}") for n in range(MOST_CALLS + 5)]
    agent(house, *flood, END)
    events = await house.ask(TASK)
    assert failed(events) == "too_many_calls"
    assert len(of(CallResolved, events)) == MOST_CALLS


async def test_an_old_proposal_does_not_act(house: House):
    reach = agent(house)

    class Old(ScriptedTalk):
        age = 600.0

    def made(session: str, turn: str, question: object, endpoint: str) -> ScriptedTalk:
        reach.talks.append(Old(turn, (AIR_ON, END), age=600.0))
        return reach.talks[-1]

    reach.talk = made  # type: ignore[method-assign]
    events = await house.ask(TASK)
    (finished,) = of(CallFinished, events)
    assert finished.result.status is Status.EXPIRED


async def test_a_withdrawn_proposal_does_not_act(house: House):
    reach = agent(house)
    reach.plays = (Withdrawn("", ("c1",)), AIR_ON, says("ok"), LinkError("x", code="gone"))
    events = await house.ask(TASK)
    assert not of(CallStarted, events)


async def test_a_link_that_is_lost_ends_in_the_devices_own_words(house: House):
    reach = agent(house, AIR_ON, LinkError("lost", code="link_lost"))
    events = await house.ask(TASK)
    assert failed(events) == "link_lost"
    end = end_of(events)
    assert "I did not understand it." in end.text
    assert "The cloud's agent could not help." in end.text
    assert end.changed == {AIR: True}, "what was performed is told"
    assert len(of(CallStarted, events)) == 1
    assert talk_of(reach).closed


async def test_a_turn_that_is_cancelled_ends_the_talk_and_moves_nothing_afterwards(house: House):
    gate = asyncio.Event()
    reach = agent(house, says("wait"), gate, AIR_ON, END)
    before = house.state(AIR)
    async with aclosing(house.agent.run(request(TASK))) as events:
        async for event in events:
            if type(event).__name__ == "TextDelta":
                break
    gate.set()
    await asyncio.sleep(0.05)
    assert talk_of(reach).told == []
    assert house.state(AIR) == before


async def test_stop_ends_the_talk(house: House):
    gate, began = asyncio.Event(), asyncio.Event()
    reach = agent(house, began.set, gate, AIR_ON, END)
    running = asyncio.create_task(house.ask(TASK))
    await began.wait()
    await house.ask("stop")
    gate.set()
    await running
    assert talk_of(reach).told == []


async def test_answers_without_end_are_cut(house: House):
    agent(house, *[says("x" * 4_096)] * 8, END)
    assert failed(await house.ask(TASK)) == "too_long"


async def test_no_more_happens_once_the_time_is_over(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("edgewise.agent.search.DEADLINE_S", 0.2)
    agent(house, asyncio.Event(), AIR_ON, END)
    events = await house.ask(TASK)
    assert failed(events) == "timed_out"
    assert not of(CallResolved, events)
    assert isinstance(events[-1], Answered)


async def test_a_code_of_the_clouds_choosing_puts_no_words_into_the_record(house: House):
    agent(house, Ended("", How.FAILED, code="The canary sings."))
    assert failed(await house.ask(TASK)) == "cloud_broken"
    agent(house, LinkError("no", code="x" * 500))
    assert failed(await house.ask(TASK)) == "cloud_broken"


async def test_what_a_cloud_says_while_a_call_is_carried_out_is_not_held_without_bound(
    house: House,
):
    taken: list[int] = []
    flood = [play for _ in range(5_000) for play in (says("x" * 1_000), lambda: taken.append(1))]
    agent(house, AIR_ON, *flood, END)
    events = await house.ask(TASK)
    assert failed(events) == "too_long"
    assert len(taken) <= MOST_CHARACTERS // 1_000
    assert house.state(AIR) is True


async def test_past_the_deadline_nothing_leaves_of_what_was_still_moving(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("edgewise.agent.search.DEADLINE_S", 0.1)
    house.car.inject(Swallowed(AIR))  # its read-back takes 0.3 s
    reach = agent(house, AIR_ON, asyncio.Event(), END)
    events = await house.ask(TASK)
    assert failed(events) == "timed_out"
    assert len(of(Left, events)) == 1
    assert talk_of(reach).told == []
    (finished,) = of(CallFinished, events)
    assert finished.result.code == "no_readback", "the person is told what became of it"


async def test_its_words_are_bound_by_all_that_the_cloud_read(house: House):
    reach = agent(house, says("It is so."), END)
    real = reach.talk

    def talk(*about: object) -> ScriptedTalk:
        made = real(*about)  # type: ignore[arg-type]
        ask = made.ask

        def reading(*words: object) -> Outgoing:
            outgoing = ask(*words)  # type: ignore[arg-type]
            made.read = Label(residency=Residency.REGION)
            return outgoing

        made.ask = reading  # type: ignore[method-assign]
        return made

    reach.talk = talk  # type: ignore[method-assign]
    await house.ask(TASK)
    (one,) = house.agent._sessions.find("s", Channel.TYPED).exchanges
    assert one.label.residency is Residency.REGION
