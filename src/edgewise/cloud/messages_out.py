"""Translates chat completions into Anthropic's messages, their event stream and their errors.

Blocks come one after the other, so while one call is open the fragments of the next wait, unless
the open one is a whole JSON object: then nothing can follow but spaces, and it is closed. Thinking
is shown only where it was asked for; its signature is a digest that nobody checks, since clients
send blocks back only with one. The input tokens are known at the end: `message_start` has what is
known then, `message_delta` the counts that hold. It does no I/O.
Source: docs.anthropic.com, Messages API and its streaming, version 2023-06-01.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from edgewise.cloud.chunk import CallFragment, ChunkReader, chunk_of
from edgewise.cloud.refusal import Refused

Event = dict[str, Any]

_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}
_DELTA = {"text": "text_delta", "thinking": "thinking_delta", "tool_use": "input_json_delta"}
_FIELD = {"text": "text", "thinking": "thinking", "tool_use": "partial_json"}


def error_body(refused: Refused, request_id: str) -> dict[str, Any]:
    """The error as the Messages API tells it."""
    default = "api_error" if refused.status >= 500 else "invalid_request_error"
    kind = _ERRORS.get(refused.status, default)
    error = {"type": kind, "message": refused.problem.message}
    return {"type": "error", "error": error, "request_id": request_id}


def usage_of(usage: Mapping[str, Any] | None) -> dict[str, int]:
    """The token counts; the cached ones are not among `input_tokens` here."""
    counted = usage or {}
    details: Mapping[str, Any] = counted.get("prompt_tokens_details") or {}
    cached = details.get("cached_tokens") or 0
    return {
        "input_tokens": (counted.get("prompt_tokens") or 0) - cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": cached,
        "output_tokens": counted.get("completion_tokens") or 0,
    }


class _Call:
    """A call whose block is open or waits."""

    def __init__(self) -> None:
        self.id = ""
        self.name = ""
        self.waiting: list[str] = []
        self.sent: list[str] = []

    def add(self, fragment: CallFragment) -> None:
        """Takes a fragment; the first id and name hold."""
        self.id = self.id or fragment.id
        self.name = self.name or fragment.name
        if fragment.arguments:
            self.waiting.append(fragment.arguments)

    def is_whole(self) -> bool:
        """Whether its arguments are a JSON object, so that nothing more can come."""
        try:
            msgspec.json.decode("".join(self.sent + self.waiting), type=dict[str, Any])
        except msgspec.MsgspecError:
            return False
        return True


class MessageStream:
    """The events of one message, in order; `message` is it as it stands."""

    def __init__(
        self, id: str, model: str, *, thinking: bool = False, stops: Sequence[str] = ()
    ) -> None:
        self.message: dict[str, Any] = {
            "id": id,
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage_of(None),
        }
        self._thinking = thinking
        self._stops = stops
        self._reader = ChunkReader()
        self._kind = ""  # of the open block
        self._pieces: list[str] = []
        self._calls: list[_Call] = []
        self._next_call = 0  # the first call whose block is not closed
        self._held: list[tuple[str, str]] = []  # said between the fragments of calls
        self._finish = ""
        self._stop = ""

    def begin(self) -> list[Event]:
        """The first events."""
        shown: dict[str, Any] = {**self.message, "content": []}
        return [{"type": "message_start", "message": shown}, {"type": "ping"}]

    def feed(self, chunk: Mapping[str, Any]) -> list[Event]:
        """The events of one chunk."""
        added = self._reader.read(chunk)
        if added.usage:
            self.message["usage"] = usage_of(added.usage)  # a new one: events hold the old
        self._finish = added.finish or self._finish
        self._stop = added.stop or self._stop
        events: list[Event] = []
        if added.reasoning and self._thinking:
            events += self._say("thinking", added.reasoning)
        for text in (added.text, added.refusal):
            if text:
                events += self._say("text", text)
        for fragment in added.calls:
            if fragment.call == len(self._calls):
                self._calls.append(_Call())
            self._calls[fragment.call].add(fragment)
        if added.calls:
            events += self._send_calls(last=False)
        return events

    def finish(self) -> list[Event]:
        """The last events. Raises Refused (502) when the upstream gave no reason to end."""
        if not self._finish:
            raise Refused(502, "upstream_cut", "the upstream ended without a finish reason")
        events = self._send_calls(last=True)
        for kind, text in self._held:
            events += self._say(kind, text)
        events += self._close()
        reason = _REASONS.get(self._finish, "end_turn")
        stop = self._stop if self._stop in self._stops else None
        if reason == "end_turn" and stop is not None:
            reason = "stop_sequence"
        if reason == "end_turn" and self._calls:
            reason = "tool_use"  # some upstreams say "stop" after a call
        self.message |= {"stop_reason": reason, "stop_sequence": stop}
        delta = {"stop_reason": reason, "stop_sequence": stop}
        usage = dict(self.message["usage"])
        return [
            *events,
            {"type": "message_delta", "delta": delta, "usage": usage},
            {"type": "message_stop"},
        ]

    def _say(self, kind: str, text: str) -> list[Event]:
        under_way = self._calls[self._next_call :]
        if not all(call.is_whole() for call in under_way):
            self._held.append((kind, text))
            return []
        events = self._send_calls(last=True)
        if self._kind != kind:
            events += self._close()
            signed = {"signature": ""} if kind == "thinking" else {}
            events += self._open({"type": kind, kind: "", **signed})
        return [*events, self._delta(text)]

    def _send_calls(self, *, last: bool) -> list[Event]:
        """What can be told of the calls now; `last`: nothing more comes."""
        events: list[Event] = []
        while self._next_call < len(self._calls):
            call = self._calls[self._next_call]
            if self._kind != "tool_use":
                if not call.name:
                    return events
                events += self._close()
                id = call.id or f"toolu_{self.message['id']}_{self._next_call}"
                events += self._open({"type": "tool_use", "id": id, "name": call.name, "input": {}})
            events += [self._delta(piece) for piece in call.waiting]
            call.sent += call.waiting
            call.waiting = []
            if not last and (self._next_call + 1 == len(self._calls) or not call.is_whole()):
                return events
            events += self._close()
            self._next_call += 1
        return events

    def _open(self, block: dict[str, Any]) -> list[Event]:
        self._kind, self._pieces = str(block["type"]), []
        self.message["content"].append(block)
        index = len(self.message["content"]) - 1
        return [{"type": "content_block_start", "index": index, "content_block": dict(block)}]

    def _delta(self, text: str) -> Event:
        self._pieces.append(text)
        return self._change({"type": _DELTA[self._kind], _FIELD[self._kind]: text})

    def _close(self) -> list[Event]:
        if not self._kind:
            return []
        kind, text, block = self._kind, "".join(self._pieces), self.message["content"][-1]
        self._kind = ""
        events: list[Event] = []
        if kind == "tool_use":
            block["input"] = _arguments(text)
        else:
            block[kind] = text
        if kind == "thinking":
            block["signature"] = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            signed = {"type": "signature_delta", "signature": block["signature"]}
            events.append(self._change(signed))
        index = len(self.message["content"]) - 1
        return [*events, {"type": "content_block_stop", "index": index}]

    def _change(self, delta: dict[str, Any]) -> Event:
        index = len(self.message["content"]) - 1
        return {"type": "content_block_delta", "index": index, "delta": delta}


def message_of(stream: MessageStream, completion: Mapping[str, Any]) -> dict[str, Any]:
    """The message of a whole `chat.completion`.

    A call that was cut off by the limit is left out: it must not be run. Raises Refused (502) for
    one whose arguments are no JSON object though it was not cut off.
    """
    stream.feed(chunk_of(completion))
    stream.finish()
    message = stream.message
    if message["stop_reason"] == "max_tokens":
        message["content"] = [block for block in message["content"] if block.get("input", {}) != ""]
    for block in message["content"]:
        if block.get("input") == "":
            raise Refused(
                502,
                "malformed_call",
                f"the model called {block['name']!r} with arguments that are no JSON object;"
                " ask again",
            )
    return message


def _arguments(text: str) -> dict[str, Any] | str:
    """The arguments as an object; "" where they are none."""
    if not text.strip():
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError:
        return ""
