"""The chunks of any completion come together as that completion."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.aggregate import MOST_INDEXED, Aggregate

Json = dict[str, Any]
WORDS = st.lists(st.text(min_size=1, max_size=8), max_size=6)
NAMES = st.text("abcdefgh_", min_size=1, max_size=8)


@st.composite
def choices(draw: st.DrawFn, index: int) -> tuple[Json, list[Json]]:
    """A choice of a completion, and the deltas that a stream of it has."""
    deltas: list[Json] = [{"role": "assistant", "content": ""}] if draw(st.booleans()) else []
    message: Json = {"role": "assistant", "content": "" if deltas else None}
    for field in ("reasoning_content", "content", "refusal"):
        words = draw(WORDS)
        if words:
            message[field] = "".join(words)
            deltas += [{field: word} for word in words]
    called: list[Json] = []
    for number in range(draw(st.integers(0, 3))):
        name, fragments = draw(NAMES), draw(WORDS)
        function = {"name": name, "arguments": "".join(fragments)}
        called.append({"id": f"call_{number}", "type": "function", "function": function})
        begun = {"index": number, "id": f"call_{number}", "type": "function"}
        deltas.append({"tool_calls": [{**begun, "function": {"name": name, "arguments": ""}}]})
        for fragment in fragments:
            piece = {"index": number, "function": {"arguments": fragment}}
            deltas.append({"tool_calls": [piece]})
    if called:
        message["tool_calls"] = called
    finish = draw(st.sampled_from(["stop", "length", "tool_calls"]))
    whole = {"index": index, "message": message, "logprobs": None, "finish_reason": finish}
    chunks = [{"index": index, "delta": delta, "finish_reason": None} for delta in deltas]
    return whole, [*chunks, {"index": index, "delta": {}, "finish_reason": finish}]


@st.composite
def completions(draw: st.DrawFn) -> tuple[Json, list[Json]]:
    head = {"id": "chatcmpl-1", "created": 5, "model": draw(NAMES)}
    parts = [draw(choices(index)) for index in range(draw(st.integers(1, 3)))]
    usage = {"prompt_tokens": 3, "completion_tokens": draw(st.integers(0, 99))}
    queues = [list(chunks) for _, chunks in parts]
    stream: list[Json] = []
    while any(queues):  # any order that keeps each choice's own
        taken = draw(st.sampled_from([queue for queue in queues if queue])).pop(0)
        stream.append({**head, "object": "chat.completion.chunk", "choices": [taken]})
    stream.append({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
    whole = {**head, "object": "chat.completion", "choices": [one for one, _ in parts]}
    return {**whole, "usage": usage}, stream


@given(completions())
def test_the_chunks_of_a_completion_are_that_completion(made: tuple[Json, list[Json]]):
    whole, stream = made
    joined = Aggregate()
    for chunk in stream:
        joined.take(chunk)
    assert joined.completion() == whole


class Plain(Aggregate):
    """Joins every piece as it comes."""

    def _take_words(self, choice: Json) -> bool:
        return False


PIECES = st.fixed_dictionaries(
    {},
    optional={
        "content": st.none() | st.text(max_size=3) | st.just([{"type": "text"}]),
        "role": st.just("assistant"),
        "refusal": st.none() | st.just("no"),
    },
)
ODD_CHOICES = st.fixed_dictionaries(
    {"delta": st.none() | PIECES},
    optional={
        "index": st.sampled_from([0, 1, None]),
        "finish_reason": st.sampled_from([None, "stop"]),
        "logprobs": st.sampled_from([None, {"content": [1]}]),
        "more": st.just(1),
    },
)


@given(st.lists(ODD_CHOICES, max_size=12))
def test_words_that_are_joined_at_once_are_those_joined_one_by_one(pieces: list[Json]):
    fast, plain = Aggregate(), Plain()
    for joined in (fast, plain):
        for piece in pieces:
            joined.feed([msgspec.json.encode({"choices": [piece]})])
    assert fast.completion() == plain.completion()


def test_log_probabilities_are_joined():
    joined = Aggregate()
    for token in ("a", "b"):
        joined.take(
            {"choices": [{"index": 0, "delta": {}, "logprobs": {"content": [{"t": token}]}}]}
        )
    assert joined.completion()["choices"][0]["logprobs"] == {"content": [{"t": "a"}, {"t": "b"}]}


def test_an_index_of_an_upstreams_fault_takes_no_memory():
    joined = Aggregate()
    for index in (MOST_INDEXED, 10**12, -1, "x", None):
        piece = {"things": [{"index": index, "a": "b"}]}
        joined.take({"choices": [{"index": 0, "delta": piece}]})
    assert len(joined.completion()["choices"][0]["message"]["things"]) == 5


def test_pieces_of_other_shapes_do_not_stop_it():
    joined = Aggregate()
    for value in ("a", ["b"], [{"index": 0, "c": "d"}], {"e": 1}, None, 3):
        joined.take({"choices": [{"index": 0, "delta": {"x": value}}]})
    assert joined.completion()["choices"][0]["message"]["x"] == 3
