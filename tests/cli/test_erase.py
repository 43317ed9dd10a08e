"""`edgewise erase`: one turn or all, on purpose, also of a device that runs."""

from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.cli.served import serve_device
from tests.device.test_reach import grant
from tests.device.waiting import settings


def trail_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (home / "trail").iterdir())


def test_a_turn_is_erased_and_then_it_is_not_there(edgewise: Edgewise, home: Path):
    edgewise("ask", "turn on the canary")
    edgewise("ask", "turn on the air conditioning")
    turn = next(line.split()[0] for line in edgewise("explain").out.splitlines()[::-1])
    assert "Erased: turns 1" in edgewise("erase", turn).out
    assert b"canary" not in trail_of(home)
    assert b"air conditioning" in trail_of(home)
    assert edgewise("explain", turn).is_one_clear_line("no turn")
    assert edgewise("erase", turn).is_one_clear_line("no turn", "is kept")


def test_the_last_turn_is_erased(edgewise: Edgewise, home: Path):
    edgewise("ask", "turn on the air conditioning")
    edgewise("ask", "turn on the canary")
    assert "Erased: turns 1" in edgewise("erase", "last").out
    assert b"canary" not in trail_of(home)
    assert b"air conditioning" in trail_of(home)


def test_all_is_erased_when_all_is_said(edgewise: Edgewise, home: Path):
    edgewise("ask", "turn on the canary")
    assert edgewise("erase").is_one_clear_line("--all")
    assert edgewise("erase", "t1", "--all").is_one_clear_line("--all")
    assert "已抹除：回合 1 个" in edgewise("erase", "--all", "--language", "zh").out
    assert b"canary" not in trail_of(home)


def test_all_takes_the_cookies_of_the_browser_along_and_says_so(edgewise: Edgewise, home: Path):
    (home / "screen" / "profile").mkdir(parents=True)
    assert "forgotten its cookies" in edgewise("erase", "--all").out
    assert not (home / "screen").exists()
    assert "cookies" not in edgewise("erase", "--all").out


def test_a_device_that_runs_erases_itself(beside: Edgewise, served: object):
    beside("ask", "turn on the canary")
    assert "Erased: turns" in beside("erase", "--all").out
    assert beside("explain").out == "No turn is recorded yet.\n"
    assert beside("ask", "turn on the air conditioning").code == 0


@pytest.mark.slow
def test_a_device_that_runs_keeps_its_queue_whole_through_every_erasing(
    edgewise: Edgewise, home: Path
):
    """Erasing looked into the queue of the device and with that lost its locks: the next command
    took the log from under it, and what was erased then lived on in the device alone."""
    away = "http://127.0.0.1:9"
    with serve_device(home, settings(away)) as served:
        grant(home, f"{away}/v1")
        assert edgewise("tunnel", "on").code == 0
        for question in ("why do cows moo?", "why do pigs oink?", "why do ducks quack?"):
            assert "I have kept your question" in edgewise("ask", question).out
            (row,) = edgewise("outbox", "list", "--json").rows
            assert f"{question}" in edgewise("outbox", "show", str(row["key"])).out
            assert edgewise("erase", "last").code == 0
            assert edgewise("outbox", "list", "--json").rows == []
            assert served.process.poll() is None


def test_a_queue_that_can_not_be_read_is_told_of(edgewise: Edgewise, home: Path):
    (home / "config.toml").write_text(settings("http://127.0.0.1:9"))
    (home / "outbox.sqlite").write_bytes(b"no database at all, but long enough to look at" * 30)
    listed = edgewise("outbox", "list")
    assert "none of it will be sent" in " ".join(listed.err.split())
    assert "No question waits" in listed.out
    edgewise("ask", "turn on the canary")
    (home / "outbox.sqlite").write_bytes(b"no database at all, but long enough to look at" * 30)
    assert "none of it will be sent" in " ".join(edgewise("erase", "last").err.split())
    assert not list(home.glob("outbox.sqlite.damaged-*"))
