from edgewise.think.understanding import home_words as words
from edgewise.think.understanding.home_names import fold


def test_chinese_words_stand_in_the_form_to_which_text_is_folded():
    tables = (words.THINGS, words.DOINGS, words.PLACES, words.STATES, words.COLORS)
    phrases = [phrase for table in tables for each in table.values() for phrase in each.split("|")]
    traditional = set("開關鎖燈門簾閉啟動調設戶廳書雞")
    assert [p for p in phrases if traditional & set(p)] == []
    assert fold("書房") == fold("书房")


def test_no_thing_is_said_by_an_empty_word():
    for table in (words.THINGS, words.DOINGS, words.PLACES, words.STATES, words.COLORS):
        assert all(phrase for each in table.values() for phrase in each.split("|"))


def test_on_and_off_share_no_word():
    assert not set(words.DOINGS["on"].split("|")) & set(words.DOINGS["off"].split("|"))
    assert not set(words.DOINGS["lock"].split("|")) & set(words.DOINGS["unlock"].split("|"))
    assert not set(words.DOINGS["open"].split("|")) & set(words.DOINGS["close"].split("|"))
    assert not set(words.STATES["on"].split("|")) & set(words.STATES["off"].split("|"))
    assert not set(words.STATES["locked"].split("|")) & set(words.STATES["unlocked"].split("|"))
