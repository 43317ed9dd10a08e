"""A stream goes on as it came wherever it is cut, and what it tells is counted to the token."""

import json
import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.config import ToolChoice
from edgewise.cloud.refusal import Refused
from edgewise.cloud.relay import MOST_INDEXED, Relay
from edgewise.cloud.usage import NOTHING, Usage

Json = dict[str, Any]


def relay(**given: Any) -> Relay:
    return Relay(public_model="public", upstream_model="up", **given)


def chunk(
    delta: Json | None = None, finish: str | None = None, index: int = 0, **more: Any
) -> Json:
    choice = {"index": index, "delta": delta or {}, "finish_reason": finish}
    return {"id": "c", "model": "up", "choices": [choice], **more}


def usage(fresh: int, out: int) -> Json:
    return {"prompt_tokens": fresh, "completion_tokens": out}


def wire(*chunks: Json, end: str = "\n\n", done: bool = True) -> bytes:
    data = [json.dumps(one) for one in chunks] + (["[DONE]"] if done else [])
    return "".join(f"data: {one}{end}" for one in data).encode()


def fed(relay: Relay, *pieces: bytes) -> list[Json]:
    return [json.loads(event) for piece in pieces for event in relay.feed(piece)]


def pieces(
    index: int | None, id: str | None = None, name: str | None = None, text: str = ""
) -> Json:
    """A piece of a tool call as an upstream writes it."""
    piece: Json = {"function": {"arguments": text}}
    if index is not None:
        piece["index"] = index
    if id is not None:
        piece["id"] = id
    if name is not None:
        piece["function"]["name"] = name
    return piece


def calls(*of: Json) -> Json:
    return chunk({"tool_calls": list(of)})


STREAM = wire(
    chunk({"role": "assistant", "content": ""}),
    chunk({"reasoning_content": "so"}),
    chunk({"content": "héllo\n\ndata: x"}),
    calls(pieces(0, "a", "f"), pieces(0, "b", "f")),
    calls(pieces(0, text="{}")),
    chunk(finish="tool_calls"),
    {"choices": [], "usage": usage(7, 5)},
)


@given(st.lists(st.integers(0, len(STREAM))), st.booleans(), st.booleans())
def test_wherever_the_bytes_are_cut_events_and_counts_are_the_same(
    cuts: list[int], crlf: bool, asked_for_usage: bool
):
    whole, cut = (relay(include_usage=asked_for_usage) for _ in range(2))
    stream = STREAM.replace(b"\n\n", b"\r\n\r\n") if crlf else STREAM
    places = [0, *sorted(min(at, len(stream)) for at in cuts), len(stream)]
    parts = [stream[begin:end] for begin, end in pairwise(places)]
    assert fed(cut, *parts) == fed(whole, STREAM)
    assert cut.usage == whole.usage == Usage(7, 0, 5)
    assert cut.ended
    assert whole.ended


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_bytes_of_an_upstream_end_in_anything_but_a_refusal(parts: list[bytes]):
    one, other = relay(), relay()
    for part in parts:
        other.count(part)
        try:
            list(one.feed(part))
        except Refused as refused:
            said = refused.status
        else:
            said = 502
        assert said == 502


@pytest.mark.parametrize("told", [True, False])
def test_what_was_sent_is_counted_once_an_answer_began(told: bool):
    sent = Usage(images=2, audio_input_ms=1_500)
    one = relay(sent=sent, likely_input=3)
    assert one.usage == NOTHING
    more = {"usage": usage(3, 1)} if told else {}
    fed(one, wire(chunk({"content": "a"}, "stop", **more)))
    assert one.usage == Usage(3, 0, 1, images=2, audio_input_ms=1_500)


def test_usage_that_was_not_asked_for_is_taken_out():
    told = [chunk({"content": "a"}, usage=usage(3, 1)), {"choices": [], "usage": usage(3, 1)}]
    out = fed(relay(include_usage=False), wire(*told))
    assert len(out) == 1
    assert "usage" not in out[0]
    assert len(fed(relay(include_usage=True), wire(*told))) == 2


def test_counts_with_each_event_are_kept_from_who_asked_for_them_at_the_end():
    told = [chunk({"content": "a"}, usage=usage(3, 1)), {"choices": [], "usage": usage(3, 1)}]
    one = relay(usage_at_end=True)
    out = fed(one, wire(*told))
    assert ["usage" in event for event in out] == [False, True]
    assert one.usage == Usage(3, 0, 1)
    assert len(fed(relay(), wire(*told))) == 2


def test_usage_told_only_beside_words_is_told_at_the_end_to_who_asked_for_it():
    told = [chunk({"content": "a"}, usage=usage(3, 1)), chunk({"content": "b"}, usage=usage(3, 2))]
    out = fed(relay(usage_at_end=True), wire(*told))
    assert ["usage" in event for event in out] == [False, False, True]
    assert (out[-1]["choices"], out[-1]["usage"]["completion_tokens"]) == ([], 2)
    assert out[-1]["model"] == out[0]["model"] == "public"
    assert len(fed(relay(include_usage=False), wire(*told))) == 2


def test_usage_is_told_at_the_end_also_where_the_upstream_ends_without_done():
    told = [chunk({"content": "a"}, usage=usage(3, 1)), chunk(finish="stop", usage=usage(3, 1))]
    one = relay(usage_at_end=True)
    fed(one, wire(*told, done=False))
    last = json.loads(one.cut() or b"")
    assert (last["choices"], last["usage"], last["model"]) == ([], usage(3, 1), "public")
    assert one.cut() is None
    other = relay(include_usage=False)
    fed(other, wire(*told, done=False))
    assert other.cut() is None


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize(
    "told",
    [
        chunk({"content": 'a,"usage":{}'}, usage=usage(3, 1)),
        {"usage": usage(3, 1), **chunk({"content": "a"})},
        chunk({"content": "a"}, usage=usage(3, 1), more={"a": 1, "usage": {"b": 2}}),
    ],
)
def test_usage_is_taken_out_wherever_it_stands(told: Json, separators: tuple[str, str]):
    data = f"data: {json.dumps(told, separators=separators)}\n\n".encode()
    left = {name: value for name, value in told.items() if name != "usage"}
    assert fed(relay(usage_at_end=True), data) == [left | {"model": "public"}]


def test_the_public_name_is_told_and_words_alike_are_left():
    said = chunk({"content": '"model": "up"'})
    (out,) = fed(relay(), wire(said, done=False))
    assert out == said | {"model": "public"}


def indices(*chunks: Json) -> list[int]:
    out = fed(relay(), wire(*chunks, done=False))
    return [
        call["index"] for one in out for call in one["choices"][0]["delta"].get("tool_calls", [])
    ]


CALLS = {
    "right": ([pieces(0, "a", "f"), pieces(0), pieces(1, "b", "f"), pieces(1)], [0, 0, 1, 1]),
    "all zero": ([pieces(0, "a", "f"), pieces(0), pieces(0, "b", "f"), pieces(0)], [0, 0, 1, 1]),
    "none": (
        [pieces(None, "a", "f"), pieces(None), pieces(None, "b", "f"), pieces(None)],
        [0, 0, 1, 1],
    ),
    "from one": ([pieces(1, "a", "f"), pieces(1), pieces(2, "b", "f"), pieces(2)], [0, 0, 1, 1]),
    "huge": ([pieces(10**9, "a", "f"), pieces(10**9)], [0, 0]),
    "negative": ([pieces(-1, "a", "f"), pieces(-1)], [0, 0]),
    "ids repeated": (
        [pieces(0, "a", "f"), pieces(0, "b", "f"), pieces(0, "a"), pieces(0, "b")],
        [0, 1, 0, 1],
    ),
    "interleaved": ([pieces(0, "a", "f"), pieces(1, "b", "f"), pieces(0), pieces(1)], [0, 1, 0, 1]),
    "no ids": ([pieces(0, None, "f"), pieces(0), pieces(1, None, "f"), pieces(1)], [0, 0, 1, 1]),
    "no ids and no index": (
        [pieces(None, None, "f"), pieces(None), pieces(None, None, "f")],
        [0, 0, 1],
    ),
    "empty ids": (
        [pieces(0, "a", "f"), pieces(0, ""), pieces(1, "b", "f"), pieces(1, "")],
        [0, 0, 1, 1],
    ),
}


@pytest.mark.parametrize("how", CALLS)
@pytest.mark.parametrize("together", [True, False])
def test_parallel_calls_get_the_indices_of_their_order(how: str, together: bool):
    given, right = CALLS[how]
    chunks = [calls(*given)] if together else [calls(piece) for piece in given]
    assert indices(*chunks) == right


def test_each_choice_numbers_its_own_calls():
    first, second = pieces(0, "a", "f"), pieces(0, "b", "f")
    both = {
        "choices": [
            {"index": n, "delta": {"tool_calls": [c]}} for n, c in ((0, first), (1, second))
        ]
    }
    out = fed(relay(), wire(both, done=False))
    assert [c["delta"]["tool_calls"][0]["index"] for c in out[0]["choices"]] == [0, 0]


def test_a_call_where_none_was_allowed_ends_the_stream_and_all_is_counted():
    one = relay(choice=ToolChoice.NONE)
    stream = wire(
        chunk({"content": "a"}, usage=usage(3, 1)),
        calls(pieces(0, "a", "f")) | {"usage": usage(3, 2)},
        chunk({"content": "b"}, usage=usage(3, 3)),
        done=False,
    )
    with pytest.raises(Refused) as refused:
        fed(one, stream)
    assert refused.value.problem.code == "tool_choice_not_obeyed"
    assert one.usage == Usage(3, 0, 2)
    one.count(b"")
    assert one.usage == Usage(3, 0, 3)


@pytest.mark.parametrize("choice", [ToolChoice.REQUIRED, ToolChoice.NAMED])
def test_a_required_call_that_is_missing_ends_in_an_error(choice: ToolChoice):
    said = wire(chunk({"content": "a"}), chunk(finish="stop"))
    with pytest.raises(Refused):
        fed(relay(choice=choice, named="f"), said)
    called = wire(calls(pieces(0, "a", "f")), chunk(finish="tool_calls"))
    assert len(fed(relay(choice=choice, named="f"), called)) == 2


def test_another_tool_than_the_named_one_is_not_passed_on():
    one = relay(choice=ToolChoice.NAMED, named="f")
    with pytest.raises(Refused, match="'g'"):
        fed(one, wire(calls(pieces(0, "a", "g"))))


def test_a_stream_that_ends_without_counts_is_estimated_by_its_deltas():
    one = relay(likely_input=11)
    assert one.usage == NOTHING
    fed(one, wire(chunk({"role": "assistant", "content": ""}), done=False))
    assert (one.usage, one.estimated) == (Usage(11), True)
    fed(one, wire(chunk({"content": "a"}), chunk({"reasoning": "b"}), done=False))
    assert one.usage == Usage(11, 0, 2)
    fed(one, wire({"choices": [], "usage": usage(4, 3)}))
    assert (one.usage, one.estimated) == (Usage(4, 0, 3), False)


def test_deltas_after_the_last_count_are_added_to_it():
    one = relay()
    fed(one, wire(chunk({"content": "a"}, usage=usage(4, 1)), chunk({"content": "b"}), done=False))
    assert (one.usage, one.estimated) == (Usage(4, 0, 2), True)


def test_a_usage_that_tells_nothing_counts_nothing():
    one = relay(likely_input=2)
    fed(
        one,
        wire(chunk({"content": "a"}, usage={}), chunk({"content": "b"}, usage=None), done=False),
    )
    assert one.usage == Usage(2, 0, 2)


def test_a_stream_that_breaks_off_is_told_and_one_that_said_all_is_not():
    broken, whole, half = relay(), relay(), relay()
    fed(broken, wire(chunk({"content": "a"}), done=False))
    with pytest.raises(Refused):
        broken.cut()
    fed(whole, wire(chunk({"content": "a"}), chunk(finish="stop"), done=False))
    whole.cut()
    fed(half, wire(chunk({"content": "a"}), chunk({"content": "a"}, index=1), done=False))
    fed(half, wire(chunk(finish="stop"), done=False))
    with pytest.raises(Refused):
        half.cut()


def test_comments_other_fields_and_what_follows_the_end_are_left_out():
    said = b": keep-alive\n\nevent: x\nid: 1\ndata: " + json.dumps(chunk({"content": "a"})).encode()
    out = fed(relay(), said + b"\n\n\n\ndata: [DONE]\n\n" + wire(chunk({"content": "b"})))
    assert [one["choices"][0]["delta"] for one in out] == [{"content": "a"}]


def test_an_error_of_the_upstream_is_ours_to_tell():
    with pytest.raises(Refused) as refused:
        fed(relay(), wire({"error": {"message": "too hot"}}))
    assert (refused.value.status, refused.value.problem.code) == (502, "upstream_failed")


def test_an_event_in_tiny_pieces_takes_no_more_time_than_its_length():
    def taken_s(size: int) -> float:
        one, begun = relay(), time.process_time()
        event = wire(chunk({"content": "a" * size}), done=False)
        for at in range(0, len(event), 16):
            list(one.feed(event[at : at + 16]))
        assert one.usage.output_tokens == 1
        return time.process_time() - begun

    assert taken_s(2_000_000) < 8 * taken_s(500_000) + 0.05


def test_an_upstreams_choices_and_calls_are_bounded():
    for index in (-1, MOST_INDEXED):
        with pytest.raises(Refused, match="index"):
            fed(relay(), wire(chunk({"content": "a"}, index=index)))
    one = relay()
    many = [calls(pieces(number, f"c{number}", "f")) for number in range(MOST_INDEXED + 1)]
    fed(one, wire(*many[:-1], done=False))
    with pytest.raises(Refused, match="tool calls"):
        fed(one, wire(many[-1], done=False))
