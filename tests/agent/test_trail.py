"""The trail loses nothing but the line being written, and says so."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edgewise.agent.redact import Redactor
from edgewise.agent.trail import Trail
from edgewise.core.event import Event
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
