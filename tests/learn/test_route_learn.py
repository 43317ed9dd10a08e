"""New maps are fitted on weighed outcomes, judged on sessions unseen, and gain or are left out."""

import random

import numpy as np
import pytest
from msgspec.structs import replace

from edgewise.learn.outcomes import Outcome, Seen, Signal
from edgewise.learn.route_learn import Base, learn_route, rows_of, worth_keeping
from edgewise.route.calibrate import Calibration, calibrated
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Score
from tests.route.questions import question

BASE = Base("abc", Calibration("old"))
DAY = "2026-11-30T08:00:00+00:00"


def outcome(
    i: int, raw: float, wrong: float, signal: Signal = Signal.JUDGED, **odds: float
) -> Outcome:
    score = Score(calibrated(raw, BASE.calibration), raw, calibration="old", scorer="abc")
    kept, compared = odds.get("kept", 1.0), odds.get("compared", 0.0)
    return Outcome(f"t{i}", f"s{i // 10}", signal, wrong, score, score, kept, compared)


def asked(count: int, truth: Calibration, seed: int = 0) -> list[Outcome]:
    """Outcomes of raw scores whose true map is `truth`."""
    draws = random.Random(seed)
    raws = [draws.gauss(0, 2) for _ in range(count)]
    return [outcome(i, raw, float(draws.random() < calibrated(raw, truth)))
            for i, raw in enumerate(raws)]  # fmt: skip


def seen(outcomes: list[Outcome], told: int = 0) -> Seen:
    questions = tuple(question(score=one.before) for one in outcomes)
    return Seen(tuple(outcomes), {}, len(outcomes), told or len(outcomes), questions)


def learn(outcomes: list[Outcome], **given: object):
    bases = {"prescore": BASE, "postcheck": BASE}
    return learn_route(seen(outcomes), bases, RoutePolicy(), made_at=DAY, **given)  # pyright: ignore


def test_a_map_that_is_off_is_found_and_gains_where_unseen() -> None:
    learnt = learn(asked(600, Calibration(slope=1.5, shift=-1.5)))
    part = learnt.prescore
    assert part is not None
    assert (part.after.slope, part.after.shift) == pytest.approx((1.5, -1.5), abs=0.45)
    assert part.gain_low > 0
    assert part.gain_low < part.gain < part.gain_high
    assert part.ece_after < part.ece_before
    assert (part.held_out, part.groups) == ("sessions", 60)
    assert worth_keeping(learnt) == learnt
    assert 0 < learnt.other_way < learnt.decided == 600


def test_a_map_that_is_right_gains_nothing_and_is_left_out() -> None:
    learnt = learn(asked(600, BASE.calibration))
    assert learnt.prescore is not None
    assert learnt.prescore.gain_low <= 0
    assert worth_keeping(learnt).parts == ()


def test_noise_gains_nothing_in_nearly_all_of_many_trials() -> None:
    """A gain that is claimed is one: of trials without any, few in a hundred claim it."""
    claimed = 0
    for seed in range(60):
        part = learn(asked(150, BASE.calibration, seed)).prescore
        assert part is not None
        claimed += part.gain_low > 0
    assert claimed <= 4


def test_too_few_or_all_alike_teach_nothing() -> None:
    off = Calibration(slope=1.5, shift=-1.5)
    assert learn(asked(99, off)).parts == ()
    assert learn(asked(99, off), fewest=20).parts != ()
    assert learn([replace(one, wrong=0.0) for one in asked(200, off)]).parts == ()


def test_another_scorers_scores_are_not_learnt_from() -> None:
    others = [
        replace(one, before=replace(one.before, scorer="other") if one.before else None)
        for one in asked(300, BASE.calibration)
    ]
    learnt = learn(others)
    assert learnt.prescore is None
    assert learnt.postcheck is not None


def test_rare_samples_count_for_the_many_like_them() -> None:
    """Below 0 all answers are told and judged; above, one in ten alone is compared. Unweighted, the
    share of wrong ones is far off."""
    draws = random.Random(1)
    outcomes: list[Outcome] = []
    truth: list[float] = []
    for i in range(4_000):
        raw = draws.gauss(0, 1)
        wrong = float(draws.random() < (0.9 if raw > 0 else 0.1))
        truth.append(wrong)
        if raw <= 0:
            outcomes.append(outcome(i, raw, wrong))
        elif draws.random() < 0.1:
            odds = {"kept": 0.0, "compared": 0.1}
            outcomes.append(outcome(i, raw, wrong, Signal.COMPARED, **odds))
    told = sum(one.signal is Signal.JUDGED for one in outcomes)
    rows = rows_of(outcomes, "prescore", "abc", told)
    weighed = float(np.average(rows.wrong, weights=rows.weights))
    real = sum(truth) / len(truth)
    assert weighed == pytest.approx(real, abs=0.04)
    assert abs(float(rows.wrong.mean()) - real) > 0.2


def test_the_share_of_answers_that_people_judge_is_weighed_in() -> None:
    """One in five told answers is judged, every doubted one compared."""
    judged = [outcome(i, -1.0, 0.0) for i in range(20)]
    compared = [outcome(i, 1.0, 1.0, Signal.COMPARED, kept=0.0, compared=1.0) for i in range(100)]
    rows = rows_of([*judged, *compared], "prescore", "abc", told=100)
    assert rows.weights[0] / rows.weights[-1] == pytest.approx(5.0)


def test_hints_are_fitted_on_request_and_never_judged_by() -> None:
    sure = asked(300, BASE.calibration)
    hints = [replace(outcome(i, 2.0, 0.0, Signal.AGAIN), turn=f"h{i}") for i in range(3_000)]
    plain, weak = learn([*sure, *hints]), learn([*sure, *hints], weak=True)
    assert plain.prescore is not None
    assert weak.prescore is not None
    assert plain.prescore.outcomes == weak.prescore.outcomes == 300
    assert weak.prescore.after != plain.prescore.after
    assert weak.prescore.gain < plain.prescore.gain
    assert learn(hints, weak=True).parts == ()


def test_few_sessions_are_held_out_turn_by_turn_and_it_is_said() -> None:
    alone = [replace(one, group="cli") for one in asked(300, Calibration(slope=2.0))]
    part = learn(alone).prescore
    assert part is not None
    assert part.held_out == "turns"


def test_many_outcomes_make_an_isotonic_map_that_rises() -> None:
    part = learn(asked(2_400, Calibration(slope=1.5, shift=-1.5))).prescore
    assert part is not None
    assert len(part.after.raws) > 5
    assert list(part.after.shares) == sorted(part.after.shares)


def test_the_file_names_its_data_and_the_same_data_give_the_same() -> None:
    outcomes = asked(200, BASE.calibration)
    assert learn(outcomes) == learn(outcomes)
    assert learn(outcomes).data != learn(outcomes[:-1]).data
    assert learn(outcomes).version == f"2026-11-30 {learn(outcomes).data[:8]}"


def test_fifths_by_score_tell_how_reliable_it_is() -> None:
    part = learn(asked(600, Calibration(slope=1.5, shift=-1.5))).prescore
    assert part is not None
    assert sum(one.rows for one in part.reliability) == 600
    happened = [one.happened for one in part.reliability]
    assert happened[0] < 0.1
    assert happened[-1] > 0.6
    assert abs(part.reliability[2].after - happened[2]) < abs(
        part.reliability[2].before - happened[2]
    )
