"""The kept recording is of these questions, and right and wrong in it are what the keys say."""

from benchmarks.pair_check import is_right
from benchmarks.pair_questions import SEED, questions
from benchmarks.record_pair import RECORDING, figures
from edgewise.learn.pair import load_recording
from tests.learn.pair_rows import pair_of

MOST_BYTES = 400_000


def test_the_kept_recording_is_of_these_questions():
    pair = load_recording(RECORDING)
    assert pair.about.seed == SEED
    assert "scripted" in pair.about.cloud
    asked = [(one.id, one.kind, one.language, one.text) for one in questions()]
    assert [(row.id, row.kind, row.language, row.text) for row in pair.rows] == asked
    assert RECORDING.stat().st_size < MOST_BYTES


def test_right_and_wrong_are_what_the_keys_say():
    keys = {one.id: one for one in questions()}
    rows = load_recording(RECORDING).rows
    differ = [
        row.id
        for row in rows
        if row.device.right is not is_right(keys[row.id], row.device.text)
        or row.cloud.right is not is_right(keys[row.id], row.cloud.text)
    ]
    assert differ == []


def test_nothing_is_shown_that_was_not_written():
    rows = load_recording(RECORDING).rows
    assert all(row.device.text and row.device.surety for row in rows if row.device.shown)
    assert all(not row.device.text for row in rows if row.language == "zh")


def test_figures_count_what_was_right():
    found = {result.metric: result.value for result in figures(pair_of(60))}
    rows = pair_of(60).rows
    right = sum(row.device.right for row in rows)
    assert found["device right"] == 100 * right / len(rows)
    assert found["questions"] == 66
