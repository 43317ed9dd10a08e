"""What a client may send: the events of both dialects, which have the same names.

Source: openai-openapi f85dbe2, `RealtimeClientEvent`.
"""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from edgewise.talk.realtime.fields import Fields, read
from edgewise.talk.realtime.problem import Problem

Id = Annotated[str, Meta(min_length=1, max_length=256)]
EVENT_ID_CHARACTERS = 512


class ClientEvent(Fields, frozen=True):
    """`event_id` is the client's own; an error about the event gives it back."""

    type: str
    event_id: Annotated[str, Meta(max_length=EVENT_ID_CHARACTERS)] | None = None


class Update(ClientEvent, frozen=True, kw_only=True):
    session: dict[str, Any]


class Append(ClientEvent, frozen=True, kw_only=True):
    audio: str


class Commit(ClientEvent, frozen=True):
    pass


class Clear(ClientEvent, frozen=True):
    pass


class ClearOutput(ClientEvent, frozen=True):
    pass


class Create(ClientEvent, frozen=True, kw_only=True):
    item: dict[str, Any]
    previous_item_id: Id | None = None


class Retrieve(ClientEvent, frozen=True, kw_only=True):
    item_id: Id


class Truncate(ClientEvent, frozen=True, kw_only=True):
    item_id: Id
    content_index: int = 0
    audio_end_ms: Annotated[int, Meta(ge=0)]


class Delete(ClientEvent, frozen=True, kw_only=True):
    item_id: Id


class Respond(ClientEvent, frozen=True):
    response: dict[str, Any] | None = None


class Cancel(ClientEvent, frozen=True):
    response_id: Id | None = None


_KINDS: dict[str, type[ClientEvent]] = {
    "session.update": Update,
    "input_audio_buffer.append": Append,
    "input_audio_buffer.commit": Commit,
    "input_audio_buffer.clear": Clear,
    "output_audio_buffer.clear": ClearOutput,
    "conversation.item.create": Create,
    "conversation.item.retrieve": Retrieve,
    "conversation.item.truncate": Truncate,
    "conversation.item.delete": Delete,
    "response.create": Respond,
    "response.cancel": Cancel,
}


def _reader(kind: type[ClientEvent]) -> Callable[[dict[str, Any]], ClientEvent]:
    return lambda given: read(given, kind, "")


BY_NAME = {name: _reader(kind) for name, kind in _KINDS.items()}


class _Envelope(Struct):
    type: str
    event_id: str | None = None


def read_event(message: str | bytes) -> tuple[str, dict[str, Any], str]:
    """The kind of an event, its fields, and the client's id of it. Raises Problem."""
    try:
        given = msgspec.json.decode(message, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        said = f"the message is not a JSON object: {error}; send one"
        raise Problem("invalid_json", said) from error
    try:
        envelope = msgspec.convert(given, _Envelope)
    except msgspec.ValidationError as error:
        raise Problem("invalid_event", f"type: {error}; send an event's name", "type") from error
    cause = (envelope.event_id or "")[:EVENT_ID_CHARACTERS]
    if envelope.type not in _KINDS:
        known = ", ".join(_KINDS)
        said = f"type: there is no event {envelope.type[:80]!r}; there are: {known}"
        raise Problem("unknown_event", said, "type", cause=cause)
    return envelope.type, given, cause
