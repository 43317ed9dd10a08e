"""Every message arrives exactly once and in order, whatever connection breaks when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import LinkError
from edgewise.web.sequence import Incoming, Outgoing

MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 1)),
        st.tuples(st.just("send"), st.integers(0, 1)),
        st.tuples(st.just("arrive"), st.integers(0, 1)),
        st.tuples(st.just("break"), st.integers(0, 1)),
    ),
    max_size=300,
)


class Side:
    def __init__(self) -> None:
        self.outgoing, self.incoming = Outgoing(5, 1_000, spare=2), Incoming()
        self.said: list[bytes] = []
        self.heard: list[bytes] = []
        self.wire: list[tuple[int, bytes, int]] = []
        """What is on its way from this side: number, body, acknowledgement."""

    def say(self) -> None:
        if self.outgoing.has_room(10):
            body = b"message %d" % len(self.said)
            self.said.append(body)
            self.outgoing.put(body)

    def send(self) -> None:
        received = self.incoming.received
        due = self.outgoing.due()
        self.wire += [(kept.seq, kept.body, received) for kept in due]
        if not due:
            self.wire.append((0, b"", received))

    def hear(self, seq: int, body: bytes, ack: int) -> None:
        self.outgoing.acknowledge(ack)
        if seq and self.incoming.take(seq):
            self.heard.append(body)


def reconnect(sides: list[Side]) -> None:
    """All that was on its way is lost; each side tells the other what it has."""
    for side, other in (sides, sides[::-1]):
        side.wire.clear()
        side.outgoing.resume(other.incoming.received)


@given(MOVES)
def test_any_pattern_of_broken_connections_delivers_each_message_once_in_order(
    moves: list[tuple[str, int]],
) -> None:
    sides = [Side(), Side()]
    for move, which in moves:
        side, other = sides[which], sides[1 - which]
        match move:
            case "say":
                side.say()
            case "send":
                side.send()
            case "arrive" if side.wire:
                other.hear(*side.wire.pop(0))
            case "break":
                reconnect(sides)
            case _:
                pass
        for one, two in (sides, sides[::-1]):
            assert two.heard == one.said[: len(two.heard)]
            assert one.outgoing.waiting <= 7
    reconnect(sides)
    for side, other in (sides, sides[::-1]):
        side.send()
        for sent in side.wire:
            other.hear(*sent)
        assert other.heard == side.said


def test_a_gap_is_refused_and_what_was_had_is_dropped() -> None:
    incoming = Incoming()
    assert incoming.take(1)
    assert not incoming.take(1)
    with pytest.raises(LinkError, match="message 3 came where 2 is due"):
        incoming.take(3)


def test_what_was_never_sent_is_not_acknowledged() -> None:
    outgoing = Outgoing(5, 100)
    outgoing.put(b"one")
    with pytest.raises(LinkError) as wrong:
        outgoing.acknowledge(1)
    assert wrong.value.code == "wrong_ack"


def test_room_is_counted_in_messages_and_bytes_and_spare_is_for_what_can_not_wait() -> None:
    outgoing = Outgoing(2, 10, spare=1)
    assert not outgoing.has_room(11)
    outgoing.put(b"12345")
    assert not outgoing.has_room(6)
    outgoing.put(b"1")
    assert not outgoing.has_room()
    outgoing.put(b"1")
    with pytest.raises(LinkError) as full:
        outgoing.put(b"1")
    assert full.value.code == "unacknowledged"


def test_a_resume_sends_strictly_what_follows() -> None:
    outgoing = Outgoing(9, 100)
    for body in (b"a", b"b", b"c"):
        outgoing.put(body)
    outgoing.due()
    outgoing.resume(1)
    assert [kept.body for kept in outgoing.due()] == [b"b", b"c"]
    assert outgoing.due() == []
    with pytest.raises(LinkError) as gone:
        outgoing.resume(0)
    assert gone.value.code == "resume_gone"
