"""A fitted scorer is what the router applies: the same number, row by row and all at once."""

import msgspec
import numpy as np
import pytest

from edgewise.learn.route_fit import (
    Plan,
    fit,
    gain,
    logistic_map,
    probabilities_of,
    raws_of,
    ridge_line,
    rising_map,
    write_known,
    wrong,
)
from edgewise.learn.route_robust import score_question
from edgewise.learn.route_sets import Row, before_answer
from edgewise.route.scorer import scorer_from
from edgewise.think.sentence_vector import load_known, load_sentence_vectors

SUMS = [Row(f"s{i}", f"Solve {i}x + {i + 2} = {i * 3} for x", 0.0, 1.0) for i in range(40)]
TALK = [Row(f"t{i}", f"Tell me {i} nice things about spring", 1.0, 1.0) for i in range(40)]
ROWS = [row for pair in zip(SUMS, TALK, strict=True) for row in pair]
SAMPLE = before_answer(ROWS)


@pytest.mark.parametrize(
    "plan", [Plan("p", gain), Plan("p", wrong, part=0.0), Plan("p", gain, most=30)]
)
def test_one_by_one_is_as_all_at_once(plan: Plan) -> None:
    fitted = fit(SAMPLE, plan)
    together = raws_of(fitted, SAMPLE)
    shares = probabilities_of(fitted.scorer, together)
    for i in (0, 1, 7):
        score = score_question(fitted, ROWS[i].text, load_sentence_vectors())
        assert score.raw == pytest.approx(float(together[i]), abs=1e-4)
        assert score.wrong == pytest.approx(float(shares[i]), abs=1e-4)


def test_what_was_hard_scores_higher_on_rows_never_seen() -> None:
    fitted = fit(SAMPLE.at(np.arange(60)), Plan("p", wrong))
    raws = raws_of(fitted, SAMPLE.at(np.arange(60, 80)))
    assert raws[::2].min() > raws[1::2].max()


def test_probabilities_are_as_high_as_answers_are_wrong() -> None:
    mostly_right = SAMPLE.at(np.flatnonzero((SAMPLE.weak == 1) | (np.arange(80) % 8 == 0)))
    fitted = fit(mostly_right, Plan("p", wrong, ridge=300.0))
    said = probabilities_of(fitted.scorer, raws_of(fitted, mostly_right))
    assert said.mean() == pytest.approx(wrong(mostly_right).mean(), abs=0.05)


def test_a_scorer_and_what_it_knows_come_back_from_files(tmp_path) -> None:
    fitted = fit(SAMPLE, Plan("p", wrong))
    assert fitted.known is not None
    assert scorer_from(msgspec.json.encode(fitted.scorer)) == fitted.scorer
    path = tmp_path / "known.npz"
    write_known(path, fitted)
    with path.open("rb") as file:
        known, count = load_known(file)
    assert (count, known.ids) == (fitted.count, fitted.known.ids)
    assert np.abs(known.places - fitted.known.places).max() < 0.02


def test_a_line_is_found_with_few_rows_and_with_many() -> None:
    random = np.random.default_rng(0)
    for rows in (5, 200):
        places = random.normal(size=(rows, 20))
        weights, bias = ridge_line(places, places[:, 0] * 3 + 1, 1e-6)
        assert places @ weights + bias == pytest.approx(places[:, 0] * 3 + 1, abs=1e-3)


def test_a_logistic_map_finds_the_curve() -> None:
    random = np.random.default_rng(0)
    raws = random.normal(size=20_000)
    happened = (random.random(20_000) < 1 / (1 + np.exp(-(2 * raws - 1)))).astype(float)
    assert logistic_map(raws, happened) == pytest.approx((2, -1), abs=0.1)


def test_an_isotonic_map_rises_and_pools_what_falls() -> None:
    raws = np.arange(6.0)
    points, shares = rising_map(raws, np.array([0.0, 1.0, 0.0, 0.0, 1.0, 1.0]), fewest=1)
    assert list(points) == sorted(set(points))
    assert list(shares) == sorted(shares)
    assert shares[points.index(2.0)] == pytest.approx(1 / 3)
