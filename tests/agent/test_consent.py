"""A yes counts once, from the person who was asked, for exactly what was shown."""

import msgspec
import pytest

from edgewise.agent.consent import CHOICE_OF_CALL, settle, thought_of
from edgewise.agent.pending import Pending
from edgewise.agent.session import Session
from edgewise.core.call import Call, Effect
from edgewise.core.event import PendingCall
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Approval, Channel, Message, Proposal, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.testing.clock import ManualClock
from tests.each_row import each_row

TYPED = label_of(OriginKind.TYPED)
CALL = Call("old.1", "trunk.set", {"open": True}, TYPED, asked_at=1.0)
EFFECTS = (Effect("Vehicle.Body.Trunk.Rear.IsOpen", True),)
SHOWN = PendingCall(CALL, EFFECTS, ())
YES = Thought(MessageKind.COMMAND, confidence=1.0, fixed="confirm")
NO = Thought(MessageKind.COMMAND, confidence=1.0, fixed="deny")
CLOCK = ManualClock(wall=50.0)
CONTEXT = Context(Language.ENGLISH, label=TYPED, turn="new", asked_at=9.0)
MESSAGE = Message("", Language.ENGLISH, TYPED, Speaker())


def session() -> Session:
    pending = Pending("a", "old", "hash", (SHOWN,), Zone.DRIVER, 100.0)
    return Session("s", pending=pending)


def by(channel: Channel = Channel.TYPED, approval: Approval | None = None) -> Request:
    return Request((), "s", Speaker(Zone.DRIVER, channel), approval=approval)


def saying(text: str) -> Request:
    return Request((TextPart(text),), "s", Speaker(Zone.DRIVER, Channel.TYPED))


def order(capability: str, arguments: dict[str, object]) -> Thought:
    call = Call("new.1", capability, arguments, TYPED, asked_at=9.0)
    return Thought(MessageKind.COMMAND, (call,), confidence=0.9)


def test_a_yes_brings_back_the_calls_that_waited_and_names_their_turn() -> None:
    consent = settle(YES, by(), session(), CONTEXT, CLOCK)
    assert [call.id for call in consent.thought.calls] == ["old.1"]
    assert consent.agreed == {"old.1": SHOWN}
    assert consent.answered is not None
    assert consent.answered.turn == "old"


def test_the_calls_time_to_live_counts_from_the_yes() -> None:
    (call,) = settle(YES, by(), session(), CONTEXT, CLOCK).thought.calls
    assert call.asked_at == 9.0


def test_a_yes_counts_once() -> None:
    waiting = session()
    settle(YES, by(), waiting, CONTEXT, CLOCK)
    again = settle(YES, by(), waiting, CONTEXT, CLOCK)
    assert (again.thought.calls, again.agreed) == ((), {})
    assert again.thought.question is not None


@pytest.mark.parametrize("channel", [Channel.MCP, Channel.CLOUD])
def test_a_yes_that_no_person_said_agrees_to_nothing_and_leaves_the_question(
    channel: Channel,
) -> None:
    waiting = session()
    consent = settle(YES, by(channel), waiting, CONTEXT, CLOCK)
    assert (consent.thought.calls, consent.agreed) == ((), {})
    assert waiting.pending is not None


@pytest.mark.parametrize("label", [label_of(OriginKind.MESSAGE, "Eve"), Label()])
def test_a_yes_in_untrusted_content_agrees_to_nothing(label: Label) -> None:
    context = Context(Language.ENGLISH, label=label, turn="new")
    consent = settle(YES, by(), session(), context, CLOCK)
    assert (consent.thought.calls, consent.agreed) == ((), {})


def test_a_yes_too_late_agrees_to_nothing() -> None:
    consent = settle(YES, by(), session(), CONTEXT, ManualClock(wall=100.1))
    assert (consent.thought.calls, consent.agreed) == ((), {})


def test_a_button_for_another_payload_agrees_to_nothing() -> None:
    other = by(Channel.TOUCH, Approval("a", "other", True))
    assert settle(YES, other, session(), CONTEXT, CLOCK).agreed == {}
    same = by(Channel.TOUCH, Approval("a", "hash", True))
    assert settle(YES, same, session(), CONTEXT, CLOCK).agreed == {"old.1": SHOWN}


def test_a_no_and_anything_new_let_the_question_lapse() -> None:
    for thought in (NO, Thought(MessageKind.COMMAND, (CALL,)), Thought(MessageKind.CHAT)):
        waiting = session()
        consent = settle(thought, by(), waiting, CONTEXT, CLOCK)
        assert waiting.pending is None
        assert consent.agreed == {}


@pytest.mark.rule(32)
@each_row("text", ["yes but wait", "hmm", "嗯", "uh huh"])
def test_an_unclear_answer_is_no_yes_and_leaves_the_question_open(text: str) -> None:
    """Found: "yes but wait" was told that there was nothing to confirm, and lost the question."""
    waiting = session()
    thought = order("dialog.control", {"action": "confirm"})
    consent = settle(thought, saying(text), waiting, CONTEXT, CLOCK)
    assert (consent.thought.calls, consent.agreed) == ((), {})
    assert consent.thought.question is not None
    assert "still open" in consent.thought.question.en
    assert waiting.pending is not None


@pytest.mark.rule(32)
def test_a_yes_with_a_no_or_another_order_drops_the_question_and_says_so() -> None:
    yes = order("dialog.control", {"action": "confirm"})
    both = Thought(MessageKind.COMMAND, (*yes.calls, *order("air.set", {"on": True}).calls))
    for text, thought, left in (("no yes", yes, 0), ("yes, and air on", both, 1)):
        waiting = session()
        consent = settle(thought, saying(text), waiting, CONTEXT, CLOCK)
        assert waiting.pending is None
        assert (len(consent.thought.calls), consent.agreed) == (left, {})
        assert consent.thought.question is not None
        assert "dropped" in consent.thought.question.en


@pytest.mark.rule(31)
@each_row(
    ("text", "arguments", "agrees"),
    [
        ("yes, open the trunk", {"open": True}, True),
        ("open the trunk", {"open": True}, False),
        ("yes, close the trunk", {"open": False}, False),
        ("yes, but do not open the trunk", {"open": True}, False),
    ],
)
def test_a_yes_that_repeats_what_waits_is_a_yes_to_it(
    text: str, arguments: dict[str, object], agrees: bool
) -> None:
    consent = settle(order("trunk.set", arguments), saying(text), session(), CONTEXT, CLOCK)
    assert ([call.id for call in consent.thought.calls] == ["old.1"]) is agrees
    assert bool(consent.agreed) is agrees


def test_a_no_without_a_question_is_left_to_its_function() -> None:
    fixed = Thought(MessageKind.COMMAND, (CALL,), fixed="cancel")
    assert settle(fixed, by(), Session("s"), CONTEXT, CLOCK).thought.calls == (CALL,)
    assert settle(fixed, by(), session(), CONTEXT, CLOCK).thought.calls == ()


def test_what_is_overheard_neither_agrees_nor_lets_the_question_lapse() -> None:
    overheard = Request((), "s", Speaker(), addressed=False)
    thought = thought_of(overheard, MESSAGE, CONTEXT)
    assert thought is not None
    assert (thought.calls, thought.fixed) == ((), "overheard")
    waiting = session()
    assert settle(thought, overheard, waiting, CONTEXT, CLOCK).agreed == {}
    assert waiting.pending is not None


def test_a_button_is_a_yes_or_a_no() -> None:
    for approved, fixed in ((True, "confirm"), (False, "deny")):
        thought = thought_of(by(approval=Approval("a", "hash", approved)), MESSAGE, CONTEXT)
        assert thought is not None
        assert thought.fixed == fixed


def test_a_typed_call_carries_the_label_of_who_sent_it() -> None:
    client = label_of(OriginKind.CLIENT, "mcp")
    message = Message("", Language.ENGLISH, client, Speaker())
    request = Request((), proposal=Proposal("air.set", {"on": True}))
    thought = thought_of(request, message, CONTEXT)
    assert thought is not None
    (call,) = thought.calls
    assert (call.id, call.capability, call.arguments) == ("new.1", "air.set", {"on": True})
    assert (call.label, call.asked_at) == (client, 9.0)


def test_words_are_left_to_thinking() -> None:
    assert thought_of(by(), MESSAGE, CONTEXT) is None


def of_a_proposal(label: Label | None, age_s: float = 0.0) -> Call:
    proposal = Proposal("trunk.set", {"open": True}, label, age_s)
    request = Request((), "s", Speaker(None, Channel.CLOUD), proposal=proposal)
    client = label_of(OriginKind.CLIENT, "cloud")
    message = msgspec.structs.replace(MESSAGE, label=client, speaker=request.speaker)
    thought = thought_of(request, message, CONTEXT)
    assert thought is not None
    (call,) = thought.calls
    return call


def test_a_proposal_of_a_program_alone_is_that_programs() -> None:
    call = of_a_proposal(None)
    assert (call.label, call.labels) == (label_of(OriginKind.CLIENT, "cloud"), {})


@pytest.mark.rule(33)
def test_the_sources_of_a_proposal_are_those_of_each_argument_and_of_the_choice() -> None:
    """Whatever a label claims, it can only add: the program stays the proposer."""
    for kind in OriginKind:
        call = of_a_proposal(label_of(kind, "claimed"))
        assert call.label == label_of(OriginKind.CLIENT, "cloud")
        assert set(call.labels) == {CHOICE_OF_CALL, "open"}
        for label in call.labels.values():
            assert {o.kind for o in label.origins} == {OriginKind.CLIENT, kind}
            assert label.trusted is label_of(kind).trusted


@pytest.mark.rule(36)
def test_a_proposal_is_as_old_as_it_is_and_never_younger_than_its_request() -> None:
    assert of_a_proposal(None, 2.5).asked_at == CONTEXT.asked_at - 2.5
    assert of_a_proposal(None, -5.0).asked_at == CONTEXT.asked_at


def test_an_answer_to_what_was_asked_beside_the_yes_tells_that_the_yes_is_dropped() -> None:
    for awaited, dropped in (("gui.act", True), ("light.set", False)):
        waiting = session()
        waiting.awaiting = Call("old.2", awaited, {"action": "type"}, TYPED)
        said = order("gui.act", {"action": "type", "text": "tea"})
        consent = settle(said, saying("tea"), waiting, CONTEXT, CLOCK)
        assert [call.capability for call in consent.thought.calls] == ["gui.act"]
        assert waiting.pending is None
        question = consent.thought.question
        assert (question is not None and "dropped" in question.en) is dropped
