"""A chat model as the mind of a conversation: what it is shown, what it says, what it costs."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.cloud.refusal import Refused
from edgewise.cloud.talk_mind import NO_PICTURE, NO_RESULT, SPOKEN, PlatformMind, body_of
from edgewise.core.part import ImagePart
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.mind import Answer, Ask, Counted, Question, Say, Tool
from edgewise.talk.realtime.pictures import Pictures

CALLER = Caller("k", KeyKind.DEVELOPER, "o", "p")
PICTURE = "data:image/png;base64,AAAA"


class Gateway:
    """Streams these chunks; strict about who asks and where it is entered."""

    def __init__(self, *chunks: dict[str, Any], failure: Refused | None = None) -> None:
        self._chunks = chunks
        self._failure = failure
        self.closed = asyncio.Event()
        self.bodies: list[dict[str, Any]] = []

    def check_at_once(self, caller: Caller) -> None:
        raise AssertionError("no body is read")

    async def complete(self, *_: Any, **__: Any) -> dict[str, Any]:
        raise AssertionError("a conversation streams")

    async def stream(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        is_stream: bool = True,
        until: float | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        assert (caller, endpoint, is_stream, until) == (CALLER, Endpoint.REALTIME, True, None)
        self.bodies.append(body)
        if self._failure is not None:
            raise self._failure
        try:
            for chunk in self._chunks:
                yield chunk
        finally:
            self.closed.set()


def delta(finish: str | None = None, **said: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": said, "finish_reason": finish}]}


def question(*items: Item, **terms: Any) -> Question:
    return Question(items, Language.ENGLISH, **terms)


def said(text: str, who: Who = Who.PERSON) -> Item:
    return Item(f"i-{text}", who, text)


async def answers(gateway: Gateway, asked: Question) -> list[Answer]:
    mind = PlatformMind(gateway, lambda: CALLER, "m", Pictures())
    return [answer async for answer in mind.answer(asked)]


async def test_words_calls_and_counts_come_in_order_and_calls_whole():
    call = {"index": 0, "id": "c1", "function": {"name": "weather", "arguments": '{"ci'}}
    more = {"index": 0, "function": {"arguments": 'ty":1}'}}
    other = {"index": 1, "id": "c2", "function": {"name": "time", "arguments": ""}}
    gateway = Gateway(
        delta(content="One "),
        delta(content="moment."),
        delta(tool_calls=[call]),
        delta(tool_calls=[more, other]),
        delta("tool_calls"),
        {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}},
    )
    assert await answers(gateway, question(said("hi"))) == [
        Say("One "),
        Say("moment."),
        Ask("c1", "weather", '{"city":1}'),
        Ask("c2", "time", "{}"),
        Counted(9, 4),
    ]


async def test_an_answer_that_ran_out_of_tokens_says_so():
    (_, counted) = await answers(Gateway(delta("length", content="so")), question(said("hi")))
    assert counted == Counted(0, 0, is_cut=True)


async def test_a_refusal_of_the_platform_is_the_answers_failure_by_its_code():
    gateway = Gateway(failure=Refused(402, "budget_exceeded", "the budget is spent"))
    with pytest.raises(UserError) as failed:
        await answers(gateway, question(said("hi")))
    assert (failed.value.code, str(failed.value)) == ("budget_exceeded", "the budget is spent")


async def test_closing_an_answer_stops_the_upstream():
    gateway = Gateway(delta(content="a"), delta(content="b"))
    generator = PlatformMind(gateway, lambda: CALLER, "m", Pictures()).answer(question(said("hi")))
    assert await anext(generator) == Say("a")
    await generator.aclose()
    assert gateway.closed.is_set()


async def test_no_word_is_urgent_where_nothing_moves():
    assert not await PlatformMind(Gateway(), lambda: CALLER, "m", Pictures()).is_urgent("stop")


def test_the_model_is_shown_the_terms_and_the_conversation():
    tool = Tool("weather", "tells it", {"type": "object"})
    body = body_of(
        "m",
        question(
            said("be kind", Who.SYSTEM),
            said("hi"),
            said("hello", Who.AGENT),
            said(""),
            instructions="Be brief.",
            tools=(tool,),
            tool_choice="weather",
            most_tokens=7,
            temperature=0.5,
            by_sound=True,
        ),
        Pictures(),
    )
    assert body["messages"] == [
        {"role": "system", "content": f"Be brief.\n\n{SPOKEN}"},
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "hello"},
    ]
    assert body["tools"][0]["function"]["name"] == "weather"
    assert body["tool_choice"] == {"type": "function", "function": {"name": "weather"}}
    assert (body["max_tokens"], body["temperature"]) == (7, 0.5)


def test_a_calls_result_stands_behind_it_wherever_it_came_and_one_without_is_said():
    call = Item("a", Who.AGENT, call="c", name="f", arguments="{}")
    open_call = Item("b", Who.AGENT, call="d", name="f", arguments="{}")
    result = Item("r", Who.PERSON, call="c", output="4")
    stray = Item("s", Who.PERSON, call="x", output="5")
    messages = body_of("m", question(call, open_call, said("and?"), result, stray), Pictures())[
        "messages"
    ]
    assert [one["role"] for one in messages] == [
        "assistant", "tool", "assistant", "tool", "user", "user",
    ]  # fmt: skip
    assert (messages[1]["content"], messages[3]["content"]) == ("4", NO_RESULT)
    assert "5" in messages[5]["content"]


def test_a_picture_goes_along_as_long_as_it_is_kept():
    pictures = Pictures()
    part = pictures.keep(PICTURE, "p")
    gone = ImagePart("0" * 64, "image/png", 0, 0)
    item = Item("i", Who.PERSON, "what?", (part, gone))
    (message,) = body_of("m", question(item), pictures)["messages"]
    assert message["content"] == [
        {"type": "text", "text": "what?"},
        {"type": "image_url", "image_url": {"url": PICTURE}},
        {"type": "text", "text": NO_PICTURE},
    ]
