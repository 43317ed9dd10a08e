"""Builds the messages of a chat completion from a history told piece by piece.

Chat templates are stricter than the APIs above them: one system message, at the start; a turn's
calls in one assistant message, each result right after it; images only from the user. So leading
system texts are joined, the results of a turn are put behind its calls in their order, and an
image that a tool returned follows in a message of the user. Reasoning is given back only for the
turns after the last user message (the loop of calls under way), as templates and Anthropic do.

A call without a result, a result without a call and arguments that are no JSON object are refused
(400) by their place in the request. Source: openai-openapi f85dbe2, ChatCompletionRequestMessage.
"""

from typing import Any

import msgspec
from msgspec import Struct

from edgewise.cloud.refusal import bad_request

Part = dict[str, Any]


class _Call(Struct, frozen=True):
    id: str
    name: str
    arguments: str
    place: str


class _Result(Struct, frozen=True):
    text: str
    images: tuple[Part, ...]


class _Turn(Struct):
    """One assistant turn while it is told."""

    reasoning: list[str]
    texts: list[str]
    calls: list[_Call]


class Conversation:
    """The history; tell it in order, then take `messages`."""

    def __init__(self) -> None:
        self._told: list[dict[str, Any] | _Turn] = []
        self._open: _Turn | None = None
        self._calls: set[str] = set()
        self._results: dict[str, _Result] = {}

    def system(self, text: str) -> None:
        """A text of the system or developer; those at the start become one message."""
        self._open = None
        first = self._told[0] if len(self._told) == 1 else None
        if isinstance(first, dict) and first["role"] == "system":
            first["content"] += f"\n\n{text}"
        else:
            self._told.append({"role": "system", "content": text})

    def user(self, content: str | list[Part]) -> None:
        """What the user said: a text, or chat parts."""
        self._open = None
        self._told.append({"role": "user", "content": _plain(content)})

    def assistant(self, text: str) -> None:
        """A text of the assistant."""
        turn = self._turn()
        if turn.texts and not turn.calls:
            self._open = None
            turn = self._turn()
        turn.texts.append(text)

    def think(self, text: str) -> None:
        """Reasoning of the assistant, before its text or calls."""
        turn = self._turn()
        if turn.texts and not turn.calls:
            self._open = None
            turn = self._turn()
        turn.reasoning.append(text)

    def call(self, id: str, name: str, arguments: str, *, place: str, ours: bool = False) -> None:
        """A call of the assistant. `ours`: the server kept it, so it is mended, not refused."""
        if id in self._calls:
            raise bad_request(f"{place}: the call {id[:80]!r} is there twice", place)
        self._calls.add(id)
        self._turn().calls.append(_Call(id, name, _checked(arguments, place, ours), place))

    def result(self, id: str, text: str, *, images: tuple[Part, ...] = (), place: str) -> None:
        """What a call returned."""
        self._open = None
        if id not in self._calls:
            raise bad_request(
                f"{place}: no call {id[:80]!r} comes before it; send the call with its result",
                place,
            )
        if id in self._results:
            raise bad_request(f"{place}: the call {id[:80]!r} has two results", place)
        self._results[id] = _Result(text, images)

    def messages(self) -> list[dict[str, Any]]:
        """The chat messages. Raises Refused (400) for a call without a result."""
        asked = [isinstance(told, dict) and told["role"] == "user" for told in self._told]
        last = max((at for at, user in enumerate(asked) if user), default=-1)
        messages: list[dict[str, Any]] = []
        for at, told in enumerate(self._told):
            if isinstance(told, dict):
                messages.append(dict(told))
            else:
                messages += self._written(told, reasoning=at > last)
        return messages

    def _turn(self) -> _Turn:
        if self._open is None:
            self._open = _Turn([], [], [])
            self._told.append(self._open)
        return self._open

    def _written(self, turn: _Turn, *, reasoning: bool) -> list[dict[str, Any]]:
        if not turn.texts and not turn.calls:
            return []
        message: dict[str, Any] = {
            "role": "assistant",
            "content": "\n\n".join(turn.texts) if turn.texts else None,
        }
        if reasoning and turn.reasoning:
            message["reasoning_content"] = "\n\n".join(turn.reasoning)
        if turn.calls:
            message["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in turn.calls
            ]
        return [message, *self._results_of(turn.calls)]

    def _results_of(self, calls: list[_Call]) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        images: list[Part] = []
        for call in calls:
            result = self._results.get(call.id)
            if result is None:
                raise bad_request(
                    f"{call.place}: the call {call.id[:80]!r} has no result; add its result, or"
                    " leave the call out",
                    call.place,
                )
            text = result.text
            if result.images:
                text = f"{text}\n(its images follow)" if text else "(its images follow)"
                images += [{"type": "text", "text": f"Images of the call {call.id}:"}]
                images += result.images
            messages.append({"role": "tool", "tool_call_id": call.id, "content": text})
        return [*messages, {"role": "user", "content": images}] if images else messages


def _plain(content: str | list[Part]) -> str | list[Part]:
    """One part of text is sent as a string: every backend takes it."""
    if isinstance(content, list) and len(content) == 1 and content[0]["type"] == "text":
        return str(content[0]["text"])
    return content


def _checked(arguments: str, place: str, ours: bool) -> str:
    if not arguments.strip():
        return "{}"
    try:
        msgspec.json.decode(arguments, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        if ours:
            return msgspec.json.encode({"malformed_arguments": arguments}).decode()
        raise bad_request(
            f"{place}.arguments: they are no JSON object ({error}); mend them, or leave the call"
            " and its result out",
            f"{place}.arguments",
        ) from error
    return arguments
