"""`edgewise learn`: a table and a file from a trail, adopted and taken back; plain words else."""

import json
import random
from pathlib import Path

import msgspec
import pytest

from edgewise.core.event import Answered, Checked, Judged, TurnStarted, Weighed, to_json
from edgewise.core.message import Speaker
from edgewise.core.words import Language
from edgewise.route.calibrate import Calibration, calibrated
from edgewise.route.policy import RoutePolicy
from edgewise.route.postcheck import BY_HAND
from edgewise.route.question import Score
from edgewise.route.route import decide, decide_after
from edgewise.route.scorer import scorer_id
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits
from tests.route.questions import question

TRUTH = Calibration(slope=2.0, shift=-1.0)


def write_trail(home: Path, count: int, truth: Calibration = TRUTH) -> None:
    """Judged turns whose answers are wrong as often as `truth` says of the check's raw score."""
    draws, lines = random.Random(2), []
    policy = RoutePolicy(post_threshold=1.0)
    for i in range(count):
        raw = draws.gauss(0, 1.5)
        score = Score(calibrated(raw, BY_HAND.calibration), raw, calibration="by hand",
                      scorer=scorer_id(BY_HAND))  # fmt: skip
        asked = question()
        weighed = decide(asked, policy)
        head = {"at": 1_800_000_000.0 + i, "turn": f"t{i}"}
        took = {"took_ms": 1.0}
        lines += [
            TurnStarted(seq=1, session=f"s{i // 8}", speaker=Speaker(), policy_hash="",
                        catalogue_hash="", **head),
            Weighed(seq=2, question=msgspec.to_builtins(asked), routing=weighed, **head, **took),
            Checked(seq=3, score=msgspec.to_builtins(score), question=msgspec.to_builtins(asked),
                    routing=decide_after(weighed, score, asked, policy), **head, **took),
            Answered(seq=4, text="", language=Language.ENGLISH, changed={}, **head, **took),
            Judged(seq=5, good=draws.random() >= calibrated(raw, truth), **head),
        ]  # fmt: skip
    (home / "trail").mkdir(exist_ok=True)
    data = b"".join(to_json(line) + b"\n" for line in lines)
    (home / "trail" / "2027-01-15.jsonl").write_bytes(data)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_fits_and_without_a_file_nothing_is_written(
    edgewise: Edgewise, home: Path, language: str
) -> None:
    write_trail(home, 200)
    before = sorted(home.rglob("*"))
    ran = edgewise("learn", "route", "--language", language)
    assert (ran.code, fits(ran.out)) == (0, True)
    for told in ("200", "Brier", "by hand ->", "95 %"):
        assert told in ran.out
    assert sorted(home.rglob("*")) == before


def test_what_is_learnt_is_a_file_that_is_adopted_and_taken_back(
    edgewise: Edgewise, home: Path, tmp_path: Path
) -> None:
    write_trail(home, 400)
    file = tmp_path / "learnt.json"
    said = edgewise("learn", "route", "--out", str(file))
    assert (said.code, f"edgewise learn adopt {file}" in said.out) == (0, True)
    kept = json.loads(file.read_text("utf-8"))
    part = kept["postcheck"]
    assert (kept["turns"], kept["counts"]["judged"], part["outcomes"]) == (400, 400, 400)
    assert 0 < part["gain_low"] < part["gain"]
    assert len(kept["data"]) == 64
    adopted = edgewise("learn", "adopt", str(file))
    assert (adopted.code, fits(adopted.out)) == (0, True)
    assert "by hand ->" in adopted.out
    again = edgewise("learn", "route", "--out", str(tmp_path / "more.json"))
    assert again.code == 1  # it is in force: the same outcomes teach nothing more
    assert not (tmp_path / "more.json").exists()
    assert "what ships with Edgewise" in edgewise("learn", "revert").out
    assert edgewise("learn", "revert").is_one_clear_line("no learnt calibration is in force")


def test_few_outcomes_are_said_to_be_too_few(
    edgewise: Edgewise, home: Path, tmp_path: Path
) -> None:
    write_trail(home, 60)
    file = tmp_path / "learnt.json"
    ran = edgewise("learn", "route", "--out", str(file))
    assert (ran.code, file.exists()) == (1, False)
    assert "postcheck: fewer than 100 outcomes" in ran.out
    assert edgewise("learn", "route", "--out", str(file), "--anyway").code == 0


def test_a_map_without_a_gain_is_written_only_anyway_and_adopted_only_by_force(
    edgewise: Edgewise, home: Path, tmp_path: Path
) -> None:
    write_trail(home, 200, BY_HAND.calibration)
    file = tmp_path / "learnt.json"
    ran = edgewise("learn", "route", "--out", str(file))
    assert (ran.code, file.exists()) == (1, False)
    assert "postcheck: no gain that is sure" in ran.out
    edgewise("learn", "route", "--out", str(file), "--anyway")
    refused = edgewise("learn", "adopt", str(file))
    assert (refused.code, "may be worse" in refused.err) == (1, True)
    assert edgewise("learn", "adopt", str(file), "--force").code == 0


def test_a_device_without_a_trail_and_a_file_that_is_none_are_one_clear_line(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    assert edgewise("learn", "route").is_one_clear_line("no trail lies in")
    missing = tmp_path / "missing.json"
    assert edgewise("learn", "adopt", str(missing)).is_one_clear_line(str(missing))
    missing.write_text("{}")
    assert edgewise("learn", "adopt", str(missing)).is_one_clear_line("does not hold")
