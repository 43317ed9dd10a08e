"""A model that only talks may not say that it did something: claims are found, knowledge is not."""

import pytest

from edgewise.core.words import Language
from edgewise.think.honesty import (
    NOT_BY_GUESS,
    ONLY_WORDS,
    SYSTEM,
    can_do_harm,
    claims_action,
    is_acknowledgement,
    only_words,
)
from tests.each_row import each_row

CLAIMS = [
    "I have opened the window.",
    "I’ve turned off the lights for you!",
    "I opened it.",
    "I've just gone ahead and set the temperature to 22 degrees.",
    "Okay, I have now locked all doors",
    "**Done!**",
    "Sure, done.",
    "Done, the window is open.",
    "It's done.",
    "Consider it done.",
    "The window is now open.",
    "The driver's window has been opened.",
    "Your message has been sent.",
    "Your message was sent successfully.",
    "Your alarm is set.",
    "Window opened.",
    "Temperature set to 22 degrees.",
    "Sure! Message sent.",
    "I'm opening the window now.",
    "I am now calling your mother.",
    "I will open the window for you.",
    "I'll turn on the heating.",
    "Let me call her.",
    "Let me go ahead and book that.",
    "Opening the window now.",
    "Calling Mom...",
    "Setting the temperature for you.",
    "We have started the navigation.",
    "I did it.",
    "I have done that for you.",
    "I just sent your message.",
    "The lights are being dimmed.",
    "All set? Yes, everything is done.",
    "I'm going to lock the doors.",
    "我已经打开了车窗。",
    "已为您打开车窗。",
    "好的,已经帮你关闭空调。",
    "好的，正在拨打妈妈的电话。",
    "车窗已打开。",
    "我帮你把温度调到22度了。",
    "搞定了!",
    "好的，我会帮您打开空调。",
    "空调已经设置为22度",
    "我打开了天窗。",
]

INNOCENT = [
    "A window lets in light and air.",
    "The Eiffel Tower was completed in 1889.",
    "The first text message was sent in 1992.",
    "I don't know.",
    "I am a small language model and may be wrong.",
    "I'm doing well, thank you.",
    "I cannot open the window.",
    "I can't call anyone.",
    "Opening a window can let fresh air in.",
    "You can lock the doors with the key.",
    "To set the temperature, say it as a command.",
    "Rain is water that falls from clouds.",
    "A car battery is charged by the alternator.",
    "Why did the chicken cross the road? To get to the other side.",
    "The engine turns fuel into motion.",
    "It is best to have it done by a mechanic.",
    "Tires should be checked every month.",
    "The capital of France is Paris.",
    "Thanks are sent by people who are polite.",
    "I think Mozart is worth hearing.",
    "我是一个小型语言模型，可能会说错。",
    "北京是中国的首都。",
    "打开车窗可以让新鲜空气进来。",
    "我不能打开车窗。",
    "中国的高铁里程世界第一。",
    "",
]


@each_row("text", CLAIMS)
def test_a_sentence_that_claims_an_action_is_found(text: str):
    assert claims_action(text)


@each_row("text", INNOCENT)
def test_a_sentence_that_only_tells_something_passes(text: str):
    assert not claims_action(text)


@pytest.mark.parametrize("language", list(Language))
def test_our_own_sentences_pass_the_rule_they_stand_for(language: Language):
    assert not claims_action(ONLY_WORDS.said_in(language))
    assert only_words(language) == ONLY_WORDS.said_in(language)
    assert SYSTEM.said_in(language)
    assert not claims_action(NOT_BY_GUESS.said_in(language))


@each_row("text", ["Sure!", "Of course.", "OK", "好的。", "没问题！"])
def test_an_acknowledgement_is_known_as_such(text: str):
    assert is_acknowledgement(text)


def test_an_answer_that_starts_with_yes_is_no_mere_acknowledgement():
    assert not is_acknowledgement("Yes, water boils at 100 degrees.")


@each_row(
    "question",
    [
        "Is it dangerous to drive tired?",
        "How many beers can I drink before driving?",
        "What dose of ibuprofen is right?",
        "My chest hurts, what is it?",
        "How do I change a flat tire?",
        "What does the brake warning light mean?",
        "疲劳驾驶危险吗？",
        "孩子发烧怎么办",
        "喝一瓶啤酒能开车吗？",
    ],
)
def test_a_question_whose_wrong_answer_could_hurt_is_found(question: str):
    assert can_do_harm(question)


@each_row(
    "question",
    [
        "What is the capital of Japan?",
        "Tell me a joke",
        "Why is the sky blue?",
        "Who wrote Hamlet?",
        "日本的首都是哪里？",
        "讲个笑话",
    ],
)
def test_a_harmless_question_passes(question: str):
    assert not can_do_harm(question)
