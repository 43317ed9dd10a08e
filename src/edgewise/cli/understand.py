"""`edgewise understand`: sentences in, calls out, without a device; for evaluation and tests.

Rows `{id, text, lang?}` become `{id, calls: [{capability, arguments}], question, mentions: [{kind,
words}], confidence, kind, latency_ms}`; sentences given as arguments are rows numbered from 1.
`question` is what is asked or told back, null where nothing is. Calls that the words lack something
for are included as far as they were understood. A line that is no such row becomes one with `line`
and `error`; the others are understood all the same.
"""

import io
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

Sentences = Annotated[list[str] | None, typer.Argument(help="Sentences; else --input is read.")]
Input = Annotated[Path, typer.Option("--input", help="JSON lines with id and text; - is stdin.")]
Output = Annotated[Path, typer.Option("--output", help="JSON lines with calls; - is stdout.")]


def understand(
    sentences: Sentences = None, input_: Input = Path("-"), output: Output = Path("-")
) -> None:
    """Understand sentences without acting on them.

    Ends with 1 when a line was no row; the rows of all others are written.
    """
    from edgewise.device.third_party import installed_catalogue
    from edgewise.hosting.mind import load_thinking

    bad = 0
    given = _rows_of(sentences or [])
    with nullcontext(given) if sentences else _open(input_, "rb", sys.stdin.buffer) as source:
        if output.exists() and input_.exists() and output.samefile(input_):
            raise UserError(f"{output} is the input too; name another file for --output")
        thinking = load_thinking(installed_catalogue().capabilities)
        with _open(output, "wb", sys.stdout.buffer) as sink:
            for number, line in enumerate(source, 1):
                if not line.strip():
                    continue
                try:
                    told = _understood(_row(line), thinking)
                except UserError as error:
                    bad += 1
                    told = {"id": None, "line": number, "error": str(error), **_NOTHING}
                    sys.stderr.write(f"edgewise: line {number}: {error}\n")
                sink.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                sink.flush()
    raise typer.Exit(1 if bad else 0)


def _rows_of(sentences: list[str]) -> IO[bytes]:
    rows = ({"id": number, "text": text} for number, text in enumerate(sentences, 1))
    return io.BytesIO(b"".join(json.dumps(row).encode() + b"\n" for row in rows))


def _open(
    path: Path, mode: Literal["rb", "wb"], standard: IO[bytes]
) -> AbstractContextManager[IO[bytes]]:
    if str(path) == "-":
        return nullcontext(standard)
    try:
        return path.open(mode)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a file that can be opened") from error


_NOTHING: dict[str, Any] = {
    "calls": [], "question": None, "mentions": [], "confidence": 0.0, "kind": "unknown",
    "latency_ms": 0.0,
}  # fmt: skip


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UserError(f"not UTF-8 text (byte {error.start + 1}); send it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"not JSON ({error}); give one object a line") from error
    row = as_object(row)
    if not isinstance(row.get("text"), str) or "id" not in row:
        raise UserError('give {"id": ..., "text": "..."}')
    if any("\ud800" <= character <= "\udfff" for character in row["text"]):
        raise UserError("text holds a lone surrogate, which is no character; send it as UTF-8")
    return row


def _language(lang: Any, text: str) -> Language:
    """Of a tag such as "zh", "zh-TW" or "en-GB" (BCP 47); without one, of the text."""
    if lang is None:
        return language_of(text)
    spoken = lang.replace("_", "-").partition("-")[0].lower() if isinstance(lang, str) else ""
    if spoken not in tuple(Language):
        raise UserError(f"lang is {lang!r}, known are 'en' and 'zh'")
    return Language(spoken)


def _understood(row: dict[str, Any], thinking: Any) -> dict[str, Any]:
    text = clean(row["text"])
    context = Context(
        _language(row.get("lang"), text),
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
        "question": thought.question and thought.question.said_in(context.language),
        "mentions": [{"kind": m.name, "words": m.words} for m in thought.mentions],
        "confidence": round(thought.confidence, 4),
        "kind": thought.kind,
        "latency_ms": round(took_ms, 3),
    }
