"""The log of requests: one JSON line each in `requests.log`, in files of a bounded size.

A line tells who asked, what for, how it ended and how much it took. What was said stands in it only
where the project lets it be logged (`Content`), and of that the first or last 16,000 characters. A
request notes itself in memory; a thread writes what was noted, so that no request waits for a disk.
It does not know how a request is metered: `exchange.py`.
"""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Sequence
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.cloud.chat import ChatMessage
from edgewise.cloud.ledger import Entry

EVERY_S = 0.5
FILE_BYTES = 32 * 1024 * 1024
FILES = 8
MOST_NOTED = 100_000
MOST_CHARACTERS = 16_000
_AT_ONCE = 256

_log = logging.getLogger("edgewise.cloud")


class _Delta(Struct):
    content: str | None = None


class _Choice(Struct):
    delta: _Delta


class _Chunk(Struct):
    choices: list[_Choice] = []


_chunks = msgspec.json.Decoder(list[_Chunk])


class Content:
    """What was said in a request whose project lets it be logged: the end of the prompt and the
    beginning of the answer, texts alone."""

    __slots__ = ("_answer", "_left", "prompt")

    def __init__(self, messages: Sequence[ChatMessage]) -> None:
        self.prompt = _prompt_of(messages)
        self._answer: list[str] = []
        self._left = MOST_CHARACTERS

    def add(self, batch: list[bytes]) -> None:
        """Take the JSON of some chunks of the answer."""
        if self._left <= 0:
            return
        try:
            chunks = _chunks.decode(b"[" + b",".join(batch) + b"]")
        except msgspec.MsgspecError:  # an upstream's own shape: not a text that we know
            return
        for chunk in chunks:
            for choice in chunk.choices:
                text = (choice.delta.content or "")[: self._left]
                self._answer.append(text)
                self._left -= len(text)

    @property
    def answer(self) -> str:
        return "".join(self._answer)


class RequestLog:
    """The log in one file and its older ones (`requests.log.1` and so on), for the owner alone."""

    def __init__(self, file: Path, file_bytes: int = FILE_BYTES) -> None:
        self._noted: deque[tuple[Entry, float, Content | None]] = deque(maxlen=MOST_NOTED)
        self._file = _PrivateFile(file, maxBytes=file_bytes, backupCount=FILES - 1, delay=True)

    def note(self, entry: Entry, first_ms: float, content: Content | None) -> None:
        """A request has ended; it is written soon."""
        self._noted.append((entry, first_ms, content))

    async def keep_writing(self) -> None:
        """Write what is noted until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self._noted:
                await asyncio.to_thread(self.write)

    def write(self) -> None:
        """Write what is noted. Blocks: call it in a thread."""
        while self._noted:
            some = [self._noted.popleft() for _ in range(min(_AT_ONCE, len(self._noted)))]
            lines = b"\n".join(msgspec.json.encode(_line_of(*noted)) for noted in some)
            self._file.emit(logging.makeLogRecord({"msg": lines.decode()}))

    def close(self) -> None:
        """Write what is left."""
        self.write()
        self._file.close()


class _PrivateFile(RotatingFileHandler):
    """Nobody but the owner reads it; a full disk is told once and stops no request."""

    _failed = False

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_for_the_owner)

    def handleError(self, record: logging.LogRecord) -> None:
        if not self._failed:
            self._failed = True
            _log.warning("requests are not logged to %s", self.baseFilename, exc_info=True)


def _for_the_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _prompt_of(messages: Sequence[ChatMessage]) -> str:
    """The messages' texts, each after its role; of long ones the end."""
    found: list[str] = []
    left = MOST_CHARACTERS
    for message in reversed(messages):
        said = message.content
        if isinstance(said, list):
            said = "".join(part.text or "" for part in said)
        line = f"{message.role}: {said or ''}"
        found.append(line[-left:])
        left -= len(line) + 1
        if left <= 0:
            break
    return "\n".join(reversed(found))


def _line_of(entry: Entry, first_ms: float, content: Content | None) -> dict[str, Any]:
    facts, usage = entry.facts, entry.usage
    line: dict[str, Any] = {
        "at": entry.at,
        "request": facts.id,
        "organisation": facts.organisation,
        "project": facts.project,
        "key": facts.key,
        "device": facts.device,
        "endpoint": facts.endpoint,
        "model": facts.model,
        "backend": facts.backend,
        "outcome": entry.outcome.value,
        "detail": entry.detail,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "estimated": entry.estimated,
        "cost_nano": entry.cost_nano,
        "first_ms": round(first_ms, 1),
        "took_ms": entry.took_ms,
    }
    if content is not None:
        line |= {"prompt": content.prompt, "answer": content.answer}
    return line
