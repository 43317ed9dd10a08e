"""What became of what was to leave: left, nothing, unknown, or not recorded yet."""

import pytest

from edgewise.agent.explain import explain
from edgewise.agent.fates import Fate, fates_of
from edgewise.core.event import Attempt, Came, Left
from edgewise.core.words import Language


def _left(seq: int, endpoint: str = "far") -> Left:
    return Left(
        seq=seq,
        at=0.0,
        turn="t",
        endpoint=endpoint,
        region="CN",
        purpose="assist",
        digest="d" * 64,
        size_bytes=9,
    )


def _came(seq: int, *attempts: Attempt, failed: str = "", endpoint: str = "far") -> Came:
    return Came(seq=seq, at=0.0, turn="t", endpoint=endpoint, attempts=attempts, failed=failed)


REFUSED = Attempt("far", 0.0, 0.1, "away")
RESET = Attempt("far", 0.0, 0.1, "broken", sent_bytes=99)
BUSY = Attempt("far", 0.0, 0.1, "busy", status=503, sent_bytes=99)
WHOLE = Attempt("far", 0.0, 0.1, status=200, sent_bytes=99)


@pytest.mark.parametrize(
    ("came", "fate"),
    [
        (_came(2, WHOLE), Fate.LEFT),
        (_came(2, REFUSED, failed="cloud_away"), Fate.NOTHING),
        (_came(2, failed="cloud_resting"), Fate.NOTHING),
        (_came(2, RESET, failed="cloud_broken"), Fate.UNKNOWN),
        (_came(2, REFUSED, RESET, failed="cloud_broken"), Fate.UNKNOWN),
        (_came(2, BUSY, failed="cloud_busy"), Fate.LEFT),
        (_came(2, WHOLE, endpoint="other"), Fate.GOING),
    ],
)
def test_what_was_told_to_leave_has_the_fate_of_its_attempts(came: Came, fate: Fate):
    assert fates_of([_left(1), came]) == {1: fate}


def test_explaining_a_turn_says_that_nothing_left_where_no_connection_came_about():
    events = [_left(1), _came(2, REFUSED, failed="cloud_away")]
    told = "\n".join(explain(events))
    assert "to leave for far" in told
    assert "nothing left" in told
    assert "没有内容离开" in "\n".join(explain(events, Language.CHINESE))
    told = "\n".join(explain([_left(1), _came(2, RESET, failed="cloud_broken")]))
    assert "nobody here knows whether it arrived" in told
