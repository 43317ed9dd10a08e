"""Translates the chunks of a chat completion into the events of the Responses API.

Items are numbered as they appear: reasoning, message, calls. Reasoning and messages close when
another item begins; calls stay open to the end, since an upstream may send the fragments of
parallel calls in any order. A refusal is a part of its message beside the text. A cancelled
response ends in `response.incomplete` whose response says `cancelled`: the API has no event of its
own for it. It does no I/O; the whole completion is translated by the same code
(`response_of`). Source: openai-openapi f85dbe2, ResponseStreamEvent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from edgewise.cloud.chunk import Addition, CallFragment, ChunkReader, chunk_of
from edgewise.cloud.refusal import Refused
from edgewise.cloud.responses_out import error_of, usage_of

Event = dict[str, Any]

_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}


class _Item:
    """One output item while it grows."""

    def __init__(self, index: int, shown: dict[str, Any]) -> None:
        self.index = index
        self.shown = shown
        self.pieces: list[str] = []
        self.logprobs: list[dict[str, Any]] = []
        self.part = ""
        self.is_open = True

    @property
    def at(self) -> dict[str, Any]:
        """Where its events are: item and part."""
        return {"item_id": self.shown["id"], "output_index": self.index}

    @property
    def at_part(self) -> dict[str, Any]:
        """Where the events of its newest part are."""
        return {**self.at, "content_index": len(self.shown["content"])}


class ResponseStream:
    """The events of one response, in order. `response` is the object as it stands."""

    def __init__(self, response: dict[str, Any], now_s: Callable[[], float]) -> None:
        self.response = response
        self.has_begun = False
        self.is_ended = False
        self._serial = str(response["id"]).removeprefix("resp_")
        self._now_s = now_s
        self._reader = ChunkReader()
        self._items: list[_Item] = []
        self._calls: dict[int, _Item] = {}
        self._early: dict[int, list[CallFragment]] = {}
        self._sequence = 0
        self._finish = ""

    def begin(self) -> list[Event]:
        """The first events: created, then queued (in the background) or in progress."""
        self.has_begun = True
        return [self._whole("created"), self._whole(self.response["status"])]

    def start(self) -> list[Event]:
        """The upstream began: a queued response is in progress now."""
        if self.response["status"] != "queued":
            return []
        self.response["status"] = "in_progress"
        return [self._whole("in_progress")]

    def feed(self, chunk: Mapping[str, Any]) -> list[Event]:
        """The events of one chunk."""
        added = self._reader.read(chunk)
        if added.usage:
            self.response["usage"] = usage_of(added.usage)
        self._finish = added.finish or self._finish
        events: list[Event] = []
        if added.reasoning:
            events += self._think(added.reasoning)
        if added.text or added.refusal:
            events += self._say(added)
        for fragment in added.calls:
            events += self._call(fragment)
        return events

    def finish(self) -> list[Event]:
        """The last events, after the last chunk."""
        if not self._finish:
            broken = Refused(502, "upstream_cut", "the upstream ended without a finish reason")
            return self.fail(broken)
        reason = _INCOMPLETE.get(self._finish)
        events = [] if self._items else self._say(Addition(), even_empty=True)
        events += self._close_all("incomplete" if reason else "completed")
        if reason:
            self.response["incomplete_details"] = {"reason": reason}
            return events + self._end("incomplete", "incomplete")
        self.response["completed_at"] = int(self._now_s())
        return events + self._end("completed", "completed")

    def fail(self, refused: Refused) -> list[Event]:
        """The last events when it cannot go on; what was produced stays, incomplete."""
        events = self._close_all("incomplete")
        self.response["error"] = error_of(refused)
        return events + self._end("failed", "failed")

    def cancel(self) -> list[Event]:
        """The last events when it was stopped."""
        return self._close_all("incomplete") + self._end("cancelled", "incomplete")

    def _think(self, text: str) -> list[Event]:
        item, events = self._current("reasoning")
        if not item.part:
            events += self._open_part(item, "reasoning_text")
        item.pieces.append(text)
        return [*events, self._event("reasoning_text.delta", **item.at_part, delta=text)]

    def _say(self, added: Addition, *, even_empty: bool = False) -> list[Event]:
        item, events = self._current("message")
        for kind, text in (("output_text", added.text), ("refusal", added.refusal)):
            if not text and not (even_empty and kind == "output_text"):
                continue
            if item.part != kind:
                events += self._close_part(item)
                events += self._open_part(item, kind)
            item.pieces.append(text)
            if text:
                events.append(self._delta(item, kind, text, added))
        return events

    def _delta(self, item: _Item, kind: str, text: str, added: Addition) -> Event:
        if kind == "refusal":
            return self._event("refusal.delta", **item.at_part, delta=text)
        logprobs = list(added.logprobs)
        item.logprobs += logprobs
        return self._event("output_text.delta", **item.at_part, delta=text, logprobs=logprobs)

    def _call(self, fragment: CallFragment) -> list[Event]:
        item, events = self._calls.get(fragment.call), []
        if item is None:
            early = self._early.setdefault(fragment.call, [])
            early.append(fragment)
            name = next((piece.name for piece in early if piece.name), "")
            if not name:
                return []  # its name is still to come
            item, events = self._open_call(early, name)
            fragments = self._early.pop(fragment.call)
        else:
            fragments = [fragment]
        for piece in fragments:
            if piece.arguments:
                item.pieces.append(piece.arguments)
                events.append(
                    self._event("function_call_arguments.delta", **item.at, delta=piece.arguments)
                )
        return events

    def _open_call(self, early: list[CallFragment], name: str) -> tuple[_Item, list[Event]]:
        events = self._close_spoken()
        id = next((piece.id for piece in early if piece.id), "")
        index = len(self._items)
        item, added = self._open(
            {
                "type": "function_call",
                "id": f"fc_{self._serial}_{index}",
                "call_id": id or f"call_{self._serial}_{index}",
                "name": name,
                "arguments": "",
                "status": "in_progress",
            }
        )
        self._calls[early[0].call] = item
        return item, events + added

    def _current(self, kind: str) -> tuple[_Item, list[Event]]:
        """The open item of that kind, the newest one; else a new one, the other being closed."""
        newest = self._items[-1] if self._items else None
        if newest is not None and newest.is_open and newest.shown["type"] == kind:
            return newest, []
        events = self._close_spoken()
        index = len(self._items)
        if kind == "reasoning":
            shown: dict[str, Any] = {"type": kind, "id": f"rs_{self._serial}_{index}"}
            shown |= {"summary": [], "content": [], "status": "in_progress"}
        else:
            shown = {"type": kind, "id": f"msg_{self._serial}_{index}", "role": "assistant"}
            shown |= {"content": [], "status": "in_progress"}
        item, added = self._open(shown)
        return item, events + added

    def _open(self, shown: dict[str, Any]) -> tuple[_Item, list[Event]]:
        item = _Item(len(self._items), shown)
        self._items.append(item)
        return item, [self._event("output_item.added", output_index=item.index, item=_copy(shown))]

    def _open_part(self, item: _Item, kind: str) -> list[Event]:
        item.part, item.pieces, item.logprobs = kind, [], []
        return [self._event("content_part.added", **item.at_part, part=_part(kind, "", []))]

    def _close_part(self, item: _Item) -> list[Event]:
        if not item.part:
            return []
        kind, text = item.part, "".join(item.pieces)
        done: dict[str, Any] = {"refusal": text} if kind == "refusal" else {"text": text}
        if kind == "output_text":
            done["logprobs"] = item.logprobs
        part = _part(kind, text, item.logprobs)
        events = [
            self._event(f"{kind}.done", **item.at_part, **done),
            self._event("content_part.done", **item.at_part, part=part),
        ]
        item.shown["content"].append(part)
        item.part = ""
        return events

    def _close_spoken(self, status: str = "completed") -> list[Event]:
        """Closes the open reasoning or message."""
        events: list[Event] = []
        for item in self._items:
            if item.is_open and item.shown["type"] != "function_call":
                events += self._close(item, status)
        return events

    def _close_all(self, status: str) -> list[Event]:
        return [
            event for item in self._items if item.is_open for event in self._close(item, status)
        ]

    def _close(self, item: _Item, status: str) -> list[Event]:
        if item.shown["type"] == "function_call":
            item.shown["arguments"] = "".join(item.pieces)
            whole = item.shown["arguments"]
            events = [self._event("function_call_arguments.done", **item.at, arguments=whole)]
        else:
            events = self._close_part(item)
        item.is_open = False
        item.shown["status"] = status
        shown = _copy(item.shown)
        return [*events, self._event("output_item.done", output_index=item.index, item=shown)]

    def _end(self, status: str, event: str) -> list[Event]:
        self.is_ended = True
        self.response["status"] = status
        self.response["output"] = [_copy(item.shown) for item in self._items]
        return [self._whole(event)]

    def _whole(self, name: str) -> Event:
        return self._event(name, response=_copy(self.response))

    def _event(self, name: str, **fields: Any) -> Event:
        event = {"type": f"response.{name}", "sequence_number": self._sequence, **fields}
        self._sequence += 1
        return event


def response_of(
    response: dict[str, Any], completion: Mapping[str, Any], now_s: Callable[[], float]
) -> dict[str, Any]:
    """The finished response of a whole `chat.completion`."""
    stream = ResponseStream(response, now_s)
    stream.start()
    stream.feed(chunk_of(completion))
    stream.finish()
    return stream.response


def _part(kind: str, text: str, logprobs: list[dict[str, Any]]) -> dict[str, Any]:
    if kind == "refusal":
        return {"type": kind, "refusal": text}
    part: dict[str, Any] = {"type": kind, "text": text}
    return part | ({"annotations": [], "logprobs": logprobs} if kind == "output_text" else {})


def _copy(shown: dict[str, Any]) -> dict[str, Any]:
    """As it is now: its lists are copied, for they grow."""
    return {
        name: list(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType]
        for name, value in shown.items()
    }
