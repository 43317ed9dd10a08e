"""What a cloud proposes is judged here like any program's call, and told back without what is
private."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from edgewise.act.function import Function
from edgewise.agent.proposals import PLACES, Proposals
from edgewise.agent.proposed import PERSONS_OWN
from edgewise.core.call import Call, Resolution, Resolved, Status
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.event import CallDecided, NeedsApproval, TurnStarted
from edgewise.core.exchange import (
    CloudMessage,
    Ended,
    How,
    Outcome,
    Proposed,
    Started,
    Withdrawn,
)
from edgewise.core.label import OWNER, Label, OriginKind, label_of
from edgewise.core.message import Approval, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone
from edgewise.errors import LinkError
from edgewise.hosting.board import Board
from tests.agent.conftest import AIR, WINDOW, House

MODEL = label_of(OriginKind.MODEL, "m")


def proposed(
    capability: str,
    arguments: dict[str, object] | None = None,
    call: str = "c1",
    label: Label = MODEL,
) -> Proposed:
    return Proposed("t", call, capability, arguments or {}, label)


def reading(name: str, data: object, label: Label | None, *, private: bool = False) -> Function:
    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        del call, snapshot
        return Resolved(data=data, label=label)

    return Function(Capability(name, Words(name, name), Risk.READ, private=private), resolve)


class Cockpit:
    """The device's own face: it sees what is asked, and a person may answer there."""

    def __init__(self, house: House) -> None:
        self.house, self.board = house, Board()
        self.asked: asyncio.Queue[NeedsApproval] = asyncio.Queue()
        self.decided: list[CallDecided] = []
        self.sessions: dict[str, str] = {}

    async def watch(self) -> None:
        async for event in self.board.read():
            match event:
                case TurnStarted():
                    self.sessions[event.turn] = event.session
                case NeedsApproval():
                    self.asked.put_nowait(event)
                case CallDecided():
                    self.decided.append(event)
                case _:
                    pass

    async def answer(self, approved: bool) -> None:
        asked = await self.asked.get()
        approval = Approval(asked.approval, asked.payload_hash, approved)
        said = Request((), self.sessions[asked.turn], Speaker(Zone.DRIVER), approval=approval)
        async for _ in self.board.posted(self.house.agent.run(said)):
            pass


@pytest.fixture
async def cockpit(house: House) -> AsyncGenerator[Cockpit]:
    made = Cockpit(house)
    watching = asyncio.create_task(made.watch())
    await asyncio.sleep(0)
    yield made
    watching.cancel()


async def all_of(proposals: Proposals, call: Proposed, age_s: float = 0.0) -> list[Outcome]:
    async with aclosing(proposals.outcomes(call, age_s)) as outcomes:
        return [outcome async for outcome in outcomes]


async def test_a_harmless_proposal_is_performed_and_its_change_told(
    house: House, cockpit: Cockpit
) -> None:
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        (outcome,) = await all_of(proposals, proposed("air.set", {"on": True}))
    assert (outcome.status, outcome.changed) == (Status.DONE, {AIR: True})
    assert house.state(AIR) is True


async def test_the_policy_sees_the_model_behind_every_argument_and_behind_the_choice(
    house: House, cockpit: Cockpit
) -> None:
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        claimed = Label(label_of(OriginKind.VOICE, "driver").origins)
        await all_of(proposals, proposed("air.set", {"on": True}, label=claimed))
        await asyncio.sleep(0)
    (decided,) = cockpit.decided
    assert decided.facts["channel"] == "cloud"
    assert decided.facts["program"] is True
    assert decided.facts["speaker_zone"] == "unknown"
    assert decided.facts["tainted"] == ["model"]
    assert decided.facts["tainted_arguments"] == ["(call)", "on"]


@pytest.mark.parametrize(("approved", "status"), [(True, Status.DONE), (False, Status.DENIED)])
async def test_what_the_policy_asks_the_person_answers_and_the_cloud_learns_it(
    house: House, cockpit: Cockpit, approved: bool, status: Status
) -> None:
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        answering = asyncio.create_task(cockpit.answer(approved))
        asked, ended = await all_of(proposals, proposed("window.set", {"percent": 50}))
        await answering
    assert asked.status is Status.ASKED
    assert asked.rules
    assert ended.status is status
    assert house.state(WINDOW) == (50 if approved else 0)


async def test_no_answer_in_time_is_told_as_such(house: House, cockpit: Cockpit) -> None:
    async with Proposals(house.agent, cockpit.board, answer_s=0.05) as proposals:
        proposals.opening()
        asked, ended = await all_of(proposals, proposed("window.set", {"percent": 50}))
    assert (asked.status, ended.status, ended.code) == (Status.ASKED, Status.EXPIRED, "no_answer")
    assert house.state(WINDOW) == 0


async def test_a_second_proposal_does_not_void_the_question_about_the_first(
    house: House, cockpit: Cockpit
) -> None:
    house.catalogue.add([reading("page.read", {"text": "hello"}, None)])
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        first = asyncio.create_task(all_of(proposals, proposed("window.set", {"percent": 50})))
        question = await cockpit.asked.get()
        await all_of(proposals, proposed("page.read", {}, "c2"))
        cockpit.asked.put_nowait(question)
        await cockpit.answer(True)
        assert (await first)[-1].status is Status.DONE


async def test_a_question_that_another_rule_asks_anew_is_waited_for_again(
    house: House, cockpit: Cockpit
) -> None:
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        first = asyncio.create_task(all_of(proposals, proposed("window.set", {"percent": 50})))
        question = await cockpit.asked.get()
        await house.ask("air on")  # a rule asks about a window beside it
        cockpit.asked.put_nowait(question)
        await cockpit.answer(True)
        assert house.state(WINDOW) == 0
        await cockpit.answer(True)
        assert [outcome.status for outcome in await first] == [Status.ASKED, Status.DONE]
    assert house.state(WINDOW) == 50


async def test_a_call_that_comes_twice_is_performed_once(house: House, cockpit: Cockpit) -> None:
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        first = await all_of(proposals, proposed("air.set", {"on": True}))
        await house.ask("air off")
        again = await all_of(proposals, proposed("air.set", {"on": True}))
    assert again == first
    assert house.state(AIR) is False


@pytest.mark.rule(36)
async def test_a_proposal_that_is_too_old_is_dropped(house: House, cockpit: Cockpit) -> None:
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        (outcome,) = await all_of(proposals, proposed("air.set", {"on": True}), age_s=31.0)
    assert outcome.status is Status.EXPIRED
    assert house.state(AIR) is False


async def test_what_was_not_offered_is_not_performed(house: House, cockpit: Cockpit) -> None:
    async with Proposals(house.agent, cockpit.board) as proposals:
        opening = proposals.opening(names=["fan.set", *PERSONS_OWN])
        assert [capability.name for capability in opening.capabilities] == ["fan.set"]
        for name in ("air.set", "dialog.control", "no.such"):
            (outcome,) = await all_of(proposals, proposed(name, {"on": True}, name))
            assert (outcome.status, outcome.code) == (Status.IMPOSSIBLE, "not_offered")
    assert house.state(AIR) is False


async def test_private_data_stays_and_content_is_marked_and_remembered(
    house: House, cockpit: Cockpit
) -> None:
    web = label_of(OriginKind.WEB, "evil.example")
    house.catalogue.add(
        [
            reading("page.read", {"text": "do it"}, web),
            reading("diary.read", {"text": "secret"}, Label(web.origins, OWNER)),
            reading("big.read", {"text": "x" * 90_000}, None),
        ]
    )
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        (page,) = await all_of(proposals, proposed("page.read"))
        await all_of(proposals, proposed("air.set", {"on": True}, "c2"))
        (big,) = await all_of(proposals, proposed("big.read", {}, "c3"))
        answering = asyncio.create_task(cockpit.answer(True))
        asked, diary = await all_of(proposals, proposed("diary.read", {}, "c4"))
        await answering
    assert (page.data, page.trusted) == ({"text": "do it"}, False)
    assert cockpit.decided[1].facts["tainted"] == ["model", "web"]
    assert (big.data, big.withheld) == (None, "too_large")
    assert asked.status is Status.ASKED
    assert (diary.status, diary.data, diary.withheld) == (Status.DONE, None, "private")


async def test_the_questions_about_a_private_thing_do_not_leave(
    house: House, cockpit: Cockpit
) -> None:
    missing = Argument("who", Kind.TEXT, Words("who", "谁"), required=True)

    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        raise AssertionError("it lacks an argument")

    capability = Capability(
        "diary.find", Words("x", "x"), Risk.READ, arguments=(missing,), private=True
    )
    house.catalogue.add([Function(capability, resolve)])
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        (outcome,) = await all_of(proposals, proposed("diary.find"))
    assert (outcome.status, outcome.words) == (Status.MISSING, None)


class PlayedLink:
    """A session that plays its messages and keeps what was reported."""

    def __init__(self, *messages: CloudMessage, failure: LinkError | None = None) -> None:
        self.reported: dict[str, list[Outcome]] = {}
        self.more = asyncio.Event()
        self._messages, self._failure = messages, failure

    async def say(
        self, parts: Sequence[TextPart], *, turn: str = "", **_: object
    ) -> AsyncGenerator[CloudMessage, None]:
        del parts, turn
        for message in self._messages:
            yield message
        if self._failure is not None:
            raise self._failure

    async def report(self, turn: str, call: str, outcome: Outcome) -> None:
        self.reported.setdefault(call, []).append(outcome)
        self.more.set()
        self.more = asyncio.Event()

    def age_s(self, proposed: Proposed) -> float:
        return 0.0

    async def statuses(self, call: str, count: int) -> list[Status]:
        while len(self.reported.get(call, ())) < count:
            await self.more.wait()
        return [outcome.status for outcome in self.reported[call]]


async def test_a_conversation_performs_beside_and_reports_after_its_end_too(
    house: House, cockpit: Cockpit
) -> None:
    house.catalogue.add([reading("page.read", {"text": "hello"}, None)])
    link = PlayedLink(
        Started("t", "m"), proposed("page.read"),
        proposed("window.set", {"percent": 50}, "c2"), Ended("t", How.ANSWERED),
    )  # fmt: skip
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        messages = [m async for m in proposals.converse(link, (), turn="t")]
        assert len(messages) == 4
        assert await link.statuses("c1", 1) == [Status.DONE]
        await cockpit.answer(True)
        assert await link.statuses("c2", 2) == [Status.ASKED, Status.DONE]


async def test_a_withdrawn_call_is_ended_but_not_a_question_to_the_person(
    house: House, cockpit: Cockpit
) -> None:
    link = PlayedLink(
        proposed("window.set", {"percent": 50}),
        *[proposed("air.set", {"on": True}, f"w{n}") for n in range(PLACES + 2)],
        Withdrawn("t", tuple(f"w{n}" for n in range(PLACES + 2))),
        Ended("t", How.CANCELLED),
    )
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        async for message in proposals.converse(link, (), turn="t"):
            if isinstance(message, Proposed) and message.call == "c1":
                assert await link.statuses("c1", 1) == [Status.ASKED]
        await cockpit.answer(True)
        assert await link.statuses("c1", 2) == [Status.ASKED, Status.DONE]
    assert {o.code for n in range(PLACES) for o in link.reported.get(f"w{n}", ())} <= {"withdrawn"}
    assert house.state(AIR) is False


async def test_a_lost_session_ends_what_it_had_proposed(house: House, cockpit: Cockpit) -> None:
    lost = LinkError("gone", code="session_lost")
    link = PlayedLink(proposed("air.set", {"on": True}), failure=lost)
    async with Proposals(house.agent, cockpit.board) as proposals:
        proposals.opening()
        with pytest.raises(LinkError):
            async for _ in proposals.converse(link, (), turn="t"):
                pass
        await proposals.settled()
    assert house.state(AIR) is False
