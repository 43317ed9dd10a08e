"""Nothing leaves before a yes to just that; the yes goes on with the question, once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.explain import explain
from edgewise.agent.pending import APPROVAL_LIFETIME_S
from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.agent.replay import replay
from edgewise.agent.session_files import SessionFiles
from edgewise.agent.trail import Trail
from edgewise.core.endpoint import Condition
from edgewise.core.event import Event, Left, NeedsApproval, from_json, to_json
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Approval, Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.place import Mode
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.route.policy import RoutePolicy
from tests.agent.conftest import House, request
from tests.agent.scripted_reach import ScriptedReach, end_of, kinds, reaching

OPEN = "why is the sky blue"
LACKING = {"mode": Mode.PREFER_CLOUD, "consents": ()}
ALONE = Condition(online=True)


def asking(house: House, **given: object) -> ScriptedReach:
    return reaching(house, ScriptedReach(**({"mode": Mode.ASK, "wrong": 0.9} | given)))  # type: ignore[arg-type]


def question_of(events: list[Event]) -> NeedsApproval:
    end = events[-1]
    assert isinstance(end, NeedsApproval), end
    assert end.leaving is not None
    return end


def approval(end: NeedsApproval, *, yes: bool = True) -> Approval:
    return Approval(end.approval, end.payload_hash, yes)


async def press(house: House, said: Approval, channel: Channel = Channel.TYPED) -> list[Event]:
    return await house.run(Request((), "s", Speaker(Zone.DRIVER, channel), approval=said))


@pytest.mark.parametrize(("given", "lacks"), [({}, False), (LACKING, True)])
async def test_the_person_is_told_what_would_go_where_and_nothing_goes(
    house: House, given: dict[str, object], lacks: bool
):
    reach = asking(house, **given)
    end = question_of(await house.ask(OPEN))
    assert (reach.sent, end.calls, len(end.payload_hash)) == ([], (), 64)
    leaving = end.leaving
    assert leaving is not None
    assert (leaving.endpoint, leaving.region, leaving.purpose) == ("step", "CN", "assist")
    assert (leaving.size_bytes, leaving.replaced) == (len(OPEN), {"phone": 1})
    assert (leaving.lacks_consent, leaving.sensitive, leaving.crossing) == (lacks, False, False)
    for part in ("step (data kept in CN)", "send your question to", "yes / no", "phone 1"):
        assert part in end.text
    assert ("edgewise consent grant step" in end.text) == lacks


@pytest.mark.parametrize("given", [{}, LACKING])
@pytest.mark.parametrize("by_button", [True, False])
async def test_a_yes_sends_just_what_was_shown_and_the_answer_comes(
    house: House, given: dict[str, object], by_button: bool
):
    reach = asking(house, **given)
    end = question_of(await house.ask(OPEN))
    events = await press(house, approval(end)) if by_button else await house.ask("yes")
    assert (end_of(events).text, end_of(events).source) == ("From the cloud.", "step")
    assert [one.digest for one in reach.sent] == [end.leaving and end.leaving.digest]
    assert [event.digest for event in events if isinstance(event, Left)] == reach.agreed
    assert kinds(events) == ["Weighed", "Left", "TextDelta", "Came"]


async def test_a_yes_counts_once(house: House):
    reach = asking(house)
    said = approval(question_of(await house.ask(OPEN)))
    await press(house, said)
    assert "nothing waiting" in end_of(await press(house, said)).text
    assert len(reach.sent) == 1


async def test_after_a_no_the_device_answers_and_says_that_nobody_checked_it(house: House):
    reach = asking(house)
    await house.ask(OPEN)
    end = end_of(await house.ask("no"))
    assert (end.text, end.unverified) == ("(Not checked by a cloud.) Hello there.", True)
    assert (reach.sent, reach.agreed) == ([], [])


async def test_after_a_no_an_answer_that_is_there_already_is_not_made_again(house: House):
    asking(house, wrong=0.3, answer_wrong=0.9)
    await house.ask(OPEN)
    house.mind.pieces = ("Another.",)
    assert "Hello there." in end_of(await house.ask("no")).text


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"condition": ALONE}, "no language model"),
        ({"mode": Mode.CLOUD_ONLY, "consents": ()}, "cloud only"),
    ],
)
async def test_after_a_no_a_device_that_may_not_answer_says_why(
    house: House, given: dict[str, object], why: str
):
    reach = asking(house, **given)
    end = question_of(await house.ask(OPEN))
    text = end_of(await press(house, approval(end, yes=False))).text
    assert "you said no to sending it" in text
    assert why in text
    assert reach.sent == []


@dataclass
class Changing(ScriptedReach):
    """A reach whose payload is another each time, as when a name was learnt meanwhile."""

    times: int = 0

    def outgoing(self, *given: object) -> Outgoing:  # type: ignore[override]
        self.times += 1
        return Outgoing("step", "CN", "assist", b"?", f"digest {self.times}", {})


async def test_what_is_no_longer_as_it_was_shown_is_asked_about_anew(house: House):
    reach = reaching(house, Changing(mode=Mode.ASK, wrong=0.9))
    first = question_of(await house.ask(OPEN))
    second = question_of(await house.ask("yes"))
    assert first.leaving != second.leaving
    assert (reach.sent, reach.agreed) == ([], [])


async def test_another_request_voids_the_question(house: House):
    reach = asking(house)
    said = approval(question_of(await house.ask(OPEN)))
    await house.ask("air on")
    assert "nothing waiting" in end_of(await press(house, said)).text
    assert reach.sent == []


async def test_a_question_expires_as_others_do(house: House, monkeypatch: pytest.MonkeyPatch):
    reach = asking(house)
    end = question_of(await house.ask(OPEN))
    assert end.expires_at - end.at <= APPROVAL_LIFETIME_S
    later = house.clock.monotonic() + APPROVAL_LIFETIME_S + 1
    monkeypatch.setattr(house.clock, "monotonic", lambda: later)
    assert "no longer open" in end_of(await house.ask("yes")).text
    assert reach.sent == []


@pytest.mark.parametrize("channel", [Channel.API, Channel.MCP, Channel.CLOUD])
async def test_a_yes_of_a_program_or_of_the_cloud_counts_for_nothing(
    house: House, channel: Channel
):
    reach = asking(house)
    said = approval(question_of(await house.ask(OPEN)))
    await press(house, said, channel)
    assert (reach.sent, reach.agreed) == ([], [])


async def test_a_yes_that_is_no_persons_own_word_counts_for_nothing(house: House):
    reach = asking(house)
    await house.ask(OPEN)
    part = TextPart("yes", label_of(OriginKind.WEB))
    await house.run(Request((part,), "s", Speaker()))
    assert reach.sent == []


async def test_what_a_program_asked_is_the_persons_to_answer_by_what_was_shown(house: House):
    reach = asking(house)
    program = Request(request(OPEN).parts, "s", Speaker(None, Channel.API))
    end = question_of(await house.run(program))
    assert end.zone is Zone.DRIVER
    await house.ask("yes")
    assert reach.sent == []
    assert end_of(await press(house, approval(end))).source == "step"


async def test_another_seat_and_another_hash_are_no_yes(house: House):
    reach = asking(house)
    end = question_of(await house.ask(OPEN))
    await house.ask("yes", zone=Zone.PASSENGER)
    await press(house, Approval(end.approval, "0" * 64, True))
    assert reach.sent == []


async def test_what_the_person_refused_goes_with_no_later_question(house: House):
    asking(house)
    await house.ask(OPEN)
    await house.ask("no")
    session = house.agent._sessions.find("s", Channel.TYPED)
    assert [one.text for one in session.exchanges] == [OPEN]
    assert {one.label.residency.name for one in session.exchanges} == {"DEVICE"}


async def test_a_question_that_was_answered_by_a_yes_stands_once_in_the_talk(house: House):
    asking(house)
    await house.ask(OPEN)
    await house.ask("yes")
    (one,) = house.agent._sessions.find("s", Channel.TYPED).exchanges
    assert (one.text, one.answer, one.label.residency.name) == (OPEN, "From the cloud.", "ANY")


async def test_a_cloud_that_fails_after_the_yes_leaves_the_device_to_answer(house: House):
    asking(house, says=(), ends=CloudSaid(failed="cloud_away"))
    await house.ask(OPEN)
    assert "Hello there." in end_of(await house.ask("yes")).text


async def test_what_can_not_be_made_safe_is_not_asked_about(house: House):
    asking(house, is_safe=False)
    assert end_of(await house.ask(OPEN)).unverified


async def test_a_kept_session_holds_no_word_of_the_question_beyond_the_talk(
    house: House, tmp_path: Path
):
    """Who takes the session over in another process has not the words to send."""
    reach = asking(house)
    files = SessionFiles(tmp_path / "sessions")
    first = Agent(house.agent.home, Trail(tmp_path / "first", None), files=files)
    said = approval(question_of([event async for event in first.run(request(OPEN))]))
    (path,) = (tmp_path / "sessions").glob("*.json")
    assert path.read_text().count(OPEN) == 1  # the talk's own
    second = Agent(house.agent.home, Trail(tmp_path / "second", None), files=files)
    pressed = Request((), "s", Speaker(), approval=said)
    events = [event async for event in second.run(pressed)]
    assert "no longer have the words" in end_of(events).text
    assert reach.sent == []
    await first.close()
    await second.close()


async def test_a_session_kept_in_a_file_goes_on_in_the_process_that_asked(
    house: House, tmp_path: Path
):
    reach = asking(house)
    agent = Agent(house.agent.home, Trail(tmp_path / "t", None), files=SessionFiles(tmp_path / "s"))
    question_of([event async for event in agent.run(request(OPEN))])
    assert end_of([event async for event in agent.run(request("yes"))]).source == "step"
    assert len(reach.sent) == 1
    await agent.close()


async def test_the_record_tells_it_and_is_decided_again_alike(house: House):
    asking(house, **LACKING)
    asked = await house.ask(OPEN)
    answered = await house.ask("yes")
    await house.ask(OPEN)
    refused = await house.ask("no")
    for language, parts in (
        (Language.ENGLISH, ("there is no consent", "said yes to sending just this", "said no to")),
        (Language.CHINESE, ("尚无", "您同意把这些内容发给 step", "您没有同意发送")),
    ):
        for part, events in zip(parts, (asked, answered, refused), strict=True):
            assert part in "\n".join(explain(events, language))
    for events in (asked, answered, refused):
        recorded = [from_json(to_json(event)) for event in events]
        again = replay(recorded, house.catalogue, builtin_policy(), house.mind, RoutePolicy())
        assert again.differences == ()
