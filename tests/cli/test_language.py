"""The language of the commands: as told, else the device's."""

from pathlib import Path

import pytest

from edgewise.cli.language import spoken
from edgewise.core.words import Language
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.fixture(params=["config.toml", "EDGEWISE_LANGUAGE"])
def chinese(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The device's language is Chinese, by either way to say so."""
    if request.param == "EDGEWISE_LANGUAGE":
        monkeypatch.setenv("EDGEWISE_LANGUAGE", "zh")
        return
    with (home / "config.toml").open("a") as config:
        config.write('language = "zh"\n')


@pytest.mark.parametrize("words", ["ok", "22", "?"])
def test_words_that_tell_no_language_are_answered_in_the_device_s(
    edgewise: Edgewise, chinese: None, words: str
) -> None:
    assert is_chinese(edgewise("ask", words, "--alone").out)
    assert not is_chinese(edgewise("ask", words, "--alone", "--language", "en").out)


def test_words_that_tell_their_language_are_answered_in_it(
    edgewise: Edgewise, chinese: None
) -> None:
    assert not is_chinese(edgewise("ask", "stop", "--alone").out)


def test_without_a_setting_it_is_english(edgewise: Edgewise) -> None:
    assert not is_chinese(edgewise("ask", "22", "--alone").out)


@pytest.mark.parametrize(
    "command", [("doctor",), ("rules",), ("capabilities", "window"), ("models",)]
)
def test_lists_speak_the_device_s_language_and_still_fit(
    edgewise: Edgewise, chinese: None, command: tuple[str, ...]
) -> None:
    told = edgewise(*command).out
    assert is_chinese(told)
    assert fits(told)
    assert edgewise(*command, "--language", "en").out != told


def test_chat_welcomes_in_the_device_s_language(edgewise: Edgewise, chinese: None) -> None:
    assert "模拟车辆" in edgewise("chat", "--alone", stdin=b"\n").out


def test_an_unknown_language_is_one_clear_line(
    edgewise: Edgewise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEWISE_LANGUAGE", "fr")
    for command in (("ask", "hi"), ("rules",), ("run", "--no-open")):
        assert edgewise(*command).is_one_clear_line("EDGEWISE_LANGUAGE", "'fr'", "zh")


def test_what_was_told_goes_before_the_setting(home: Path) -> None:
    assert spoken() is Language.ENGLISH
    assert spoken(Language.CHINESE) is Language.CHINESE
