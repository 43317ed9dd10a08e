"""A session takes what is within its bounds, keeps its promises over any reconnects, acts never."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edgewise.cloud.agent_session import AgentSession, Begun, Dropped, Reported
from edgewise.core.call import Status
from edgewise.core.exchange import (
    Ack,
    Bounds,
    Cancel,
    CloudMessage,
    DeviceMessage,
    Ended,
    FromCloud,
    FromDevice,
    How,
    NotTaken,
    Opening,
    Outcome,
    Proposed,
    Pulse,
    Report,
    Say,
    Started,
    Text,
    Withdrawn,
    cloud_frame,
)
from edgewise.core.label import OriginKind, label_of
from edgewise.core.part import TextPart
from edgewise.errors import LinkError

OPENING = Opening((), "0" * 64, "1" * 64)
MODEL = label_of(OriginKind.MODEL, "m")


def say(turn: str = "t", text: str = "hello") -> Say:
    return Say(turn, (TextPart(text, label_of(OriginKind.TYPED)),))


class Talk:
    """A session and an obedient device on a connection that loses nothing."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.session = AgentSession("as_1", OPENING, "m", bounds or Bounds(), 0.0)
        self.session.connect(0)
        self.seq, self.had = 0, 0

    def send(self, message: DeviceMessage) -> Any:
        self.seq += 1
        return self.session.receive(FromDevice(self.seq, self.had, message), 0.0)

    def got(self) -> list[CloudMessage]:
        messages: list[CloudMessage] = []
        for raw in self.session.due():
            frame = cloud_frame(raw)
            if isinstance(frame, FromCloud):
                assert frame.seq == self.had + 1
                self.had = frame.seq
                messages.append(frame.message)
        return messages

    def propose(self, turn: str = "t") -> str:
        return self.session.propose(turn, "air.set", {"on": True}, MODEL)


def test_a_turn_is_started_written_proposed_reported_and_ended() -> None:
    talk = Talk()
    assert talk.send(say()) == Begun("t")
    talk.session.write("t", "Let me see.")
    call = talk.propose()
    assert talk.got() == [
        Started("t", "m"),
        Text("t", "Let me see."),
        Proposed("t", call, "air.set", {"on": True}, MODEL),
    ]
    assert talk.send(Report("t", call, Outcome(Status.DONE))) == Reported("t", call, late=False)
    talk.session.end("t", How.ANSWERED)
    assert talk.got() == [Ended("t", How.ANSWERED)]


def test_the_same_turn_said_again_is_the_same_turn_with_its_whole_answer() -> None:
    talk = Talk()
    talk.send(say())
    assert talk.send(say()) is None
    talk.session.write("t", "One.")
    talk.session.write("t", " Two.")
    talk.session.end("t", How.ANSWERED)
    talk.got()
    assert talk.send(say()) is None
    assert talk.got() == [
        Started("t", "m", again=True),
        Text("t", "One. Two."),
        Ended("t", How.ANSWERED),
    ]


def test_a_turns_name_is_not_used_for_something_else() -> None:
    talk = Talk()
    talk.send(say())
    assert talk.send(say(text="another thing")) is None
    (_, refused) = talk.got()
    assert isinstance(refused, NotTaken)
    assert refused.code == "key_reused"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (Report("t", "c9", Outcome(Status.DONE)), "no_such_call"),
        (Report("nowhere", "c1", Outcome(Status.DONE)), "no_such_call"),
        (Cancel("nowhere"), "no_such_turn"),
    ],
)
def test_what_is_about_nothing_changes_nothing_and_is_told_so(
    message: DeviceMessage, code: str
) -> None:
    talk = Talk()
    talk.send(say())
    talk.got()
    assert talk.send(message) is None
    (refused,) = talk.got()
    assert isinstance(refused, NotTaken)
    assert refused.code == code


def test_being_asked_is_in_between_and_how_it_ended_is_told_once() -> None:
    talk = Talk()
    talk.send(say())
    call = talk.propose()
    talk.send(Report("t", call, Outcome(Status.ASKED)))
    assert talk.session.turns["t"].open_calls == (call,)
    talk.session.end("t", How.ANSWERED)
    assert [type(m) for m in talk.got()] == [Started, Proposed, Ended]  # not withdrawn
    done = Report("t", call, Outcome(Status.DONE))
    assert talk.send(done) == Reported("t", call, late=True)
    assert talk.send(done) is None
    assert talk.got() == []
    assert talk.send(Report("t", call, Outcome(Status.DENIED))) is None
    (refused,) = talk.got()
    assert isinstance(refused, NotTaken)
    assert refused.code == "already_settled"


def test_a_cancelled_turn_withdraws_what_it_proposed() -> None:
    talk = Talk()
    talk.send(say())
    call = talk.propose()
    assert talk.send(Cancel("t")) == Dropped("t")
    talk.session.end("t", How.CANCELLED, "cancelled", "by the device")
    assert talk.got()[2:] == [
        Withdrawn("t", (call,)),
        Ended("t", How.CANCELLED, "cancelled", "by the device"),
    ]
    with pytest.raises(LinkError, match="over"):
        talk.session.write("t", "late words")


def test_turns_at_once_calls_and_words_are_bounded() -> None:
    talk = Talk(Bounds(turns_at_once=1, calls=2, calls_at_once=1, text_bytes=10))
    talk.send(say())
    talk.send(say("t2"))
    refused = talk.got()[-1]
    assert isinstance(refused, NotTaken)
    assert (refused.turn, refused.code) == ("t2", "too_many_turns")
    call = talk.propose()
    with pytest.raises(LinkError) as full:
        talk.propose()
    assert full.value.code == "too_many_open_calls"
    talk.send(Report("t", call, Outcome(Status.DONE)))
    talk.send(Report("t", talk.propose(), Outcome(Status.DONE)))
    with pytest.raises(LinkError) as many:
        talk.propose()
    assert many.value.code == "too_many_calls"
    talk.session.write("t", "十二三")
    with pytest.raises(LinkError) as long:
        talk.session.write("t", "四")
    assert long.value.code == "too_long"


def test_a_call_that_would_not_fit_into_a_message_is_not_proposed() -> None:
    talk = Talk()
    talk.send(say())
    with pytest.raises(LinkError) as long:
        talk.session.propose("t", "note.save", {"text": "x" * 70_000}, MODEL)
    assert long.value.code == "too_long"
    assert not talk.session.turns["t"].calls


def test_a_proposal_names_the_newest_sign_of_life() -> None:
    talk = Talk()
    talk.send(say())
    talk.session.receive(Pulse(3_000), 0.0)
    talk.session.receive(Pulse(7), 0.0)  # they are drawn at random: the newest is the last
    talk.propose()
    proposed = talk.got()[-1]
    assert isinstance(proposed, Proposed)
    assert proposed.pulse == 7


def test_200_messages_a_second_are_taken_at_50() -> None:
    session = AgentSession("as_1", OPENING, "m", Bounds(messages_a_second=50, burst=100), 0.0)
    taken, now = 0, 0.0
    while now < 10.0:
        now += session.pause_s(now) + 1 / 200
        taken += 1
    assert 550 <= taken <= 650


def test_a_session_that_is_left_ends_when_its_window_is_over() -> None:
    session = AgentSession("as_1", OPENING, "m", Bounds(), 100.0)
    assert not session.expired(399.0)
    assert session.expired(400.0)
    session.connect(0)
    assert not session.expired(4000.0)
    session.disconnect(5000.0)
    assert not session.expired(5299.0)
    assert session.expired(5300.0)


def test_old_turns_are_forgotten_but_not_the_one_a_person_is_asked_about() -> None:
    talk = Talk(Bounds(turns_remembered=2))
    for number in range(5):
        turn = f"t{number}"
        talk.send(say(turn))
        if number == 0:
            talk.send(Report(turn, talk.propose(turn), Outcome(Status.ASKED)))
        talk.session.end(turn, How.ANSWERED)
        talk.got()
    assert list(talk.session.turns) == ["t0", "t4"]


@pytest.mark.parametrize("after", [4, 999])
def test_what_was_never_sent_can_not_be_resumed_from(after: int) -> None:
    talk = Talk()
    talk.send(say())
    talk.got()
    with pytest.raises(LinkError) as gone:
        talk.session.connect(after)
    assert gone.value.code == "resume_gone"


def test_what_was_acknowledged_can_not_be_sent_again() -> None:
    talk = Talk()
    talk.send(say())
    talk.got()
    talk.session.receive(Ack(1), 0.0)
    with pytest.raises(LinkError, match="open a new session"):
        talk.session.connect(0)


BOUNDS = Bounds(unacknowledged=8, turns_at_once=3, turns_remembered=4, text_bytes=9_000, calls=3)
HARDEST = 8 + 2 * 3 + 2 * (2 + 3)
"""Messages that may wait, two for the end of each turn, and twice the longest answer."""
TOO_MUCH = {"too_long", "too_many_calls", "too_many_open_calls"}


class AnyDevice(RuleBasedStateMachine):
    """A device that says anything and acknowledges when it likes, over connections that break, and
    a mind that writes when there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.session = AgentSession("as_1", OPENING, "m", BOUNDS, 0.0)
        self.session.connect(0)
        self.seq = self.had = self.said = 0

    def running(self) -> list[str]:
        return [key for key, turn in self.session.turns.items() if turn.end is None]

    def send(self, message: DeviceMessage) -> None:
        try:
            self.session.receive(FromDevice(self.seq + 1, self.had, message), 0.0)
        except LinkError as error:
            self.fits(error, {"unacknowledged"})
        else:
            self.seq += 1

    def fits(self, error: LinkError, codes: set[str]) -> None:
        assert error.code in codes

    @rule()
    def says(self) -> None:
        self.said += 1
        self.send(say(f"t{self.said}"))

    @rule(number=st.integers(1, 40))
    def says_again(self, number: int) -> None:
        self.send(say(f"t{number}"))

    @rule(turn=st.integers(1, 40), call=st.integers(1, 20), status=st.sampled_from(Status))
    def reports(self, turn: int, call: int, status: Status) -> None:
        self.send(Report(f"t{turn}", f"c{call}", Outcome(status)))

    @rule(number=st.integers(1, 40))
    def cancels(self, number: int) -> None:
        self.send(Cancel(f"t{number}"))

    @precondition(lambda self: self.running() and self.session.has_room())
    @rule(which=st.integers(0, 2), length=st.integers(1, 9_500))
    def writes(self, which: int, length: int) -> None:
        turn = self.running()[which % len(self.running())]
        try:
            self.session.write(turn, "x" * length)
        except LinkError as error:
            self.fits(error, TOO_MUCH)

    @precondition(lambda self: self.running() and self.session.has_room())
    @rule(which=st.integers(0, 2))
    def proposes(self, which: int) -> None:
        turn = self.running()[which % len(self.running())]
        try:
            self.session.propose(turn, "air.set", {}, MODEL)
        except LinkError as error:
            self.fits(error, TOO_MUCH)

    @precondition(lambda self: self.running())
    @rule(which=st.integers(0, 2))
    def ends(self, which: int) -> None:
        self.session.end(self.running()[which % len(self.running())], How.ANSWERED)

    @rule(share=st.floats(0, 1))
    def takes_some_and_loses_the_rest(self, share: float) -> None:
        frames = [cloud_frame(raw) for raw in self.session.due()]
        numbers = [frame.seq for frame in frames if isinstance(frame, FromCloud)]
        assert numbers == list(range(self.had + 1, self.had + 1 + len(numbers)))
        self.had += round(share * len(numbers))
        self.session.disconnect(0.0)
        assert self.session.connect(self.had).ack == self.seq

    @rule()
    def acknowledges(self) -> None:
        self.session.receive(Ack(self.had), 0.0)

    @invariant()
    def the_bounds_hold(self) -> None:
        assert self.session._outgoing.waiting <= HARDEST  # pyright: ignore[reportPrivateUsage]
        assert len(self.running()) <= BOUNDS.turns_at_once
        assert len(self.session.turns) <= BOUNDS.turns_remembered + BOUNDS.turns_at_once
        assert all(len(turn.calls) <= BOUNDS.calls for turn in self.session.turns.values())

    def teardown(self) -> None:
        for key in self.running():
            self.session.end(key, How.CANCELLED)


TestAnyDevice = AnyDevice.TestCase


def test_ended_turns_are_forgotten_when_they_take_too_many_bytes() -> None:
    talk = Talk()
    for number in range(40):
        text = "x" * 60_000
        talk.send(Say(f"t{number}", (TextPart(text, label_of(OriginKind.TYPED)),)))
        talk.session.end(f"t{number}", How.FAILED)
        talk.got()
    assert 10 < len(talk.session.turns) < 20
    assert "t39" in talk.session.turns
