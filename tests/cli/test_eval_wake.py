"""Wake words are measured: hits in silence and noise, mistakes by the hour and folder."""

import json
import shutil
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edgewise.cli import make_app
from edgewise.cli.eval_wake import WakeFigures, measure_wake, wake_results
from edgewise.errors import UserError
from tests.recording import FOLDER


def a_set(folder: Path) -> Path:
    for name, place in {
        "hey_jarvis": "said/hey_jarvis",
        "go_forward": "other/speech",
        "sense_and_sensibility": "other/speech/read",
    }.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDER / f"{name}.flac", folder / place)
    return folder


def test_what_was_said_and_what_was_not_are_counted_apart(tmp_path: Path):
    figures = measure_wake(a_set(tmp_path))
    assert [one.name for one in figures] == ["hey_jarvis"]
    assert (figures[0].said, figures[0].heard, figures[0].false) == (1, 1, 0)
    assert figures[0].other_s == pytest.approx(9.89, abs=0.01)


def test_a_mistake_is_counted_with_the_folder_that_it_was_in(tmp_path: Path):
    folder = a_set(tmp_path)
    shutil.copy(FOLDER / "hey_jarvis.flac", folder / "other/speech/z.flac")
    told: list[str] = []
    (found,) = measure_wake(folder, tell=told.append)
    assert (found.false, found.false_in) == (1, {"speech": 1})
    assert told[-1] == "hey_jarvis: 1 by mistake in z.flac"


def test_a_word_that_is_never_heard_is_a_miss(tmp_path: Path):
    (found,) = measure_wake(a_set(tmp_path), cutoffs={"hey_jarvis": 1.0})
    assert (found.said, found.heard, found.heard_in_noise) == (1, 0, 0)


def test_a_folder_without_a_set_is_refused_with_how_one_is_made(tmp_path: Path):
    with pytest.raises(UserError, match="put recordings in said/NAME/"):
        measure_wake(tmp_path)


def test_a_recording_without_sound_is_named(tmp_path: Path):
    folder = a_set(tmp_path)
    empty = folder / "other" / "speech" / "empty.wav"
    with wave.open(str(empty), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
    with pytest.raises(UserError, match=r"empty\.wav: .*no samples"):
        measure_wake(folder)


def test_figures_are_judged_by_their_goals():
    results = wake_results([WakeFigures("hey_jarvis", 100, 94, 80, 7_200, 2, {"speech": 2})])
    assert [(one.value, one.met) for one in results] == [(94, False), (80, None), (1, True)]


def test_the_command_ends_in_a_report_and_keeps_it(tmp_path: Path):
    folder, kept = a_set(tmp_path / "set"), tmp_path / "kept.json"
    command = ["eval", "wake", "--data", str(folder), "--words", "hey_jarvis", "--save", str(kept)]
    result = CliRunner().invoke(make_app(), command)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout.splitlines()[-1])
    assert found == json.loads(kept.read_text("utf-8"))
    assert found["name"] == "eval_wake"
    assert "hey_jarvis: heard of 1 times said" in result.stdout
