"""Budgets by reserve, settle and refund, exact for any number of requests at once.

A request reserves the most it can cost before it goes upstream, and settles what it did cost. It is
admitted when that fits beside what was spent and what others hold. One whose worst case does not
fit is admitted only when nobody else holds anything: so a cap is passed by at most one request's
own overrun, and money that is there is not refused for ever. While others hold what may come back,
a request waits its turn for a short time before it is refused.

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


class Budgets:
    """All meters; a request's are those of its key, its project and its organisation."""

    def __init__(self, clock: Clock, wait_s: float = WAIT_S) -> None:
        self._clock = clock
        self._wait_s = wait_s
        self._meters: dict[Place, tuple[_Meter, ...]] = {}
        self._held: set[Reservation] = set()
        self._waiting: list[asyncio.Future[None]] = []

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

        Raises Refused: 402 when a budget is spent; 429 when others still held what was left after
        `wait_s`.
        """
        places = _places(organisation, project, key)
        short = self._take(places, amount_nano)
        if short is not None and not self._is_spent(short):
            short = await self._wait(short, places, amount_nano)
        if short is not None:
            raise _refusal(short)
        made = Reservation(places, self._of(places), amount_nano)
        self._held.add(made)
        return made

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

    def _take(self, places: Sequence[Place], amount: int) -> _Meter | None:
        """Hold the amount of all meters; the first that lacks it, and then nothing is held."""
        meters = self._of(places)
        if not meters:
            return None
        now_s = self._clock.now()
        for meter in meters:
            meter.turn(now_s)
            if not meter.fits(amount):
                return meter
        for meter in meters:
            meter.reserved += amount
        return None

    async def _wait(self, short: _Meter, places: Sequence[Place], amount: int) -> _Meter | None:
        """Wait until others give back enough; who came first is asked first. The budgets may be
        others by then, or in another period, so each look is at those of that moment."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._wait_s
        while not self._is_spent(short) and len(self._waiting) < MOST_WAITING:
            woken: asyncio.Future[None] = loop.create_future()
            self._waiting.append(woken)
            try:
                async with asyncio.timeout_at(until):
                    await woken
            except TimeoutError:
                return self._take(places, amount)
            finally:
                if woken in self._waiting:
                    self._waiting.remove(woken)
            found = self._take(places, amount)
            if found is None:
                return None
            short = found
        return short

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for woken in waiting:
            if not woken.done():
                woken.set_result(None)

    def _is_spent(self, meter: _Meter) -> bool:
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


def _refusal(short: _Meter) -> Refused:
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
