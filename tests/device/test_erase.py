"""A person erases a turn or all; the running device forgets too, and no program may do it."""

from pathlib import Path

from edgewise.core.event import Kept
from edgewise.device.erase import erase, erase_of
from tests.device.test_reach import ask
from tests.device.waiting import desert


def test_where_nothing_is_kept_nothing_is_erased_or_made(tmp_path: Path):
    assert erase(tmp_path).turns == 0
    assert list(tmp_path.iterdir()) == []


async def test_a_kept_talk_goes_whole_with_a_turn(tmp_path: Path):
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "a.json").write_text("{}")
    (tmp_path / "sessions" / "a.new").write_text("{}")  # a process was killed while it wrote
    assert erase(tmp_path, "t0").talks == 0, "no such turn"
    async with desert(tmp_path) as there:
        turn = (await ask(there.device))[0].turn
        done = erase(tmp_path, turn)
        assert (done.turns, done.questions, done.talks) == (1, 1, 1)
        assert list((tmp_path / "sessions").iterdir()) == []


async def test_a_device_that_runs_forgets_its_talks(tmp_path: Path):
    async with desert(tmp_path) as there:
        found = await ask(there.device, "the canary sings why")
        erase_of(there.device, tmp_path)("")
        found = await ask(there.device, "why is the sky blue")
        (kept,) = [event for event in found if isinstance(event, Kept)]
        waiting = there.later.waiting(kept.turn)
        assert waiting is not None
        assert "canary" not in str(waiting.payload)
