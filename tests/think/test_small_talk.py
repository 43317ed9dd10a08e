"""Courtesy is answered without a model, in the language it was said in."""

from edgewise.core.words import Language
from edgewise.think.small_talk import feeling, small_talk
from tests.each_row import each_row


@each_row("text", ["谢谢", "Thanks!", "你好。", "hello", "再见", "who are you?", "你是谁"])
def test_courtesy_is_answered_and_calls_nothing(text: str) -> None:
    thought = small_talk(text)
    assert thought is not None
    assert thought.calls == ()
    assert thought.question is not None
    assert thought.question.said_in(Language.CHINESE)


@each_row("text", ["谢谢你打开车窗", "hello world program", "open the window", ""])
def test_anything_longer_is_thought_about(text: str) -> None:
    assert small_talk(text) is None


@each_row(
    ("text", "part"),
    [
        ("see you later", "Goodbye"),
        ("谢谢你啊", "不客气"),
        ("hello again everyone", "Hello"),
        ("well done, great", "All right"),
        ("I had a terrible day at work", "sorry"),
        ("I’m so bored", "sorry"),
        ("好无聊啊", "辛苦"),
        ("I just got a promotion!", "congratulations"),
        ("我升职了！", "恭喜"),
        ("I'm really tired", "take a break"),
        ("我今天好累", "休息"),
    ],
)
def test_how_somebody_feels_gets_a_few_kind_words(text: str, part: str) -> None:
    thought = feeling(text)
    assert thought is not None
    assert thought.calls == ()
    assert thought.question is not None
    assert part in thought.question.en + thought.question.zh


@each_row(
    "text",
    [
        "open the window",
        "are you bored?",
        "I'm so bored " * 9,
        "我要去结婚登记处",
        "困难的问题",
        "",
    ],
)
def test_what_is_asked_or_told_at_length_is_no_feeling(text: str) -> None:
    assert feeling(text) is None
