"""Who answers a voice device before its agent is there, and before it is anyone's."""

import asyncio

import pytest

from edgewise.cloud.xiaozhi.minds import ActivationMind, ComingMind
from edgewise.core.words import Language
from edgewise.errors import LinkError
from edgewise.talk.mind import Answer, Question, Say
from tests.talk.fakes import FakeMind

QUESTION = Question((), Language.ENGLISH)


async def test_words_wait_for_the_agent():
    coming = ComingMind()
    answers: list[Answer] = []

    async def ask() -> None:
        answers.extend([answer async for answer in coming.answer(QUESTION)])

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0)
    assert not await coming.is_urgent("stop")
    coming.set(FakeMind([Say("Here.")]))
    await asking
    assert answers == [Say("Here.")]
    assert await coming.is_urgent("stop")


async def test_they_do_not_wait_for_ever():
    with pytest.raises(LinkError) as told:
        async for _ in ComingMind(ready_s=0.01).answer(QUESTION):
            pass
    assert told.value.code == "not_ready"


@pytest.mark.parametrize("language", list(Language))
async def test_a_device_of_nobody_says_its_code_digit_by_digit(language: Language):
    mind = ActivationMind("482913", language)
    said = [answer async for answer in mind.answer(QUESTION)]
    assert len(said) == 1
    assert isinstance(said[0], Say)
    assert "4 8 2 9 1 3" in said[0].text
