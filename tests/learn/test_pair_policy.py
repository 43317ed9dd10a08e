"""A recorded question goes the way that the policy gives it, and costs what that way cost."""

import pytest

from edgewise.learn.pair_policy import (
    asked_away,
    figures_of_outcomes,
    routed,
    swept,
)
from edgewise.route.policy import DEFAULT
from edgewise.route.postcheck import DECLINED
from edgewise.route.question import Score
from tests.learn.pair_rows import pair_of, recorded

GOOD = Score(0.1, -2.0)
SURE = recorded(0, "k", right=True, sure=True)
DOUBTED = recorded(25, "k", right=False, sure=False)
CHINESE = recorded(2, "zh", right=False, sure=False, language="zh")


def route(row, before: Score | None, after: Score):
    return routed(row, ("en",), lambda _: before, lambda _: after, DEFAULT)


def test_an_answer_that_holds_stays_and_sends_nothing():
    outcome = route(SURE, None, GOOD)
    assert (outcome.away, outcome.right, outcome.sent_bytes) == (False, True, 0)
    assert outcome.took_s == SURE.device.took_s


def test_a_doubted_answer_goes_away_and_has_cost_its_time():
    outcome = route(DOUBTED, None, DECLINED)
    assert (outcome.away, outcome.sent_bytes) == (True, DOUBTED.cloud.sent_bytes)
    assert outcome.took_s == pytest.approx(DOUBTED.device.took_s + DOUBTED.cloud.took_s)


def test_a_question_scored_as_hard_goes_away_at_once():
    assert route(SURE, Score(0.9, 2.0), GOOD).took_s == SURE.cloud.took_s


def test_a_language_that_the_device_does_not_know_goes_away_by_rule():
    assert route(CHINESE, Score(0.0, -9.0), GOOD).away


def test_an_answer_that_the_device_does_not_give_is_not_right():
    hidden = recorded(13, "k", right=True, sure=True)
    assert not hidden.device.shown
    assert not route(hidden, Score(0.05, -3.0), GOOD).right


def test_as_many_stay_as_the_quality_allows():
    rows = pair_of().rows
    known = {row.id: float(not row.device.right) for row in rows if row.device.surety}
    outcomes = swept(rows, lambda row: known.get(row.id), 0.95)
    best = sum(row.cloud.right for row in rows)
    assert sum(one.right for one in outcomes) >= 0.95 * best
    assert sum(not one.away for one in outcomes) >= sum(row.device.right for row in rows)
    assert all(one.away for one, row in zip(outcomes, rows, strict=True) if row.language == "zh")


def test_sending_all_is_the_whole_of_everything():
    away = [asked_away(row) for row in pair_of(40).rows]
    found = {result.metric: result.value for result in figures_of_outcomes("x", away, away)}
    assert [found[f"x | {name}"] for name in ("kept local", "quality kept", "bytes leaving")] == [
        0, 100, 100,
    ]  # fmt: skip
    assert found["x | p50"] == pytest.approx(800)
