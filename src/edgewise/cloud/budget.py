"""Budgets by reserve, settle and refund, exact for any number of requests at once.

A request reserves the most it can cost before it goes upstream, and settles what it did cost; what
it can no longer cost, it gives back on the way (`shrink`). It is admitted when its worst case fits
beside what was spent and what others hold. One whose worst case does not fit is admitted only when
nobody else holds anything: so a cap is passed by at most one request's own overrun.

While others hold what may come back, a request waits in one queue. Who came first is asked first:
who comes later waits behind it where it needs a budget that the first one lacks, also when it
would fit itself, so that those who run come to an end and the first one has its turn. A 429 is
given in two cases only: a request waited `wait_s`, and at that moment others still hold what it
needs; or `MOST_WAITING` wait already, and it does not fit. One that fits at the end of its wait is
admitted, whoever waits before it. A 402 is given when a budget is spent, and in no other case.

Meters live in one process and one event loop; there is no await between looking and taking. What
was spent is loaded from the ledger at the start; a budget that is made later also knows what the
requests hold that run by then.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from edgewise.cloud.prices import NANO
from edgewise.cloud.refusal import Refused
from edgewise.core.clock import Clock

WAIT_S = 5.0
MOST_WAITING = 1024


class ScopeKind(StrEnum):
    """Whose spending a budget caps."""

    ORGANISATION = "organisation"
    PROJECT = "project"
    KEY = "key"


class Period(StrEnum):
    """When a budget begins anew, in UTC."""

    DAY = "day"
    MONTH = "month"
    TOTAL = "total"


class Budget(Struct, frozen=True):
    """A cap on what one scope spends in a period, in nano-units."""

    id: str
    kind: ScopeKind
    scope: str
    period: Period
    limit_nano: int


class Standing(Struct, frozen=True):
    """How a budget stands now."""

    budget: Budget
    spent_nano: int
    reserved_nano: int


class _Meter:
    """One budget's sums in its running period."""

    __slots__ = ("budget", "period", "reserved", "spent")

    def __init__(self, budget: Budget, period: str, spent: int) -> None:
        self.budget = budget
        self.period = period
        self.spent = spent
        self.reserved = 0

    def turn(self, now_s: float) -> None:
        """Begin anew when the period is over; what is held goes on into the new one."""
        period = period_of(self.budget.period, now_s)
        if period != self.period:
            self.period, self.spent = period, 0

    def fits(self, amount: int) -> bool:
        if self.spent + self.reserved + amount <= self.budget.limit_nano:
            return True
        return self.reserved == 0 and self.spent < self.budget.limit_nano


Place = tuple[ScopeKind, str]


class Reservation:
    """What one request holds of each budget above it; `Budgets.settle` gives it back, once."""

    __slots__ = ("amount", "meters", "places")

    def __init__(self, places: Sequence[Place], meters: Sequence[_Meter], amount: int) -> None:
        self.places = places
        self.meters = list(meters)
        self.amount = amount


class _Waiter:
    """A request in the queue: what it needs, what it lacks, and how its wait ended."""

    __slots__ = ("amount", "given", "lacks", "places", "woken")

    def __init__(self, places: Sequence[Place], amount: int, lacks: Sequence[_Meter]) -> None:
        self.places = places
        self.amount = amount
        self.lacks = lacks
        self.given: Reservation | None = None
        self.woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Budgets:
    """All meters; a request's are those of its key, its project and its organisation."""

    def __init__(self, clock: Clock, wait_s: float = WAIT_S) -> None:
        self._clock = clock
        self._wait_s = wait_s
        self._meters: dict[Place, tuple[_Meter, ...]] = {}
        self._held: set[Reservation] = set()
        self._waiting: list[_Waiter] = []

    def load(self, budgets: Iterable[Budget], spent: Mapping[str, int]) -> None:
        """Take these budgets in place of the ones before. `spent` holds what each had spent in its
        running period when it was read from the ledger; a meter that runs already knows better."""
        known = {meter.budget.id: meter for held in self._meters.values() for meter in held}
        found: dict[Place, tuple[_Meter, ...]] = {}
        now_s = self._clock.now()
        for budget in budgets:
            meter = known.get(budget.id)
            period = period_of(budget.period, now_s)
            if meter is None:
                meter = _Meter(budget, period, spent.get(budget.id, 0))
                self._take_over(meter)
            elif meter.budget.period is not budget.period:
                meter.period, meter.spent = period, spent.get(budget.id, 0)
            meter.budget = budget
            place = (budget.kind, budget.scope)
            found[place] = (*found.get(place, ()), meter)
        self._meters = found
        self._wake()

    async def reserve(
        self, organisation: str, project: str, key: str, amount_nano: int
    ) -> Reservation:
        """Hold `amount_nano` of every budget above a request, of all or of none.

        Raises Refused: 402 when a budget is spent; 429 when others held what was left for all of
        `wait_s`, or when too many wait.
        """
        places = _places(organisation, project, key)
        if self._waiting:
            self._wake()
        meters = self._of(places)
        lacks = self._lacking(meters, amount_nano)
        if any(_is_spent(meter) for meter in lacks):
            raise _refusal(lacks)
        if len(self._waiting) < MOST_WAITING and (lacks or self._is_behind(meters)):
            return await self._wait(places, amount_nano, lacks)
        if lacks:
            raise _refusal(lacks)
        return self._hold(places, meters, amount_nano)

    def extend(self, reservation: Reservation, amount_nano: int) -> bool:
        """Hold more for a request that costs more than was thought; whether there is more."""
        more = amount_nano - reservation.amount
        if more <= 0 or not reservation.meters:
            return True
        for meter in reservation.meters:
            if meter.spent + meter.reserved + more > meter.budget.limit_nano:
                return False
        for meter in reservation.meters:
            meter.reserved += more
        reservation.amount = amount_nano
        return True

    def shrink(self, reservation: Reservation, amount_nano: int) -> None:
        """Give back what a request that runs can no longer cost."""
        less = reservation.amount - amount_nano
        if less <= 0:
            return
        for meter in reservation.meters:
            meter.reserved -= less
        reservation.amount = amount_nano
        self._wake()

    def settle(self, reservation: Reservation, cost_nano: int) -> None:
        """Give back what was held and count what was spent; 0 refunds all."""
        self._held.discard(reservation)
        if not reservation.meters:
            return
        now_s = self._clock.now()
        for meter in reservation.meters:
            meter.turn(now_s)
            meter.reserved -= reservation.amount
            meter.spent += cost_nano
        reservation.meters = []
        self._wake()

    def check(self, organisation: str, project: str, key: str) -> None:
        """Raises Refused (402) when a budget is spent: for what is charged later, as storage is."""
        meters = self._of(_places(organisation, project, key))
        now_s = self._clock.now()
        for meter in meters:
            meter.turn(now_s)
        if any(_is_spent(meter) for meter in meters):
            raise _refusal(meters)

    def charge(self, organisation: str, project: str, key: str, cost_nano: int) -> None:
        """Count what was spent without a reservation: storage, which is used in any case."""
        places = _places(organisation, project, key)
        self.settle(Reservation(places, self._of(places), 0), cost_nano)

    def standings(self) -> list[Standing]:
        """How each budget stands."""
        now_s = self._clock.now()
        found: list[Standing] = []
        for held in self._meters.values():
            for meter in held:
                meter.turn(now_s)
                found.append(Standing(meter.budget, meter.spent, meter.reserved))
        return found

    def _of(self, places: Sequence[Place]) -> list[_Meter]:
        if not self._meters:
            return []
        return [meter for place in places for meter in self._meters.get(place, ())]

    def _take_over(self, meter: _Meter) -> None:
        """Let a meter that is new hold what the requests below it hold already."""
        place = (meter.budget.kind, meter.budget.scope)
        for reservation in self._held:
            if place in reservation.places:
                reservation.meters.append(meter)
                meter.reserved += reservation.amount

    def _lacking(self, meters: Sequence[_Meter], amount: int) -> list[_Meter]:
        """The meters that have not that much left."""
        if not meters:
            return []
        now_s = self._clock.now()
        for meter in meters:
            meter.turn(now_s)
        return [meter for meter in meters if not meter.fits(amount)]

    def _hold(self, places: Sequence[Place], meters: Sequence[_Meter], amount: int) -> Reservation:
        for meter in meters:
            meter.reserved += amount
        made = Reservation(places, meters, amount)
        self._held.add(made)
        return made

    def _is_behind(self, meters: Sequence[_Meter]) -> bool:
        """Whether somebody who waits lacks one of these."""
        return any(meter in waiter.lacks for waiter in self._waiting for meter in meters)

    async def _wait(
        self, places: Sequence[Place], amount: int, lacks: Sequence[_Meter]
    ) -> Reservation:
        """Wait until it is this request's turn and others gave back enough. Raises Refused."""
        waiter = _Waiter(places, amount, lacks)
        self._waiting.append(waiter)
        try:
            await asyncio.wait((waiter.woken,), timeout=self._wait_s)
        except BaseException:
            self._leave(waiter)
            if waiter.given is not None:
                self.settle(waiter.given, 0)
            raise
        if waiter.given is None:
            self._ask(waiter)  # its time is over, or a budget is spent
            self._leave(waiter)
        if waiter.given is None:
            raise _refusal(waiter.lacks)
        return waiter.given

    def _leave(self, waiter: _Waiter) -> None:
        if waiter in self._waiting:
            self._waiting.remove(waiter)
            self._wake()

    def _ask(self, waiter: _Waiter) -> None:
        """Give a waiter what it needs, or note what it lacks. The budgets may be others by now, or
        in another period, so each look is at those of this moment."""
        meters = self._of(waiter.places)
        waiter.lacks = self._lacking(meters, waiter.amount)
        if not waiter.lacks:
            waiter.given = self._hold(waiter.places, meters, waiter.amount)

    def _wake(self) -> None:
        """Ask those who wait, in the order in which they came; nobody gets past one who lacks what
        it needs too. Who lacks a budget that is spent is told so."""
        if not self._waiting:
            return
        taken: set[_Meter] = set()
        left: list[_Waiter] = []
        for waiter in self._waiting:
            if taken.isdisjoint(self._of(waiter.places)):
                self._ask(waiter)
                if waiter.given is not None or any(_is_spent(meter) for meter in waiter.lacks):
                    waiter.woken.set_result(None)
                    continue
                taken.update(waiter.lacks)
            left.append(waiter)
        self._waiting = left


def _is_spent(meter: _Meter) -> bool:
    return meter.spent >= meter.budget.limit_nano


def _places(organisation: str, project: str, key: str) -> tuple[Place, ...]:
    return (
        (ScopeKind.ORGANISATION, organisation),
        (ScopeKind.PROJECT, project),
        (ScopeKind.KEY, key),
    )


def period_of(period: Period, now_s: float) -> str:
    """The running period's name: `2026-11-29`, `2026-11` or empty; UTC."""
    if period is Period.TOTAL:
        return ""
    day = datetime.fromtimestamp(now_s, UTC).date().isoformat()
    return day if period is Period.DAY else day[:7]


def _refusal(lacks: Sequence[_Meter]) -> Refused:
    """Why a request can not be: by the budget that is spent, or else by the first that is held."""
    short = next((meter for meter in lacks if _is_spent(meter)), lacks[0])
    budget, spent = short.budget, short.spent / NANO
    named = f"the {budget.period.value} budget of this {budget.kind.value}"
    if short.spent >= budget.limit_nano:
        return Refused(
            402,
            "budget_exceeded",
            f"{named} is spent: {spent:.6f} of {budget.limit_nano / NANO:.6f};"
            " raise it in the console, or wait for its next period",
        )
    return Refused(
        429,
        "budget_held",
        f"{named} has {spent:.6f} of {budget.limit_nano / NANO:.6f} spent, and requests that run"
        " now hold the rest; try again when they have ended, or ask for fewer output tokens",
        headers={"Retry-After": "1"},
    )
