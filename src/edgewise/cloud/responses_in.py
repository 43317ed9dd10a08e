"""Translates a request of the Responses API into the body of a chat completion.

It is pure: earlier turns and referenced items are handed in. `allowed_tools` becomes a shorter list
of tools, which every backend obeys; `developer` becomes `system`, which every template knows; a
refusal in the history is what the assistant said. Source: openai-openapi f85dbe2.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec

from edgewise.cloud.conversation import Conversation
from edgewise.cloud.fields import read
from edgewise.cloud.refusal import bad_request
from edgewise.cloud.response_request import (
    REMEDIES,
    AllowedTools,
    FunctionCall,
    FunctionCallOutput,
    FunctionChoice,
    FunctionTool,
    InputAudio,
    InputImage,
    Item,
    ItemReference,
    JsonObjectFormat,
    JsonSchemaFormat,
    Message,
    OutputText,
    ReasoningItem,
    Refusal,
    ResponseRequest,
)


def read_request(body: Mapping[str, Any]) -> ResponseRequest:
    """The request. Raises Refused (400) that names the field."""
    sent = dict(body)
    items: Any = sent.get("input")
    if isinstance(items, list):
        sent["input"] = [_typed(item) for item in cast(list[Any], items)]
    request = read(ResponseRequest, sent, REMEDIES)
    if request.background and not request.store:
        raise bad_request("background: it needs store, or nobody could fetch it", "background")
    if request.stream_options.include_obfuscation is not None and not request.stream:
        raise bad_request("stream_options: they need stream", "stream_options")
    return request


def items_of(request: ResponseRequest) -> list[Item]:
    """The input as items: a string is a message of the user."""
    if isinstance(request.input, str):
        return [Message(role="user", content=request.input)]
    return list(request.input)


def read_items(kept: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Items that the server kept, as values again."""
    return msgspec.convert(list(kept), list[Item])


def chat_body(
    request: ResponseRequest, items: Sequence[Item], earlier: Sequence[Item] = ()
) -> dict[str, Any]:
    """The chat completion's body; `earlier` are the kept turns before, references resolved."""
    body: dict[str, Any] = {"model": request.model, "messages": _messages(request, items, earlier)}
    given = {
        "max_completion_tokens": request.max_output_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "presence_penalty": request.presence_penalty,
        "frequency_penalty": request.frequency_penalty,
        "reasoning_effort": request.reasoning.effort if request.reasoning else None,
        "verbosity": request.text.verbosity,
        "response_format": _response_format(request),
        "safety_identifier": request.safety_identifier,
        "prompt_cache_key": request.prompt_cache_key,
        "user": request.user,
    }
    body |= {name: value for name, value in given.items() if value is not None}
    if request.top_logprobs or "message.output_text.logprobs" in request.include:
        body["logprobs"] = True
        body["top_logprobs"] = request.top_logprobs or 0
    return body | _tools(request)


def _typed(item: Any) -> Any:
    """The short form of a message has no `type`; every other item has one."""
    if not isinstance(item, dict):
        return item
    sent = cast(dict[str, Any], item)
    return {"type": "message", **sent} if "type" not in sent and "role" in sent else sent


def _messages(
    request: ResponseRequest, items: Sequence[Item], earlier: Sequence[Item]
) -> list[dict[str, Any]]:
    conversation = Conversation()
    if request.instructions:
        conversation.system(request.instructions)
    for item in earlier:
        _tell(conversation, item, "previous_response_id", ours=True)
    for index, item in enumerate(items):
        _tell(conversation, item, f"input[{index}]", ours=False)
    messages = conversation.messages()
    if not any(message["role"] != "system" for message in messages) and not items:
        raise bad_request("input: there is nothing to answer; send a text or items", "input")
    return messages


def _tell(conversation: Conversation, item: Item, place: str, *, ours: bool) -> None:
    match item:
        case Message():
            _tell_message(conversation, item, place)
        case FunctionCall():
            conversation.call(item.call_id, item.name, item.arguments, place=place, ours=ours)
        case FunctionCallOutput():
            texts, images = _result(item)
            conversation.result(item.call_id, texts, images=images, place=place)
        case ReasoningItem():
            if item.encrypted_content:
                raise bad_request(
                    f"{place}.encrypted_content: this server cannot read it; leave the item out",
                    f"{place}.encrypted_content",
                )
            for thought in item.content or item.summary:
                conversation.think(thought.text)
        case ItemReference():
            raise bad_request(f"{place}: no item {item.id[:80]!r} is kept", f"{place}.id")


def _tell_message(conversation: Conversation, message: Message, place: str) -> None:
    if message.role == "user":
        conversation.user(_user_content(message, place))
        return
    text = _text(message, place)
    if message.role == "assistant":
        conversation.assistant(text)
    else:
        conversation.system(text)


def _user_content(message: Message, place: str) -> str | list[dict[str, Any]]:
    if isinstance(message.content, str):
        return message.content
    if not message.content:
        raise bad_request(f"{place}.content: it is empty", f"{place}.content")
    parts: list[dict[str, Any]] = []
    for part in message.content:
        match part:
            case InputImage():
                parts.append(_image(part))
            case InputAudio():
                parts.append(
                    {"type": "input_audio", "input_audio": msgspec.to_builtins(part.input_audio)}
                )
            case Refusal():
                parts.append({"type": "text", "text": part.refusal})
            case _:
                parts.append({"type": "text", "text": part.text})
    return parts


def _text(message: Message, place: str) -> str:
    if isinstance(message.content, str):
        return message.content
    texts: list[str] = []
    for index, part in enumerate(message.content):
        match part:
            case InputImage() | InputAudio():
                raise bad_request(
                    f"{place}.content[{index}]: only the user sends images and sound",
                    f"{place}.content[{index}].type",
                )
            case Refusal():
                texts.append(part.refusal)
            case _:
                texts.append(part.text)
    joint = "" if any(isinstance(part, OutputText) for part in message.content) else "\n"
    return joint.join(texts)


def _image(image: InputImage) -> dict[str, Any]:
    shown: dict[str, Any] = {"url": image.image_url}
    if image.detail is not None:
        shown["detail"] = image.detail
    return {"type": "image_url", "image_url": shown}


def _result(item: FunctionCallOutput) -> tuple[str, tuple[dict[str, Any], ...]]:
    if isinstance(item.output, str):
        return item.output, ()
    texts = [part.text for part in item.output if not isinstance(part, InputImage)]
    images = tuple(_image(part) for part in item.output if isinstance(part, InputImage))
    return "\n".join(texts), images


def _response_format(request: ResponseRequest) -> dict[str, Any] | None:
    match request.text.format:
        case JsonSchemaFormat() as form:
            schema = msgspec.to_builtins(form)
            del schema["type"]
            return {"type": "json_schema", "json_schema": schema}
        case JsonObjectFormat():
            return {"type": "json_object"}
        case _:
            return None


def _tools(request: ResponseRequest) -> dict[str, Any]:
    choice = request.tool_choice
    names = [tool.name for tool in request.tools]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise bad_request(f"tools[{index}].name: {name!r} is there twice", f"tools[{index}]")
    for index, wanted in enumerate(_chosen(choice)):
        if wanted.name not in names:
            place = f"tool_choice.tools[{index}].name" if isinstance(choice, AllowedTools) else ""
            raise bad_request(
                f"{place or 'tool_choice.name'}: no tool is named {wanted.name[:80]!r};"
                f" there are: {', '.join(names)[:200] or 'none'}",
                place or "tool_choice.name",
            )
    if not request.tools:
        if choice == "required":
            raise bad_request("tool_choice: 'required' needs tools", "tool_choice")
        return {}
    return _offer(request, choice)


def _offer(request: ResponseRequest, choice: Any) -> dict[str, Any]:
    tools = request.tools
    if isinstance(choice, AllowedTools):
        allowed = {tool.name for tool in choice.tools}
        tools = [tool for tool in tools if tool.name in allowed]
        choice = choice.mode
    if isinstance(choice, FunctionChoice):
        choice = {"type": "function", "function": {"name": choice.name}}
    return {
        "tools": [_tool(tool) for tool in tools],
        "tool_choice": choice,
        "parallel_tool_calls": request.parallel_tool_calls,
    }


def _chosen(choice: Any) -> list[FunctionChoice]:
    if isinstance(choice, AllowedTools):
        return choice.tools
    return [choice] if isinstance(choice, FunctionChoice) else []


def _tool(tool: FunctionTool) -> dict[str, Any]:
    function = msgspec.to_builtins(tool)
    del function["type"]
    return {"type": "function", "function": function}
