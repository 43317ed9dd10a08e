"""A code is not found by trying."""

import pytest

from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi import attempts as module
from edgewise.cloud.xiaozhi.attempts import MOST_WRONG, WINDOW_S, Attempts


def spend(attempts: Attempts, account: str, at_s: float) -> None:
    for _ in range(MOST_WRONG):
        attempts.check(account, at_s)
        attempts.note_wrong(account, at_s)


def test_after_ten_wrong_codes_an_account_waits_until_they_are_ten_minutes_old():
    attempts = Attempts()
    spend(attempts, "acc", 100.0)
    with pytest.raises(Refused) as refused:
        attempts.check("acc", 101.0)
    assert (refused.value.status, refused.value.problem.code) == (429, "too_many_codes")
    assert refused.value.headers["Retry-After"] == "600"
    with pytest.raises(Refused):
        attempts.check("acc", 100.0 + WINDOW_S - 0.1)
    attempts.check("acc", 100.0 + WINDOW_S)


def test_another_account_is_not_held_up():
    attempts = Attempts()
    spend(attempts, "acc", 100.0)
    attempts.check("other", 100.0)


def test_the_accounts_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_ACCOUNTS", 2)
    attempts = Attempts()
    spend(attempts, "first", 1.0)
    attempts.note_wrong("second", 2.0)
    attempts.note_wrong("third", 3.0)
    attempts.check("first", 4.0)
