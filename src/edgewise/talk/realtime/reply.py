"""One answer as the events of the realtime API: its items one after another, each opened and shut.

A message is opened by its first word or sound; a call of the client's function, and one that the
device carried out itself, come whole. The words of a spoken answer are its transcript.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgewise.talk.events import (
    Ended,
    ReplyActed,
    ReplyCall,
    ReplyEnded,
    ReplySound,
    ReplyStarted,
    ReplyText,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.realtime.coding import Outgoing
from edgewise.talk.realtime.items import SERVER_LABEL, item_shown
from edgewise.talk.realtime.session import Dialect, Terms

Event = dict[str, Any]
_STATUS = {
    Ended.COMPLETED: ("completed", ""),
    Ended.CANCELLED: ("cancelled", "client_cancelled"),
    Ended.INTERRUPTED: ("cancelled", "turn_detected"),
    Ended.FAILED: ("failed", ""),
    Ended.INCOMPLETE: ("incomplete", "max_output_tokens"),
}


class _Message(Struct):
    """The message that is being said."""

    id: str
    index: int
    text: str = ""


class Reply:
    """One answer, from response.created to response.done. `by_track`: its sound is in no event."""

    def __init__(
        self,
        started: ReplyStarted,
        dialect: Dialect,
        terms: Terms,
        conversation: str,
        *,
        by_track: bool = False,
    ) -> None:
        self.id = started.reply
        self._by_track = by_track
        self.terms = terms
        self._dialect = dialect
        self._conversation = None if terms.apart else conversation
        self._previous = started.previous
        self._outgoing = Outgoing(terms.says)
        self._output: list[dict[str, Any]] = []
        self._message: _Message | None = None
        self._seen: set[str] = set()

    def begun(self) -> Iterator[Event]:
        """It begins."""
        yield _event("response.created", response=self._shown("in_progress"))

    def text(self, said: ReplyText) -> Iterator[Event]:
        """More words."""
        yield from self._open(said.item)
        message = self._message
        assert message is not None, "it was opened"
        message.text += said.text
        kind = self._dialect.words if self._speaks else self._dialect.text
        yield _event(f"{kind}.delta", **self._place(message), delta=said.text)

    def sound(self, said: ReplySound) -> Iterator[Event]:
        """More sound."""
        yield from self._open(said.item)
        yield from self._sound(said.data)

    def call(self, asked: ReplyCall) -> Iterator[Event]:
        """The client is to run a function of its own."""
        yield from self._shut("completed")
        item = Item(
            asked.item, Who.AGENT, call=asked.call, name=asked.name, arguments=asked.arguments
        )
        place = {"response_id": self.id, "item_id": item.id, "output_index": len(self._output)}
        yield from self._add(item_shown(replace(item, arguments=""), self._dialect, "in_progress"))
        said = {**place, "call_id": asked.call}
        kind = "response.function_call_arguments"
        yield _event(f"{kind}.delta", **said, delta=asked.arguments)
        yield _event(f"{kind}.done", **said, name=asked.name, arguments=asked.arguments)
        yield from self._done(item_shown(item, self._dialect))

    def acted(self, acted: ReplyActed, arguments: str) -> Iterator[Event]:
        """The device carried out, or refused, a call of its own."""
        yield from self._shut("completed")
        id = acted.call if acted.item in self._seen or not acted.item else acted.item
        shown: dict[str, Any] = {
            "id": id,
            "object": "realtime.item",
            "type": "mcp_call",
            "server_label": SERVER_LABEL,
            "name": acted.name,
            "arguments": "",
        }
        place = {"item_id": id, "output_index": len(self._output)}
        yield from self._add(shown)
        if self._dialect.tells_acts:
            kind = "response.mcp_call_arguments"
            of_reply = {"response_id": self.id, **place}
            yield _event(f"{kind}.delta", **of_reply, delta=arguments)
            yield _event(f"{kind}.done", **of_reply, arguments=arguments)
            yield _event("response.mcp_call.in_progress", **place)
        shown = {**shown, "arguments": arguments}
        if acted.done:
            shown |= {"output": acted.output, "error": None}
        else:
            error = {"type": "tool_execution_error", "message": acted.output}
            shown |= {"output": None, "error": error}
        if self._dialect.tells_acts:
            end = "completed" if acted.done else "failed"
            yield _event(f"response.mcp_call.{end}", **place)
        yield from self._done(shown)

    def ended(self, ended: ReplyEnded) -> Iterator[Event]:
        """It is over."""
        status, reason = _STATUS[ended.ended]
        yield from self._shut("completed" if ended.ended is Ended.COMPLETED else "incomplete")
        details: dict[str, Any] | None = None
        if status != "completed":
            details = {"type": status, **({"reason": reason} if reason else {})}
        if ended.ended is Ended.FAILED:
            code, kind = ended.code or "failed", "server_error"
            assert details is not None, "it did not complete"
            details["error"] = {"type": kind, "code": code, "message": ended.message}
        yield _event(
            "response.done",
            response={**self._shown(status), "status_details": details, "usage": _usage(ended)},
        )

    @property
    def _speaks(self) -> bool:
        return self.terms.settings.speaks

    def _open(self, id: str) -> Iterator[Event]:
        """The message of that id; another that was open is shut."""
        if self._message is not None and self._message.id == id:
            return
        yield from self._shut("completed")
        message = self._message = _Message(id, len(self._output))
        empty = item_shown(Item(id, Who.AGENT), self._dialect, "in_progress")
        yield from self._add(empty | {"content": []})
        part = {"type": "audio", "transcript": ""} if self._speaks else {"type": "text", "text": ""}
        yield _event("response.content_part.added", **self._place(message), part=part)

    def _sound(self, data: bytes, *, last: bool = False) -> Iterator[Event]:
        assert self._message is not None, "it was opened"
        if self._by_track:
            return
        if delta := self._outgoing.write(data, last=last):
            place = self._place(self._message)
            yield _event(f"{self._dialect.sound}.delta", **place, delta=delta)

    def _shut(self, status: str) -> Iterator[Event]:
        """The open message is over."""
        if (message := self._message) is None:
            return
        place, text, dialect = self._place(message), message.text, self._dialect
        if self._speaks:
            yield from self._sound(b"", last=True)
            yield _event(f"{dialect.sound}.done", **place)
            yield _event(f"{dialect.words}.done", **place, transcript=text)
            part = {"type": "audio", "transcript": text}
        else:
            yield _event(f"{dialect.text}.done", **place, text=text)
            part = {"type": "text", "text": text}
        yield _event("response.content_part.done", **place, part=part)
        self._message = None
        item = Item(message.id, Who.AGENT, text, by_sound=self._speaks)
        yield from self._done(item_shown(item, dialect, status))

    def _add(self, shown: dict[str, Any]) -> Iterator[Event]:
        """A further item of the answer begins."""
        id, index = shown["id"], len(self._output)
        self._output.append(shown)
        self._seen.add(id)
        of_reply = {"response_id": self.id, "output_index": index}
        yield _event("response.output_item.added", **of_reply, item=shown)
        if self._conversation is not None:
            behind = self._previous or None
            yield _event(self._dialect.added[0], previous_item_id=behind, item=shown)
            self._behind, self._previous = behind, id

    def _done(self, shown: dict[str, Any]) -> Iterator[Event]:
        """The newest item is whole."""
        self._output[-1] = shown
        of_reply = {"response_id": self.id, "output_index": len(self._output) - 1}
        yield _event("response.output_item.done", **of_reply, item=shown)
        if self._conversation is not None and len(self._dialect.added) > 1:
            yield _event(self._dialect.added[1], previous_item_id=self._behind, item=shown)

    def _place(self, message: _Message) -> dict[str, Any]:
        return {
            "response_id": self.id,
            "item_id": message.id,
            "output_index": message.index,
            "content_index": 0,
        }

    def _shown(self, status: str) -> dict[str, Any]:
        settings = self.terms.settings
        modalities = ["audio"] if settings.speaks else ["text"]
        shown: dict[str, Any] = {
            "id": self.id,
            "object": "realtime.response",
            "status": status,
            "status_details": None,
            "output": list(self._output),
            "conversation_id": self._conversation,
            "metadata": self.terms.metadata,
            "usage": None,
        }
        if self._dialect.name == "ga":
            of_sound = {"type": self.terms.says.value}
            return {
                **shown,
                "output_modalities": modalities,
                "max_output_tokens": settings.most_tokens or "inf",
                "audio": {"output": {"format": of_sound, "voice": settings.voice or "default"}},
            }
        both = ["text", "audio"] if settings.speaks else ["text"]
        return {**shown, "modalities": both, "voice": settings.voice or "default"}


def _event(kind: str, **fields: Any) -> Event:
    return {"type": kind, **fields}


def _usage(ended: ReplyEnded) -> dict[str, Any]:
    return {
        "input_tokens": ended.input_tokens,
        "output_tokens": ended.output_tokens,
        "total_tokens": ended.input_tokens + ended.output_tokens,
        "input_token_details": {"text_tokens": ended.input_tokens, "audio_tokens": 0},
        "output_token_details": {"text_tokens": ended.output_tokens, "audio_tokens": 0},
    }
