"""The official `anthropic` SDK for Python over `/v1/messages`."""

from typing import Any

import anthropic
from anthropic import Anthropic, AsyncAnthropic

from judges.cases import ADDRESS, KEY, MODEL, case, main

WEATHER: dict[str, Any] = {
    "name": "get_weather",
    "description": "The weather of a city",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    },
}
CLOCK: dict[str, Any] = {
    "name": "get_clock",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
BOTH = "weather in Oslo for 3 days, and the clock there"


def client(key: str = KEY) -> Anthropic:
    return Anthropic(base_url=ADDRESS, api_key=key, max_retries=0, timeout=20)


def asked(text: str, **more: Any) -> dict[str, Any]:
    return {
        "model": MODEL,
        "max_tokens": 200,
        "messages": [{"role": "user", "content": text}],
        **more,
    }


@case("a message with usage")
def message() -> None:
    made = client().messages.create(**asked("hello over there", system="echo"))
    assert made.type == "message"
    assert made.content[0].text == "hello over there"  # type: ignore[union-attr]
    assert made.stop_reason == "end_turn"
    assert made.usage.output_tokens == 3
    assert made.usage.input_tokens > 0


@case("a limit ends in max_tokens, a stop sequence in stop_sequence")
def limits() -> None:
    made = client().messages.create(**asked("one two three", max_tokens=2))
    assert made.stop_reason == "max_tokens"
    made = client().messages.create(**asked("one two three", stop_sequences=["three"]))
    assert made.content[0].text.strip() == "one two"  # type: ignore[union-attr]


@case("a stream of raw events")
def stream() -> None:
    kinds = [event.type for event in client().messages.create(**asked("a b c"), stream=True)]
    assert kinds[0] == "message_start"
    assert kinds[-1] == "message_stop"
    assert kinds.count("content_block_delta") == 3
    assert kinds[-2] == "message_delta"


@case("the stream helper gathers text and the final message")
def stream_helper() -> None:
    with client().messages.stream(**asked("a b c")) as streamed:
        assert "".join(streamed.text_stream) == "a b c"
        final = streamed.get_final_message()
    assert final.usage.output_tokens == 3


@case("the stream of the asynchronous client")
async def stream_async() -> None:
    async with (
        AsyncAnthropic(base_url=ADDRESS, api_key=KEY, max_retries=0) as aclient,
        aclient.messages.stream(**asked("a b c")) as streamed,
    ):
        assert await streamed.get_final_text() == "a b c"


@case("a tool call and its result")
def tools() -> None:
    body = asked("the weather in Oslo for 3 days", tools=[WEATHER])
    made = client().messages.create(**body)
    assert made.stop_reason == "tool_use"
    call = next(block for block in made.content if block.type == "tool_use")
    assert call.input == {"city": "Oslo", "days": 3}
    body["messages"] += [
        {"role": "assistant", "content": made.content},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": call.id, "content": "sunny"}],
        },
    ]
    made = client().messages.create(**body)
    assert made.content[0].text == "sunny"  # type: ignore[union-attr]


@case("parallel tool calls in a stream")
def parallel_tools() -> None:
    with client().messages.stream(**asked(BOTH, tools=[WEATHER, CLOCK])) as streamed:
        final = streamed.get_final_message()
    calls = [block for block in final.content if block.type == "tool_use"]
    assert [call.name for call in calls] == ["get_weather", "get_clock"]
    assert calls[0].input == {"city": "Oslo", "days": 3}


@case("tool_choice: any, none, a named tool, not parallel")
def tool_choice() -> None:
    def called(text: str, choice: dict[str, Any]) -> list[str]:
        body = asked(text, tools=[WEATHER, CLOCK], tool_choice=choice)
        made = client().messages.create(**body)
        return [block.name for block in made.content if block.type == "tool_use"]

    assert called("nothing to do with it", {"type": "any"})
    assert called(BOTH, {"type": "tool", "name": "get_clock"}) == ["get_clock"]
    assert called(BOTH, {"type": "none"}) == []
    assert len(called(BOTH, {"type": "auto", "disable_parallel_tool_use": True})) == 1


@case("an image part passes through")
def image() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    content = [{"type": "text", "text": "what is this"}, {"type": "image", "source": source}]
    made = client().messages.create(**asked("", messages=[{"role": "user", "content": content}]))
    assert made.content[0].text == "what is this"  # type: ignore[union-attr]
    assert made.usage.input_tokens > 50


@case("tokens are counted")
def count() -> None:
    made = client().messages.count_tokens(
        model=MODEL, messages=[{"role": "user", "content": "one two three"}]
    )
    assert made.input_tokens > 0


@case("errors: wrong key, unknown model, bad request")
def errors() -> None:
    for kind, ask in (
        (anthropic.AuthenticationError, lambda: client("x").messages.create(**asked("a"))),
        (anthropic.NotFoundError, lambda: client().messages.create(**asked("a", model="nobody"))),
        (anthropic.BadRequestError, lambda: client().messages.create(**asked("a", messages=[]))),
    ):
        assert raised(kind, ask).body["type"] == "error"


def raised(kind: type[Any], ask: Any) -> Any:
    try:
        ask()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__} was raised")


if __name__ == "__main__":
    main()
