import copy
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.responses import Response

from edgewise.cloud.refusal import Refused
from edgewise.cloud.response_request import ResponseRequest
from edgewise.cloud.response_stream import ResponseStream, response_of
from edgewise.cloud.responses_out import new_response
from tests.cloud.event_grammar import check
from tests.cloud.fake_completer import call, chunk, completion, last_chunk, piece, spoken


def stream_of(**asked: Any) -> ResponseStream:
    request = ResponseRequest(model="m", input="hi", **asked)
    return ResponseStream(new_response(request, id="resp_ab12", created_at=100), lambda: 101.5)


def told(chunks: list[dict[str, Any]], **asked: Any) -> list[dict[str, Any]]:
    """The events, each as it was when it was sent."""
    stream = stream_of(**asked)
    events = [copy.deepcopy(event) for event in [*stream.begin(), *stream.start()]]
    for one in chunks:
        events += copy.deepcopy(stream.feed(one))
    return events + copy.deepcopy(stream.finish())


def test_words_come_as_the_events_of_one_message_in_order():
    events = told(spoken("Hel", "lo"))
    check(events)
    assert [event["type"].removeprefix("response.") for event in events] == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    response = Response.model_validate(events[-1]["response"])
    assert response.output_text == "Hello"
    assert response.status == "completed"
    assert response.completed_at == 101
    assert response.usage is not None
    assert response.usage.input_tokens_details.cached_tokens == 12
    assert response.usage.output_tokens_details.reasoning_tokens == 3
    assert (response.usage.input_tokens, response.usage.total_tokens) == (20, 27)


def test_events_told_are_not_changed_by_what_comes_after():
    stream = stream_of()
    events = stream.begin()
    before = copy.deepcopy(events)
    for one in spoken("a"):
        events += stream.feed(one)
        before += copy.deepcopy(events[len(before) :])
    stream.finish()
    assert events == before


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_is_an_item_of_its_own_before_the_message(field: str):
    chunks = [chunk(**{field: "Let "}), chunk(**{field: "me"}), *spoken("Four.")]
    items = check(told(chunks))
    assert [item["type"] for item in items] == ["reasoning", "message"]
    assert items[0]["content"] == [{"type": "reasoning_text", "text": "Let me"}]
    assert items[0]["summary"] == []


def test_a_refusal_is_a_part_beside_the_text():
    events = told(
        [chunk(content="Well. "), chunk(refusal="I can"), chunk(refusal="not."), chunk("stop")]
    )
    (item,) = check(events)
    assert [part["type"] for part in item["content"]] == ["output_text", "refusal"]
    assert item["content"][1]["refusal"] == "I cannot."
    assert "response.refusal.done" in [event["type"] for event in events]


@pytest.mark.parametrize(
    ("finish", "reason"), [("length", "max_output_tokens"), ("content_filter", "content_filter")]
)
def test_a_cut_answer_is_incomplete_with_its_reason(finish: str, reason: str):
    events = told(spoken("Hel", finish=finish))
    (item,) = check(events)
    assert item["status"] == "incomplete"
    assert events[-1]["type"] == "response.incomplete"
    assert events[-1]["response"]["incomplete_details"] == {"reason": reason}
    assert events[-1]["response"]["completed_at"] is None


def test_a_stream_without_a_finish_reason_has_failed():
    events = told([chunk(content="Hel")])
    (item,) = check(events)
    assert events[-1]["type"] == "response.failed"
    assert events[-1]["response"]["error"]["code"] == "server_error"
    assert item["status"] == "incomplete"


def test_what_an_upstream_refuses_midway_ends_in_failed_with_its_message():
    stream = stream_of()
    events = [*stream.begin(), *stream.feed(chunk(content="Hel"))]
    events += stream.fail(Refused(429, "rate_limit_exceeded", "slower"))
    check(events)
    assert events[-1]["response"]["error"] == {"code": "rate_limit_exceeded", "message": "slower"}
    assert stream.is_ended


def test_what_is_cancelled_ends_in_incomplete_and_says_cancelled():
    stream = stream_of(background=True)
    events = [*stream.begin(), *stream.start(), *stream.feed(chunk(content="Hel"))]
    events += stream.cancel()
    check(events)
    assert events[1]["type"] == "response.queued"
    assert events[2]["type"] == "response.in_progress"
    assert events[-1]["response"]["status"] == "cancelled"


def test_an_empty_answer_has_an_empty_message():
    (item,) = check(told([chunk(role="assistant", content=""), chunk("stop")]))
    assert item["content"][0]["text"] == ""


def test_a_call_waits_for_its_name_and_gets_an_id_when_it_has_none():
    chunks = [
        chunk(tool_calls=[piece(0, arguments="{")]),
        chunk(tool_calls=[piece(0, name="f", arguments="}")]),
        chunk("tool_calls"),
    ]
    (item,) = check(told(chunks))
    assert item["name"] == "f"
    assert item["arguments"] == "{}"
    assert item["call_id"] == "call_ab12_0"


def test_words_are_done_before_a_call_begins():
    events = told([chunk(content="a"), chunk(tool_calls=[piece(0, "c", "f")]), chunk("stop")])
    check(events)
    kinds = [event["type"] for event in events]
    added = kinds.index("response.output_item.added", 3)
    assert events[added]["item"]["type"] == "function_call"
    assert kinds[added - 1] == "response.output_item.done"


def test_log_probabilities_go_with_the_text():
    logprob = {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}
    one = chunk(content="a")
    one["choices"][0]["logprobs"] = {"content": [logprob]}
    (item,) = check(told([one, chunk("stop")]))
    assert item["content"][0]["logprobs"] == [logprob]


def test_a_whole_completion_is_translated_like_its_stream():
    message = {
        "content": "Looking.",
        "reasoning_content": "Weather?",
        "tool_calls": [call("c1", "look", '{"at":1}'), call("c2", "look", '{"at":2}')],
    }
    request = ResponseRequest(model="m", input="hi")
    response = new_response(request, id="resp_ab12", created_at=100)
    whole = response_of(response, completion(**message), lambda: 101.5)
    chunks = [
        chunk(reasoning_content="Wea"),
        chunk(reasoning_content="ther?"),
        chunk(content="Looking."),
        chunk(tool_calls=[piece(0, "c1", "look"), piece(1, "c2", "look")]),
        chunk(tool_calls=[piece(1, arguments='{"at":2}')]),
        chunk(tool_calls=[piece(0, arguments='{"at":1}')]),
        chunk("tool_calls"),
        last_chunk(),
    ]
    assert whole == told(chunks)[-1]["response"]
    assert [item.type for item in Response.model_validate(whole).output] == [
        "reasoning",
        "message",
        "function_call",
        "function_call",
    ]


@st.composite
def interleaved(draw: st.DrawFn) -> tuple[list[tuple[str, str, str]], list[dict[str, Any]]]:
    """Calls, and chunks with their fragments in any order that keeps each call's own order."""
    count = draw(st.integers(1, 4))
    calls = [
        (f"c{i}", draw(st.sampled_from("fgh")), draw(st.text(max_size=30))) for i in range(count)
    ]
    queues: list[list[dict[str, Any]]] = []
    for index, (id, name, arguments) in enumerate(calls):
        cuts = sorted(draw(st.lists(st.integers(0, len(arguments)), max_size=5)))
        edges = [0, *cuts, len(arguments)]
        texts = [arguments[a:b] for a, b in pairwise(edges)]
        head = piece(index, id, name, texts[0])
        queues.append([head, *(piece(index, arguments=text) for text in texts[1:])])
    chunks: list[dict[str, Any]] = []
    while any(queues):
        at = draw(st.sampled_from([i for i, queue in enumerate(queues) if queue]))
        pieces = [queues[at].pop(0)]
        other = draw(st.integers(0, count - 1))
        if other != at and queues[other] and draw(st.booleans()):
            pieces.append(queues[other].pop(0))
        chunks.append(chunk(tool_calls=pieces))
        if draw(st.integers(0, 9)) == 0:
            chunks.append(chunk(content="word "))
    return calls, [*chunks, chunk("tool_calls"), last_chunk()]


@given(interleaved())
def test_any_interleaving_of_parallel_calls_gives_the_same_calls(made: Any):
    calls, chunks = made
    items = check(told(chunks))
    heard = [item for item in items if item["type"] == "function_call"]
    assert sorted((item["call_id"], item["name"], item["arguments"]) for item in heard) == calls
    first_seen = []
    for one in chunks:
        for fragment in (one["choices"] or [{"delta": {}}])[0]["delta"].get("tool_calls", []):
            if "id" in fragment and fragment["id"] not in first_seen:
                first_seen.append(fragment["id"])
    assert [item["call_id"] for item in heard] == first_seen
    assert [item["id"].rsplit("_", 1)[1] for item in items] == [str(at) for at in range(len(items))]
