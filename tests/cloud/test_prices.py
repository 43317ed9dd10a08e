"""Money is exact: sums are whole, prices hold from day to day, the fast path is the plain one."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.prices import GIGABYTE, HOURS_OF_DAY, MILLION, NANO, Price, PriceList, cost
from edgewise.cloud.usage import UNITS, Usage
from edgewise.errors import UserError

RATES = st.decimals(0, 1000, places=6) | st.decimals(0, 1000, places=2)
PRICES = st.builds(
    Price,
    st.just("m"),
    st.just(date(2026, 1, 1)),
    st.none(),
    RATES,
    st.none() | RATES,
    *[RATES] * 7,
)
AMOUNTS = st.integers(0, 10**9)


@st.composite
def usages(draw: st.DrawFn, *, tokens_only: bool = False) -> Usage:
    fresh, out = draw(AMOUNTS), draw(AMOUNTS)
    parts = (fresh, draw(st.integers(0, fresh)), out, draw(st.integers(0, out)))
    if tokens_only:
        return Usage(*parts)
    return Usage(*parts, *(draw(AMOUNTS) for _ in range(len(UNITS) - 4)))


def plain(price: Price, usage: Usage) -> int:
    """What usage costs, in fractions, rounded half to even once."""
    rate = {name: Fraction(getattr(price, name) or 0) for name in price.__struct_fields__[3:]}
    if price.cached_input is None:
        rate["cached_input"] = rate["input"]
    total = (
        (usage.input_tokens - usage.cached_tokens) * rate["input"] / MILLION
        + usage.cached_tokens * rate["cached_input"] / MILLION
        + usage.output_tokens * rate["output"] / MILLION
        + usage.audio_input_ms * rate["audio_input"] / 60_000
        + usage.audio_output_ms * rate["audio_output"] / 60_000
        + usage.characters * rate["characters"] / MILLION
        + usage.images * rate["image"]
        + usage.searches * rate["search"]
        + usage.storage_byte_hours * rate["storage"] / (GIGABYTE * HOURS_OF_DAY)
    )
    return round(total * NANO)


@given(PRICES, usages(tokens_only=True))
def test_the_fast_path_of_tokens_is_the_plain_one(price: Price, usage: Usage):
    assert cost(price, usage) == plain(price, usage)


@given(PRICES, usages())
def test_every_unit_is_priced_and_rounded_once(price: Price, usage: Usage):
    assert cost(price, usage) == plain(price, usage)


WHOLE = st.builds(
    Price,
    st.just("m"),
    st.just(date(2026, 1, 1)),
    input=st.decimals(0, 1000, places=3),
    output=st.decimals(0, 1000, places=3),
)


@given(WHOLE, st.lists(usages(tokens_only=True), max_size=20))
def test_the_sum_of_costs_is_the_cost_of_the_sum(price: Price, of: list[Usage]):
    total = Usage()
    for usage in of:
        total = total.plus(usage)
    assert sum(cost(price, usage) for usage in of) == cost(price, total)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("when", "rate"),
    [
        ("2025-12-31T23:59:59", None),
        ("2026-01-01T00:00:00", 1),
        ("2026-02-28T23:59:59.999", 1),
        ("2026-03-01T00:00:00", 2),
        ("2026-04-30T23:59:59", 2),
        ("2026-05-01T00:00:00", None),
        ("2026-06-01T00:00:00", 3),
        ("2030-01-01T00:00:00", 3),
    ],
)
def test_a_price_holds_from_its_day_to_the_day_before_the_next(when: str, rate: int | None):
    held = PriceList(
        [
            Price("m", date(2026, 6, 1), input=Decimal(3)),
            Price("m", date(2026, 1, 1), input=Decimal(1)),
            Price("m", date(2026, 3, 1), date(2026, 5, 1), input=Decimal(2)),
        ]
    )
    found = held.at("m", at(when))
    assert (found.input if found else None) == rate
    assert held.cost("m", Usage(MILLION), at(when)) == (rate or 0) * NANO


def test_one_price_without_an_end_does_not_hold_before_its_day():
    held = PriceList([Price("m", date(2026, 1, 1), input=Decimal(1))])
    assert held.at("m", at("2025-12-31T23:59:59")) is None
    assert held.at("m", at("2026-01-01T00:00:00")) is not None
    assert held.at("other", at("2026-01-01T00:00:00")) is None


@pytest.mark.parametrize(
    "dates",
    [
        [(date(2026, 1, 1), None), (date(2026, 1, 1), None)],
        [(date(2026, 1, 1), date(2026, 3, 1)), (date(2026, 2, 1), None)],
        [(date(2026, 1, 1), date(2026, 1, 1))],
    ],
)
def test_prices_that_do_not_follow_each_other_are_refused(dates: list[tuple[date, date | None]]):
    with pytest.raises(UserError):
        PriceList([Price("m", since, until) for since, until in dates])


def test_a_half_of_a_nano_goes_to_the_even():
    price = Price("m", date(2026, 1, 1), input=Decimal("0.0005"))  # half a nano a token
    halves = [cost(price, Usage(tokens)) for tokens in (1, 2, 3, 5)]
    exact = [Decimal(tokens) / 2 for tokens in (1, 2, 3, 5)]
    assert halves == [int(one.to_integral_value(ROUND_HALF_EVEN)) for one in exact] == [0, 1, 2, 2]


def test_cached_input_is_not_dearer_than_what_is_held_for_it():
    with pytest.raises(UserError, match="cached_input above input"):
        PriceList([Price("m", date(2026, 1, 1), input=Decimal(1), cached_input=Decimal(2))])
