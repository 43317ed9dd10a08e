"""Prices are data with validity dates; a request is priced by the day it was settled on.

Money is whole nano-units of the platform's one currency: 1.35 a million tokens is 1,350 nano a
token, so sums are exact. A unit without a price costs nothing. Cached input is priced in place of
input, reasoning is output.
"""

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from msgspec import Struct

from edgewise.cloud.usage import Usage
from edgewise.errors import UserError

NANO = 1_000_000_000
MILLION = 1_000_000
HOURS_OF_DAY = 24
GIGABYTE = 10**9


class Price(Struct, frozen=True, forbid_unknown_fields=True):
    """What a model costs from the day `since` on, until the day before `until`.

    Units of currency: tokens and characters a million, audio a minute, images and searches each,
    storage a gigabyte and day.
    """

    model: str
    since: date
    until: date | None = None
    input: Decimal = Decimal(0)
    cached_input: Decimal | None = None
    output: Decimal = Decimal(0)
    audio_input: Decimal = Decimal(0)
    audio_output: Decimal = Decimal(0)
    characters: Decimal = Decimal(0)
    image: Decimal = Decimal(0)
    search: Decimal = Decimal(0)
    storage: Decimal = Decimal(0)


AMOUNTS = tuple(name for name in Price.__struct_fields__ if name not in ("model", "since", "until"))
MOST = 1_000_000


class _Held:
    """A price, with what each request would have to work out again: when it begins, wall seconds,
    and nano-units a fresh, cached and written token where all three are whole."""

    __slots__ = ("price", "starts_s", "token_rates")

    def __init__(self, price: Price) -> None:
        self.price = price
        day = price.since
        self.starts_s = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
        cached = price.input if price.cached_input is None else price.cached_input
        nano = [rate * NANO / MILLION for rate in (price.input, cached, price.output)]
        whole = all(rate == int(rate) for rate in nano)
        self.token_rates = (int(nano[0]), int(nano[1]), int(nano[2])) if whole else None

    def cost(self, usage: Usage) -> int:
        """As `cost`; whole rates need no decimal."""
        if self.token_rates is None or _is_extra(usage):
            return cost(self.price, usage)
        fresh, cached, out = self.token_rates
        return (
            (usage.input_tokens - usage.cached_tokens) * fresh
            + usage.cached_tokens * cached
            + usage.output_tokens * out
        )


class PriceList:
    """The prices of all models. Raises UserError for two that hold on one day."""

    def __init__(self, prices: Iterable[Price] = ()) -> None:
        of: dict[str, list[Price]] = {}
        for price in sorted(prices, key=lambda price: price.since):
            of.setdefault(price.model, []).append(price)
        for model, held in of.items():
            _check(model, held)
        self._of = {model: [_Held(price) for price in held] for model, held in of.items()}

    def at(self, model: str, when_s: float) -> Price | None:
        """The price in force at a wall time in seconds; `None`: the model costs nothing."""
        held = self._at(model, when_s)
        return None if held is None else held.price

    def cost(self, model: str, usage: Usage, when_s: float) -> int:
        """What `usage` costs, in nano-units, rounded half to even once."""
        held = self._at(model, when_s)
        return 0 if held is None else held.cost(usage)

    def _at(self, model: str, when_s: float) -> _Held | None:
        for held in reversed(self._of.get(model, ())):
            if held.starts_s <= when_s:
                until = held.price.until
                if until is None or datetime.fromtimestamp(when_s, UTC).date() < until:
                    return held
                return None
        return None


def cost(price: Price, usage: Usage) -> int:
    """What `usage` costs at `price`, in nano-units, rounded half to even once."""
    cached = price.input if price.cached_input is None else price.cached_input
    total = (
        (usage.input_tokens - usage.cached_tokens) * price.input / MILLION
        + usage.cached_tokens * cached / MILLION
        + usage.output_tokens * price.output / MILLION
        + usage.audio_input_ms * price.audio_input / 60_000
        + usage.audio_output_ms * price.audio_output / 60_000
        + usage.characters * price.characters / MILLION
        + usage.images * price.image
        + usage.searches * price.search
        + usage.storage_byte_hours * price.storage / (GIGABYTE * HOURS_OF_DAY)
    )
    return int((total * NANO).to_integral_value(ROUND_HALF_EVEN))


def _is_extra(usage: Usage) -> bool:
    return bool(
        usage.audio_input_ms
        or usage.audio_output_ms
        or usage.characters
        or usage.images
        or usage.searches
        or usage.storage_byte_hours
    )


def _check(model: str, held: Sequence[Price]) -> None:
    for before, after in itertools.pairwise(held):
        if before.since == after.since or (before.until is not None and after.since < before.until):
            raise UserError(
                f"two prices of {model!r} hold on {after.since}; end the first with 'until'",
                code="bad_config",
            )
    for price in held:
        _check_amounts(model, price)
        if price.cached_input is not None and price.cached_input > price.input:
            raise UserError(
                f"a price of {model!r} has cached_input above input; what a request may cost is"
                " held at the price of input, so make cached_input at most that",
                code="bad_config",
            )
        if price.until is not None and price.until <= price.since:
            raise UserError(f"a price of {model!r} ends before it begins", code="bad_config")


def _check_amounts(model: str, price: Price) -> None:
    for name in AMOUNTS:
        amount = getattr(price, name)
        if amount is not None and not 0 <= amount <= MOST:
            raise UserError(
                f"{name} of {model!r} since {price.since} is {amount}, which is below 0 or"
                f" above {MOST}; it is an amount of currency",
                code="bad_config",
            )
