"""`edgewise left`: what left is told as exactly as it is known, and that it is known no more."""

from pathlib import Path

import pytest

from edgewise.device.tunnel import set_tunnel
from tests.cli.conftest import Edgewise
from tests.cli.served import ServedDevice
from tests.device.test_reach import ask, connected, grant
from tests.device.waiting import ASKED, desert, settings


async def sent_in(folder: Path) -> str:
    """The turn of a question that left for a cloud, of a device that is gone."""
    async with connected(folder) as (device, _):
        return (await ask(device))[-1].turn


def test_what_left_is_known_by_its_digest_once_the_device_is_gone(
    edgewise: Edgewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import asyncio

    turn = asyncio.run(sent_in(tmp_path))
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    (row,) = edgewise("left", turn, "--json").rows
    (left,) = row["left"]
    assert (left["payload"], left["endpoint"], row["cost"]) == (None, "step", 2e-05)
    out = edgewise("left", "last").out
    assert "to step (CN), for assist" in out
    assert left["digest"] in out
    assert "remembered by the running device only" in out
    assert "仅保留摘要" in edgewise("left", turn, "--language", "zh").out


def test_a_turn_in_which_nothing_left_is_said(edgewise: Edgewise):
    turn = edgewise("ask", "stop", "--json").rows[0]["turn"]
    assert edgewise("left", turn).out == f"Nothing left this device in turn {turn}.\n"


def test_a_turn_that_there_is_not_is_one_clear_line(edgewise: Edgewise):
    assert edgewise("left", "t0").is_one_clear_line("'t0'")


def test_without_any_turn_the_last_is_said_not_to_be(edgewise: Edgewise):
    for command in ("left", "explain", "erase"):
        assert edgewise(command, "last").is_one_clear_line("no turn is recorded yet")
    assert edgewise("explain").out == "No turn is recorded yet.\n"


@pytest.mark.slow
def test_a_device_that_runs_is_asked(beside: Edgewise, served: ServedDevice):
    turn = beside("ask", "stop", "--json").rows[0]["turn"]
    assert turn in beside("left", turn).out
    assert beside("left", "t0").is_one_clear_line("there is no turn", "edgewise explain")
    assert beside("left", "../../clouds").is_one_clear_line()


async def sent_late_in(folder: Path) -> str:
    """The turn of a question that waited and was sent, of a device that is gone."""
    async with desert(folder) as there:
        turn = (await ask(there.device, ASKED))[0].turn
        set_tunnel(folder, on=False)
        await there.sending.send()
        return turn


def test_what_left_later_for_a_question_that_waited_is_told_of_its_turn(
    edgewise: Edgewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import asyncio

    turn = asyncio.run(sent_late_in(tmp_path))
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    (row,) = edgewise("left", turn, "--json").rows
    (left,) = row["left"]
    assert left["fate"] == "left"
    assert left["turn"] not in ("", turn)
    assert f"in turn {left['turn']}" in edgewise("left", turn).out


def test_of_a_cloud_that_could_not_be_reached_nothing_is_said_to_have_left(
    edgewise: Edgewise, home: Path
):
    nowhere = "http://127.0.0.1:9"
    (home / "config.toml").write_text(settings(nowhere, "prefer_cloud", hours=0.0))
    grant(home, f"{nowhere}/v1")
    edgewise("ask", "why is the sky blue")
    out = edgewise("left").out
    assert "was to go to step" in out
    assert "nothing left: no connection came about" in out
    assert "没有内容离开" in edgewise("left", "--language", "zh").out


def test_of_a_question_that_waits_it_is_said_that_it_did_not_leave(edgewise: Edgewise, home: Path):
    (home / "config.toml").write_text(settings("http://127.0.0.1:9"))
    grant(home, "http://127.0.0.1:9/v1")
    edgewise("tunnel", "on")
    edgewise("ask", "why is the sky blue")
    assert "was kept to be sent later" in " ".join(edgewise("left").out.split())
