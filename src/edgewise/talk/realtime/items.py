"""Items of a conversation in the realtime API's words, and back.

A message of the person, the agent or the system; a call of a client's function and its result; a
call that the device itself carried out (`mcp_call`). Source: openai-openapi f85dbe2,
`RealtimeConversationItem`.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from edgewise.core.part import ImagePart, Part
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.realtime.fields import read
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.problem import bad_value, not_here
from edgewise.talk.realtime.session import Dialect

TEXT_CHARACTERS = 65_536
MOST_CONTENT = 32
SERVER_LABEL = "edgewise"
"""Whose functions those are that the device carries out."""
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:\-]+$")]
Text = Annotated[str, Meta(max_length=TEXT_CHARACTERS)]


class Content(Struct, frozen=True):
    """A piece of a message; a field that means nothing here is not looked at."""

    type: str
    text: Text | None = None
    transcript: Text | None = None
    audio: str | None = None
    image_url: str | dict[str, Any] | None = None


class ItemFields(Struct, frozen=True):
    """An item as a client sends it."""

    type: str
    id: Id | None = None
    role: Literal["user", "assistant", "system", "developer"] | None = None
    content: Annotated[list[Content], Meta(max_length=MOST_CONTENT)] | Text | None = None
    call_id: Id | None = None
    name: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    arguments: Text | None = None
    output: Text | None = None


_WHO = {
    "user": Who.PERSON,
    "assistant": Who.AGENT,
    "system": Who.SYSTEM,
    "developer": Who.SYSTEM,
}
_ROLES = {Who.PERSON: "user", Who.AGENT: "assistant", Who.SYSTEM: "system"}
_TEXTS = {
    Who.PERSON: ("input_text",),
    Who.AGENT: ("output_text", "text", "output_audio", "audio"),
    Who.SYSTEM: ("input_text", "text"),
}


def item_of(given: Any, place: str, new_id: Callable[[str], str], pictures: Pictures) -> Item:
    """The item that a client sent. Raises Problem with the path of what is wrong."""
    fields = read(given, ItemFields, place)
    id = fields.id or new_id("item")
    match fields.type:
        case "message":
            return _message(fields, id, place, pictures)
        case "function_call":
            if not fields.name or fields.arguments is None:
                raise bad_value(place, "a function_call needs name and arguments")
            call = fields.call_id or new_id("call")
            return Item(
                id, Who.AGENT, call=call, name=fields.name, arguments=_json(fields.arguments, place)
            )
        case "function_call_output":
            if not fields.call_id or fields.output is None:
                raise bad_value(place, "a function_call_output needs call_id and output")
            return Item(id, Who.PERSON, call=fields.call_id, output=fields.output)
        case _:
            raise not_here(
                f"{place}.type",
                f"{fields.type[:40]!r}; send message, function_call or function_call_output",
            )


def _json(arguments: str, place: str) -> str:
    try:
        msgspec.json.decode(arguments or "{}", type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise bad_value(f"{place}.arguments", f"not a JSON object ({error})") from error
    return arguments or "{}"


def _message(fields: ItemFields, id: str, place: str, pictures: Pictures) -> Item:
    if fields.role is None:
        raise bad_value(f"{place}.role", "it is missing; send user, assistant or system")
    who = _WHO[fields.role]
    given = fields.content or []
    if isinstance(given, str):
        given = [Content(_TEXTS[who][0], given)]
    if not given:
        raise bad_value(f"{place}.content", "it is empty; send a text or a picture")
    texts: list[str] = []
    parts: list[Part] = []
    for number, content in enumerate(given):
        at = f"{place}.content[{number}]"
        if content.type == "input_image" and who is Who.PERSON:
            parts.append(pictures.keep(_address(content, at), f"{at}.image_url"))
        elif content.type in _TEXTS[who] and content.audio is None:
            said = content.text if content.text is not None else content.transcript
            if said is None:
                raise bad_value(f"{at}.text", "it is missing")
            texts.append(said)
        elif "audio" in content.type or content.audio is not None:
            raise not_here(f"{at}.type", "sound goes through input_audio_buffer.append")
        else:
            known = ", ".join((*_TEXTS[who], *(("input_image",) if who is Who.PERSON else ())))
            raise bad_value(f"{at}.type", f"{content.type[:40]!r}; send one of: {known}")
    return Item(id, who, "\n".join(texts), tuple(parts))


def _address(content: Content, place: str) -> str:
    address = content.image_url
    if isinstance(address, dict):
        address = address.get("url")
    if not isinstance(address, str):
        raise bad_value(f"{place}.image_url", "it is missing")
    return address


class _Reference(Struct, frozen=True):
    id: str
    type: Literal["item_reference"]


def is_reference(given: Any) -> bool:
    """Whether an input is an item of the conversation, named by its id."""
    try:
        msgspec.convert(given, _Reference)
    except msgspec.ValidationError:
        return False
    return True


def item_shown(item: Item, dialect: Dialect, status: str = "completed") -> dict[str, Any]:
    """The item as the API writes it. A picture's bytes are not sent back."""
    shown: dict[str, Any] = {"id": item.id, "object": "realtime.item", "status": status}
    if item.output is not None:
        return {
            **shown,
            "type": "function_call_output",
            "call_id": item.call,
            "output": item.output,
        }
    if item.call:
        return {
            **shown,
            "type": "function_call",
            "call_id": item.call,
            "name": item.name,
            "arguments": item.arguments,
        }
    return {
        **shown,
        "type": "message",
        "role": _ROLES[item.who],
        "content": _content(item, dialect),
    }


def _content(item: Item, dialect: Dialect) -> list[dict[str, Any]]:
    if item.who is Who.AGENT:
        if item.by_sound:
            return [{"type": dialect.sound_part, "transcript": item.text}]
        return [{"type": dialect.text_part, "text": item.text}]
    if item.by_sound:
        return [{"type": "input_audio", "transcript": item.text or None}]
    shown: list[dict[str, Any]] = []
    if item.text or not item.parts:
        shown.append({"type": "input_text", "text": item.text})
    shown += [{"type": "input_image"} for part in item.parts if isinstance(part, ImagePart)]
    return shown
