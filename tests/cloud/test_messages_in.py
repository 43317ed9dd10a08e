from typing import Any

import pytest

from edgewise.cloud.messages_in import message_body, read_message, wants_thinking
from edgewise.cloud.refusal import Refused

HI = [{"role": "user", "content": "hi"}]
TOOL = {"name": "get_weather", "description": "d", "input_schema": {"type": "object"}}


def chat(messages: Any = HI, **fields: Any) -> dict[str, Any]:
    body = {"model": "m", "max_tokens": 64, "messages": messages, **fields}
    return message_body(read_message(body))


def refusal(messages: Any = HI, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        chat(messages, **fields)
    assert caught.value.status == 400
    return caught.value


def test_a_text_and_a_system_prompt():
    assert chat(system="be brief") == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "hi"},
        ],
        "max_completion_tokens": 64,
    }
    blocks = [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}]
    blocks += [{"type": "text", "text": "b"}]
    assert chat(system=blocks)["messages"][0]["content"] == "a\n\nb"


def test_images_come_as_addresses():
    blocks = [
        {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": "AA=="},
        },
        {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}},
        {"type": "text", "text": "what?"},
    ]
    (message,) = chat([{"role": "user", "content": blocks}])["messages"]
    assert message["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
        {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
        {"type": "text", "text": "what?"},
    ]


def test_calls_and_results_become_tool_messages_and_the_users_words_follow():
    image = {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}}
    messages = chat(
        [
            *HI,
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "hm", "signature": "s"},
                    {"type": "redacted_thinking", "data": "x"},
                    {"type": "text", "text": "Looking."},
                    {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
                    {"type": "tool_use", "id": "t2", "name": "f", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t1", "content": "no", "is_error": True},
                    {
                        "type": "tool_result",
                        "tool_use_id": "t2",
                        "content": [{"type": "text", "text": "see"}, image],
                    },
                ],
            },
        ],
        tools=[TOOL],
    )["messages"]
    turn = messages[1]
    assert turn["content"] == "Looking."
    assert turn["reasoning_content"] == "hm"
    assert [made["function"] for made in turn["tool_calls"]] == [
        {"name": "f", "arguments": '{"a":1}'},
        {"name": "f", "arguments": "{}"},
    ]
    assert [message["role"] for message in messages[2:]] == ["tool", "tool", "user"]
    assert messages[2]["content"] == "Error: no"
    assert messages[4]["content"][1]["image_url"]["url"] == "https://x/y.png"


def test_thinking_before_the_last_word_of_the_user_is_dropped():
    before = {"role": "assistant", "content": [{"type": "thinking", "thinking": "old"}]}
    before["content"] += [{"type": "text", "text": "1"}]
    messages = chat([*HI, before, *HI])["messages"]
    assert messages[1] == {"role": "assistant", "content": "1"}


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        ({"type": "auto"}, {"tool_choice": "auto"}),
        ({"type": "none"}, {"tool_choice": "none"}),
        (
            {"type": "any", "disable_parallel_tool_use": True},
            {"tool_choice": "required", "parallel_tool_calls": False},
        ),
        (
            {"type": "tool", "name": "get_weather"},
            {"tool_choice": {"type": "function", "function": {"name": "get_weather"}}},
        ),
    ],
)
def test_tool_choices_have_chats_names(choice: dict[str, Any], wanted: dict[str, Any]):
    body = chat(tools=[TOOL], tool_choice=choice)
    assert body.pop("tools") == [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "d",
                "parameters": {"type": "object"},
            },
        }
    ]
    assert {name: body[name] for name in body if name.startswith(("tool", "parallel"))} == wanted


def test_settings_have_chats_names():
    body = chat(
        stop_sequences=["END"],
        temperature=1,
        top_p=0.5,
        top_k=4,
        metadata={"user_id": "u"},
        thinking={"type": "enabled", "budget_tokens": 8000},
        output_config={"format": {"type": "json_schema", "schema": {"type": "object"}}},
    )
    assert body["stop"] == ["END"]
    assert (body["temperature"], body["top_p"], body["top_k"], body["user"]) == (1, 0.5, 4, "u")
    assert body["reasoning_effort"] == "medium"
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    effort = chat(thinking={"type": "adaptive"}, output_config={"effort": "low"})
    assert effort["reasoning_effort"] == "low"


@pytest.mark.parametrize(
    ("thinking", "wanted"),
    [(None, False), ({"type": "disabled"}, False), ({"type": "adaptive"}, True)],
)
def test_only_who_asked_is_shown_thinking(thinking: Any, wanted: bool):
    body = {"model": "m", "max_tokens": 1, "messages": HI, "thinking": thinking}
    assert wants_thinking(read_message(body)) is wanted


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"max_tokens": None}, "max_tokens"),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools[0].type"),
        ({"tool_choice": {"type": "any"}}, "tool_choice"),
        ({"tool_choice": {"type": "tool", "name": "no"}, "tools": [TOOL]}, "tool_choice.name"),
        ({"mcp_servers": []}, "mcp_servers"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages[0].role"),
        ({"messages": [*HI, {"role": "assistant", "content": "I"}]}, "messages[1]"),
    ],
)
def test_what_is_not_done_here_is_refused_by_name(fields: dict[str, Any], param: str):
    assert refusal(**{"messages": HI, **fields}).problem.param == param


@pytest.mark.parametrize(
    ("role", "block", "param"),
    [
        ("user", {"type": "document", "source": {}}, ".type"),
        ("user", {"type": "image", "source": {"type": "file", "file_id": "f"}}, ".source.type"),
        ("user", {"type": "tool_result", "tool_use_id": "no"}, ""),
        ("user", {"type": "tool_use", "id": "t", "name": "f", "input": {}}, ".type"),
        ("assistant", {"type": "tool_use", "id": "t", "name": "f", "input": {}}, ""),
        ("assistant", {"type": "tool_use", "id": "t", "name": "f", "input": "{"}, ".input"),
        ("assistant", {"type": "tool_result", "tool_use_id": "t"}, ".type"),
    ],
)
def test_a_wrong_block_is_refused_by_its_place(role: str, block: dict[str, Any], param: str):
    messages = [*HI, {"role": role, "content": [block]}, *HI]
    assert refusal(messages).problem.param == f"messages[1].content[0]{param}"
