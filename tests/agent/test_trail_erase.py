"""An erased turn is gone from every byte of the trail, and no other turn moves."""

from pathlib import Path

import pytest

from edgewise.agent.trail import Trail
from edgewise.agent.trail_erase import erase_turns, start_of
from edgewise.core.message import Message
from edgewise.core.words import Language, Words
from edgewise.errors import UserError
from tests.agent.conftest import House
from tests.agent.test_late import ASKED


def bytes_of(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(folder.iterdir()))


async def test_one_turn_goes_with_what_resumes_it_and_others_stay(house: House, tmp_path: Path):
    folder = tmp_path / "trail"
    gone = await house.ask("the canary sings")
    stays = await house.ask("the swallow flies")
    late = Message("the canary again", Language.ENGLISH, ASKED.label, ASKED.speaker)
    resumed = house.agent.tell_late("s", gone[0].turn, late, Words("canary", "canary"))
    assert bytes_of(folder).count(b"canary") > 3
    size = sum(path.stat().st_size for path in folder.glob("*.jsonl"))
    assert erase_turns(folder, gone[0].turn) == {gone[0].turn, resumed[0].turn}
    assert b"canary" not in bytes_of(folder)
    assert gone[0].turn.encode() not in bytes_of(folder)
    assert sum(path.stat().st_size for path in folder.glob("*.jsonl")) == size
    assert await house.agent.trail(stays[0].turn) == stays
    after = await house.ask("air on")  # the one that runs goes on recording
    assert await house.agent.trail(after[0].turn) == after
    again = Trail(folder, None)
    assert again.repaired == ""
    assert again.read(stays[0].turn) == stays
    with pytest.raises(UserError):
        again.read(gone[0].turn)


async def test_everything_goes_and_recording_goes_on(house: House, tmp_path: Path):
    folder = tmp_path / "trail"
    events = await house.ask("the canary sings")
    (folder / "2026-01-01.torn").write_bytes(b'{"text":"the canary')
    assert events[0].turn in erase_turns(folder)
    assert b"canary" not in bytes_of(folder)
    assert await house.agent.recent(5) == []
    after = await house.ask("air on")
    assert await house.agent.trail(after[0].turn) == after


async def test_how_a_turn_began_is_found_by_its_record(house: House, tmp_path: Path):
    (started, *_) = await house.ask("air on")
    assert start_of(tmp_path / "trail", started.turn) == started
    assert start_of(tmp_path / "trail", "t0") is None


def test_where_there_is_no_trail_nothing_is_erased(tmp_path: Path):
    assert erase_turns(tmp_path / "trail") == frozenset()
    assert not (tmp_path / "trail").exists()


async def test_what_was_said_of_a_turn_goes_with_it_and_is_no_other_turns(
    house: House, tmp_path: Path
):
    folder = tmp_path / "trail"
    gone, stays = await house.ask("hello"), await house.ask("hello")
    for events in (gone, stays):
        await house.agent.judge(events[0].turn, "s", good=False)
    erase_turns(folder, gone[0].turn)
    assert gone[0].turn.encode() not in bytes_of(folder)
    assert await house.agent.judgement(gone[0].turn) is None
    kept = await house.agent.judgement(stays[0].turn)
    assert kept is not None
    assert kept.turn == stays[0].turn


async def test_of_everything_torn_lines_go_too(house: House, tmp_path: Path):
    folder = tmp_path / "trail"
    await house.ask("hello")
    (path,) = folder.glob("*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"text":"the canary\n{"text":"a canary, and the power went')
    erase_turns(folder)
    assert b"canary" not in bytes_of(folder)
