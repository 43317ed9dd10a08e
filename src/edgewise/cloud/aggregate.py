"""A stream's chunks put together into the one answer that a client without a stream wants.

Requests without `stream` go upstream as streams, so that a client that leaves stops the model and
what it had written by then is known to the token. Members that we do not know are kept: texts are
joined, lists of indexed things are joined by index, everything else is what came last.
"""

from typing import Any, cast

import msgspec

Json = dict[str, Any]
MOST_INDEXED = 1024
"""A greater index is an upstream's fault, and the list up to it would fill the memory."""
_APART = frozenset({"index", "id", "type", "role", "name"})
"""Texts that are said once or again, not piece by piece."""
_OF_WORDS = frozenset({"index", "delta", "finish_reason", "logprobs"})
"""What a choice has that brings words and nothing else."""


class Aggregate:
    """Feed it every chunk of a stream; `completion` is the answer."""

    def __init__(self) -> None:
        self._whole: Json = {}
        self._choices: dict[int, Json] = {}
        self._words: dict[int, list[str]] = {}

    def feed(self, batch: list[bytes]) -> None:
        """Take the JSON of some chunks; they are read at once, which halves the work."""
        for chunk in cast(list[Json], msgspec.json.decode(b"[" + b",".join(batch) + b"]")):
            self.take(chunk)

    def take(self, chunk: Json) -> None:
        """Take one chunk."""
        for choice in chunk.pop("choices", None) or ():
            if not self._take_words(choice):
                self._take_choice(choice)
        for name, value in chunk.items():
            if value is not None or name not in self._whole:
                self._whole[name] = value

    def completion(self) -> Json:
        """The chat.completion object."""
        for index in self._words:
            self._join_words(index)
        whole = {**self._whole, "object": "chat.completion"}
        whole["choices"] = [self._choices[index] for index in sorted(self._choices)]
        if whole.get("usage") is None:
            whole.pop("usage", None)
        return whole

    def _take_words(self, choice: Json) -> bool:
        """Take a piece that is words alone, as nearly all are; whether it was one. They are joined
        once, which `_take_choice` would do anew for each, with the same result."""
        words = self._words.get(choice.get("index") or 0)
        delta = choice.get("delta")
        if words is None or not delta or len(delta) > 1 or not _OF_WORDS.issuperset(choice):
            return False
        text = delta.get("content")
        told = choice.get("finish_reason") is not None or choice.get("logprobs") is not None
        if told or not isinstance(text, str):
            return False
        words.append(text)
        return True

    def _join_words(self, index: int) -> None:
        words = self._words[index]
        if words:
            message = self._choices[index]["message"]
            message["content"] = (message["content"] or "") + "".join(words)
            words.clear()

    def _take_choice(self, choice: Json) -> None:
        index = choice.get("index") or 0
        if index in self._words:
            self._join_words(index)
        held = self._choices.get(index)
        if held is None:
            message: Json = {"role": "assistant", "content": None}
            held = self._choices[index] = {"index": index, "message": message}
            held |= {"logprobs": None, "finish_reason": None}
        for name, value in choice.items():
            if name == "delta":
                _join(held["message"], value or {})
            elif name == "logprobs":
                _join_logprobs(held, value)
            elif name != "index" and value is not None:
                held[name] = value
        if isinstance(held["message"]["content"], str | None):
            self._words.setdefault(index, [])
        else:
            self._words.pop(index, None)


def _join(held: Json, piece: Json) -> None:
    """Add a piece to what is held of an object."""
    for name, value in piece.items():
        before = held.get(name)
        if value is None:
            held.setdefault(name, None)
        elif before is None:
            held[name] = _fresh(value)
        elif isinstance(value, str) and isinstance(before, str) and name not in _APART:
            held[name] = before + value
        elif isinstance(value, list) and isinstance(before, list):
            _join_lists(cast("list[Any]", before), cast("list[Any]", value))
        elif isinstance(value, dict) and isinstance(before, dict):
            _join(cast(Json, before), cast(Json, value))
        elif value != "":
            held[name] = value


def _fresh(value: Any) -> Any:
    """A first value; of a list of indexed things their index is left out."""
    if isinstance(value, list):
        found: list[Any] = []
        _join_lists(found, cast(list[Any], value))
        return found
    return value


def _join_lists(held: list[Any], pieces: list[Any]) -> None:
    for piece in pieces:
        given = cast(Json, piece if isinstance(piece, dict) else {})
        index = given.get("index")
        if not isinstance(index, int) or not 0 <= index < MOST_INDEXED:
            held.append(piece)
            continue
        while len(held) <= index:
            held.append({})
        if isinstance(held[index], dict):
            _join(cast(Json, held[index]), {name: given[name] for name in given if name != "index"})


def _join_logprobs(held: Json, piece: Json | None) -> None:
    if piece is not None:
        joined: Json = held["logprobs"] or {}
        _join(joined, piece)
        held["logprobs"] = joined
