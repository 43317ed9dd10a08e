"""The command line as a whole: every command has help, every error is one line."""

import subprocess
import sys

import pytest
import typer.main
from typer.testing import CliRunner

from edgewise.cli import main, make_app
from edgewise.errors import UserError
from tests.each_row import each_row

COMMANDS = {
    "run",
    "cloud",
    "cockpit",
    "ask",
    "chat",
    "consent",
    "erase",
    "outbox",
    "plan",
    "mode",
    "tunnel",
    "clouds",
    "left",
    "understand",
    "hear",
    "listen",
    "say",
    "screen",
    "capabilities",
    "rules",
    "explain",
    "replay",
    "feedback",
    "learn",
    "models",
    "doctor",
    "eval",
    "see",
    "serve",
}


def test_these_are_the_commands() -> None:
    group = typer.main.get_command(make_app())
    assert set(group.commands) == COMMANDS


@each_row("command", sorted(COMMANDS))
def test_each_command_tells_what_it_does_and_each_option(command: str) -> None:
    told = CliRunner().invoke(make_app(), [command, "--help"])
    assert told.exit_code == 0
    single = typer.main.get_command(make_app()).commands[command]
    assert single.help
    assert all(getattr(p, "help", None) for p in single.params if p.name != "help"), single.params


def test_an_error_is_one_line_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["edgewise", "capabilities", "nope"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    err = capsys.readouterr().err
    assert err.startswith("edgewise: ")
    assert err.count("\n") == 1
    assert UserError.__name__ not in err


def test_a_wrong_option_is_named_with_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["edgewise", "ask", "hi", "--zone", "roof"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "roof" in capsys.readouterr().err


def test_a_reader_that_leaves_early_sees_no_traceback() -> None:
    command = [sys.executable, "-m", "edgewise.cli", "rules", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert b"Traceback" not in err
