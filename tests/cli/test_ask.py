"""`edgewise ask`: an answer, what changed, a memory between processes, and clear refusals."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.device.presence import Presence, announce
from tests.cli.conftest import Edgewise

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
TRUNK = "Vehicle.Body.Trunk.Rear.IsOpen"
AT_SPEED = {
    "Vehicle.Speed": 100.0,
    "Vehicle.Powertrain.Transmission.SelectedGear": 127,
    "Vehicle.Body.Lights.LightSwitch": "BEAM",
    "Vehicle.Body.Lights.Beam.Low.IsOn": True,
}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def kept(home: Path, folder: str) -> Path:
    (path,) = (home / folder).glob("*.json")
    return path


def doctor(path: Path, **changes: Any) -> None:
    """Change a kept JSON file as if time had passed or somebody had meddled."""
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


def test_the_answer_is_all_that_is_printed(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "打开主驾车窗")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 1
    assert "车窗" in ran.out


def test_the_last_json_line_tells_what_changed(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "open the driver's window", "--json")
    assert ran.rows[-1]["event"] == "answered"
    assert ran.rows[-1]["changed"] == {WINDOW: 100}
    assert [row["seq"] for row in ran.rows] == list(range(1, len(ran.rows) + 1))


def test_verbose_tells_the_five_steps(edgewise: Edgewise) -> None:
    out = edgewise("ask", "open the driver's window", "-v").out
    steps = [line.split()[0] for line in out.splitlines() if line and not line.startswith(" ")]
    assert [s for s in steps if s in ("perceive", "route", "think", "act", "answer")] == [
        "perceive",
        "route",
        "think",
        "act",
        "answer",
    ]


def test_a_given_state_is_what_the_policy_sees(edgewise: Edgewise, state: Path) -> None:
    state.write_text(json.dumps(AT_SPEED))
    ran = edgewise("ask", "turn off the headlights", "--state", str(state), "--json")
    finished = [row["result"] for row in ran.rows if row["event"] == "call_finished"]
    assert [result["status"] for result in finished] == ["denied"]
    assert ran.rows[-1]["changed"] == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{bad", "line 1 column 2"),
        ("[1]", "JSON object"),
        ("[" * 100_000, "recursion"),
        ('{"Vehicle.Sped": 1}', "Vehicle.Sped"),
        ('{"Vehicle.Speed": 9999}', "-60..300 km/h"),
        ('{"Vehicle.Speed": NaN}', "nan"),
        ('{"Vehicle.Speed": "fast"}', "fast"),
        ('{"Vehicle.Speed": [1]}', "Vehicle.Speed"),
    ],
)
def test_a_bad_state_is_one_clear_line(
    edgewise: Edgewise, state: Path, text: str, named: str
) -> None:
    state.write_text(text)
    ran = edgewise("ask", "hi", "--state", str(state))
    assert ran.is_one_clear_line(named), ran


def test_a_state_that_is_no_text_or_not_there_is_one_clear_line(
    edgewise: Edgewise, state: Path
) -> None:
    assert edgewise("ask", "hi", "--state", str(state)).is_one_clear_line(str(state))
    state.write_bytes(b"\xff\xfe")
    assert edgewise("ask", "hi", "--state", str(state)).is_one_clear_line(str(state))


def test_a_yes_in_the_next_process_carries_out_what_was_asked(edgewise: Edgewise) -> None:
    asked = edgewise("ask", "open the trunk", "--session", "a", "--json")
    assert (asked.code, asked.rows[-1]["event"]) == (3, "needs_approval")
    said = edgewise("ask", "yes", "--session", "a", "--json")
    assert (said.code, said.rows[-1]["changed"]) == (0, {TRUNK: True})


def test_a_yes_after_fifteen_seconds_opens_nothing(edgewise: Edgewise, home: Path) -> None:
    edgewise("ask", "open the trunk", "--session", "a")
    session = kept(home, "sessions")
    pending = json.loads(session.read_text("utf-8"))["pending"]
    doctor(session, pending=pending | {"expires_at": pending["expires_at"] - 15.1})
    said = edgewise("ask", "yes", "--session", "a", "--json")
    assert (said.code, said.rows[-1]["changed"]) == (0, {})
    assert "no longer open" in said.rows[-1]["text"]


def test_a_yes_without_a_session_or_in_another_one_opens_nothing(edgewise: Edgewise) -> None:
    edgewise("ask", "open the trunk", "--session", "a")
    for session in ((), ("--session", "b")):
        said = edgewise("ask", "yes", *session, "--json")
        assert said.rows[-1]["changed"] == {}


def test_a_session_keeps_the_car_and_what_can_be_undone(edgewise: Edgewise) -> None:
    edgewise("ask", "open the driver's window", "--session", "a")
    undone = edgewise("ask", "undo", "--session", "a", "--json")
    assert undone.rows[-1]["changed"] == {WINDOW: 0}


def test_without_a_session_every_car_is_new(edgewise: Edgewise, home: Path) -> None:
    edgewise("ask", "open the driver's window")
    resolved = edgewise("ask", "open the driver's window", "--json").rows[4]
    assert resolved["state"][WINDOW] == 0
    assert not (home / "sessions").exists()


def test_meddled_files_start_a_new_session_and_car(edgewise: Edgewise, home: Path) -> None:
    edgewise("ask", "open the driver's window", "--session", "a")
    kept(home, "sessions").write_text("[]")
    kept(home, "cars").write_text("[1]")
    ran = edgewise("ask", "open the driver's window", "--session", "a", "--json")
    assert (ran.code, ran.rows[-1]["changed"]) == (0, {WINDOW: 100})


def test_a_dash_reads_standard_input(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "-", "--json", stdin="打开主驾车窗\n".encode())
    assert ran.rows[-1]["changed"] == {WINDOW: 100}


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["-"], b"open the driver's \xff\xfe window"),
        (["open the driver's \udcff window"], b""),
        (["open the driver's window", "--session", "\udcff"], b""),
    ],
)
def test_bytes_that_are_not_text_are_refused_and_move_nothing(
    edgewise: Edgewise, home: Path, arguments: list[str], stdin: bytes
) -> None:
    ran = edgewise("ask", *arguments, "--alone", "--json", stdin=stdin)
    assert (ran.code, ran.out) == (2, "")
    assert not (home / "trail").exists()
    assert "not UTF-8 text" in " ".join(ran.err.split())


def test_a_megabyte_is_refused_with_the_limit(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "-", stdin="开".encode() * 350_000)
    assert ran.code == 1
    assert "2,000" in ran.out
    assert len(ran.out) < 300


def test_nothing_said_is_answered(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "-", stdin=b"  \n")
    assert ran.code == 0
    assert ran.out.strip()


def test_what_cannot_be_done_is_an_answer_and_not_a_failure(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "call Zanzibar Quux", "--json")
    assert (ran.code, ran.rows[-1]["changed"]) == (0, {})
    assert "Zanzibar" in ran.rows[-1]["text"]


def test_the_seat_decides_what_it_may(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "open the trunk", "--zone", "row2_left", "--json")
    assert ran.rows[0]["speaker"]["zone"] == "row2_left"
    assert ran.rows[-1]["changed"] == {}


def test_a_language_that_is_given_is_the_one_answered_in(edgewise: Edgewise) -> None:
    ran = edgewise("ask", "stop", "--language", "zh")
    assert any("\u4e00" <= character <= "\u9fff" for character in ran.out)


def test_a_broken_configuration_is_one_clear_line(edgewise: Edgewise, home: Path) -> None:
    (home / "config.toml").write_text("prot = 1")
    assert edgewise("ask", "hi").is_one_clear_line("config.toml", "prot")


def test_a_device_that_was_killed_is_named_before_another_car_answers(
    edgewise: Edgewise, home: Path
) -> None:
    announce(home, Presence("http://127.0.0.1:1", 1))
    ran = edgewise("ask", "打开空调")
    assert ran.code == 0
    assert "process 1" in ran.err
    assert "edgewise run" in ran.err
    assert edgewise("ask", "打开空调", "--alone").err == ""
