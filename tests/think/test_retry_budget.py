"""Resilience adds a bounded share of the calls of a window, whoever asks."""

import pytest

from edgewise.testing.clock import ManualClock
from edgewise.think.retry_budget import MOST, RetryBudget


@pytest.mark.parametrize("calls", [10, 30, 100, 1000])
def test_a_tenth_of_the_calls_may_be_added_and_no_more(calls: int):
    budget = RetryBudget(ManualClock())
    taken = 0
    for _ in range(calls):
        budget.called()
        taken += budget.take() + budget.take()
    assert taken == calls // 10


def test_a_client_that_hardly_calls_may_retry_once():
    budget = RetryBudget(ManualClock())
    budget.called()
    assert [budget.take(), budget.take()] == [True, False]


def test_without_spare_the_first_needs_enough_calls():
    budget = RetryBudget(ManualClock(), share=0.05, spare=0)
    taken = 0
    for call in range(1, 41):
        budget.called()
        if budget.take():
            taken += 1
            assert call in (20, 40)
    assert taken == 2


def test_the_window_forgets_calls_and_what_was_added():
    clock = ManualClock()
    budget = RetryBudget(clock, window_s=60)
    budget.called()
    assert budget.take()
    clock.advance(60)
    assert budget.left == 1


def test_a_client_that_calls_more_than_is_kept_may_still_add_its_share():
    clock = ManualClock()
    budget = RetryBudget(clock, share=0.05, spare=0, window_s=86_400)
    taken = 0
    for _ in range(3 * MOST):
        clock.advance(1)
        budget.called()
        taken += budget.take()
    assert 0.045 * 3 * MOST < taken <= 0.05 * 3 * MOST
