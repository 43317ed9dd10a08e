"""What a call plays comes in order, is cut where it is cut, and is told of as it is heard."""

from edgewise.talk.events import (
    Ended,
    ReplyEnded,
    ReplyPaused,
    ReplyResumed,
    ReplySound,
    TalkEvent,
    Truncated,
)
from edgewise.talk.realtime.playback import Playback

MS = 48
"""Bytes of a millisecond."""


class Played:
    """A playback, what it told, and what it truncated."""

    def __init__(self, *events: TalkEvent) -> None:
        self.told: list[tuple[str, str]] = []
        self.cut: list[tuple[str, int]] = []
        self.playback = Playback(
            lambda item, ms: self.cut.append((item, ms)),
            lambda kind, reply: self.told.append((kind, reply)),
        )
        self.take(*events)

    def take(self, *events: TalkEvent) -> None:
        for event in events:
            self.playback.take(event)

    def heard(self, length_ms: int) -> bytes:
        return self.playback.read(length_ms * MS)


def sound(reply: str, length_ms: int) -> ReplySound:
    return ReplySound(reply, f"item_{reply}", reply.encode() * (length_ms * MS), "words")


def ended(reply: str, how: Ended = Ended.COMPLETED) -> ReplyEnded:
    return ReplyEnded(reply, f"item_{reply}", how, "words", "words")


def test_answers_are_played_one_behind_the_other_and_told_of_when_they_are_heard():
    played = Played(sound("a", 30), sound("a", 20), ended("a"), sound("b", 10), ended("b"))
    assert played.told == []
    assert played.heard(40) == b"a" * 40 * MS
    assert played.told == [("started", "a")]
    assert played.heard(40) == b"a" * 10 * MS + b"b" * 10 * MS + bytes(20 * MS)
    assert played.told[1:] == [("stopped", "a"), ("started", "b"), ("stopped", "b")]
    assert played.heard(10) == bytes(10 * MS)
    assert played.cut == []


def test_an_answer_whose_next_words_are_not_there_yet_is_not_over():
    played = Played(sound("a", 10))
    assert played.heard(20) == b"a" * 10 * MS + bytes(10 * MS)
    played.take(sound("a", 10))
    assert played.heard(20) == b"a" * 10 * MS + bytes(10 * MS)
    assert played.told == [("started", "a")]
    played.take(ended("a"))
    played.heard(20)
    assert played.told == [("started", "a"), ("stopped", "a")]


def test_what_waits_of_an_interrupted_answer_is_dropped_and_it_counts_as_heard_up_to_there():
    played = Played(sound("a", 100))
    played.heard(40)
    played.take(ended("a", Ended.INTERRUPTED))
    assert played.heard(20) == bytes(20 * MS)
    assert played.told == [("started", "a"), ("cleared", "a")]
    assert played.cut == [("item_a", 40)]
    played.take(sound("a", 100), Truncated("item_a", 40))
    assert played.heard(20) == bytes(20 * MS), "nothing of it comes later"
    assert played.cut == [("item_a", 40)]


def test_an_answer_that_has_ended_but_is_still_played_is_cut_where_it_was_heard_to():
    played = Played(sound("a", 100), ended("a"))
    played.heard(40)
    played.take(Truncated("item_a", 70))
    assert played.cut == [("item_a", 40)], "the clock's estimate was more than was played"
    assert played.playback.waiting_bytes == 0
    less = Played(sound("a", 100), ended("a"))
    less.heard(40)
    less.take(Truncated("item_a", 10))
    assert less.cut == [], "the client knows better how little it heard"


def test_all_can_be_cleared_and_a_new_answer_is_heard_again():
    played = Played(sound("a", 100), ended("a"), sound("b", 10))
    played.heard(40)
    assert played.playback.clear()
    assert not played.playback.clear()
    assert played.cut == [("item_a", 40), ("item_b", 0)]
    played.take(sound("c", 10))
    assert played.heard(10) == b"c" * 10 * MS


def test_an_answer_is_held_while_somebody_may_speak():
    played = Played(sound("a", 100), ReplyPaused("a", "item_a"))
    assert played.heard(20) == bytes(20 * MS)
    played.take(ReplyResumed("a", "item_a"))
    assert played.heard(20) == b"a" * 20 * MS
