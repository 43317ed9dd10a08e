"""The scripted model is strict: what is not in the script fails the test that uses it."""

import asyncio

import pytest

from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.testing.model import ScriptedModel, Step
from edgewise.think.chat import ChatPrompt, ChatTurn, Role


def ask(text: str) -> ChatPrompt:
    return ChatPrompt("", (ChatTurn(Role.USER, text),))


async def answer(model: ScriptedModel, text: str) -> list[str]:
    return [piece async for piece in model.reply(ask(text), deadline_s=1, max_tokens=10)]


async def test_it_plays_its_steps_in_order():
    with ScriptedModel([Step("hi", ("Hel", "lo")), Step("bye", ("See you",))]) as model:
        assert await answer(model, "hi") == ["Hel", "lo"]
        assert await answer(model, "bye") == ["See you"]
        assert [prompt.turns[-1].text for prompt in model.prompts] == ["hi", "bye"]


async def test_an_unexpected_question_fails():
    with pytest.raises(AssertionError, match="asked 'hello', expected 'hi'"):
        await answer(ScriptedModel([Step("hi")]), "hello")


async def test_a_question_after_the_last_step_fails():
    with pytest.raises(AssertionError, match="the script is over"):
        await answer(ScriptedModel([]), "hi")


async def test_a_step_left_over_fails():
    with pytest.raises(AssertionError, match=r"never asked: \['hi'\]"), ScriptedModel([Step("hi")]):
        pass


async def test_a_question_after_closing_fails():
    model = ScriptedModel([Step("hi")])
    await model.close()
    with pytest.raises(AssertionError, match="closed"):
        await answer(model, "hi")


async def test_it_raises_the_error_of_a_step_after_its_pieces():
    model = ScriptedModel([Step("hi", ("Hel",), ModelError("crashed", code="model_crashed"))])
    reply = model.reply(ask("hi"), deadline_s=1, max_tokens=1)
    assert await anext(reply) == "Hel"
    with pytest.raises(ModelError, match="crashed"):
        await anext(reply)


async def test_a_gated_step_waits_and_notices_that_nobody_listens():
    model = ScriptedModel([Step("hi", ("Hello",), gate=asyncio.Event())])
    task = asyncio.ensure_future(answer(model, "hi"))
    await asyncio.wait([task], timeout=0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.cancelled == 1


def test_it_says_which_languages_it_speaks():
    assert ScriptedModel([], languages=(Language.ENGLISH,)).languages == (Language.ENGLISH,)
