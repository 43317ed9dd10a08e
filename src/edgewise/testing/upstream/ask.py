"""One chat completion as it was asked for, read strictly: what no good gateway sends is refused.

Fields that neither OpenAI (openai-openapi f85dbe2, `CreateChatCompletionRequest`) nor vLLM knows, a
message of no role, a tool result without its call, arguments that are no JSON: each is a 400 whose
`param` names the place.
"""

import json
from typing import Any

from msgspec import Struct

from edgewise.core.signal import as_list, as_object
from edgewise.testing.upstream.refusal import Rejected

KNOWN = frozenset(
    [
        "model",
        "messages",
        "stream",
        "stream_options",
        "n",
        "stop",
        "max_tokens",
        "max_completion_tokens",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "response_format",
        "temperature",
        "top_p",
        "seed",
        "user",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "presence_penalty",
        "frequency_penalty",
        "metadata",
        "store",
        "service_tier",
        "reasoning_effort",
        "modalities",
        "audio",
        "prediction",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "verbosity",
        "web_search_options",
        "functions",
        "function_call",
        "moderation",
        "top_k",
        "min_p",
        "repetition_penalty",
        "min_tokens",
        "ignore_eos",
        "stop_token_ids",
        "include_stop_str_in_output",
        "skip_special_tokens",
        "continue_final_message",
        "add_generation_prompt",
        "chat_template_kwargs",
        "structured_outputs",
        "priority",
        "request_id",
        "thinking",
    ]
)
ROLES = ("system", "developer", "user", "assistant", "tool")
PARTS = ("text", "image_url", "input_audio", "file", "refusal", "video_url")


class Ask(Struct, frozen=True):
    """What was asked. `tool_choice` is auto, none, required or named, then `named` says which.
    `schema` is that of the wanted answer, `{}` when any JSON object will do, None for text."""

    model: str
    messages: list[dict[str, Any]]
    text: str
    tools: list[dict[str, Any]]
    tool_choice: str
    named: str
    parallel: bool
    schema: dict[str, Any] | None
    stop: list[str]
    most_tokens: int | None
    choices: int
    stream: bool
    include_usage: bool
    continuous_usage: bool


def read_ask(body: dict[str, Any]) -> Ask:
    """Reads a body. Raises Rejected (400) that names the field at fault."""
    for name in body:
        if name not in KNOWN:
            raise Rejected(400, f"Unrecognized request argument supplied: {name}", name)
    messages = _messages(body)
    tools = _tools(body)
    choice, named = _tool_choice(body, tools)
    options = as_object(body.get("stream_options"))
    stream = _flag(body, "stream")
    if options and not stream:
        raise Rejected(400, "'stream_options' needs 'stream': true", "stream_options")
    return Ask(
        model=str(body.get("model", "")),
        messages=messages,
        text=_last_user_text(messages),
        tools=tools,
        tool_choice=choice,
        named=named,
        parallel=body.get("parallel_tool_calls") is not False,
        schema=_schema(body),
        stop=_stop(body),
        most_tokens=_limit(body),
        choices=_whole(body, "n", 1, 128) or 1,
        stream=stream,
        include_usage=options.get("include_usage") is True,
        continuous_usage=options.get("continuous_usage_stats") is True,
    )


def text_of(content: Any) -> str:
    """The text of a message's content, whose parts are joined by line breaks."""
    if isinstance(content, str):
        return content
    parts = [as_object(part) for part in as_list(content)]
    return "\n".join(str(part["text"]) for part in parts if part.get("type") == "text")


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    messages = [as_object(message) for message in as_list(body.get("messages"))]
    if not messages:
        raise Rejected(400, "'messages' must be a list of at least one message", "messages")
    open_calls: set[str] = set()
    for number, message in enumerate(messages):
        _check_message(message, f"messages[{number}]", open_calls)
    return messages


def _check_message(message: dict[str, Any], place: str, open_calls: set[str]) -> None:
    role = message.get("role")
    if role not in ROLES:
        raise Rejected(400, f"{place}.role is {role!r}; one of {', '.join(ROLES)}", f"{place}.role")
    content = message.get("content")
    calls = as_list(message.get("tool_calls"))
    if content is None and not (role == "assistant" and (calls or message.get("refusal"))):
        raise Rejected(400, f"{place}.content is missing", f"{place}.content")
    if content is not None and not isinstance(content, str | list):
        raise Rejected(400, f"{place}.content is neither text nor parts", f"{place}.content")
    if isinstance(content, list):
        for part in as_list(content):  # type: ignore[arg-type]
            if as_object(part).get("type") not in PARTS:
                raise Rejected(400, f"{place}.content has a part of no known type", place)
    for number, call in enumerate(calls):
        _check_call(as_object(call), f"{place}.tool_calls[{number}]")
        open_calls.add(str(as_object(call)["id"]))
    if role == "tool" and message.get("tool_call_id") not in open_calls:
        said = message.get("tool_call_id")
        raise Rejected(400, f"{place}.tool_call_id {said!r} answers no call before it", place)


def _check_call(call: dict[str, Any], place: str) -> None:
    function = as_object(call.get("function"))
    if not call.get("id") or not function.get("name"):
        raise Rejected(400, f"{place} needs an id and a function's name", place)
    try:
        arguments = json.loads(function.get("arguments") or "null")
    except (TypeError, ValueError):
        arguments = None
    if not isinstance(arguments, dict):
        raise Rejected(400, f"{place}.function.arguments is not the JSON of an object", place)


def _tools(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, tool in enumerate(as_list(body.get("tools"))):
        if as_object(tool).get("type") == "web_search":  # StepFun's, which it runs itself
            continue
        function = as_object(as_object(tool).get("function"))
        if as_object(tool).get("type") != "function" or not function.get("name"):
            raise Rejected(400, f"tools[{number}] is not a function with a name", "tools")
        found.append(function)
    return found


def _tool_choice(body: dict[str, Any], tools: list[dict[str, Any]]) -> tuple[str, str]:
    choice = body.get("tool_choice")
    if choice is None:
        return "auto", ""
    if choice != "none" and not tools:
        raise Rejected(400, "'tool_choice' is only allowed when 'tools' are specified.", "tools")
    if choice in ("auto", "none", "required"):
        return choice, ""
    named = str(as_object(as_object(choice).get("function")).get("name", ""))
    if named not in [tool["name"] for tool in tools]:
        raise Rejected(400, f"'tool_choice' names {named!r}, which is no tool", "tool_choice")
    return "named", named


def _schema(body: dict[str, Any]) -> dict[str, Any] | None:
    wanted = as_object(body.get("response_format"))
    match wanted.get("type", "text"):
        case "text":
            return None
        case "json_object":
            return {}
        case "json_schema":
            schema = as_object(wanted.get("json_schema"))
            if not schema.get("name") or not isinstance(schema.get("schema"), dict):
                raise Rejected(400, "a json_schema needs a name and a schema", "response_format")
            return as_object(schema["schema"])
        case other:
            raise Rejected(400, f"response_format {other!r} is unknown", "response_format")


def _stop(body: dict[str, Any]) -> list[str]:
    stop = body.get("stop")
    return [stop] if isinstance(stop, str) else [str(one) for one in as_list(stop) if one]


def _limit(body: dict[str, Any]) -> int | None:
    limit = _whole(body, "max_completion_tokens", 1, 2**31)
    return limit if limit is not None else _whole(body, "max_tokens", 1, 2**31)


def _whole(body: dict[str, Any], name: str, least: int, most: int) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Rejected(400, f"{name!r} is {value!r}; a number from {least} to {most}", name)
    return value


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name)
    if value not in (None, True, False):
        raise Rejected(400, f"{name!r} is {value!r}; true or false", name)
    return value is True


def _last_user_text(messages: list[dict[str, Any]]) -> str:
    for message in reversed(messages):
        if message["role"] == "user":
            return text_of(message.get("content"))
    return ""
