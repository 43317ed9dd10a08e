import copy
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.messages_out import MessageStream, error_body, message_of, usage_of
from edgewise.cloud.refusal import Refused, bad_request
from tests.cloud.fake_completer import USAGE, call, chunk, completion, last_chunk, piece, spoken


def told(
    chunks: list[dict[str, Any]], **settings: Any
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The events, each as it was when it was sent, and the message."""
    stream = MessageStream("msg_1", "m", **settings)
    events = copy.deepcopy(stream.begin())
    for one in chunks:
        events += copy.deepcopy(stream.feed(one))
    return events + copy.deepcopy(stream.finish()), stream.message


def read(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Checks the grammar; the blocks as the events alone tell them."""
    assert [event["type"] for event in events[:2]] == ["message_start", "ping"]
    assert [event["type"] for event in events[-2:]] == ["message_delta", "message_stop"]
    assert events[0]["message"]["content"] == []
    blocks: list[dict[str, Any]] = []
    pieces: list[str] | None = None
    for event in events[2:-2]:
        if event["type"] == "content_block_start":
            assert pieces is None, "two blocks are open"
            assert event["index"] == len(blocks)
            blocks.append(event["content_block"])
            pieces = []
            continue
        assert pieces is not None, "no block is open"
        assert event["index"] == len(blocks) - 1
        block = blocks[-1]
        if event["type"] == "content_block_stop":
            text = "".join(pieces)
            if block["type"] == "tool_use":
                block["input"] = json.loads(text) if text else {}
            else:
                block[block["type"]] = text
            pieces = None
        else:
            delta = event["delta"]
            if delta["type"] == "signature_delta":
                block["signature"] = delta["signature"]
            else:
                wanted = {"text": "text", "thinking": "thinking", "tool_use": "partial_json"}
                pieces.append(delta[wanted[block["type"]]])
    assert pieces is None, "a block was never closed"
    return blocks


def test_words_come_as_one_block():
    events, message = told(spoken("Hel", "lo"))
    assert read(events) == [{"type": "text", "text": "Hello"}] == message["content"]
    assert events[-2] == {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {
            "input_tokens": 8,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 12,
            "output_tokens": 7,
        },
    }


def test_thinking_is_a_signed_block_where_it_was_asked_for_and_absent_where_not():
    chunks = [chunk(reasoning_content="Let "), chunk(reasoning_content="me"), *spoken("4")]
    events, message = told(chunks, thinking=True)
    blocks = read(events)
    assert [block["type"] for block in blocks] == ["thinking", "text"]
    assert blocks[0]["thinking"] == "Let me"
    assert blocks[0]["signature"]
    assert blocks == message["content"]
    assert [block["type"] for block in read(told(chunks)[0])] == ["text"]


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("stop", "end_turn"),
        ("length", "max_tokens"),
        ("content_filter", "refusal"),
        ("tool_calls", "tool_use"),
    ],
)
def test_why_it_ended_is_told_in_their_words(finish: str, reason: str):
    assert told(spoken("a", finish=finish))[1]["stop_reason"] == reason


def test_a_stop_word_is_told_when_it_was_asked_for():
    last = chunk("stop")
    last["choices"][0]["stop_reason"] = "END"
    message = told([chunk(content="a"), last], stops=["END"])[1]
    assert (message["stop_reason"], message["stop_sequence"]) == ("stop_sequence", "END")
    message = told([chunk(content="a"), last])[1]
    assert (message["stop_reason"], message["stop_sequence"]) == ("end_turn", None)


def test_a_whole_call_is_closed_when_the_next_begins():
    stream = MessageStream("msg_1", "m")
    stream.feed(chunk(tool_calls=[piece(0, "a", "f", '{"x":1}')]))
    events = stream.feed(chunk(tool_calls=[piece(1, "b", "g")]))
    assert [event["type"] for event in events] == ["content_block_stop", "content_block_start"]


def test_words_amid_a_call_come_after_it():
    chunks = [
        chunk(tool_calls=[piece(0, "a", "f", '{"x"')]),
        chunk(content="late"),
        chunk(tool_calls=[piece(0, arguments=":1}")]),
        chunk("tool_calls"),
    ]
    blocks = read(told(chunks)[0])
    assert [block["type"] for block in blocks] == ["tool_use", "text"]
    assert blocks[0]["input"] == {"x": 1}


def test_a_whole_completion_is_translated_like_its_stream():
    calls = [call("a", "f", '{"x":1}'), call("b", "g", "")]
    whole = message_of(MessageStream("msg_1", "m"), completion(content="hi", tool_calls=calls))
    chunks = [
        chunk(content="hi"),
        chunk(tool_calls=[piece(0, "a", "f"), piece(1, "b", "g")]),
        chunk(tool_calls=[piece(0, arguments='{"x":1}')]),
        chunk("tool_calls"),
        last_chunk(),
    ]
    assert whole == told(chunks)[1]
    assert whole["usage"] == usage_of(USAGE)
    assert whole["content"][1:] == [
        {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}},
        {"type": "tool_use", "id": "b", "name": "g", "input": {}},
    ]
    assert whole["stop_reason"] == "tool_use"


def test_a_call_that_the_limit_cut_off_is_left_out():
    whole = completion(content="hi", tool_calls=[call("a", "f", '{"x')])
    whole["choices"][0]["finish_reason"] = "length"
    message = message_of(MessageStream("msg_1", "m"), whole)
    assert [block["type"] for block in message["content"]] == ["text"]


def test_a_call_with_malformed_arguments_is_the_upstreams_fault():
    with pytest.raises(Refused) as caught:
        message_of(MessageStream("msg_1", "m"), completion(tool_calls=[call("a", "f", "[1")]))
    assert caught.value.status == 502


def test_a_stream_that_was_cut_is_the_upstreams_fault():
    with pytest.raises(Refused) as caught:
        told([chunk(content="a")])
    assert caught.value.status == 502


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (409, "invalid_request_error"),
        (413, "request_too_large"),
        (429, "rate_limit_error"),
        (502, "api_error"),
        (503, "overloaded_error"),
    ],
)
def test_errors_have_their_types(status: int, kind: str):
    assert error_body(Refused(status, "c", "why"), "req_1") == {
        "type": "error",
        "error": {"type": kind, "message": "why"},
        "request_id": "req_1",
    }


def test_an_error_names_the_field_in_its_message():
    refused = bad_request("messages[0].role: no", "messages[0].role")
    assert "messages[0].role" in error_body(refused, "r")["error"]["message"]


@st.composite
def interleaved(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Calls, and chunks with their fragments in any order that keeps each call's own order."""
    count = draw(st.integers(1, 4))
    inputs = draw(
        st.lists(
            st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5), max_size=3),
            min_size=count,
            max_size=count,
        )
    )
    queues: list[list[dict[str, Any]]] = []
    for index, given_input in enumerate(inputs):
        text = json.dumps(given_input) + draw(st.sampled_from(["", " ", "\n"]))
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=5)))
        texts = [text[a:b] for a, b in pairwise([0, *cuts, len(text)])]
        head = piece(index, f"c{index}", "f", texts[0])
        queues.append([head, *(piece(index, arguments=one) for one in texts[1:])])
    chunks: list[dict[str, Any]] = []
    while any(queues):
        at = draw(st.sampled_from([i for i, queue in enumerate(queues) if queue]))
        chunks.append(chunk(tool_calls=[queues[at].pop(0)]))
        if draw(st.integers(0, 5)) == 0:
            chunks.append(chunk(content="w"))
    return inputs, [*chunks, chunk("tool_calls"), last_chunk()]


@given(interleaved())
def test_any_interleaving_of_parallel_calls_gives_the_same_calls(made: Any):
    inputs, chunks = made
    events, message = told(chunks)
    blocks = read(events)
    assert blocks == message["content"]
    calls = {block["id"]: block["input"] for block in blocks if block["type"] == "tool_use"}
    assert calls == {f"c{index}": given_input for index, given_input in enumerate(inputs)}
    said = "".join(block["text"] for block in blocks if block["type"] == "text")
    sent = [one["choices"][0]["delta"].get("content", "") for one in chunks if one["choices"]]
    assert said == "".join(sent)
