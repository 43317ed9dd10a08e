"""What is asked, and what is made of what comes back."""

import json
from typing import Any

import pytest

from edgewise.core.endpoint import Endpoint
from edgewise.errors import LinkError
from edgewise.testing.upstream.ask import read_ask
from edgewise.think.chat import ChatTurn, Role
from edgewise.think.cloud_wire import (
    Called,
    CloudCall,
    CloudText,
    CloudTool,
    Completion,
    Returned,
    Spent,
    body_of,
)

ENDPOINT = Endpoint(
    "far", "http://127.0.0.1:1/v1", "fake", "CN", input_price=10.0, output_price=40.0
)
TOOL = CloudTool("find_page", "Finds a page.", {"type": "object", "properties": {}})


def reading(asked_bytes: int = 300) -> Completion:
    return Completion(ENDPOINT, asked_bytes)


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return json.dumps({"choices": [choice], **more}).encode()


def fragment(index: int | None, id: str = "", name: str = "", arguments: str = "") -> bytes:
    told: dict[str, Any] = {"function": {"name": name or None, "arguments": arguments}}
    told |= {"index": index} if index is not None else {}
    return chunk({"tool_calls": [told | ({"id": id} if id else {})]})


def calls_of(*events: bytes, finish: str = "tool_calls") -> list[Any]:
    reader = reading()
    pieces = [piece for event in events for piece in reader.feed(event)]
    assert pieces == []
    return reader.feed(chunk(finish=finish))


def test_a_strict_cloud_takes_the_body_and_finds_nothing_else_in_it():
    call = CloudCall("call_1", "find_page", {"page": 2})
    turns = (
        ChatTurn(Role.USER, "find page 2"),
        Called((call,), "I look."),
        Returned("call_1", "here"),
    )
    body = json.loads(body_of(ENDPOINT, "be brief", turns, (TOOL,), 64))
    asked = read_ask(body)
    assert [message["role"] for message in asked.messages] == [
        *("system", "user", "assistant", "tool")
    ]
    assert (asked.most_tokens, asked.stream, asked.include_usage) == (64, True, True)
    assert asked.tools == [
        {"name": TOOL.name, "description": TOOL.description, "parameters": TOOL.parameters}
    ]
    assert set(body) == {*("model", "messages", "max_tokens", "stream", "stream_options", "tools")}


def test_text_comes_as_it_was_cut():
    reader = reading()
    assert reader.feed(chunk({"role": "assistant", "content": ""})) == []
    assert reader.feed(chunk({"content": "Blue "})) == [CloudText("Blue ")]
    assert reader.feed(chunk({"content": "山"})) == [CloudText("山")]
    assert reader.text == "Blue 山"


def test_calls_are_put_together_by_index_and_given_at_the_end():
    found = calls_of(
        fragment(0, "a", "find_page"),
        fragment(1, "b", "open_page"),
        fragment(0, arguments='{"page"'),
        fragment(1, arguments="{}"),
        fragment(0, arguments=": 2}"),
    )
    assert found == [CloudCall("a", "find_page", {"page": 2}), CloudCall("b", "open_page", {})]


def test_a_cloud_that_says_index_0_for_every_call_is_understood():
    found = calls_of(fragment(0, "a", "one", "{}"), fragment(0, "b", "two", "{}"))
    assert [call.id for call in found] == ["a", "b"]


def test_a_cloud_that_says_no_index_and_no_id_is_understood():
    found = calls_of(fragment(None, "", "one", '{"x"'), fragment(None, arguments=": 1}"))
    assert found == [CloudCall("call-0", "one", {"x": 1})]


def test_a_call_is_given_once_however_often_it_is_told():
    reader = reading()
    reader.feed(fragment(0, "a", "one", "{}"))
    reader.feed(fragment(1, "a", "one", "{}"))
    assert len(reader.feed(chunk(finish="tool_calls"))) == 1
    reader.feed(fragment(0, "a", "one", "{}"))
    assert reader.feed(chunk(finish="tool_calls")) == []
    assert reader.given == ["a"]


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_an_answer_that_was_cut_short_gives_no_call(finish: str):
    assert calls_of(fragment(0, "a", "one", "{}"), finish=finish) == []


@pytest.mark.parametrize("arguments", ["{", "[]", "3", '{"a": NaN}', "[" * 100_000])
def test_a_call_whose_arguments_are_no_object_is_none(arguments: str):
    with pytest.raises(LinkError, match="a call that is none"):
        calls_of(fragment(0, "a", "one", arguments))


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b'{"error": {"message": "CANARY"}}'])
def test_what_is_no_chunk_is_refused_without_being_repeated(data: bytes):
    with pytest.raises(LinkError) as raised:
        reading().feed(data)
    assert raised.value.code == "cloud_broken"
    assert "CANARY" not in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        *(b'{"choices": null}', b'{"choices": [null]}', b'{"choices": [{"delta": "x"}]}'),
        *(b'{"choices": [{"delta": {"content": 3, "tool_calls": "x"}}]}', b"{}"),
    ],
)
def test_fields_of_strange_types_add_nothing(data: bytes):
    assert reading().feed(data) == []


def test_an_answer_that_never_ends_is_ended():
    reader = reading()
    for _ in range(10):
        reader.feed(chunk({"content": "x" * 100_000}))
    with pytest.raises(LinkError, match="more than 1000000 characters"):
        reader.feed(chunk({"content": "x"}))


def test_more_calls_than_anybody_needs_are_refused():
    with pytest.raises(LinkError, match="64 calls"):
        calls_of(*(fragment(index, f"c{index}", "one") for index in range(66)))


def test_cost_is_that_of_the_usage_told():
    reader = reading()
    reader.feed(chunk({"content": "x"}))
    reader.feed(b'{"choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 500}}')
    assert reader.spent == Spent(1000, 500, 0.03, exact=True)


@pytest.mark.parametrize("count", ["-1", "1e99", '"7"', "true", "null"])
def test_without_a_usage_that_holds_cost_is_estimated_from_bytes(count: str):
    reader = reading(asked_bytes=301)
    reader.feed(chunk({"content": "蓝山"}))
    usage = f'{{"prompt_tokens": {count}, "completion_tokens": 5}}'
    reader.feed(f'{{"choices": [], "usage": {usage}}}'.encode())
    assert reader.spent == Spent(101, 2, (101 * 10 + 2 * 40) / 1e6)
