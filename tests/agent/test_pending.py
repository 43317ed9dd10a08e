"""A question names what it is about and whose yes it wants, and ends in time by either clock."""

from msgspec.structs import replace

from edgewise.agent.asked import Asked, hash_of_leaving
from edgewise.agent.pending import (
    APPROVAL_LIFETIME_S,
    LONGEST_LIFETIME_S,
    is_closed,
    to_do,
    to_send,
    told_in,
)
from edgewise.core.event import Leaving
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Channel, Message, Speaker
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.testing.clock import ManualClock

LEAVING = Leaving("step", "CN", "assist", "d" * 64, 9, {})


def asked(speaker: Speaker) -> Asked:
    message = Message("why", Language.ENGLISH, label_of(OriginKind.TYPED), speaker)
    return Asked(LEAVING, message, ())


def test_what_may_leave_is_asked_of_the_person_who_spoke():
    zone = Zone.PASSENGER
    pending = to_send("t1", asked(Speaker(zone, Channel.VOICE)), ManualClock())
    assert (pending.zone, pending.by_program, pending.calls) == (zone, False, ())
    assert pending.payload_hash == hash_of_leaving(LEAVING)
    assert pending.approval == f"t1-{pending.payload_hash[:8]}"


def test_what_a_program_raised_is_the_drivers_to_answer():
    pending = to_send("t1", asked(Speaker(None, Channel.API)), ManualClock())
    assert (pending.zone, pending.by_program) == (Zone.DRIVER, True)
    assert to_do("t1", [], Speaker(None), ManualClock(), by_program=True).zone is Zone.DRIVER


def test_the_time_of_a_spoken_question_begins_at_its_end():
    clock = ManualClock()
    pending = to_send("t1", asked(Speaker()), clock)
    clock.advance(APPROVAL_LIFETIME_S + 5.0)  # it took so long to be spoken so far
    told = told_in(pending, 2.0, clock)
    clock.advance(2.0 + APPROVAL_LIFETIME_S - 0.1)
    assert not is_closed(told, clock)
    clock.advance(0.2)
    assert is_closed(told, clock)


def test_no_question_waits_longer_than_a_minute_however_long_it_is_spoken():
    clock = ManualClock()
    pending = to_send("t1", asked(Speaker()), clock)
    for _ in range(3):
        pending = told_in(pending, 100.0, clock)
        clock.advance(LONGEST_LIFETIME_S / 3 - 0.01)
    assert not is_closed(pending, clock)
    clock.advance(0.1)
    clock.set_wall(0.0)
    assert is_closed(pending, clock)
    kept = replace(to_send("t1", asked(Speaker()), clock), asked_at=-LONGEST_LIFETIME_S - 1)
    assert is_closed(told_in(kept, 5.0, clock), clock)


def test_setting_a_clock_back_keeps_no_question_open():
    clock = ManualClock()
    pending = to_send("t1", asked(Speaker()), clock)
    assert not is_closed(pending, clock)
    clock.advance(APPROVAL_LIFETIME_S + 0.1)
    clock.set_wall(0.0)
    assert is_closed(pending, clock)
    restored = replace(pending, until=None)
    assert not is_closed(restored, clock)
    clock.set_wall(pending.expires_at + 0.1)
    assert is_closed(restored, clock)
