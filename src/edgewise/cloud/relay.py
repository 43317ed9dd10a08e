"""An upstream's stream, event by event: what goes on to the client, and what is counted.

Bytes are cut into events wherever the network cut them; each event's JSON is read by a small type
for the counts alone and goes on as it came, with the public model name. Three things are mended on
the way: usage that the client did not ask for is taken out (also counts with each event, where it
asked for the last alone), tool calls are numbered in the order in which they begin, and what breaks
a given `tool_choice` ends the stream with an error instead of being passed on.

Counts are the upstream's own where it tells them. Where a stream ends before it did, one token is
counted for each delta that brought something and the input by its size, and the entry is marked as
estimated. What is counted is counted first, before anything in the event can end the stream.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgewise.cloud.config import ToolChoice
from edgewise.cloud.counts import Counts, usage_of
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import NOTHING, Usage

MOST_EVENT_BYTES = 8 * 1024 * 1024
MOST_INDEXED = 1024
"""More choices, or calls of one, are a fault of the upstream's, which the memory must not pay."""
DONE = b"[DONE]"


class FunctionDelta(Struct, frozen=True):
    name: str | None = None


class CallDelta(Struct, frozen=True):
    index: int | None = None
    id: str | None = None
    function: FunctionDelta | None = None

    @property
    def name(self) -> str:
        """The tool's name, empty for a piece that goes on with a call."""
        return (self.function.name or "") if self.function is not None else ""


class Delta(Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[CallDelta] | None = None


class ChunkChoice(Struct, frozen=True):
    index: int = 0
    delta: Delta | None = None
    finish_reason: str | None = None


class Chunk(Struct, frozen=True):
    """The part of a chat.completion.chunk that is looked at."""

    choices: list[ChunkChoice] = []
    usage: Counts | None = None
    error: Any = None


_decoder = msgspec.json.Decoder(Chunk)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_USAGE = b',"usage":'
_UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)


class _Calls:
    """The tool calls of one choice, numbered as they begin, whatever the upstream says.

    Some upstreams give index 0 to every call, or none; then a new id is a new call, and a piece
    without id belongs to the call that was begun last under its index.
    """

    __slots__ = ("_begun", "_given", "_last", "_of_id")

    def __init__(self) -> None:
        self._of_id: dict[str, int] = {}
        self._given: dict[int | None, int] = {}
        self._begun = 0
        self._last = 0

    def index_of(self, call: CallDelta) -> int:
        """The right index of a piece of a call; to be asked once for each piece."""
        if call.id and call.id in self._of_id:
            found = self._of_id[call.id]
        elif call.id or not self._begun or (call.name and self._is_new(call.index)):
            found = self._begun
            if found >= MOST_INDEXED:
                raise _broken(f"more than {MOST_INDEXED} tool calls")
            self._begun += 1
            if call.id:
                self._of_id[call.id] = found
        else:
            found = self._given.get(call.index, self._last)
        self._last = found
        if len(self._given) < MOST_INDEXED:
            self._given[call.index] = found
        return found

    def _is_new(self, given: int | None) -> bool:
        return given is None or given not in self._given


class Relay:
    """One stream. `feed` takes bytes of the upstream and gives the JSON of events to pass on."""

    def __init__(
        self,
        *,
        public_model: str,
        upstream_model: str,
        choice: ToolChoice = ToolChoice.AUTO,
        named: str = "",
        include_usage: bool = True,
        usage_at_end: bool = False,
        likely_input: int = 0,
        sent: Usage = NOTHING,
    ) -> None:
        self._names = _renaming(upstream_model, public_model)
        self._choice = choice
        self._named = named
        self._include_usage = include_usage
        self._usage_at_end = usage_at_end or not include_usage
        self._likely_input = likely_input
        self._sent = sent
        self._rest = bytearray()
        self._return = False
        self._events: deque[bytes] = deque()
        self._told = NOTHING
        self.told = False
        self._begun = False
        self._failed = False
        self._told_in = b""
        self._deltas = 0
        self._deltas_told = 0
        self._calls: dict[int, _Calls] = {}
        self._indices: list[int] = []
        self._called = False
        self._wrong = ""
        self._open: set[int] = set()
        self._finished = False
        self.ended = False

    @property
    def usage(self) -> Usage:
        """What was produced so far."""
        if not self.told:
            if not self._begun:
                return NOTHING
            sent, likely = self._sent, self._likely_input
            return replace(sent, input_tokens=likely, output_tokens=self._deltas)
        if self._deltas == self._deltas_told:
            return self._told
        later = self._deltas - self._deltas_told
        return replace(self._told, output_tokens=self._told.output_tokens + later)

    @property
    def estimated(self) -> bool:
        """Whether some of `usage` was not told by the upstream."""
        return self._deltas > self._deltas_told or (self._begun and not self.told)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The events that `data` completes. Raises Refused (502) for one that breaks the protocol,
        or the `tool_choice` that was asked for; the events after that one wait for `count`."""
        self._cut(data)
        while self._events and not self.ended:
            if (out := self._take(self._events.popleft())) is not None:
                yield out

    def count(self, data: bytes) -> None:
        """Count what `data` and the waiting events tell, of a stream that nobody reads any more;
        what is wrong with them does not matter then."""
        with suppress(Refused):
            self._cut(data)
        while self._events and not self.ended:
            with suppress(Refused):
                self._take(self._events.popleft())

    def finish(self) -> None:
        """The stream is over. Raises Refused (502) when the answer is not whole or not obedient."""
        self.ended = True
        wanted = self._choice in (ToolChoice.REQUIRED, ToolChoice.NAMED)
        if wanted and self._finished and not self._called:
            raise _disobeyed("called no tool, though one was required")

    def leave(self) -> None:
        """The stream was left. If nothing of it had come, its input was being read: it counts."""
        self._begun = not self._failed

    def cut(self) -> bytes | None:
        """The upstream closed the connection: the chunk of usage, as after `[DONE]`. Raises Refused
        (502) unless all was said."""
        if not self.ended and (self._open or not self._finished):
            raise Refused(502, "upstream_broken", "the upstream's stream broke off; try again")
        if self.ended:
            return None
        self.finish()
        return self._usage_chunk()

    def _cut(self, data: bytes) -> None:
        """Cut the events off that `data` completes. One in many pieces is searched and copied once,
        not for each of them."""
        if self._return:
            data, self._return = b"\r" + data, False
        if b"\r" in data:
            if data.endswith(b"\r"):
                data, self._return = data[:-1], True
            data = data.replace(b"\r\n", b"\n")
        before = len(self._rest)
        self._rest += data
        if self._rest.find(b"\n\n", max(0, before - 1)) >= 0:
            *events, rest = bytes(self._rest).split(b"\n\n")
            self._rest = bytearray(rest)
            self._events.extend(events)
        if len(self._rest) > MOST_EVENT_BYTES:
            self._rest = bytearray()
            raise _broken(f"an event of more than {MOST_EVENT_BYTES} bytes")

    def _take(self, event: bytes) -> bytes | None:
        data = _data_of(event)
        if data == DONE:
            self.finish()
            return self._usage_chunk()
        return self._pass(data) if data else None

    def _pass(self, data: bytes) -> bytes | None:
        try:
            chunk = _decoder.decode(data)
        except _UNREADABLE as error:
            raise _broken(f"an event that is no chunk ({error})") from error
        if chunk.error is not None:
            self._failed = not self._begun
            raise _failed(chunk.error)
        self._begun = True
        mend = self._look(chunk)
        if chunk.usage is not None:
            self._count(chunk.usage)
        self._check_calls()
        if chunk.usage is not None:
            if not chunk.choices:
                self._told_in = b""
                if not self._include_usage:
                    return None
            elif self._usage_at_end:
                self._told_in = data
                data = _without_usage(data)
        if mend:
            data = self._mended(data)
        return self._renamed(data)

    def _renamed(self, data: bytes) -> bytes:
        """With the public name of the model."""
        for before, after in self._names:
            data = data.replace(before, after, 1)
        return data

    def _usage_chunk(self) -> bytes | None:
        """The chunk of usage alone that the client waits for, where the upstream told it only in
        chunks that had it taken out."""
        if not self._include_usage or not self._told_in:
            return None
        told = _members.decode(self._told_in)
        return self._renamed(msgspec.json.encode({**told, "choices": []}))

    def _look(self, chunk: Chunk) -> bool:
        """Count deltas and watch calls; whether the event must be mended."""
        mend = False
        if self._indices:
            self._indices = []
        for choice in chunk.choices:
            if not 0 <= choice.index < MOST_INDEXED:
                raise _broken(f"a choice with the index {choice.index}")
            if choice.finish_reason is None:
                self._open.add(choice.index)
            else:
                self._open.discard(choice.index)
                self._finished = True
            delta = choice.delta
            if delta is None:
                continue
            if delta.tool_calls:
                self._deltas += 1
                mend |= self._look_at_calls(choice.index, delta.tool_calls)
            elif delta.content or delta.refusal or delta.reasoning_content or delta.reasoning:
                self._deltas += 1
        return mend

    def _look_at_calls(self, choice: int, pieces: list[CallDelta]) -> bool:
        """Number the calls; whether one was numbered otherwise."""
        self._called = True
        mend = False
        calls = self._calls.setdefault(choice, _Calls())
        for call in pieces:
            index = calls.index_of(call)
            self._indices.append(index)
            mend |= index != call.index
            if self._named and call.name and call.name != self._named:
                self._wrong = call.name
        return mend

    def _check_calls(self) -> None:
        if self._called and self._choice is ToolChoice.NONE:
            raise _disobeyed("called a tool, though none was allowed")
        if self._wrong:
            raise _disobeyed(f"called {self._wrong!r}, though {self._named!r} was asked for")

    def _mended(self, data: bytes) -> bytes:
        """The event with the right indices, in the order in which `_look` found them."""
        indices = iter(self._indices)
        chunk = _object_in(data)
        choices: list[dict[str, Any]] = chunk.get("choices", [])
        for choice in choices:
            delta: dict[str, Any] = choice.get("delta") or {}
            pieces: list[dict[str, Any]] = delta.get("tool_calls") or []
            for call in pieces:
                call["index"] = next(indices)
        return msgspec.json.encode(chunk)

    def _count(self, counts: Counts) -> None:
        if counts.prompt_tokens is None and counts.completion_tokens is None:
            return
        self._told = usage_of(counts, self._sent)
        self.told = True
        self._deltas_told = self._deltas


def _without_usage(data: bytes) -> bytes:
    """An event without its `usage`. Where that is the last member, which is what servers send, it
    is cut off; `,"` followed by a name and `":` is never inside a JSON string."""
    begins = data.rfind(_USAGE)
    if begins > 0 and data.endswith(b"}"):
        try:
            _members.decode(data[begins + len(_USAGE) : -1])
        except _UNREADABLE:
            pass  # it is not the last member, or not one of the event itself
        else:
            return data[:begins] + b"}"
    chunk = _object_in(data)
    del chunk["usage"]
    return msgspec.json.encode(chunk)


def _object_in(data: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data)
    except _UNREADABLE as error:
        raise _broken(f"an event that is no chunk ({error})") from error


def _renaming(upstream: str, public: str) -> tuple[tuple[bytes, bytes], ...]:
    if upstream == public:
        return ()
    before, after = msgspec.json.encode(upstream), msgspec.json.encode(public)
    return (
        (b'"model":' + before, b'"model":' + after),
        (b'"model": ' + before, b'"model":' + after),
    )


def _data_of(event: bytes) -> bytes:
    """The `data` of an event; fields that a client of completions does not read are left out."""
    if event.startswith(b"data: ") and b"\n" not in event:
        return event[6:]
    lines = [line[5:].lstrip(b" ") for line in event.split(b"\n") if line.startswith(b"data:")]
    return b"\n".join(lines)


def _broken(what: str) -> Refused:
    return Refused(502, "upstream_broken", f"the upstream sent {what}; try again")


def _failed(error: Any) -> Refused:
    said = str(msgspec.to_builtins(error))[:500]
    return Refused(502, "upstream_failed", f"the upstream failed: {said}; try again")


def _disobeyed(what: str) -> Refused:
    return Refused(
        502, "tool_choice_not_obeyed", f"the model {what}; ask again or use another model"
    )
