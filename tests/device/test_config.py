"""The owner's settings: defaults, and errors that name what is wrong."""

from pathlib import Path

import pytest

from edgewise.core.words import Language
from edgewise.device.config import Config, data_folder, load_config
from edgewise.errors import UserError


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_config(tmp_path) == Config()


def test_texts_are_not_kept_unless_the_owner_says_so(tmp_path: Path) -> None:
    assert not load_config(tmp_path).keep_text
    (tmp_path / "config.toml").write_text("keep_text = true")
    assert load_config(tmp_path).keep_text


@pytest.mark.parametrize(
    ("text", "named"),
    [("keep_txt = true", "keep_txt"), ("port = 'x'", "port"), ("port = ", "config.toml")],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(UserError, match=named):
        load_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("region = 'cn'", "region is 'cn'; it is one of \"\", CN, HK"),
        ("mode = 'cloud'", "mode is 'cloud'; it is one of device_only, .*cloud_only"),
        ("vehicle = 'can'", "vehicle is 'can'; it is one of simulated, kuksa"),
        ("senses.hear = 'nope'", "whisper-small"),
        ("senses.channels = ['roof']", "senses.channels"),
        ("senses.channels = ['driver', 'driver']", "names a seat twice"),
        (f"senses.channels = {[''] * 9}", "names 9; at most 8"),
    ],
)
def test_a_choice_that_is_none_is_told_those_that_are(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(UserError, match=told):
        load_config(tmp_path)


def test_the_language_is_english_until_the_owner_sets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_config(tmp_path).spoken is Language.ENGLISH
    (tmp_path / "config.toml").write_text('language = "zh"')
    assert load_config(tmp_path).spoken is Language.CHINESE
    monkeypatch.setenv("EDGEWISE_LANGUAGE", "en")
    assert load_config(tmp_path).language == "en"
    monkeypatch.setenv("EDGEWISE_LANGUAGE", "")
    assert load_config(tmp_path).language == "zh"


def test_a_language_it_does_not_speak_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEWISE_LANGUAGE", "fr")
    with pytest.raises(UserError, match="EDGEWISE_LANGUAGE is 'fr'; known are en and zh"):
        load_config(tmp_path)
    monkeypatch.delenv("EDGEWISE_LANGUAGE")
    (tmp_path / "config.toml").write_text('language = "fr"')
    with pytest.raises(UserError, match="language"):
        load_config(tmp_path)


def test_settings_that_are_no_text_are_said(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="can not be read"):
        load_config(tmp_path)


def test_the_data_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    assert data_folder() == tmp_path


@pytest.mark.parametrize("hours", ["-1", "169", "nan", "inf"])
def test_how_long_a_question_may_wait_is_bounded(tmp_path: Path, hours: str) -> None:
    (tmp_path / "config.toml").write_text(f"queue_hours = {hours}")
    with pytest.raises(UserError, match=r"queue_hours is .* 0 \(off\) to 168"):
        load_config(tmp_path)
    (tmp_path / "config.toml").write_text("queue_hours = 168")
    assert load_config(tmp_path).queue_hours == 168


def test_a_microphones_channels_are_at_seats_or_at_none(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[senses]\nchannels = ['driver', '', 'row2_left', '']\n")
    assert load_config(tmp_path).senses.channels == ("driver", "", "row2_left", "")
