from typing import Any

import pytest

from edgewise.testing.upstream.ask import read_ask, text_of
from edgewise.testing.upstream.refusal import Rejected

USER = {"role": "user", "content": "hi"}
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}


def called(arguments: Any = "{}", answer: str = "c1") -> list[dict[str, Any]]:
    function = {"name": "look", "arguments": arguments}
    return [
        USER,
        {"role": "assistant", "content": None, "tool_calls": [CALL | {"function": function}]},
        {"role": "tool", "tool_call_id": answer, "content": "blue"},
    ]


def test_what_was_asked_is_read():
    ask = read_ask(
        {
            "model": "m",
            "messages": [USER],
            "tools": [TOOL],
            "tool_choice": {"type": "function", "function": {"name": "look"}},
            "parallel_tool_calls": False,
            "stop": "x",
            "max_tokens": 9,
            "max_completion_tokens": 5,
            "n": 2,
            "stream": True,
            "stream_options": {"include_usage": True, "continuous_usage_stats": True},
        }
    )
    assert (ask.tool_choice, ask.named, ask.parallel) == ("named", "look", False)
    assert (ask.stop, ask.most_tokens, ask.choices) == (["x"], 5, 2)
    assert ask.include_usage
    assert ask.continuous_usage


def test_a_history_with_calls_and_their_results_is_accepted():
    assert read_ask({"messages": called()}).text == "hi"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": [USER], "edgewise": 1}, "edgewise"),
        ({}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": [USER, {"role": "robot", "content": ""}]}, "messages[1].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "messages[0]"),
        ({"messages": called(arguments="{")}, "messages[1].tool_calls[0]"),
        ({"messages": called(arguments="[1]")}, "messages[1].tool_calls[0]"),
        ({"messages": called(answer="c2")}, "messages[2]"),
        ({"messages": [USER], "tool_choice": "required"}, "tools"),
        ({"messages": [USER], "tools": [{"type": "function"}]}, "tools"),
        (
            {"messages": [USER], "tools": [TOOL], "tool_choice": {"function": {"name": "x"}}},
            "tool_choice",
        ),
        ({"messages": [USER], "response_format": {"type": "json_schema"}}, "response_format"),
        ({"messages": [USER], "response_format": {"type": "xml"}}, "response_format"),
        ({"messages": [USER], "max_tokens": 0}, "max_tokens"),
        ({"messages": [USER], "n": "2"}, "n"),
        ({"messages": [USER], "stream": "yes"}, "stream"),
        ({"messages": [USER], "stream_options": {"include_usage": True}}, "stream_options"),
    ],
)
def test_what_no_good_gateway_sends_is_rejected_by_its_place(body: dict[str, Any], param: str):
    with pytest.raises(Rejected) as rejected:
        read_ask({"model": "m"} | body)
    assert rejected.value.status == 400
    assert rejected.value.body["error"]["param"] == param


def test_the_text_of_parts_is_joined_and_images_are_left_out():
    parts = [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]
    assert text_of(parts) == "a\nb"
