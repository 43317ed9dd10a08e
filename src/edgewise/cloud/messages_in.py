"""Translates a request of Anthropic's Messages API into the body of a chat completion.

A failed result is told as a text that begins with "Error:", since chat has no flag for it. Thinking
is given back within the loop of calls under way and dropped before it, as Anthropic does. A budget
of thinking becomes an effort (up to 4,096 tokens low, 16,384 medium, else high), unless
`output_config.effort` says it. A last message of the assistant (a prefix to go on from) is refused:
chat backends would answer it instead. Source: docs.anthropic.com, Messages API, 2023-06-01.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from edgewise.cloud.conversation import Conversation
from edgewise.cloud.fields import read
from edgewise.cloud.message_request import (
    REMEDIES,
    AnyChoice,
    Base64Source,
    Block,
    CountRequest,
    ImageBlock,
    MessageRequest,
    NoneChoice,
    NoThinking,
    RedactedThinkingBlock,
    TextBlock,
    Thinking,
    ThinkingBlock,
    ToolChoice,
    ToolResultBlock,
    ToolUseBlock,
    Turn,
)
from edgewise.cloud.refusal import bad_request

LOW_BUDGET = 4_096
MEDIUM_BUDGET = 16_384


def read_message(body: Mapping[str, Any]) -> MessageRequest:
    """The request of a message. Raises Refused (400) that names the field."""
    return read(MessageRequest, body, REMEDIES)


def read_count(body: Mapping[str, Any]) -> CountRequest:
    """The request of a count. Raises Refused (400) that names the field."""
    return read(CountRequest, body, REMEDIES)


def wants_thinking(request: CountRequest) -> bool:
    """Whether the answer shows its thinking: only who asked is shown it."""
    return request.thinking is not None and not isinstance(request.thinking, NoThinking)


def message_body(request: MessageRequest) -> dict[str, Any]:
    """The chat completion's body."""
    if request.messages[-1].role == "assistant":
        at = f"messages[{len(request.messages) - 1}]"
        raise bad_request(
            f"{at}: the last message must be the user's; an answer cannot be begun for the model",
            at,
        )
    body = count_body(request) | {"max_completion_tokens": request.max_tokens}
    given = {
        "stop": request.stop_sequences or None,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "top_k": request.top_k,
        "reasoning_effort": _effort(request),
        "user": request.metadata.user_id,
    }
    return body | {name: value for name, value in given.items() if value is not None}


def count_body(request: CountRequest) -> dict[str, Any]:
    """The part of the body that is input: messages, tools and the answer's form."""
    conversation = Conversation()
    system = request.system
    if not isinstance(system, str):
        system = "\n\n".join(block.text for block in system)
    if system:
        conversation.system(system)
    for index, turn in enumerate(request.messages):
        _tell(conversation, turn, f"messages[{index}]")
    body: dict[str, Any] = {"model": request.model, "messages": conversation.messages()}
    if (form := request.output_config.format) is not None:
        schema = {"name": "answer", "schema": form.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body | _tools(request)


def _tell(conversation: Conversation, turn: Turn, place: str) -> None:
    if isinstance(turn.content, str):
        if turn.role == "user":
            conversation.user(turn.content)
        else:
            conversation.assistant(turn.content)
    elif turn.role == "user":
        _tell_user(conversation, turn.content, place)
    else:
        _tell_assistant(conversation, turn.content, place)


def _tell_user(conversation: Conversation, blocks: Sequence[Block], place: str) -> None:
    parts: list[dict[str, Any]] = []
    for index, block in enumerate(blocks):
        at = f"{place}.content[{index}]"
        match block:
            case TextBlock():
                parts.append({"type": "text", "text": block.text})
            case ImageBlock():
                parts.append(_image(block))
            case ToolResultBlock():
                text, images = _result(block)
                conversation.result(block.tool_use_id, text, images=images, place=at)
            case _:
                raise _misplaced(block, "user", at)
    if parts:
        conversation.user(parts)


def _tell_assistant(conversation: Conversation, blocks: Sequence[Block], place: str) -> None:
    texts: list[str] = []
    calls: list[tuple[ToolUseBlock, str]] = []
    for index, block in enumerate(blocks):
        at = f"{place}.content[{index}]"
        match block:
            case TextBlock():
                texts.append(block.text)
            case ThinkingBlock():
                if block.thinking:
                    conversation.think(block.thinking)
            case RedactedThinkingBlock():
                pass
            case ToolUseBlock():
                calls.append((block, at))
            case _:
                raise _misplaced(block, "assistant", at)
    if texts:
        conversation.assistant("".join(texts))
    for call, at in calls:
        arguments = msgspec.json.encode(call.input).decode()
        conversation.call(call.id, call.name, arguments, place=at)


def _misplaced(block: Block, role: str, at: str) -> Exception:
    kind = str(msgspec.to_builtins(block)["type"])
    return bad_request(f"{at}: a message of the {role} cannot hold {kind!r}", f"{at}.type")


def _image(block: ImageBlock) -> dict[str, Any]:
    source = block.source
    if isinstance(source, Base64Source):
        url = f"data:{source.media_type};base64,{source.data}"
    else:
        url = source.url
    return {"type": "image_url", "image_url": {"url": url}}


def _result(block: ToolResultBlock) -> tuple[str, tuple[dict[str, Any], ...]]:
    if isinstance(block.content, str):
        text, images = block.content, ()
    else:
        held = block.content
        text = "\n".join(part.text for part in held if isinstance(part, TextBlock))
        images = tuple(_image(part) for part in held if isinstance(part, ImageBlock))
    return (f"Error: {text}" if block.is_error else text), images


def _effort(request: MessageRequest) -> str | None:
    if request.output_config.effort is not None:
        return request.output_config.effort
    if not isinstance(request.thinking, Thinking):
        return None
    budget = request.thinking.budget_tokens
    return "low" if budget <= LOW_BUDGET else "medium" if budget <= MEDIUM_BUDGET else "high"


def _tools(request: CountRequest) -> dict[str, Any]:
    choice = request.tool_choice
    names = [tool.name for tool in request.tools]
    if isinstance(choice, ToolChoice) and choice.name not in names:
        raise bad_request(
            f"tool_choice.name: no tool is named {choice.name[:80]!r}", "tool_choice.name"
        )
    if not names:
        if isinstance(choice, AnyChoice):
            raise bad_request("tool_choice: 'any' needs tools", "tool_choice")
        return {}
    body: dict[str, Any] = {"tools": [], "tool_choice": "auto"}
    for tool in request.tools:
        function: dict[str, Any] = {"name": tool.name, "parameters": tool.input_schema}
        given = {"description": tool.description, "strict": tool.strict}
        function |= {name: value for name, value in given.items() if value is not None}
        body["tools"].append({"type": "function", "function": function})
    match choice:
        case None:
            return body
        case NoneChoice():
            return body | {"tool_choice": "none"}
        case ToolChoice():
            body["tool_choice"] = {"type": "function", "function": {"name": choice.name}}
        case AnyChoice():
            body["tool_choice"] = "required"
        case _:
            pass
    return body | ({"parallel_tool_calls": False} if choice.disable_parallel_tool_use else {})
