"""What the language model's process reports: whole lines, made from the runtime's chunks.

The form of the chunks is llama.cpp's own OpenAI-like stream (package `xllamacpp`); a chunk without
what is looked for counts for nothing. Knows nothing of orders, nor of how the runtime is started.
"""

import threading
import time
from typing import Any, BinaryIO, cast

from edgewise.engine.serving import memory_bytes
from edgewise.think.llama_wire import (
    Ending,
    Failed,
    Failure,
    Finished,
    Piece,
    Report,
    to_line,
)

MESSAGE_CHARACTERS = 500


class Writer:
    """Writes reports, whole lines, from any thread."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._lock = threading.Lock()

    def report(self, report: Report) -> None:
        line = to_line(report)
        with self._lock:
            self._output.write(line)
            self._output.flush()


class Stream:
    """Turns the runtime's chunks into reports. The runtime swallows what a callback raises."""

    def __init__(self, id: int, cancelled: threading.Event, writer: Writer) -> None:
        self.failed: Failed | None = None
        self._id = id
        self._cancelled = cancelled
        self._writer = writer
        self._began = time.perf_counter()
        self._first_ms = 0.0
        self._pieces = 0
        self._reason = ""
        self._timings: dict[str, Any] = {}

    def take(self, chunks: Any) -> bool:
        """Take what the runtime hands over; True stops it."""
        for chunk in cast(list[Any], chunks) if isinstance(chunks, list) else [chunks]:
            if "error" in chunk:
                self.failed = _failure(self._id, chunk["error"])
                return True
            self._timings = chunk.get("timings") or self._timings
            for choice in chunk.get("choices", ()):
                self._reason = choice.get("finish_reason") or self._reason
                self._pass_on(choice.get("delta", {}).get("content") or "", _likelihood(choice))
        return self._cancelled.is_set()

    def _pass_on(self, text: str, log_probability: float) -> None:
        if not text or self._cancelled.is_set():
            return
        if not self._pieces:
            self._first_ms = (time.perf_counter() - self._began) * 1000
        self._pieces += 1
        sound = text.encode("utf-8", "replace").decode("utf-8")
        self._writer.report(Piece(self._id, sound, log_probability))

    def end(self) -> Report:
        if self.failed is not None:
            return self.failed
        if self._cancelled.is_set():
            ending = Ending.CANCELLED
        else:
            ending = Ending.LENGTH if self._reason == "length" else Ending.STOP
        return Finished(
            self._id,
            ending,
            prompt_tokens=int(self._timings.get("prompt_n", 0) + self._timings.get("cache_n", 0)),
            cached_tokens=int(self._timings.get("cache_n", 0)),
            tokens=int(self._timings.get("predicted_n", self._pieces)),
            first_ms=round(self._first_ms, 1),
            tokens_per_s=round(float(self._timings.get("predicted_per_second", 0.0)), 1),
            memory_bytes=memory_bytes(),
        )


def _likelihood(choice: dict[str, Any]) -> float:
    """The log probability of a chunk's tokens together; 0 when it was not asked for."""
    told: dict[str, Any] = choice.get("logprobs") or {}
    tokens: list[dict[str, Any]] = told.get("content") or []
    return min(0.0, sum(float(token["logprob"]) for token in tokens))


def _failure(id: int, error: dict[str, Any]) -> Failed:
    message = shorten(str(error.get("message", "no reason given")))
    if error.get("type") != "exceed_context_size_error":
        return Failed(id, Failure.REFUSED, message)
    return Failed(
        id,
        Failure.TOO_LONG,
        message,
        prompt_tokens=int(error.get("n_prompt_tokens", 0)),
        limit_tokens=int(error.get("n_ctx", 0)),
    )


def shorten(text: str) -> str:
    """The start of a text, as it can be written in UTF-8."""
    return text[:MESSAGE_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
