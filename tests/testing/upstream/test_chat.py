import asyncio
from typing import Any

import aiohttp
import pytest

from edgewise.testing.upstream.directive import Directive
from tests.testing.upstream.conftest import Asking

USAGE = {"stream_options": {"include_usage": True}}
CONTINUOUS = {"stream_options": {"include_usage": True, "continuous_usage_stats": True}}
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
TIME = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object"}}}


def chat(text: str = "hello there", **fields: Any) -> dict[str, Any]:
    return {"model": "fake", "messages": [{"role": "user", "content": text}]} | fields


def content(chunks: list[dict[str, Any]], choice: int = 0) -> str:
    return "".join(
        told["delta"].get("content") or ""
        for chunk in chunks
        for told in chunk["choices"]
        if told["index"] == choice
    )


async def test_whole_and_streamed_say_and_count_the_same(asking: Asking):
    _, whole = await asking.post(chat(), x_request_id="whole")
    chunks = await asking.chunks(chat() | USAGE, x_request_id="stream")
    assert content(chunks) == whole["choices"][0]["message"]["content"] == "hello there"
    assert chunks[-1]["usage"] == whole["usage"]
    assert [chunk["usage"] for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    kept = asking.upstream.produced.requests
    assert kept["whole"] == kept["stream"]
    assert kept["whole"].output_tokens == whole["usage"]["completion_tokens"] == 2
    assert kept["whole"].input_tokens == whole["usage"]["prompt_tokens"]


async def test_without_the_wish_no_chunk_has_usage(asking: Asking):
    chunks = await asking.chunks(chat())
    assert not any("usage" in chunk for chunk in chunks)
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


async def test_continuous_usage_counts_each_token_as_it_is_written(asking: Asking):
    chunks = await asking.chunks(chat("a b c") | CONTINUOUS)
    assert [chunk["usage"]["completion_tokens"] for chunk in chunks] == [0, 1, 2, 3, 3, 3]


async def test_an_upstream_may_tell_no_usage(asking: Asking):
    asking.upstream.directive = Directive(report_usage=False)
    _, whole = await asking.post(chat())
    assert "usage" not in whole
    assert not any("usage" in chunk for chunk in await asking.chunks(chat() | USAGE))


async def test_choices_take_turns_and_are_all_counted(asking: Asking):
    chunks = await asking.chunks(chat(n=2) | USAGE, x_request_id="two")
    assert content(chunks, 0) == content(chunks, 1) == "hello there"
    assert chunks[-1]["usage"]["completion_tokens"] == 4
    _, whole = await asking.post(chat(n=2))
    assert [choice["index"] for choice in whole["choices"]] == [0, 1]
    assert whole["usage"]["completion_tokens"] == 4


async def test_calls_come_in_fragments_with_their_indices_and_one_id_each(asking: Asking):
    tools = [WEATHER, TIME]
    asked = chat("the weather and the time in Paris", tools=tools)
    _, whole = await asking.post(asked)
    found: dict[int, dict[str, str]] = {}
    for chunk in await asking.chunks(asked):
        for delta in chunk["choices"][0]["delta"].get("tool_calls", []):
            call = found.setdefault(delta["index"], {"arguments": ""})
            call |= {key: delta[key] for key in ("id",) if key in delta}
            call |= {key: delta["function"][key] for key in ("name",) if key in delta["function"]}
            call["arguments"] += delta["function"]["arguments"]
    calls = whole["choices"][0]["message"]["tool_calls"]
    assert [found[index] for index in sorted(found)] == [
        {"id": call["id"], **call["function"]} for call in calls
    ]
    assert len({call["id"] for call in calls}) == 2


async def test_reasoning_and_cached_tokens_are_parts_of_what_is_counted(asking: Asking):
    asking.upstream.directive = Directive(tokens=5, reasoning_tokens=2, cached_tokens=4)
    chunks = await asking.chunks(chat() | USAGE)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    assert [delta for delta in deltas if "reasoning_content" in delta] == [
        {"reasoning_content": "t0"},
        {"reasoning_content": " t1"},
    ]
    usage = chunks[-1]["usage"]
    assert usage["completion_tokens"] == 5
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 2
    assert usage["prompt_tokens_details"]["cached_tokens"] == 4


async def test_a_stream_may_end_in_an_error_event(asking: Asking):
    asking.upstream.directive = Directive(tokens=9, fail_after=2, fail_by="event")
    url = f"{asking.upstream.url}/chat/completions"
    headers = {"x-request-id": "r"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=chat(stream=True), headers=headers) as reply,
    ):
        text = await reply.text()
    assert '"code":"told_to_fail"' in text
    assert "[DONE]" not in text
    record = asking.upstream.produced.requests["r"]
    assert (record.output_tokens, record.outcome) == (2, "failed")


async def test_a_whole_reply_that_is_cut_delivers_nothing_of_what_was_generated(asking: Asking):
    asking.upstream.directive = Directive(tokens=9, fail_after=4)
    with pytest.raises(aiohttp.ClientError):
        await asking.post(chat(), x_request_id="r")
    record = asking.upstream.produced.requests["r"]
    assert (record.output_tokens, record.generated_tokens) == (0, 4)


async def test_a_client_that_leaves_before_a_whole_reply_is_there_gets_none_of_it(asking: Asking):
    asking.upstream.directive = Directive(tokens=9, hang_after=3)
    waiting = asyncio.create_task(asking.post(chat(), x_request_id="r"))
    produced = asking.upstream.produced
    await produced.until(lambda: produced.totals.generated_tokens == 3)
    waiting.cancel()
    record = await produced.ended("r")
    assert (record.outcome, record.output_tokens, record.generated_tokens) == ("left", 0, 3)
