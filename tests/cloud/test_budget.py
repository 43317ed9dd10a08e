"""Caps hold for any order of requests, and money that is there is not refused."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.cloud.budget import Budget, Budgets, Period, Reservation, ScopeKind, period_of
from edgewise.cloud.refusal import Refused
from edgewise.testing.clock import ManualClock

LIMIT = 1000


def budget(limit: int = LIMIT, kind: ScopeKind = ScopeKind.PROJECT, period: Period = Period.TOTAL):
    scope = {"organisation": "o", "project": "p", "key": "k"}[kind.value]
    return Budget(f"{kind.value}-{period.value}", kind, scope, period, limit)


def loaded(*held: Budget, wait_s: float = 0.0, spent: int = 0) -> Budgets:
    made = Budgets(ManualClock(), wait_s)
    made.load(held, {one.id: spent for one in held})
    return made


async def reserve(budgets: Budgets, amount: int, key: str = "k") -> Reservation:
    return await budgets.reserve("o", "p", key, amount)


def sums(budgets: Budgets) -> list[tuple[int, int]]:
    return [(one.spent_nano, one.reserved_nano) for one in budgets.standings()]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "extend", "settle", "refund"]),
        st.integers(0, 2 * LIMIT),
        st.integers(0, 20),
    ),
    max_size=60,
)
BUDGETS = st.lists(
    st.builds(budget, st.integers(1, 3 * LIMIT), st.sampled_from(ScopeKind)),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.id,
)


@given(BUDGETS, STEPS)
@settings(deadline=None)
def test_a_cap_is_passed_by_one_requests_own_overrun_at_most(
    held: Sequence[Budget], steps: Sequence[tuple[str, int, int]]
):
    asyncio.run(_obey(held, steps))


async def _obey(held: Sequence[Budget], steps: Sequence[tuple[str, int, int]]) -> None:
    """Requests cost at most what they reserved; each look holds the sums against what is known."""
    budgets = loaded(*held)
    running: list[Reservation] = []
    spent = 0
    for what, amount, which in steps:
        if what == "reserve":
            fits = all(
                spent + sum(one.amount for one in running) + amount <= each.limit_nano
                for each in held
            )
            status = await _try(budgets, amount, running)
            assert status in (200, 402, 429)
            assert status == 200 or not fits, "money that is there was refused"
        elif running:
            one = running[which % len(running)]
            if what == "extend":
                before = one.amount
                assert budgets.extend(one, amount) or one.amount == before
            else:
                cost = min(amount, one.amount) if what == "settle" else 0
                running.remove(one)
                budgets.settle(one, cost)
                spent += cost
        held_now = sum(one.amount for one in running)
        assert sums(budgets) == [(spent, held_now)] * len(held)
        dearest = max((one.amount for one in running), default=0)
        for each in held:
            assert spent + held_now <= max(each.limit_nano, spent) + dearest


async def _try(budgets: Budgets, amount: int, running: list[Reservation]) -> int:
    try:
        running.append(await reserve(budgets, amount))
    except Refused as refused:
        return refused.status
    return 200


async def test_a_request_dearer_than_what_is_left_runs_alone():
    budgets = loaded(budget())
    first = await reserve(budgets, 5 * LIMIT)
    with pytest.raises(Refused) as refused:
        await reserve(budgets, 1)
    assert refused.value.status == 429
    budgets.settle(first, 10)
    await reserve(budgets, LIMIT - 10)


async def test_what_is_charged_later_is_refused_by_a_spent_budget_until_its_next_period():
    clock = ManualClock()
    budgets = Budgets(clock, 0)
    budgets.load([budget(period=Period.DAY)], {"project-day": LIMIT})
    with pytest.raises(Refused) as refused:
        budgets.check("o", "p", "k")
    assert refused.value.status == 402
    budgets.check("o", "another", "k")
    clock.advance(86_400)
    budgets.check("o", "p", "k")


async def test_a_spent_budget_is_a_402():
    budgets = loaded(budget(), spent=LIMIT)
    with pytest.raises(Refused) as refused:
        await reserve(budgets, 1)
    assert refused.value.status == 402


async def test_a_waiting_request_goes_on_when_another_gives_back():
    budgets = loaded(budget(), wait_s=5)
    first = await reserve(budgets, LIMIT)
    waiting = [asyncio.create_task(reserve(budgets, LIMIT // 2)) for _ in range(3)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    budgets.settle(first, 0)
    await asyncio.wait(waiting, timeout=2, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.sleep(0)
    done = {task for task in waiting if task.done()}
    assert done == set(waiting[:2]), "who came first is asked first"
    budgets.settle(waiting[0].result(), LIMIT // 2)
    budgets.settle(waiting[1].result(), LIMIT // 2)
    with pytest.raises(Refused) as refused:
        await waiting[2]
    assert refused.value.status == 402


async def test_a_dear_request_has_its_turn_among_small_ones_that_never_cease():
    budgets = loaded(budget(), wait_s=5)
    running = [await reserve(budgets, 1) for _ in range(3)]
    dear = asyncio.create_task(reserve(budgets, LIMIT + 1))
    await asyncio.sleep(0)
    small: list[asyncio.Task[Reservation]] = []
    for one in running:  # one ends as another comes: something is always under way
        small.append(asyncio.create_task(reserve(budgets, 1)))
        await asyncio.sleep(0)
        budgets.settle(one, 1)
    budgets.settle(await asyncio.wait_for(dear, 2), 1)
    assert [(await asyncio.wait_for(one, 2)).amount for one in small] == [1, 1, 1]


async def test_nobody_waits_behind_one_who_lacks_another_budget():
    budgets = loaded(budget(10 * LIMIT), budget(kind=ScopeKind.KEY), wait_s=5)
    await reserve(budgets, LIMIT)
    waiting = asyncio.create_task(reserve(budgets, LIMIT))
    await asyncio.sleep(0)
    await asyncio.wait_for(reserve(budgets, LIMIT, key="another"), 1)
    waiting.cancel()


async def test_one_who_fits_at_the_end_of_its_wait_is_not_refused():
    budgets = loaded(budget(), wait_s=0.05)
    await reserve(budgets, 1)
    dear = asyncio.create_task(reserve(budgets, LIMIT))
    await asyncio.sleep(0)
    behind = asyncio.create_task(reserve(budgets, 1))
    with pytest.raises(Refused) as refused:
        await dear
    assert refused.value.status == 429
    await asyncio.wait_for(behind, 2)


async def test_what_a_request_can_no_longer_cost_goes_to_who_waits():
    budgets = loaded(budget(), wait_s=5)
    running = await reserve(budgets, 5 * LIMIT)
    waiting = asyncio.create_task(reserve(budgets, 400))
    await asyncio.sleep(0)
    budgets.shrink(running, 601)
    assert not waiting.done()
    budgets.shrink(running, 600)
    await asyncio.wait_for(waiting, 2)
    budgets.shrink(running, 5 * LIMIT)
    assert sums(budgets) == [(0, LIMIT)]


async def test_a_request_cancelled_as_its_turn_comes_holds_nothing():
    budgets = loaded(budget(), wait_s=5)
    first = await reserve(budgets, LIMIT)
    waiting = asyncio.create_task(reserve(budgets, LIMIT))
    await asyncio.sleep(0)
    budgets.settle(first, 0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert sums(budgets) == [(0, 0)]


QUEUE = st.one_of(st.integers(1, 2 * LIMIT), st.sampled_from(["end", "leave"]))


@given(st.lists(QUEUE, max_size=60))
@settings(deadline=None)
def test_turns_come_in_order_and_nobody_is_refused_while_there_is_time(steps: Sequence[int | str]):
    asyncio.run(_queue(steps))


async def _queue(steps: Sequence[int | str]) -> None:
    """Requests come, end for nothing and leave, and nobody's time is over."""
    budgets = loaded(budget(), wait_s=60)
    asked: list[asyncio.Task[Reservation]] = []
    ended = 0
    for step in steps:
        if isinstance(step, int):
            asked.append(asyncio.create_task(reserve(budgets, step)))
        elif step == "leave":
            if asked and not asked[-1].done():
                asked.pop().cancel()
        elif ended < len(asked):
            budgets.settle(await asyncio.wait_for(asked[ended], 2), 0)
            ended += 1
        for _ in range(6):
            await asyncio.sleep(0)
        admitted = [one.done() for one in asked]
        assert admitted == sorted(admitted, reverse=True), "somebody got past who came before"
        held = [one.result().amount for one in asked[ended:] if one.done()]
        assert bool(held) is (ended < len(asked)), "nothing is under way, and somebody waits"
        assert sum(held) <= LIMIT or len(held) == 1
    for one in asked[ended:]:
        budgets.settle(await asyncio.wait_for(one, 2), 0)
    assert sums(budgets) == [(0, 0)]


async def test_a_waiting_request_that_is_cancelled_holds_nothing():
    budgets = loaded(budget(), wait_s=5)
    first = await reserve(budgets, LIMIT)
    waiting = asyncio.create_task(reserve(budgets, 1))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    budgets.settle(first, 3)
    assert sums(budgets) == [(3, 0)]


async def test_a_waiting_request_sees_a_budget_that_was_raised():
    budgets = loaded(budget(), wait_s=5)
    await reserve(budgets, LIMIT)
    waiting = asyncio.create_task(reserve(budgets, LIMIT))
    await asyncio.sleep(0)
    budgets.load([budget(2 * LIMIT)], {})
    await asyncio.wait_for(waiting, 2)
    assert sums(budgets) == [(0, 2 * LIMIT)]


async def test_a_waiting_request_sees_the_next_period_when_its_time_is_over():
    clock = ManualClock()
    budgets = Budgets(clock, 0.05)
    budgets.load([budget(period=Period.DAY)], {"project-day": LIMIT - 1})
    await reserve(budgets, 1)
    waiting = asyncio.create_task(reserve(budgets, LIMIT - 1))
    await asyncio.sleep(0)
    clock.advance(86_400)
    await asyncio.wait_for(waiting, 2)


async def test_a_budget_begins_anew_with_its_period_and_keeps_what_is_held():
    clock = ManualClock()
    budgets = Budgets(clock, 0)
    budgets.load([budget(period=Period.DAY), budget(period=Period.MONTH)], {})
    first = await reserve(budgets, 400)
    budgets.settle(await reserve(budgets, 300), 300)
    clock.advance(86_400)
    assert sums(budgets) == [(0, 400), (300, 400)]
    budgets.settle(first, 100)
    assert sums(budgets) == [(100, 0), (400, 0)]


async def test_a_budget_made_later_knows_what_runs():
    budgets = Budgets(ManualClock(), 0)
    running = await reserve(budgets, 600)
    other = await budgets.reserve("o", "another", "k2", 50)
    budgets.load([budget()], {"project-total": 100})
    assert sums(budgets) == [(100, 600)]
    budgets.settle(running, 500)
    budgets.settle(other, 50)
    assert sums(budgets) == [(600, 0)]


async def test_nothing_stays_held_when_a_budgets_period_changes_under_a_request():
    budgets = loaded(budget(period=Period.DAY))
    running = await reserve(budgets, 600)
    changed = Budget("project-day", ScopeKind.PROJECT, "p", Period.MONTH, LIMIT)
    budgets.load([changed], {"project-day": 50})
    assert sums(budgets) == [(50, 600)]
    budgets.settle(running, 10)
    assert sums(budgets) == [(60, 0)]


async def test_a_budget_taken_away_refuses_nobody():
    budgets = loaded(budget(1))
    running = await reserve(budgets, 1)
    budgets.load([], {})
    await reserve(budgets, 10**12)
    budgets.settle(running, 1)
    assert sums(budgets) == []


async def test_settling_twice_changes_nothing():
    budgets = loaded(budget())
    running = await reserve(budgets, 10)
    budgets.settle(running, 7)
    budgets.settle(running, 7)
    assert sums(budgets) == [(7, 0)]


def test_periods_are_days_and_months_of_utc():
    assert period_of(Period.DAY, 1_767_225_599) == "2025-12-31"
    assert period_of(Period.MONTH, 1_767_225_600) == "2026-01"
    assert period_of(Period.TOTAL, 0) == ""
