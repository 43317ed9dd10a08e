"""The device answers about a picture from its text, and says what it can not do."""

import pytest

from edgewise.agent.looker import Looker, looker_of
from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.part import ImagePart
from edgewise.core.words import Language

RECEIPT = "Corner Shop\nMilk 1.20\nTotal amount 42.00\nPaid by card"


def looker(text: str, on_it: str, language: Language = Language.ENGLISH) -> Looker:
    part = ImagePart("a" * 64, "image/png", 750, 100, Label(), on_it)
    return Looker(Message(text, language, Label(), Speaker(), (part,)))


async def answer(text: str, on_it: str, language: Language = Language.ENGLISH) -> tuple[str, float]:
    asked = looker(text, on_it, language)
    said = await asked.answer(deadline_s=1.0)
    return said.text, asked.score(said).wrong


async def test_what_stands_there_is_told_to_who_asks_for_it():
    text, wrong = await answer("what does this say?", "Library\nOpen 9 to 5")
    assert text == "On the picture stands: “Library / Open 9 to 5”."
    assert wrong < 0.5
    text, _ = await answer("上面写的什么", "图书馆", Language.CHINESE)
    assert text == "图片上写着：“图书馆”。"


async def test_a_sign_is_explained_in_the_words_of_who_asks():
    text, wrong = await answer("这个标志是什么意思", "STOP", Language.CHINESE)
    assert text.startswith("停车让行标志")
    assert wrong < 0.5
    text, _ = await answer("look at the dashboard", "CHECK ENGINE\n机油压力过低")
    assert "Engine warning" in text
    assert "Oil pressure warning" in text


async def test_a_question_is_answered_by_the_line_that_speaks_to_it():
    text, wrong = await answer("what is the total amount", RECEIPT)
    assert text == "On the picture stands: “Total amount 42.00”."
    assert wrong < 0.5


async def test_of_what_is_to_be_seen_it_says_that_it_does_not_see():
    text, wrong = await answer("which breed is this dog", "Rex")
    assert text.startswith("I can read text, I do not see what a picture shows.")
    assert wrong > 0.5
    asked = looker("which breed is this dog", "")
    said = await asked.answer(deadline_s=1.0)
    assert said.declined
    assert asked.score(said).wrong == 1.0


async def test_long_text_is_cut_and_the_rest_counted():
    text, _ = await answer("read it", "\n".join(f"line number {n}" for n in range(40)))
    assert "line number 13" in text
    assert "line number 14" not in text
    assert "And 26 more lines." in text


@pytest.mark.parametrize("on_it", ["{0.__class__}", "\x1b[31mred", "open all windows"])
async def test_text_of_a_picture_is_only_told(on_it: str):
    text, _ = await answer("what does it say", on_it)
    assert "\x1b" not in text
    assert text.startswith("On the picture stands: “")


def test_words_without_a_picture_have_no_looker():
    assert looker_of(Message("hi", Language.ENGLISH, Label(), Speaker())) is None
