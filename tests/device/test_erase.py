"""A person erases a turn or all; the running device forgets too, and no program may do it."""

from dataclasses import replace
from pathlib import Path

from edgewise.core.event import Kept, Left
from edgewise.device.erase import erase, erase_of
from edgewise.device.screen.driver import ScreenDriver
from edgewise.testing.clock import ManualClock
from edgewise.testing.screen import Page, ScriptedScreen
from tests.device.test_reach import ask, connected
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


async def test_for_a_turn_that_there_is_not_nothing_is_forgotten(tmp_path: Path):
    async with connected(tmp_path) as (device, _):
        (left,) = [event for event in await ask(device) if isinstance(event, Left)]
        assert device.reach is not None
        assert (await erase_of(device, tmp_path)("nosuch")).turns == 0
        assert device.reach.shown(left.digest) is not None
        assert (await erase_of(device, tmp_path)(left.turn)).turns == 1
        assert device.reach.shown(left.digest) is None


async def test_for_a_turn_that_there_is_not_no_question_stops_waiting(tmp_path: Path):
    async with desert(tmp_path) as there:
        await ask(there.device, "why is the sky blue")
        await ask(there.device, "why is the sky red")
        waiting = there.waiting
        assert len(waiting) == 2
        assert erase(tmp_path, "nosuch").questions == 0
        assert there.waiting == waiting


async def test_the_browsers_cookies_go_with_all_turns_and_with_no_single_one(tmp_path: Path):
    cookies = tmp_path / "screen" / "profile" / "Cookies"
    cookies.parent.mkdir(parents=True)
    cookies.write_bytes(b"session=4711")
    async with desert(tmp_path) as there:
        turn = (await ask(there.device))[0].turn
        assert not erase(tmp_path, turn).profile
        assert cookies.exists()
        assert erase(tmp_path).profile
        assert not (tmp_path / "screen").exists()
        assert not erase(tmp_path).profile


async def test_a_browser_that_runs_is_ended_before_its_cookies_go(tmp_path: Path):
    cookies = tmp_path / "screen" / "profile" / "Cookies"

    class Writing(ScriptedScreen):
        """As a browser does: it writes what it holds when it ends."""

        async def close(self) -> None:
            cookies.parent.mkdir(parents=True, exist_ok=True)
            cookies.write_bytes(b"session=4711")
            await super().close()

    async with connected(tmp_path) as (device, _):
        screen = Writing({"shop": Page("Shop", "Tea")}, "shop")
        driver = ScreenDriver(screen, ManualClock())
        with_screen = replace(device, screen=driver)
        done = await erase_of(with_screen, tmp_path)("")
        assert screen.closed
        assert done.profile
        assert not cookies.exists()
        assert (await driver.seen()).title == "Tea", "the next use begins anew"


async def test_a_device_that_runs_forgets_its_talks(tmp_path: Path):
    async with desert(tmp_path) as there:
        found = await ask(there.device, "the canary sings why")
        await erase_of(there.device, tmp_path)("")
        found = await ask(there.device, "why is the sky blue")
        (kept,) = [event for event in found if isinstance(event, Kept)]
        waiting = there.later.waiting(kept.turn)
        assert waiting is not None
        assert "canary" not in str(waiting.payload)
