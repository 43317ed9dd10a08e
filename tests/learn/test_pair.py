"""A recording is read as it was written, and a broken one says where it breaks."""

from pathlib import Path

import pytest

from edgewise.errors import UserError
from edgewise.learn.pair import load_recording, written
from tests.learn.pair_rows import pair_of


def test_a_recording_is_read_as_it_was_written(tmp_path: Path):
    path = tmp_path / "pair.jsonl"
    path.write_bytes(written(pair_of(6)))
    assert load_recording(path) == pair_of(6)


def test_log_probabilities_are_those_that_were_rounded():
    assert pair_of(2).rows[0].device.log_probabilities == (-0.05, -0.08, -0.1, -0.03)


@pytest.mark.parametrize("bad", ["x", '{"id": 1}', '{"device": "d"}'])
def test_a_line_that_is_none_is_named(tmp_path: Path, bad: str):
    path = tmp_path / "pair.jsonl"
    path.write_bytes(written(pair_of(3)) + bad.encode())
    with pytest.raises(UserError, match="line 5"):
        load_recording(path)


def test_a_file_without_questions_says_how_to_record_one(tmp_path: Path):
    path = tmp_path / "pair.jsonl"
    path.write_bytes(written(pair_of(3)).split(b"\n")[0])
    with pytest.raises(UserError, match="record_pair"):
        load_recording(path)
    with pytest.raises(UserError, match="--pair"):
        load_recording(tmp_path / "none.jsonl")
