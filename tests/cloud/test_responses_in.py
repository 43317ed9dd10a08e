from typing import Any

import pytest

from edgewise.cloud.refusal import Refused
from edgewise.cloud.responses_in import chat_body, items_of, read_items, read_request

TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the current weather",
    "parameters": {"type": "object", "properties": {"location": {"type": "string"}}},
}
OTHER = {"type": "function", "name": "other", "strict": True}


def chat(input: Any = "hi", **fields: Any) -> dict[str, Any]:
    request = read_request({"model": "m", "input": input, **fields})
    return chat_body(request, items_of(request))


def refusal(input: Any = "hi", **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        chat(input, **fields)
    assert caught.value.status == 400
    return caught.value


def test_a_text_is_a_message_of_the_user():
    assert chat("hi") == {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def test_instructions_and_the_systems_and_developers_messages_lead():
    body = chat(
        [
            {"role": "system", "content": "a pirate"},
            {
                "type": "message",
                "role": "developer",
                "content": [{"type": "input_text", "text": "x"}],
            },
            {"role": "user", "content": "hi"},
        ],
        instructions="be brief",
    )
    assert body["messages"] == [
        {"role": "system", "content": "be brief\n\na pirate\n\nx"},
        {"role": "user", "content": "hi"},
    ]


def test_images_and_sound_become_chat_parts():
    parts = [
        {"type": "input_text", "text": "what?"},
        {"type": "input_image", "image_url": "data:image/png;base64,AA", "detail": "low"},
        {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}},
    ]
    (message,) = chat([{"role": "user", "content": parts}])["messages"]
    assert message["content"] == [
        {"type": "text", "text": "what?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA", "detail": "low"}},
        {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}},
    ]


def test_calls_results_and_reasoning_become_one_turn():
    items = [
        {"role": "user", "content": "weather?"},
        {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "hm"}]},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Looking."}],
        },
        {"type": "function_call", "call_id": "c", "name": "get_weather", "arguments": "{}"},
        {
            "type": "function_call_output",
            "call_id": "c",
            "output": [{"type": "input_text", "text": "sun"}],
        },
    ]
    assert chat(items)["messages"][1:] == [
        {
            "role": "assistant",
            "content": "Looking.",
            "reasoning_content": "hm",
            "tool_calls": [
                {
                    "id": "c",
                    "type": "function",
                    "function": {"name": "get_weather", "arguments": "{}"},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c", "content": "sun"},
    ]


def test_tools_keep_their_schema_and_strictness():
    body = chat(tools=[TOOL, OTHER], tool_choice="required", parallel_tool_calls=False)
    assert body["tools"] == [
        {
            "type": "function",
            "function": {name: TOOL[name] for name in ("name", "description", "parameters")},
        },
        {"type": "function", "function": {"name": "other", "strict": True}},
    ]
    assert body["tool_choice"] == "required"
    assert body["parallel_tool_calls"] is False


def test_a_named_choice_is_named_in_chats_words():
    body = chat(tools=[TOOL], tool_choice={"type": "function", "name": "get_weather"})
    assert body["tool_choice"] == {"type": "function", "function": {"name": "get_weather"}}


def test_allowed_tools_are_the_only_ones_offered():
    allowed = {
        "type": "allowed_tools",
        "mode": "required",
        "tools": [{"type": "function", "name": "other"}],
    }
    body = chat(tools=[TOOL, OTHER], tool_choice=allowed)
    assert [tool["function"]["name"] for tool in body["tools"]] == ["other"]
    assert body["tool_choice"] == "required"


def test_settings_have_chats_names():
    schema = {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True}
    body = chat(
        text={"format": schema, "verbosity": "low"},
        reasoning={"effort": "high", "summary": "auto"},
        max_output_tokens=64,
        temperature=0,
        top_p=0.5,
        top_logprobs=2,
        include=["message.output_text.logprobs", "reasoning.encrypted_content"],
        metadata={"a": "b"},
        store=False,
        truncation="disabled",
        service_tier="auto",
        user="u",
    )
    del body["messages"], body["model"]
    assert body == {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "n", "schema": {"type": "object"}, "strict": True},
        },
        "verbosity": "low",
        "reasoning_effort": "high",
        "max_completion_tokens": 64,
        "temperature": 0.0,
        "top_p": 0.5,
        "logprobs": True,
        "top_logprobs": 2,
        "user": "u",
    }
    assert chat(text={"format": {"type": "json_object"}})["response_format"] == {
        "type": "json_object"
    }
    assert "response_format" not in chat(text={"format": {"type": "text"}})


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
        ({"tools": [TOOL, TOOL]}, "tools[1]"),
        ({"conversation": "c"}, "conversation"),
        ({"prompt": {"id": "p"}}, "prompt"),
        ({"truncation": "auto"}, "truncation"),
        ({"background": True, "store": False}, "background"),
        (
            {"stream_options": {"include_obfuscation": True}, "stream": True},
            "stream_options.include_obfuscation",
        ),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "name": "no"}, "tools": [TOOL]}, "tool_choice.name"),
        ({"tool_choice": {"type": "file_search"}, "tools": [TOOL]}, "tool_choice.type"),
        ({"service_tier": "priority"}, "service_tier"),
        ({"reasoning": {"summary": "concise"}}, "reasoning.summary"),
        ({"include": ["nothing"]}, "include[0]"),
        ({"metadata": {"a": 1}}, "metadata"),
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"text": {"format": {"type": "xml"}}}, "text.format.type"),
    ],
)
def test_what_is_not_done_here_is_refused_by_name(fields: dict[str, Any], param: str):
    assert refusal(**fields).problem.param == param


@pytest.mark.parametrize(
    ("item", "param"),
    [
        ({"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}, "content[0].type"),
        (
            {"role": "user", "content": [{"type": "input_image", "file_id": "f"}]},
            "content[0].file_id",
        ),
        ({"role": "user", "content": []}, "content"),
        (
            {"role": "assistant", "content": [{"type": "input_image", "image_url": "x"}]},
            "content[0].type",
        ),
        ({"type": "computer_call", "id": "c"}, "type"),
        ({"type": "function_call", "call_id": "c", "name": "f", "arguments": "{"}, "arguments"),
        ({"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}, ""),
        ({"type": "function_call_output", "call_id": "c", "output": "x"}, ""),
        ({"type": "reasoning", "summary": [], "encrypted_content": "x"}, "encrypted_content"),
        ({"type": "item_reference", "id": "msg_1"}, "id"),
        ({"role": "king", "content": "x"}, "role"),
    ],
)
def test_a_wrong_item_is_refused_by_its_place(item: dict[str, Any], param: str):
    said = refusal([{"role": "user", "content": "hi"}, item]).problem.param
    assert said == (f"input[1].{param}" if param else "input[1]")


@pytest.mark.parametrize("input", ["x", [{"role": "user", "content": "x"}]])
def test_earlier_turns_come_before_the_input(input: Any):
    earlier = read_items(
        [
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "I am Al."}],
                "id": "m",
                "status": "completed",
            },
            {
                "type": "message",
                "role": "assistant",
                "content": [
                    {"type": "output_text", "text": "Hi Al", "annotations": [], "logprobs": []}
                ],
                "id": "m2",
                "status": "completed",
            },
        ]
    )
    request = read_request({"model": "m", "input": input})
    messages = chat_body(request, items_of(request), earlier)["messages"]
    assert [message["content"] for message in messages] == ["I am Al.", "Hi Al", "x"]


def test_nothing_to_answer_is_refused():
    assert refusal([]).problem.param == "input"
