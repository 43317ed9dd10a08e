"""A learnt map counts for the scorer it was learnt of, and a file that does not hold is refused."""

import msgspec
import pytest
from msgspec.structs import replace

from edgewise.errors import UserError
from edgewise.route.calibrate import Calibration
from edgewise.route.learnt import Learnt, Recalibrated, learnt_from, recalibrated
from edgewise.route.postcheck import BY_HAND, postcheck
from edgewise.route.scorer import scorer_id

AFTER = Calibration("2026 abc", slope=2.0, shift=0.5)
PART = Recalibrated(
    scorer_id(BY_HAND), BY_HAND.calibration, AFTER, 200, 180.0, 12, "sessions",
    0.2, 0.15, 0.1, 0.05, 0.05, 0.01, 0.09,
)  # fmt: skip
LEARNT = Learnt("2026 abc", "2026-11-30T00:00:00+00:00", "f" * 64, 300, {}, postcheck=PART)


def test_a_file_comes_back_as_it_was() -> None:
    assert learnt_from(msgspec.json.encode(LEARNT)) == LEARNT
    assert LEARNT.parts == (("postcheck", PART),)


def test_a_score_takes_the_new_map_and_names_it() -> None:
    score = postcheck(BY_HAND, "How many?", "It is 3 + 4 = 8")
    found = recalibrated(score, PART)
    assert found.raw == score.raw
    assert found.wrong != score.wrong
    assert found.calibration == "2026 abc"


def test_another_scorers_score_and_one_of_no_scorer_stay() -> None:
    other = replace(PART, scorer="0" * 12)
    score = postcheck(BY_HAND, "How many?", "It is 3 + 4 = 8")
    assert recalibrated(score, other) == score
    assert recalibrated(score, None) == score
    empty = postcheck(BY_HAND, "How many?", " ")
    assert recalibrated(empty, replace(PART, scorer="")) == empty


def broken(**changes: object) -> bytes:
    return msgspec.json.encode(replace(LEARNT, postcheck=replace(PART, **changes)))


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"\xff",
        msgspec.json.encode(replace(LEARNT, postcheck=None)),
        msgspec.json.encode(replace(LEARNT, version="")),
        broken(after=replace(AFTER, slope=-1.0)),
        broken(after=replace(AFTER, version="")),
        broken(after=replace(AFTER, raws=(1.0, 1.0), shares=(0.1, 0.2))),
        broken(after=replace(AFTER, raws=(1.0, 2.0), shares=(0.3, 0.2))),
        broken(after=replace(AFTER, raws=(1.0,), shares=(1.5,))),
        broken(after=replace(AFTER, raws=(1.0, 2.0), shares=(0.3,))),
        broken(scorer=""),
    ],
)
def test_what_does_not_hold_is_refused(data: bytes) -> None:
    with pytest.raises(UserError) as told:
        learnt_from(data)
    assert told.value.code == "bad_calibration"
