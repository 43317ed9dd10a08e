"""A secret of a folder: made once, kept, and never too short."""

from pathlib import Path

from edgewise.hosting.kept_secret import LEAST_BYTES, kept_secret


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path):
    file = tmp_path / "key"
    made = kept_secret(file)
    assert len(made) == LEAST_BYTES
    assert file.stat().st_mode & 0o777 == 0o600
    assert kept_secret(file) == made


def test_what_a_broken_start_left_is_no_secret(tmp_path: Path):
    file = tmp_path / "key"
    file.write_bytes(b"")
    assert len(kept_secret(file)) == LEAST_BYTES
    assert kept_secret(file) == file.read_bytes()
