"""Guessing is slow, and nobody is locked out for long."""

import pytest

from edgewise.cloud.console.attempts import MOST_BUCKETS, Attempts
from edgewise.testing.clock import ManualClock

pytestmark = pytest.mark.slow

HERE, THERE = "203.0.113.5", "203.0.113.9"


def spend(attempts: Attempts, address: str, account: str, most: int = 500) -> int:
    """How many attempts are granted at once."""
    for number in range(most):
        if attempts.take(address, account):
            return number
    return most


def test_after_a_few_wrong_passwords_one_address_waits_a_little():
    clock = ManualClock()
    attempts = Attempts(clock)
    assert spend(attempts, HERE, "a@b") == 6
    wait_s = attempts.take(HERE, "a@b")
    assert 0 < wait_s <= 10
    clock.advance(wait_s)
    assert attempts.take(HERE, "a@b") == 0
    assert attempts.take(HERE, "a@b") > 0


def test_asking_while_one_has_to_wait_does_not_make_it_longer():
    clock = ManualClock()
    attempts = Attempts(clock)
    spend(attempts, HERE, "a@b")
    before = attempts.take(HERE, "a@b")
    for _ in range(50):
        attempts.take(HERE, "a@b")
    assert attempts.take(HERE, "a@b") == before


def test_one_address_cannot_try_account_after_account():
    attempts = Attempts(ManualClock())
    assert sum(spend(attempts, HERE, f"{n}@b", most=1) for n in range(500)) == 60


def test_many_addresses_cannot_try_one_account_without_end():
    attempts = Attempts(ManualClock())
    granted = sum(spend(attempts, f"203.0.113.{n}", "a@b", most=1) for n in range(200))
    assert granted == 60


def test_who_signed_in_from_here_before_is_not_held_up_by_other_addresses():
    attempts = Attempts(ManualClock())
    assert attempts.take(HERE, "a@b") == 0
    attempts.succeed(HERE, "a@b")
    for n in range(200):
        attempts.take(f"198.51.100.{n}", "a@b")
    assert attempts.take(THERE, "a@b") > 0
    assert attempts.take(HERE, "a@b") == 0


def test_the_right_password_costs_nothing():
    attempts = Attempts(ManualClock())
    for _ in range(1000):
        assert attempts.take(HERE, "a@b") == 0
        attempts.succeed(HERE, "a@b")


def test_a_network_of_version_six_is_one_address():
    attempts = Attempts(ManualClock())
    granted = sum(spend(attempts, f"2001:db8::{n:x}", f"{n}@b", most=1) for n in range(200))
    assert granted == 60


def test_on_loopback_everybody_is_bound_by_account_alone():
    attempts = Attempts(ManualClock())
    assert sum(spend(attempts, "127.0.0.1", f"{n}@b", most=1) for n in range(200)) == 200
    assert spend(attempts, "127.0.0.1", "a@b") == 6


def test_memory_does_not_grow_without_end():
    attempts = Attempts(ManualClock())
    for n in range(MOST_BUCKETS + 50):
        attempts.take("127.0.0.1", f"{n}@b")
    for buckets in (vars(attempts)["_pairs"], vars(attempts)["_accounts"]):
        assert len(vars(buckets)["_full_at"]) == MOST_BUCKETS
