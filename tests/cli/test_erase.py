"""`edgewise erase`: one turn or all, on purpose, also of a device that runs."""

from pathlib import Path

from tests.cli.conftest import Edgewise


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


def test_a_device_that_runs_erases_itself(beside: Edgewise, served: object):
    beside("ask", "turn on the canary")
    assert "Erased: turns" in beside("erase", "--all").out
    assert beside("explain").out == "No turn is recorded yet.\n"
    assert beside("ask", "turn on the air conditioning").code == 0
