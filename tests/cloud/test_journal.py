"""A line that was written is read again, whatever ended the process or the disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.cloud.journal import Journal
from edgewise.errors import DeviceError


def lines_of(folder: Path) -> list[bytes]:
    """What the next process reads."""
    journal = Journal(folder)
    return [line for file in journal.sealed() for line in journal.read(file)]


@given(st.lists(st.one_of(st.binary(min_size=1), st.sampled_from([b"swap", b"seal"]))))
@settings(deadline=None, max_examples=50)
def test_what_was_written_is_read_in_order(tmp_path_factory: pytest.TempPathFactory, steps):
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal(folder)
    written: list[bytes] = []
    for step in steps:
        if step in (b"swap", b"seal"):
            taken = journal.swap()
            if taken is not None and step == b"seal":
                taken.seal()
        else:
            line = step.replace(b"\n", b" ")
            journal.append(line)
            written.append(line)
    assert lines_of(folder) == written


def test_a_line_that_a_crash_cut_off_is_left_out(tmp_path: Path):
    journal = Journal(tmp_path)
    journal.append(b"whole")
    (open_file,) = tmp_path.glob("*.open")
    with open_file.open("ab") as out:
        out.write(b'{"torn')
    assert lines_of(tmp_path) == [b"whole"]


def test_a_new_process_writes_to_no_segment_of_an_old_one(tmp_path: Path):
    for number in range(3):
        Journal(tmp_path).append(b"%d" % number)
    assert lines_of(tmp_path) == [b"0", b"1", b"2"]


def test_a_dropped_segment_is_gone_and_may_be_dropped_again(tmp_path: Path):
    journal = Journal(tmp_path)
    journal.append(b"a")
    journal.close()
    (segment,) = journal.sealed()
    journal.drop(segment)
    journal.drop(segment)
    assert lines_of(tmp_path) == []


def test_closing_leaves_no_empty_segment(tmp_path: Path):
    journal = Journal(tmp_path)
    journal.append(b"a")
    journal.close()
    journal.close()
    assert [file.suffix for file in tmp_path.iterdir()] == [".sealed"]


def test_a_segment_that_can_not_be_sealed_is_sealed_later(tmp_path: Path):
    journal = Journal(tmp_path / "j")
    journal.append(b"a")
    taken = journal.swap()
    assert taken is not None
    (tmp_path / "j").rename(tmp_path / "away")
    with pytest.raises(DeviceError):
        taken.seal()
    (tmp_path / "away").rename(tmp_path / "j")
    taken.seal()
    assert lines_of(tmp_path / "j") == [b"a"]


def test_lines_set_aside_are_kept_and_not_read_again(tmp_path: Path):
    journal = Journal(tmp_path)
    kept = journal.set_aside([b"x", b"y"])
    assert kept.read_bytes() == b"x\ny\n"
    assert lines_of(tmp_path) == []


FULL = """
import resource, signal, sys
from pathlib import Path
from edgewise.cloud.journal import Journal
from edgewise.errors import DeviceError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (25, resource.RLIM_INFINITY))
journal = Journal(Path(sys.argv[1]))
journal.append(b"0123456789")
journal.append(b"0123456789")
for _ in range(3):
    try:
        journal.append(b"0123456789")  # three of its bytes fit
        sys.exit(1)
    except DeviceError:
        pass
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.append(b"last")
sys.exit(3)
"""


def test_a_full_disk_takes_nothing_of_a_line(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], check=False, timeout=60)
    assert done.returncode == 3
    assert lines_of(tmp_path) == [b"0123456789", b"0123456789", b"last"]


def test_a_descriptor_that_fails_is_told(tmp_path: Path):
    journal = Journal(tmp_path)
    journal.append(b"a")
    os.close(journal._handle)
    with pytest.raises(DeviceError):
        journal.append(b"b")
    assert lines_of(tmp_path) == [b"a"]
