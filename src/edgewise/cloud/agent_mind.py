"""The cloud's agent thinks about a turn: a loop of steps.

A step is one question to the model. Words it writes go on to the device; tools it calls become
proposals, and what the device tells of them is the next step's material (`agent_prompt.py` says how
it is told). It knows no connection and no key; the platform's gateway meters it.
Source: Chat Completions of the OpenAI API.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from edgewise.cloud.agent_prompt import Conversation
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.ports import Completer, close
from edgewise.core.capability import Capability
from edgewise.core.exchange import Bounds, Outcome, Say
from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.signal import JsonValue
from edgewise.errors import LinkError

Ask = Callable[[], Caller]
"""Whose the key is now. Raises Refused when it is in force no more."""


class Hands(Protocol):
    """What thinking can do: write to the person, propose a call, learn what became of calls.

    `write` and `propose` wait for room and raise LinkError for what is too much; `outcomes` waits,
    and a call without an outcome is `None`.
    """

    async def write(self, text: str) -> None: ...
    async def propose(
        self, capability: str, arguments: dict[str, JsonValue], label: Label
    ) -> str: ...
    async def outcomes(self, calls: Sequence[str]) -> dict[str, Outcome | None]: ...


@dataclass(slots=True)
class Spent:
    """Tokens of a turn, as the gateway reports them."""

    input_tokens: int = 0
    output_tokens: int = 0


async def think(
    say: Say,
    conversation: Conversation,
    gateway: Completer,
    ask: Ask,
    model: str,
    hands: Hands,
    spent: Spent,
    *,
    endpoint: Endpoint = Endpoint.AGENT,
    max_tokens: int | None = None,
) -> None:
    """Think about one turn to its end, and add what the model took to `spent`.

    It is metered as of `endpoint`; a step may write `max_tokens`. Each step asks whose the key is.
    Raises Refused when that or the gateway does, LinkError when a bound is reached or the model
    speaks nonsense. Whatever ends it, the conversation remembers what was said and done.
    """
    turn = _Thinking(say, conversation, gateway, ask, model, hands, spent, endpoint, max_tokens)
    try:
        await turn.run()
    finally:
        conversation.remember(turn.remembered())


class _Thinking:
    """One turn's loop and its messages."""

    def __init__(
        self,
        say: Say,
        conversation: Conversation,
        gateway: Completer,
        ask: Ask,
        model: str,
        hands: Hands,
        spent: Spent,
        endpoint: Endpoint,
        max_tokens: int | None,
    ) -> None:
        self._endpoint, self._max_tokens = endpoint, max_tokens
        self._conversation, self._gateway, self._ask = conversation, gateway, ask
        self._model, self._hands, self._spent = model, hands, spent
        self._tools, self._names = conversation.tools()
        self._before = [
            conversation.system(say.locale or conversation.opening.locale),
            *(message for group in conversation.groups for message in group),
        ]
        self._group: list[dict[str, Any]] = [conversation.asked(say)]
        self._said, self._ended = "", False
        self._made: list[str] = []

    async def run(self) -> None:
        """Steps until the model calls no tool. Raises as `think`."""
        for _ in range(self._conversation.bounds.steps):
            text, calls = await self._step()
            if not calls:
                self._group.append({"role": "assistant", "content": text})
                self._ended = True
                return
            asked = [wire for _, _, wire in calls]
            answers = await self._carry_out(calls)
            self._group.append({"role": "assistant", "content": text or None, "tool_calls": asked})
            self._group += answers
        raise LinkError(
            f"the model wanted more than {self._conversation.bounds.steps} steps",
            code="too_many_steps",
        )

    def remembered(self) -> list[dict[str, Any]]:
        """The turn's messages; of one cut short, what was said and which calls were made."""
        if self._ended:
            return self._group
        made = "; ".join(self._made) or "none"
        cut = f"{self._said}\n(This turn was cut short. Calls proposed in it: {made}.)"
        return [self._group[0], {"role": "assistant", "content": cut}]

    async def _step(self) -> "tuple[str, list[tuple[str, str, dict[str, Any]]]]":
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [*self._before, *self._group],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self._tools:
            body["tools"] = self._tools
        if self._max_tokens is not None:
            body["max_tokens"] = self._max_tokens
        text = ""
        calls = _Calls(self._conversation.bounds)
        chunks = self._gateway.stream(self._ask(), body, endpoint=self._endpoint)
        try:
            async for raw in chunks:
                chunk = _chunk_of(raw)
                self._count(chunk.usage)
                for choice in chunk.choices[:1]:
                    if piece := _sound(choice.delta.content or ""):
                        text, self._said = text + piece, self._said + piece
                        await self._hands.write(piece)
                    for call in choice.delta.tool_calls or ():
                        calls.add(call)
        finally:
            await close(chunks)
        return text, calls.complete()

    def _count(self, usage: "_Usage | None") -> None:
        if usage is not None:
            self._spent.input_tokens += usage.prompt_tokens
            self._spent.output_tokens += usage.completion_tokens

    async def _carry_out(
        self, calls: "list[tuple[str, str, dict[str, Any]]]"
    ) -> list[dict[str, Any]]:
        """Propose the calls of a step, all before any is waited for; a message about each."""
        proposed: dict[str, tuple[str, Capability]] = {}
        problems: dict[str, str] = {}
        label = join([label_of(OriginKind.MODEL, self._model), self._conversation.read])
        for tool, arguments, wire in calls:
            capability = self._names.get(tool)
            given = _arguments_of(arguments)
            if capability is None:
                problems[wire["id"]] = f"the device offers no {tool[:80]!r}"
            elif given is None:
                problems[wire["id"]] = "the arguments are not a JSON object"
            else:
                key = await self._hands.propose(capability.name, given, label)
                proposed[wire["id"]] = (key, capability)
                self._made.append(capability.name)
        outcomes = await self._hands.outcomes([key for key, _ in proposed.values()])
        answers: list[dict[str, Any]] = []
        for _, _, wire in calls:
            if wire["id"] in proposed:
                key, capability = proposed[wire["id"]]
                told = self._conversation.told(capability, outcomes.get(key))
            else:
                told = msgspec.json.encode({"status": "impossible", "words": problems[wire["id"]]})
                told = told.decode()
            answers.append({"role": "tool", "tool_call_id": wire["id"], "content": told})
        return answers


class _Function(Struct, frozen=True):
    name: str | None = None
    arguments: str | None = None


class _ToolCall(Struct, frozen=True):
    index: int = 0
    id: str | None = None
    function: _Function = _Function()


class _Delta(Struct, frozen=True):
    content: str | None = None
    tool_calls: tuple[_ToolCall, ...] | None = None


class _Choice(Struct, frozen=True):
    delta: _Delta = _Delta()


class _Usage(Struct, frozen=True):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(Struct, frozen=True):
    choices: tuple[_Choice, ...] = ()
    usage: _Usage | None = None


class _Calls:
    """Tool calls as their pieces come in, by index; bounded in number and size."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._parts: dict[int, list[str]] = {}
        self._size = 0

    def add(self, piece: _ToolCall) -> None:
        """Join a piece to its call. Raises LinkError for more than a turn may propose."""
        name, arguments = piece.function.name or "", piece.function.arguments or ""
        parts = self._parts.setdefault(piece.index, ["", ""])
        parts[0] += name
        parts[1] += arguments
        self._size += len(name) + len(arguments)
        if len(self._parts) > self._bounds.calls:
            raise LinkError(
                f"the model called more than {self._bounds.calls} tools", code="too_many_calls"
            )
        if self._size > self._bounds.message_bytes:
            raise LinkError("the model's calls are too long", code="too_long")

    def complete(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Name, arguments and wire form of each call, in order; ids are our own, so they differ."""
        found: list[tuple[str, str, dict[str, Any]]] = []
        for index in sorted(self._parts):
            name, arguments = map(_sound, self._parts[index])
            id = f"call_{secrets.token_hex(8)}"
            # An upstream refuses a history whose arguments are no JSON.
            said = arguments if _arguments_of(arguments) is not None else "{}"
            function = {"name": name[:64] or "unnamed", "arguments": said}
            found.append((name, arguments, {"id": id, "type": "function", "function": function}))
        return found


def _chunk_of(raw: dict[str, Any]) -> _Chunk:
    try:
        return msgspec.convert(raw, _Chunk)
    except msgspec.ValidationError as error:
        raise LinkError(
            f"the model's reply does not validate: {error}", code="bad_reply"
        ) from error


def _arguments_of(text: str) -> dict[str, JsonValue] | None:
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return None


def _sound(text: str) -> str:
    """`text` without halves of surrogate pairs, which no JSON message can hold."""
    return text.encode("utf-8", "replace").decode()
