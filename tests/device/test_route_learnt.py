"""What was learnt counts from its adoption on, for this device's scorers, and it can be undone."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edgewise.device.route_learnt import FOLDER, LearntMaps, own_scorers
from edgewise.errors import UserError
from edgewise.route.calibrate import Calibration
from edgewise.route.learnt import Learnt, Recalibrated
from edgewise.route.postcheck import BY_HAND, postcheck
from edgewise.route.question import Score
from edgewise.route.scorer import scorer_id


def learnt(version: str = "v1", *, name: str = "postcheck", gain_low: float = 0.01) -> Learnt:
    scorer = own_scorers()[name]
    part = Recalibrated(
        scorer_id(scorer), scorer.calibration, Calibration(version, 3.0, 1.0), 200, 180.0, 12,
        "sessions", 0.2, 0.15, 0.1, 0.05, 0.05, gain_low, 0.09,
    )  # fmt: skip
    made = Learnt(version, "2026-11-30T00:00:00+00:00", "f" * 64, 300, {})
    return replace(made, **{name: part})


def said(maps: LearntMaps) -> str:
    """The version of the map that an answer's score is made with now."""
    return maps.after(postcheck(BY_HAND, "How many?", "It is 3 + 4 = 8")).calibration


def test_it_counts_at_once_also_for_a_device_that_runs(tmp_path: Path) -> None:
    running = LearntMaps(tmp_path)
    assert said(running) == "by hand"
    LearntMaps(tmp_path).adopt(learnt("v1"))
    assert said(running) == "v1"
    LearntMaps(tmp_path).adopt(learnt("v2"))
    assert said(running) == "v2"
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / FOLDER).iterdir()] == [0o600] * 2


def test_every_step_can_be_undone_down_to_what_ships(tmp_path: Path) -> None:
    maps = LearntMaps(tmp_path)
    for version in ("v1", "v2"):
        maps.adopt(learnt(version))
    found = maps.revert()
    assert found is not None
    assert (found.version, said(maps)) == ("v1", "v1")
    assert maps.revert() is None
    assert said(maps) == "by hand"
    with pytest.raises(UserError, match="no learnt calibration"):
        maps.revert()


def test_what_may_be_worse_is_refused_unless_forced(tmp_path: Path) -> None:
    maps, worse = LearntMaps(tmp_path), learnt(gain_low=-0.001)
    with pytest.raises(UserError, match="may be worse") as told:
        maps.adopt(worse)
    assert (told.value.code, maps.now()) == ("no_gain", None)
    maps.adopt(worse, force=True)
    assert maps.now() == worse


def test_another_scorers_map_is_refused_also_by_force(tmp_path: Path) -> None:
    made = learnt()
    assert made.postcheck is not None
    other = replace(made, postcheck=replace(made.postcheck, scorer="0" * 12))
    with pytest.raises(UserError) as told:
        LearntMaps(tmp_path).adopt(other, force=True)
    assert told.value.code == "other_scorer"


def test_what_is_in_force_is_not_adopted_twice(tmp_path: Path) -> None:
    LearntMaps(tmp_path).adopt(learnt())
    with pytest.raises(UserError) as told:
        LearntMaps(tmp_path).adopt(learnt())
    assert told.value.code == "already_in_force"


def test_a_damaged_file_is_as_none_and_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    maps = LearntMaps(tmp_path)
    maps.adopt(learnt())
    (path,) = (tmp_path / FOLDER).iterdir()
    path.write_bytes(b"{")
    assert said(maps) == "by hand"
    assert said(maps) == "by hand"
    assert [path.name in record.getMessage() for record in caplog.records] == [True]


def test_a_question_takes_the_map_of_its_own_scorer(tmp_path: Path) -> None:
    maps = LearntMaps(tmp_path)
    score = Score(0.3, 0.5, calibration="shipped", scorer=scorer_id(own_scorers()["prescore"]))
    maps.adopt(learnt(name="prescore"))
    found = maps.before(score)
    assert found is not None
    assert (found.calibration, found.wrong) == ("v1", pytest.approx(0.924, abs=0.001))
    assert maps.before(replace(score, scorer="")) == replace(score, scorer="")
    assert maps.before(None) is None


def test_maps_that_count_now_are_told_for_the_next_learning(tmp_path: Path) -> None:
    maps = LearntMaps(tmp_path)
    assert maps.calibrations()["postcheck"] == BY_HAND.calibration
    maps.adopt(learnt("v1"))
    found = maps.calibrations()
    assert (found["postcheck"].version, found["prescore"].version) == ("v1", "mmlu gsm8k")
    (path,) = (tmp_path / FOLDER).iterdir()
    assert msgspec.json.decode(path.read_bytes(), type=Learnt) == learnt("v1")
