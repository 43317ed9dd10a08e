"""A request becomes clean text with a language and a label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.core.label import OriginKind
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.errors import UserError
from edgewise.perceive.perceive import MAX_CHARACTERS, clean, language_of, perceive
from tests.each_row import each_row


def request(text: str, speaker: Speaker | None = None) -> Request:
    return Request((TextPart(text),), speaker=speaker or Speaker())


@given(st.text(st.characters(), max_size=200))
def test_any_string_is_cleaned_and_cleaning_again_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()


def test_control_characters_become_spaces() -> None:
    assert clean("open\x00the\x1b[31m window\r\n") == "open the window"


def test_a_text_of_the_limit_is_taken_and_one_more_is_not() -> None:
    assert perceive(request("a" * MAX_CHARACTERS)).text
    with pytest.raises(UserError, match=r"2,001 characters, the limit is 2,000"):
        perceive(request("a" * (MAX_CHARACTERS + 1)))


@each_row(
    ("text", "language"),
    [
        ("open the window", Language.ENGLISH),
        ("打开车窗", Language.CHINESE),
        ("打开 Bluetooth", Language.CHINESE),
        ("", Language.ENGLISH),
    ],
)
def test_the_language_is_told_by_the_script(text: str, language: Language) -> None:
    assert language_of(text) is language


@each_row("text", ["", "22", "22.5", "!?", "ok", "OK.", "Okay!", "ＯＫ", "👍", "100%"])
def test_what_tells_no_language_is_in_the_one_that_was_set(text: str) -> None:
    for language in Language:
        assert language_of(text, language) is language
        assert perceive(request(text), language).language is language
    assert language_of(text) is Language.ENGLISH


@pytest.mark.parametrize(("text", "language"), [("ok stop", "en"), ("22度", "zh"), ("yes", "en")])
def test_what_tells_its_language_is_not_changed_by_a_setting(text: str, language: str) -> None:
    assert {language_of(text, unclear) for unclear in Language} == {Language(language)}


def test_words_carry_the_seat_they_came_from() -> None:
    label = perceive(request("hi", Speaker(Zone.PASSENGER, Channel.VOICE))).label
    assert [(o.kind, o.detail) for o in label.origins] == [(OriginKind.VOICE, "passenger")]


@pytest.mark.parametrize("channel", [Channel.API, Channel.MCP, Channel.CLOUD])
def test_a_program_is_labelled_as_a_program(channel: Channel) -> None:
    label = perceive(request("hi", Speaker(None, channel))).label
    assert [(o.kind, o.detail) for o in label.origins] == [(OriginKind.CLIENT, channel)]


@each_row(
    ("text", "kept"),
    [
        ("open the window\n\nlock the doors", "open the window, lock the doors"),
        ("打开空调\r\n锁车", "打开空调，锁车"),
        ("Open the window.\nLock the doors.\n", "Open the window. Lock the doors."),
        ("open the\x1b[31m window\x1b[0m", "open the window"),
    ],
)
def test_a_new_line_begins_a_new_sentence_and_a_terminal_s_colours_say_nothing(
    text: str, kept: str
) -> None:
    assert clean(text) == kept
