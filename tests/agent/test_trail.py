"""The trail loses nothing but the line being written, and says so."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from edgewise.agent.correction import correct
from edgewise.agent.redact import Redactor
from edgewise.agent.trail import MOST_OPEN_TURNS, Trail
from edgewise.core.event import Event, Stopped, TurnStarted
from edgewise.core.message import Speaker
from edgewise.core.words import Words
from edgewise.errors import DeviceError, UserError
from tests.agent.conftest import House


async def recorded(house: House, text: str) -> list[Event]:
    return await house.ask(text)


async def test_a_torn_last_line_is_set_aside_and_told(house: House, tmp_path: Path) -> None:
    events = await recorded(house, "air on")
    await house.agent.close()
    file = next((tmp_path / "trail").glob("*.jsonl"))
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"event":"answered","te')
    trail = Trail(tmp_path / "trail", None)
    assert "torn" in trail.repaired
    assert file.read_bytes() == whole
    assert trail.read(events[0].turn) == events


async def test_cut_anywhere_the_whole_lines_before_survive(house: House, tmp_path: Path) -> None:
    events = await recorded(house, "air on")
    await house.agent.close()
    file = next((tmp_path / "trail").glob("*.jsonl"))
    whole = file.read_bytes()
    ends = [n + 1 for n, byte in enumerate(whole) if byte == 10]
    for cut in range(ends[0], len(whole), 97):
        file.write_bytes(whole[:cut])
        trail = Trail(tmp_path / "trail", None)
        survived = sum(end <= cut for end in ends)
        assert trail.read(events[0].turn) == events[:survived]
        trail.close()


async def test_a_lost_index_is_made_again(house: House, tmp_path: Path) -> None:
    events = await recorded(house, "air on")
    await house.agent.close()
    for file in (tmp_path / "trail").glob("index.sqlite*"):
        file.unlink()
    trail = Trail(tmp_path / "trail", None)
    assert trail.read(events[0].turn) == events
    assert [summary.ended for summary in trail.recent()] == ["answered"]


def test_a_broken_index_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"this is no database" * 100)
    assert Trail(tmp_path, None).recent() == []


@pytest.mark.parametrize("suffix", ["", "-wal"])
async def test_a_damaged_index_is_found_and_made_again(
    house: House, tmp_path: Path, suffix: str
) -> None:
    events = await recorded(house, "air on")
    await house.agent.close()
    index = tmp_path / "trail" / "index.sqlite"
    pages = bytearray(index.read_bytes())
    pages[4096:] = b"\x55" * (len(pages) - 4096)
    index.write_bytes(pages)
    if suffix:
        (tmp_path / "trail" / f"index.sqlite{suffix}").write_bytes(b"left over" * 1000)
    trail = Trail(tmp_path / "trail", None)
    assert "index" in trail.repaired
    assert trail.read(events[0].turn) == events


def _start(turn: str, at: float = 1e9, session: str = "s") -> TurnStarted:
    return TurnStarted(
        seq=1, at=at, turn=turn, session=session, speaker=Speaker(), policy_hash="",
        catalogue_hash="",
    )  # fmt: skip


def _end(turn: str, at: float = 1e9) -> Stopped:
    return Stopped(
        seq=3, at=at, turn=turn, code="", words=Words("", ""), text="", changed={}, took_ms=0
    )


MIDNIGHT = 1_000_080_000.0


@pytest.mark.parametrize("again", [False, True])
def test_a_turn_over_midnight_stays_whole_in_the_file_where_it_began(
    tmp_path: Path, again: bool
) -> None:
    events: list[Event] = [_start("a", MIDNIGHT - 1), _end("a", MIDNIGHT + 1)]
    trail = Trail(tmp_path, None)
    trail.append(events[0])
    trail.append(_start("b", MIDNIGHT + 0.5))
    if again:
        trail.close()
        trail = Trail(tmp_path, None)
    trail.append(events[1])
    assert trail.read("a") == events
    assert len(list(tmp_path.glob("*.jsonl"))) == 2


def test_turns_that_never_end_are_not_remembered_without_limit(tmp_path: Path) -> None:
    trail = Trail(tmp_path, None)
    for number in range(MOST_OPEN_TURNS + 5):
        trail.append(_start(f"t{number}", MIDNIGHT - 1))
    trail.append(_end("t0", MIDNIGHT + 1))
    assert [event.turn for event in trail.read("t0")] == ["t0", "t0"]
    assert len(trail._began_in) <= MOST_OPEN_TURNS


def test_what_the_index_lost_is_found_again_at_the_next_start(tmp_path: Path) -> None:
    trail = Trail(tmp_path, None)
    for turn in ("a", "b"):
        trail.append(_start(turn))
        trail.append(_end(turn))
    trail.close()
    with closing(sqlite3.connect(tmp_path / "index.sqlite")) as index, index:
        index.execute("DELETE FROM turn WHERE turn = 'b'")
    found = Trail(tmp_path, None)
    assert {summary.turn: summary.ended for summary in found.recent()} == {
        "a": "stopped",
        "b": "stopped",
    }
    assert len(found.read("b")) == 2


def test_a_turn_whose_file_was_deleted_is_forgotten(tmp_path: Path) -> None:
    trail = Trail(tmp_path, None)
    trail.append(_start("a"))
    trail.close()
    next(tmp_path.glob("*.jsonl")).unlink()
    assert Trail(tmp_path, None).recent() == []


def test_all_of_it_is_the_owner_s_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        trail = Trail(tmp_path, None)
        trail.append(_start("a"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert len(modes) >= 3
    assert set(modes.values()) == {0o600}, modes


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from edgewise.agent.trail import Trail
from edgewise.core.event import TextDelta, TurnStarted
from edgewise.core.message import Speaker
from edgewise.errors import DeviceError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def start(turn):
    return TurnStarted(seq=1, at=1e9, turn=turn, session="s", speaker=Speaker(),
        policy_hash="", catalogue_hash="")
folder = Path(sys.argv[1])
trail = Trail(folder, None)
trail.append(start("a"))
trail.append(TextDelta(seq=2, at=1e9, turn="a", text="x" * 200_000))
size = next(folder.glob("*.jsonl")).stat().st_size
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, hard))
try:
    trail.append(TextDelta(seq=3, at=1e9, turn="a", text="x" * 300))
except DeviceError as error:
    print("refused", error.code)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
trail.append(start("b"))
print(len(trail.read("b")), len(trail.read("a")))
"""


def test_a_line_cut_short_by_a_full_disk_takes_no_other_with_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["refused trail_unavailable", "1 2"]


def test_the_list_of_turns_hides_the_session_like_the_lines(tmp_path: Path, house: House) -> None:
    trail = Trail(tmp_path / "hidden", Redactor(b"key", house.catalogue))
    trail.append(_start("a", session="alice"))
    assert "alice" not in trail.recent()[0].session


def test_an_unknown_turn_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="t404"):
        Trail(tmp_path, None).read("t404")


def test_a_folder_that_can_not_be_written_is_told_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(DeviceError, match="EDGEWISE_HOME"):
        Trail(file / "trail", None)


WRITER = """
import sys, itertools
from pathlib import Path
from edgewise.agent.trail import Trail
from edgewise.core.event import TextDelta, TurnStarted
from edgewise.core.message import Speaker
trail = Trail(Path(sys.argv[1]), None)
trail.append(TurnStarted(seq=1, at=1e9, turn="t", session="s", speaker=Speaker(),
    policy_hash="", catalogue_hash=""))
for n in itertools.count(2):
    trail.append(TextDelta(seq=n, at=1e9, turn="t", text="x" * 500))
    sys.stdout.write(f"{n}\\n"); sys.stdout.flush()
"""


def test_a_kill_loses_nothing_that_was_told(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(200)][-1]
        os.kill(writer.pid, signal.SIGKILL)
        told = max([told, *map(int, writer.stdout.read().split())])
    events = Trail(tmp_path, None).read("t")
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len(events) >= told


async def test_without_the_owners_leave_no_words_are_kept(tmp_path: Path) -> None:
    house = House(tmp_path, keep_text=False)
    await house.ask("my secret sentence")
    await house.ask("air on")
    await house.agent.close()
    kept = b"".join(file.read_bytes() for file in (tmp_path / "trail").iterdir())
    assert b"secret" not in kept
    assert b"air on" not in kept
    assert b"IsAirConditioningActive" in kept


async def test_a_redacted_event_still_reads_as_its_type(house: House) -> None:
    redactor = Redactor(b"key", house.catalogue)
    for text in ("both", "trunk", "hello"):
        for event in await house.ask(text):
            assert type(redactor.redact(event)) is type(event)


async def test_what_was_said_of_a_turn_later_is_found_again_and_no_part_of_it(
    house: House, tmp_path: Path
) -> None:
    first, second = await recorded(house, "air on"), await recorded(house, "window half")
    for meant in ("window.set", "nothing"):
        await house.agent.correct(first[0].turn, "s", meant)
    last = await house.agent.correct(second[0].turn, "s", "air.set")
    await house.agent.close()
    for lost in ("nothing", "index.sqlite"):
        (tmp_path / "trail" / lost).unlink(missing_ok=True)
        trail = Trail(tmp_path / "trail", None)
        assert trail.read(first[0].turn) == first
        found = {one.turn: one.meant for one in trail.corrections()}
        assert found == {first[0].turn: "nothing", second[0].turn: "air.set"}
        assert trail.correction(second[0].turn) == last
        assert trail.correction("none") is None
        trail.close()


async def test_a_correction_stands_in_the_file_of_its_turn_and_goes_with_it(
    house: House, tmp_path: Path
) -> None:
    events = await recorded(house, "air on")
    (path,) = (tmp_path / "trail").glob("*.jsonl")
    await house.agent.close()
    path.rename(path.with_name("2001-01-01.jsonl"))
    trail = Trail(tmp_path / "trail", None)
    trail.append(correct(events, "nothing", house.catalogue, at=events[-1].at + 86_400))
    assert [file.name for file in (tmp_path / "trail").glob("*.jsonl")] == ["2001-01-01.jsonl"]
    assert len(trail.corrections()) == 1
    path.with_name("2001-01-01.jsonl").unlink()
    assert trail.corrections() == []
    with pytest.raises(UserError, match="is recorded"):
        trail.read(events[0].turn)
    trail.close()
    assert Trail(tmp_path / "trail", None).correction(events[0].turn) is None
