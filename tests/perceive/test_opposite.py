"""The words that decide what an order does."""

import pytest

from edgewise.core.words import Language
from edgewise.perceive.opposite import changes_between, deciding_words, telling_words


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("lock the doors", "unlock the doors"),
        ("turn the lights on", "turn the lights off"),
        ("open the left window", "open the right window"),
        ("don't call Bob", "call Bob"),
        ("set it to fifteen degrees", "set it to fifty degrees"),
        ("set it to 18 degrees", "set it to 28 degrees"),
        ("warm the driver's seat", "warm the passenger's seat"),
        ("cancel the navigation", "the navigation"),
        ("I won't open the window", "I want open the window"),
        ("you shouldn't lock it", "you should lock it"),
        ("dont lock it", "do lock it"),
        ("nobody open the windows", "body open the windows"),
        ("lunch on Monday", "lunch on Sunday"),
        ("wake me tomorrow morning", "wake me today"),
        ("play the next song", "play the last song"),
        ("add milk to the list", "remove milk from the list"),
    ],
)
def test_two_orders_differ_in_what_decides(text: str, other: str):
    assert deciding_words(text, Language.ENGLISH) != deciding_words(other, Language.ENGLISH)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Set it to twenty two degrees.", "set it to 22 degrees"),
        ("Open the window", "open the widow"),
        ("shut the boot", "Close the boots"),
        ("do n't", "do nt"),
        ("don’t open it", "Don't open it!"),
        ("twenty thirty", "20 30"),
    ],
)
def test_one_order_in_two_spellings_does_not(text: str, other: str):
    assert deciding_words(text, Language.ENGLISH) == deciding_words(other, Language.ENGLISH)


def test_chinese_is_read_by_its_characters():
    assert deciding_words("别打开左边的车窗", Language.CHINESE) == ("别", "开", "左")
    assert deciding_words("调到28度", Language.CHINESE) == ("2", "8")
    assert deciding_words("导航去外滩", Language.CHINESE) == ("外",)


def test_where_two_texts_differ_is_told_in_both():
    assert changes_between("打开车窗", "打开天窗") == [(2, 3, 2, 3)]
    assert changes_between("打开", "别打开") == [(0, 0, 0, 1)]


@pytest.mark.parametrize(
    ("told", "order"),
    [
        ("Who opened the window?", "opened the window"),
        ("why is the child lock on", "where is the child lock on"),
        ("Was the sunroof open", "the sunroof open"),
        ("if the window is open", "the window is open"),
        ("I turned on the fog lights", "I turn on the fog lights"),
        ("they've locked the doors", "they lock the doors"),
        ("you opened it yesterday", "you open it"),
    ],
)
def test_what_asks_or_tells_differs_from_an_order(told: str, order: str):
    assert telling_words(told, Language.ENGLISH) != telling_words(order, Language.ENGLISH)


def test_an_order_asks_and_tells_nothing():
    for text in ("What's the time", "What is the time?"):
        assert telling_words(text, Language.ENGLISH) == ("what",)
    assert telling_words("turn on the heated seats", Language.ENGLISH) == ()
    assert telling_words("打开车窗", Language.CHINESE) == ()
    assert telling_words("谁昨天打开了车窗", Language.CHINESE) == ("谁", "昨天")
    assert telling_words("车窗打开了吗", Language.CHINESE) == ("吗",)
