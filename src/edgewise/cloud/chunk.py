"""Reads chat completion chunks: what one adds, and which call a fragment belongs to.

Upstreams differ: reasoning is `reasoning_content` or `reasoning`; some send no index, or index 0
for every call. A fragment with a new id and a name under a used index is a call of its own
(litellm#33678); the first id and name of a call hold. It knows neither API above.
Source: openai-openapi f85dbe2, CreateChatCompletionStreamResponse.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct


class CallFragment(Struct, frozen=True):
    """A piece of a call. `call` numbers the calls in the order in which they appeared."""

    call: int
    id: str
    name: str
    arguments: str


class Addition(Struct, frozen=True):
    """What one chunk adds; empty where it adds nothing."""

    reasoning: str = ""
    text: str = ""
    refusal: str = ""
    calls: tuple[CallFragment, ...] = ()
    logprobs: tuple[dict[str, Any], ...] = ()
    finish: str = ""
    stop: str = ""
    usage: Mapping[str, Any] | None = None
    model: str = ""


class ChunkReader:
    """Reads the chunks of one completion in their order (the first choice alone)."""

    def __init__(self) -> None:
        self._at: dict[int, int] = {}  # the upstream's index -> our number
        self._ids: list[str] = []

    def read(self, chunk: Mapping[str, Any]) -> Addition:
        """What the chunk adds."""
        choices = chunk.get("choices") or ()
        choice: Mapping[str, Any] = choices[0] if choices else {}
        delta: Mapping[str, Any] = choice.get("delta") or {}
        logprobs: Mapping[str, Any] = choice.get("logprobs") or {}
        stop = choice.get("stop_reason", choice.get("matched_stop"))
        return Addition(
            reasoning=_words(delta.get("reasoning_content")) or _words(delta.get("reasoning")),
            text=_words(delta.get("content")),
            refusal=_words(delta.get("refusal")),
            calls=tuple(self._fragment(piece) for piece in delta.get("tool_calls") or ()),
            logprobs=tuple(logprobs.get("content") or ()),
            finish=choice.get("finish_reason") or "",
            stop=_words(stop),
            usage=chunk.get("usage"),
            model=_words(chunk.get("model")),
        )

    def _fragment(self, piece: Mapping[str, Any]) -> CallFragment:
        function: Mapping[str, Any] = piece.get("function") or {}
        id, name = _words(piece.get("id")), _words(function.get("name"))
        arguments = _words(function.get("arguments"))
        return CallFragment(self._number(piece.get("index"), id, name), id, name, arguments)

    def _number(self, index: Any, id: str, name: str) -> int:
        if not isinstance(index, int):
            if id in self._ids and id:
                return self._ids.index(id)
            index = len(self._ids) if id or not self._ids else max(self._at)
        known = self._at.get(index)
        if known is not None and not (id and name and id != self._ids[known] and self._ids[known]):
            self._ids[known] = self._ids[known] or id
            return known
        self._at[index] = len(self._ids)
        self._ids.append(id)
        return self._at[index]


def chunk_of(completion: Mapping[str, Any]) -> dict[str, Any]:
    """A whole `chat.completion` as its only chunk: one code translates both."""
    choices: Sequence[Mapping[str, Any]] = completion.get("choices") or ()
    choice: Mapping[str, Any] = choices[0] if choices else {}
    message: Mapping[str, Any] = choice.get("message") or {}
    made: Sequence[Mapping[str, Any]] = message.get("tool_calls") or ()
    calls = [{**call, "index": at} for at, call in enumerate(made)]
    return {
        **completion,
        "object": "chat.completion.chunk",
        "choices": [{**choice, "delta": {**message, "tool_calls": calls}}],
    }


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
