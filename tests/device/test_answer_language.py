"""An answer in another language than its question's is none, and none of it is heard."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from edgewise.core.event import Came, TextDelta, Weighed
from edgewise.core.words import Language
from edgewise.device.answer_language import in_language
from tests.cloud.strange_upstream import events
from tests.device.test_reach import ask, connected, end_of

NONSENSE = "The the cow is a is of the sky because the moo is a very the and so it is good to"


async def _pieces(text: str) -> AsyncGenerator[str, None]:
    for start in range(0, len(text), 3):
        yield text[start : start + 3]


async def _heard(text: str, language: Language, question: str = "为什么天是蓝的") -> str | None:
    wrong: list[bool] = []
    told = in_language(_pieces(text), language, question, lambda: wrong.append(True))
    heard = "".join([piece async for piece in told])
    assert not (wrong and heard)
    return None if wrong else heard


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("天空因为瑞利散射而呈蓝色。", Language.CHINESE),
        ("Rayleigh scattering（瑞利散射）", Language.CHINESE),
        ("42", Language.CHINESE),
        ("Albert Einstein", Language.CHINESE),
        ("The sky is blue", Language.ENGLISH),
        ("It means 你好", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
async def test_an_answer_in_the_language_of_the_question_is_heard_whole(
    text: str, language: Language
):
    assert await _heard(text, language) == text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (NONSENSE, Language.CHINESE),
        ("The sky is blue.", Language.CHINESE),
        ("天空因为瑞利散射而呈蓝色。", Language.ENGLISH),
    ],
)
async def test_of_an_answer_in_another_nothing_is_heard(text: str, language: Language):
    assert await _heard(text, language) is None


async def test_a_question_about_a_language_may_be_answered_in_any():
    assert await _heard(NONSENSE, Language.CHINESE, "把这句话翻译成英语") == NONSENSE


async def test_a_cloud_that_does_not_know_the_language_is_left_and_then_not_asked(tmp_path: Path):
    chunk = (
        b'{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":'
        b'{"content":"%s"},"finish_reason":"stop"}]}' % NONSENSE.encode()
    )

    def answer(head: bytes, body: bytes) -> bytes:
        return events(chunk, b"[DONE]")

    async with connected(tmp_path, answer=answer) as (device, cloud):
        found = await ask(device, "为什么牛会哞哞叫")
        (came,) = [event for event in found if isinstance(event, Came)]
        assert came.failed == "wrong_language"
        assert "没有用您的语言作答" in end_of(found).text
        assert NONSENSE[:9] not in str([one for one in found if isinstance(one, TextDelta)])
        await ask(device, "为什么猪会哼哼叫")
        asked = len(cloud.bodies)
        found = await ask(device, "为什么鸭子会嘎嘎叫")
        assert len(cloud.bodies) == asked, "it is not asked any more"
        weighed = next(event for event in found if isinstance(event, Weighed))
        assert "不懂 zh" in str(weighed.routing) or "does not know zh" in str(weighed.routing)
        assert end_of(await ask(device, "why do cows moo")).source == "step"
