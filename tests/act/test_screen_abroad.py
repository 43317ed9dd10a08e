"""What weighs on a button in another language weighs as it does in English."""

from edgewise.act.screen_abroad import (
    COMMITS_ABROAD,
    COMMITS_IN_LETTERS,
    PAYS_ABROAD,
    PAYS_IN_LETTERS,
    YES_ABROAD,
    YES_IN_LETTERS,
)
from edgewise.act.screen_words import commits, is_neutral, pays
from tests.each_row import each_row


@each_row("words", [*COMMITS_ABROAD, *COMMITS_IN_LETTERS])
def test_what_sends_or_deletes_abroad_commits(words: str):
    assert commits(words)
    assert "ı" in words or commits(words.upper())


@each_row("words", [*PAYS_ABROAD, *PAYS_IN_LETTERS])
def test_what_pays_abroad_pays(words: str):
    assert pays(words)


@each_row("words", [*YES_ABROAD, *YES_IN_LETTERS])
def test_a_yes_abroad_is_a_yes(words: str):
    assert is_neutral(words)


@each_row("words", ["Settings", "Sender", "Teil 1", "设置", "Delta", "Saturday", "History"])
def test_other_words_are_none_of_these(words: str):
    assert not commits(words)
    assert not pays(words)
