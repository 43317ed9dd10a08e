"""The official `openai` SDK for Python: what a program written for OpenAI does, done here.

Also run by tests/cloud/test_clients.py, since the SDK is in the test environment.
"""

import asyncio
import base64
import io
import json
import time
from typing import Any

import openai
from openai import AsyncOpenAI, OpenAI
from openai.lib.streaming.chat import ChatCompletionStreamState
from pydantic import BaseModel

from judges.cases import BASE_URL, EMBEDDING_MODEL, KEY, MODEL, NARROW_KEY, case, main

WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city", "days"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}
CLOCK: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_clock",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
_HEAD = "5249464626000000 57415645666d742010000000 01000100401f0000803e000002001000"
_WAV = bytes.fromhex(_HEAD + "6461746102000000 0000")  # of one sample
SOUND = base64.b64encode(_WAV).decode()
RESPONSE_TOOL: dict[str, Any] = {"type": "function", **WEATHER["function"]}
BOTH = "weather in Oslo for 3 days, and the clock there"
BATCH_S = 25.0


class Step(BaseModel):
    explanation: str
    output: str


class Solution(BaseModel):
    steps: list[Step]
    answer: int


class Sum(BaseModel):
    """Add two numbers."""

    left: int
    right: int


def client(key: str = KEY, **given: Any) -> OpenAI:
    return OpenAI(base_url=BASE_URL, api_key=key, max_retries=0, timeout=20, **given)


def user(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


@case("models: list and retrieve")
def models() -> None:
    names = [model.id for model in client().models.list()]
    assert {MODEL, EMBEDDING_MODEL} <= set(names), names
    assert client().models.retrieve(MODEL).object == "model"


@case("chat: a completion with usage")
def completion() -> None:
    made = client().chat.completions.create(model=MODEL, messages=user("hello over there"))
    assert made.choices[0].message.content == "hello over there"
    assert made.choices[0].finish_reason == "stop"
    assert made.usage is not None
    assert made.usage.total_tokens == made.usage.prompt_tokens + made.usage.completion_tokens
    assert made.usage.completion_tokens == 3


@case("chat: the raw reply has a request id and the rate limit headers")
def headers() -> None:
    raw = client().chat.completions.with_raw_response.create(model=MODEL, messages=user("hi"))
    assert raw.headers["x-request-id"]
    assert int(raw.headers["x-ratelimit-limit-requests"]) > 0
    assert int(raw.headers["x-ratelimit-remaining-requests"]) >= 0
    assert raw.parse().choices[0].message.content == "hi"


@case("chat: limits, stop, several choices")
def options() -> None:
    made = client().chat.completions.create(
        model=MODEL, messages=user("one two three four"), max_completion_tokens=2, n=2
    )
    assert [choice.finish_reason for choice in made.choices] == ["length", "length"]
    made = client().chat.completions.create(
        model=MODEL, messages=user("one two three"), stop=["three"]
    )
    assert made.choices[0].message.content == "one two "


@case("chat: image and audio parts pass through")
def parts() -> None:
    content: list[Any] = [
        {"type": "text", "text": "what is this"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
        {"type": "input_audio", "input_audio": {"data": SOUND, "format": "wav"}},
    ]
    messages: list[Any] = [{"role": "user", "content": content}]
    made = client().chat.completions.create(model=MODEL, messages=messages)
    assert made.choices[0].message.content == "what is this"
    assert made.usage is not None
    assert made.usage.prompt_tokens > 100  # the parts were counted, so they had arrived


@case("chat: a stream, with usage in its last chunk")
def stream() -> None:
    chunks = list(
        client().chat.completions.create(
            model=MODEL,
            messages=user("a b c"),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == "a b c"
    assert chunks[-1].usage is not None
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 3


@case("chat: a stream without usage has none")
def stream_without_usage() -> None:
    chunks = list(client().chat.completions.create(model=MODEL, messages=user("a b"), stream=True))
    assert all(chunk.choices for chunk in chunks)
    assert all(chunk.usage is None for chunk in chunks)


@case("chat: the stream helper gathers content and the final completion")
def stream_helper() -> None:
    with client().chat.completions.stream(model=MODEL, messages=user("a b c")) as events:
        told = list(events)
        final = events.get_final_completion()
    deltas = [event.delta for event in told if event.type == "content.delta"]
    assert [delta for delta in deltas if delta] == ["a", " b", " c"]
    assert "content.done" in [event.type for event in told]
    assert final.choices[0].message.content == "a b c"


@case("chat: closing a stream early leaves the platform well")
def stream_closed() -> None:
    asked = '{"test": {"tokens": 400, "delay_ms": 5}}'
    chunks = client().chat.completions.create(model=MODEL, messages=user(asked), stream=True)
    next(iter(chunks))
    chunks.close()
    assert client().chat.completions.create(model=MODEL, messages=user("still here"))


@case("chat: a tool call and its result")
def tools() -> None:
    messages = user("the weather in Oslo for 3 days")
    made = client().chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    said = made.choices[0]
    assert said.finish_reason == "tool_calls"
    (call,) = said.message.tool_calls or []
    assert json.loads(call.function.arguments) == {"city": "Oslo", "days": 3}  # type: ignore[union-attr]
    messages += [
        said.message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "sunny"},
    ]
    made = client().chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    assert made.choices[0].message.content == "sunny"


@case("chat: parallel tool calls, whole and in a stream, by their right index")
def parallel_tools() -> None:
    asked: dict[str, Any] = {"model": MODEL, "messages": user(BOTH), "tools": [WEATHER, CLOCK]}
    whole = client().chat.completions.create(**asked)
    calls = whole.choices[0].message.tool_calls or []
    assert [call.function.name for call in calls] == ["get_weather", "get_clock"]  # type: ignore[union-attr]
    assert len({call.id for call in calls}) == 2
    state = ChatCompletionStreamState(input_tools=asked["tools"])
    indices: set[int] = set()
    for chunk in client().chat.completions.create(**asked, stream=True):
        state.handle_chunk(chunk)
        for choice in chunk.choices:
            indices |= {call.index for call in choice.delta.tool_calls or []}
    assert indices == {0, 1}
    streamed = state.get_final_completion().choices[0].message.tool_calls or []
    assert [call.function.name for call in streamed] == ["get_weather", "get_clock"]
    assert all(json.loads(call.function.arguments)["city"] for call in streamed)


@case("chat: tool_choice is obeyed: none, required, a named function, not parallel")
def tool_choice() -> None:
    asked: dict[str, Any] = {"model": MODEL, "messages": user(BOTH), "tools": [WEATHER, CLOCK]}
    create = client().chat.completions.create
    assert not create(**asked, tool_choice="none").choices[0].message.tool_calls
    named: Any = {"type": "function", "function": {"name": "get_clock"}}
    calls = create(**asked, tool_choice=named).choices[0].message.tool_calls or []
    assert [call.function.name for call in calls] == ["get_clock"]  # type: ignore[union-attr]
    assert len(create(**asked, parallel_tool_calls=False).choices[0].message.tool_calls or []) == 1
    asked["messages"] = user("nothing to do with it")
    assert create(**asked, tool_choice="required").choices[0].message.tool_calls


@case("chat: structured output by parse")
def parse() -> None:
    made = client().chat.completions.parse(
        model=MODEL, messages=user("solve 8x + 7 = -23"), response_format=Solution
    )
    solved = made.choices[0].message.parsed
    assert isinstance(solved, Solution)
    assert solved.steps


@case("chat: structured arguments by parse and pydantic_function_tool")
def parse_tool() -> None:
    made = client().chat.completions.parse(
        model=MODEL,
        messages=user("the sum of 4 and 5"),
        tools=[openai.pydantic_function_tool(Sum)],
    )
    (call,) = made.choices[0].message.tool_calls or []
    assert isinstance(call.function.parsed_arguments, Sum)
    assert call.function.parsed_arguments.left == 4


@case("chat: structured output by a parsed stream")
def parse_stream() -> None:
    with client().chat.completions.stream(
        model=MODEL, messages=user("solve 1 + 1"), response_format=Solution
    ) as events:
        final = events.until_done().get_final_completion()
    assert isinstance(final.choices[0].message.parsed, Solution)


@case("chat: sixteen at once by the asynchronous client")
async def concurrent() -> None:
    async with AsyncOpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0) as aclient:
        made = await asyncio.gather(
            *(
                aclient.chat.completions.create(model=MODEL, messages=user(f"number {n}"))
                for n in range(16)
            )
        )
    assert [m.choices[0].message.content for m in made] == [f"number {n}" for n in range(16)]


@case("responses: create")
def response() -> None:
    made = client().responses.create(model=MODEL, input="hello over there", instructions="echo")
    assert made.status == "completed"
    assert made.output_text == "hello over there"
    assert made.usage is not None
    assert made.usage.output_tokens == 3


@case("responses: stream")
def response_stream() -> None:
    events = list(client().responses.create(model=MODEL, input="a b c", stream=True))
    kinds = [event.type for event in events]
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.output_text.delta") == 3
    assert [event.sequence_number for event in events] == list(range(len(events)))


@case("responses: the stream helper gathers the final response")
def response_stream_helper() -> None:
    with client().responses.stream(model=MODEL, input="a b c") as events:
        for _ in events:
            pass
        assert events.get_final_response().output_text == "a b c"


@case("responses: a tool call and its result, by previous_response_id")
def response_tools() -> None:
    tools: list[Any] = [RESPONSE_TOOL]
    first = client().responses.create(
        model=MODEL, input="the weather in Oslo for 3 days", tools=tools
    )
    call = next(item for item in first.output if item.type == "function_call")
    assert json.loads(call.arguments) == {"city": "Oslo", "days": 3}
    second = client().responses.create(
        model=MODEL,
        previous_response_id=first.id,
        input=[{"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}],
        tools=tools,
    )
    assert second.output_text == "sunny"


@case("responses: structured output by parse")
def response_parse() -> None:
    made = client().responses.parse(model=MODEL, input="solve 8x + 7", text_format=Solution)
    assert isinstance(made.output_parsed, Solution)


@case("responses: retrieve, its input items, delete")
def response_retrieve() -> None:
    made = client().responses.create(model=MODEL, input="keep this")
    assert client().responses.retrieve(made.id).output_text == "keep this"
    assert list(client().responses.input_items.list(made.id))
    client().responses.delete(made.id)
    try:
        client().responses.retrieve(made.id)
    except openai.NotFoundError:
        return
    raise AssertionError("a deleted response is still there")


@case("responses: in the background, then cancel")
def response_cancel() -> None:
    asked = '{"test": {"tokens": 2000, "delay_ms": 10}}'
    made = client().responses.create(model=MODEL, input=asked, background=True)
    assert made.status in ("queued", "in_progress")
    assert client().responses.cancel(made.id).status == "cancelled"
    assert client().responses.retrieve(made.id).status == "cancelled"


@case("embeddings: floats, base64 and dimensions")
def embeddings() -> None:
    create = client().embeddings.create
    packed = create(model=EMBEDDING_MODEL, input=["one", "two"])  # the SDK asks for base64
    floats = create(model=EMBEDDING_MODEL, input="one", encoding_format="float")
    assert [one.index for one in packed.data] == [0, 1]
    near = zip(packed.data[0].embedding, floats.data[0].embedding, strict=True)
    assert all(abs(left - right) < 1e-6 for left, right in near)
    assert len(create(model=EMBEDDING_MODEL, input="x", dimensions=8).data[0].embedding) == 8
    assert floats.usage.prompt_tokens == 1


@case("files: upload, list, retrieve, content, delete")
def files() -> None:
    made = client().files.create(file=("notes.jsonl", b'{"a": 1}\n'), purpose="batch")
    assert made.filename == "notes.jsonl"
    assert made.bytes == 9
    assert made.id in [one.id for one in client().files.list()]
    assert client().files.retrieve(made.id).purpose == "batch"
    assert client().files.content(made.id).read() == b'{"a": 1}\n'
    assert client().files.delete(made.id).deleted
    try:
        client().files.retrieve(made.id)
    except openai.NotFoundError:
        return
    raise AssertionError("a deleted file is still there")


@case("batches: create, wait, read the output, list")
def batches() -> None:
    lines = [
        {
            "custom_id": f"line-{number}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": MODEL, "messages": user(f"line {number}")},
        }
        for number in range(3)
    ]
    data = "\n".join(json.dumps(line) for line in lines).encode()
    held = client().files.create(file=io.BytesIO(data), purpose="batch")
    batch = client().batches.create(
        input_file_id=held.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    ends = time.monotonic() + BATCH_S
    while batch.status not in ("completed", "failed", "expired") and time.monotonic() < ends:
        time.sleep(0.2)
        batch = client().batches.retrieve(batch.id)
    assert batch.status == "completed", batch.status
    assert batch.request_counts is not None
    assert batch.request_counts.completed == 3
    told = client().files.content(batch.output_file_id or "").text.splitlines()
    said = {line["custom_id"]: line["response"]["body"] for line in map(json.loads, told)}
    assert said["line-1"]["choices"][0]["message"]["content"] == "line 1"
    assert batch.id in [one.id for one in client().batches.list()]


@case("batches: cancel")
def batch_cancel() -> None:
    line = {
        "custom_id": "slow",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": MODEL, "messages": user('{"test": {"tokens": 500, "delay_ms": 20}}')},
    }
    data = io.BytesIO(json.dumps(line).encode())
    held = client().files.create(file=data, purpose="batch")
    batch = client().batches.create(
        input_file_id=held.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    assert client().batches.cancel(batch.id).status in ("cancelling", "cancelled")


@case("errors: a wrong key is AuthenticationError")
def wrong_key() -> None:
    error = raised(openai.AuthenticationError, client("sk-wrong").models.list)
    assert error.code == "invalid_api_key"


@case("errors: an unknown model is NotFoundError with model_not_found")
def unknown_model() -> None:
    error = raised(
        openai.NotFoundError,
        lambda: client().chat.completions.create(model="nobody", messages=user("hi")),
    )
    assert error.code == "model_not_found"


@case("errors: too many requests is RateLimitError with Retry-After")
def rate_limit() -> None:
    narrow = client(NARROW_KEY)

    def ask_twice() -> None:
        for _ in range(2):
            narrow.chat.completions.create(model=MODEL, messages=user("hi"))

    error = raised(openai.RateLimitError, ask_twice)
    assert int(error.response.headers["retry-after"]) >= 1
    assert error.request_id


@case("errors: a malformed tool call in the history is BadRequestError that names it")
def bad_history() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{"}}
    messages: list[Any] = [*user("x"), {"role": "assistant", "tool_calls": [call]}]
    error = raised(
        openai.BadRequestError,
        lambda: client().chat.completions.create(model=MODEL, messages=messages),
    )
    assert "messages[1].tool_calls[0]" in str(error.param)


@case("errors: an upstream that fails is InternalServerError, and the next request is answered")
def upstream_fails() -> None:
    asked = user('{"test": {"fail_status": 500}}')
    raised(
        openai.InternalServerError,
        lambda: client().chat.completions.create(model=MODEL, messages=asked),
    )
    made = client().chat.completions.create(model=MODEL, messages=user("well again"))
    assert made.choices[0].message.content == "well again"


@case("errors: a stream that breaks raises APIError after what came")
def stream_breaks() -> None:
    asked = user('a b c d {"test": {"fail_after": 2}}')
    chunks = client().chat.completions.create(model=MODEL, messages=asked, stream=True)
    raised(openai.APIError, lambda: list(chunks))


def raised(kind: type[Any], ask: Any) -> Any:
    try:
        ask()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__} was raised")


if __name__ == "__main__":
    main()
