"""The token that follows: the likeliest, or the one that a draw falls on."""

from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.step3.sampling import GREEDY, Sampling, choose, log_probabilities
from tests.each_row import each_row

torch.set_num_threads(1)

LIKELY = torch.tensor([[0.1, 0.5, 0.25, 0.15]]).log()
"""In order of probability: tokens 1, 2, 3, 0."""


def test_without_temperature_the_likeliest_follows_and_the_draw_means_nothing():
    assert [choose(LIKELY, [GREEDY], [draw]) for draw in (0.0, 0.5, 0.99)] == [[1]] * 3


@each_row("draw, token", [(0.0, 1), (0.49, 1), (0.51, 2), (0.74, 2), (0.76, 3), (0.91, 0)])
def test_a_draw_falls_on_a_token_by_the_sum_of_those_likelier(draw: float, token: int):
    assert choose(LIKELY, [Sampling(temperature=1.0)], [draw]) == [token]


@each_row("top_p, kept", [(1.0, 4), (0.91, 4), (0.89, 3), (0.76, 3), (0.7, 2), (0.5, 1), (0.01, 1)])
def test_top_p_keeps_the_fewest_that_reach_it(top_p: float, kept: int):
    wanted = [Sampling(temperature=1.0, top_p=top_p)]
    found = {choose(LIKELY, wanted, [draw / 100])[0] for draw in range(100)}
    assert found == {1, 2, 3, 0} - set([1, 2, 3, 0][kept:])


def test_top_p_keeps_none_beyond_what_reaches_it_exactly():
    wanted = [Sampling(temperature=1.0, top_p=0.5)]
    even = torch.zeros(1, 4)
    assert [choose(even, wanted, [draw / 8])[0] for draw in range(8)] == [0] * 4 + [1] * 4


def test_temperature_flattens_or_sharpens():
    hot, cold = Sampling(temperature=100.0), Sampling(temperature=0.01)
    shares = [
        sum(choose(LIKELY, [sampling], [draw / 100])[0] == 1 for draw in range(100))
        for sampling in (hot, cold)
    ]
    assert shares == [26, 100]


@each_row("temperature", [1e-6, 1e-300, 5e-324, 1e300])
def test_no_temperature_is_too_extreme(temperature: float):
    token = choose(LIKELY * 1000, [Sampling(temperature=temperature)], [0.3])[0]
    assert token == 1


def test_the_largest_draw_falls_on_the_last_that_is_kept():
    wanted = [Sampling(temperature=1.0), Sampling(temperature=1.0, top_p=0.7)]
    assert choose(LIKELY.repeat(2, 1), wanted, [1 - 2**-53] * 2) == [0, 2]


@given(
    rows=st.lists(
        st.tuples(
            st.lists(st.floats(-8, 8), min_size=6, max_size=6),
            st.sampled_from([0.0, 0.3, 1.0, 2.5]),
            st.sampled_from([0.05, 0.5, 0.9, 1.0]),
            st.floats(0, 1, exclude_max=True),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_a_row_gets_the_token_that_it_gets_alone(
    rows: list[tuple[list[float], float, float, float]],
):
    logits = torch.tensor([row[0] for row in rows])
    wanted = [Sampling(temperature=heat, top_p=top_p) for _, heat, top_p, _ in rows]
    draws = [row[3] for row in rows]
    alone = [choose(logits[n : n + 1], [wanted[n]], [draws[n]])[0] for n in range(len(rows))]
    assert choose(logits, wanted, draws) == alone


def test_log_probabilities_are_of_all_tokens_before_temperature():
    found = log_probabilities(LIKELY.repeat(2, 1) + 7, [2, 0])
    assert found == pytest.approx([torch.tensor(0.25).log().item(), torch.tensor(0.1).log().item()])


@each_row(
    "name, value",
    [
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("top_p", 0.0),
        ("top_p", 1.1),
        ("top_p", float("nan")),
        ("max_tokens", 0),
        ("stop", ("",)),
        ("stop", "END"),
    ],
)
def test_a_wish_that_can_not_be_met_is_named(name: str, value: Any):
    with pytest.raises(UserError, match=f"{name} is .*; give") as refused:
        Sampling(**{name: value})
    assert refused.value.code == "bad_sampling"
