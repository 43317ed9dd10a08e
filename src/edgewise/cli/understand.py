"""`edgewise understand`: sentences in, calls out, without a device; for evaluation and tests.

Rows `{id, text, lang?}` become `{id, calls: [{capability, arguments}], confidence, kind,
latency_ms}`. Calls that the words lack something for are included as far as they were understood.
"""

import json
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import typer

from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import as_object
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.perceive.perceive import clean, language_of

Input = Annotated[Path, typer.Option("--input", help="JSON lines with id and text; - is stdin.")]
Output = Annotated[Path, typer.Option("--output", help="JSON lines with calls; - is stdout.")]


def understand(input_: Input = Path("-"), output: Output = Path("-")) -> None:
    """Understand sentences without acting on them."""
    from edgewise.device.mind import load_thinking
    from edgewise.device.third_party import installed_catalogue

    with _open(input_, "rb", sys.stdin.buffer) as source:
        thinking = load_thinking(installed_catalogue().capabilities)
        with _open(output, "wb", sys.stdout.buffer) as sink:
            for number, line in enumerate(source, 1):
                if line.strip():
                    row = _row(line.decode("utf-8", "replace"), number)
                    told = json.dumps(_understood(row, thinking), ensure_ascii=False)
                    sink.write(told.encode("utf-8", "replace") + b"\n")
                    sink.flush()


def _open(
    path: Path, mode: Literal["rb", "wb"], standard: IO[bytes]
) -> AbstractContextManager[IO[bytes]]:
    if str(path) == "-":
        return nullcontext(standard)
    try:
        return path.open(mode)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a file that can be opened") from error


def _row(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UserError(f"line {number}: not JSON ({error}); give one object a line") from error
    row = as_object(row)
    if not isinstance(row.get("text"), str) or "id" not in row:
        raise UserError(f'line {number}: give {{"id": ..., "text": "..."}}')
    if row.get("lang") not in (None, "en", "zh"):
        raise UserError(f"line {number}: lang is {row['lang']!r}, known are 'en' and 'zh'")
    return row


def _understood(row: dict[str, Any], thinking: Any) -> dict[str, Any]:
    text = clean(row["text"])
    language = Language(row["lang"]) if row.get("lang") else language_of(text)
    context = Context(
        language,
        label=label_of(OriginKind.TYPED),
        turn=str(row["id"]),
        now=datetime.now().isoformat(timespec="seconds"),
    )
    started = time.perf_counter()
    thought = thinking.understand(text, context)
    took_ms = (time.perf_counter() - started) * 1000
    return {
        "id": row["id"],
        "calls": [{"capability": c.capability, "arguments": c.arguments} for c in thought.calls],
        "confidence": round(thought.confidence, 4),
        "kind": thought.kind,
        "latency_ms": round(took_ms, 3),
    }
