"""LiteLLM as a client of the platform: chat, tools, structured output, responses, embeddings.

It is installed in this judge's environment alone and is no dependency of Edgewise.
"""

import json
from typing import Any

import litellm
from pydantic import BaseModel

from judges.cases import BASE_URL, EMBEDDING_MODEL, KEY, MODEL, case, main

HERE: dict[str, Any] = {"api_base": BASE_URL, "api_key": KEY, "max_retries": 0, "timeout": 20}
CHAT = f"openai/{MODEL}"
WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
CLOCK: dict[str, Any] = {
    "type": "function",
    "function": {**WEATHER["function"], "name": "get_clock"},
}
BOTH = "the weather and the clock in Oslo"


class City(BaseModel):
    name: str
    people: int


def user(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


@case("completion with usage")
def completion() -> None:
    made: Any = litellm.completion(model=CHAT, messages=user("hello there"), **HERE)
    assert made.choices[0].message.content == "hello there"
    assert made.usage.completion_tokens == 2


@case("completion, asynchronous")
async def acompletion() -> None:
    made: Any = await litellm.acompletion(model=CHAT, messages=user("hello there"), **HERE)
    assert made.choices[0].message.content == "hello there"


@case("stream with usage")
def stream() -> None:
    chunks: list[Any] = list(
        litellm.completion(
            model=CHAT,
            messages=user("a b c"),
            stream=True,
            stream_options={"include_usage": True},
            **HERE,
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "a b c", text
    assert any(getattr(chunk, "usage", None) for chunk in chunks)


@case("parallel tools, whole and in a stream")
def tools() -> None:
    asked: dict[str, Any] = {"model": CHAT, "messages": user(BOTH), "tools": [WEATHER, CLOCK]}
    made: Any = litellm.completion(**asked, **HERE)
    names = [call.function.name for call in made.choices[0].message.tool_calls]
    assert names == ["get_weather", "get_clock"], names
    chunks: list[Any] = list(litellm.completion(**asked, **HERE, stream=True))
    whole: Any = litellm.stream_chunk_builder(chunks)
    calls = whole.choices[0].message.tool_calls
    assert [call.function.name for call in calls] == ["get_weather", "get_clock"]
    assert all(json.loads(call.function.arguments) for call in calls)


@case("structured output")
def structured() -> None:
    made: Any = litellm.completion(
        model=CHAT, messages=user("the city 'Oslo' of 700000"), response_format=City, **HERE
    )
    city = City.model_validate_json(made.choices[0].message.content)
    assert city == City(name="Oslo", people=700000), city


@case("responses, whole and in a stream")
def responses() -> None:
    made: Any = litellm.responses(model=CHAT, input="hello there", **HERE)
    assert made.output[0].content[0].text == "hello there"
    kinds = [
        str(event.type) for event in litellm.responses(model=CHAT, input="a b", stream=True, **HERE)
    ]
    assert "completed" in kinds[-1].lower(), kinds


@case("embeddings")
def embeddings() -> None:
    made: Any = litellm.embedding(
        model=f"openai/{EMBEDDING_MODEL}", input=["one", "two"], encoding_format="float", **HERE
    )
    assert len(made.data) == 2


@case("messages: Anthropic's shape")
def messages() -> None:
    made: Any = litellm.completion(
        model=f"anthropic/{MODEL}",
        messages=user("hello there"),
        api_base=BASE_URL.removesuffix("/v1"),
        api_key=KEY,
        max_tokens=50,
    )
    assert made.choices[0].message.content == "hello there"


@case("errors have its classes")
def errors() -> None:
    for kind, changed in (
        (litellm.AuthenticationError, {"api_key": "sk-wrong"}),
        (litellm.NotFoundError, {"model": "openai/nobody"}),
        (litellm.BadRequestError, {"temperature": 9}),
    ):
        asked = {"model": CHAT, "messages": user("x"), **HERE, **changed}
        try:
            litellm.completion(**asked)
        except kind:
            continue
        raise AssertionError(f"no {kind.__name__}")


if __name__ == "__main__":
    main()
