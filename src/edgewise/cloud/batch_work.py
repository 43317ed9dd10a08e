"""A batch's working folder: its input, and what is done so far, in a way that outlives a kill.

The input is a hard link, so that deleting the file does not disturb a batch that runs. An answer is
appended as one line in one write; a line whose answer is there is done and is not run again. What a
crash cut off in the middle of a line is taken away at the next start.
"""

import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.cloud.batch_table import BatchUsage
from edgewise.cloud.file_store import force
from edgewise.cloud.refusal import ErrorBody, Refused
from edgewise.core.signal import as_object
from edgewise.errors import DeviceError

EXPIRED = "batch_expired"
INPUT, OUTPUT, ERRORS = "input.jsonl", "output.jsonl", "errors.jsonl"


class _Code(Struct):
    code: str = ""


class _Response(Struct):
    body: Any = None


class _Done(Struct):
    custom_id: str
    response: _Response | None = None
    error: _Code | None = None


_done = msgspec.json.Decoder(_Done)


class BatchWork:
    """The folder of one batch; made by `begin`, gone after `remove`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: set[str] = set()
        self.completed = 0
        self.failed = 0
        self.expired = False
        self._handles: dict[str, int] = {}

    @property
    def input(self) -> Path:
        """Where the input lies."""
        return self.folder / INPUT

    def begin(self, source: Path) -> None:
        """Take the input. Raises FileNotFoundError when it is gone."""
        self.folder.parent.mkdir(mode=0o700, exist_ok=True)
        self.folder.mkdir(mode=0o700)
        os.link(source, self.input)
        force(self.folder)

    def resume(self) -> None:
        """Read what is done."""
        for name in (OUTPUT, ERRORS):
            file = self.folder / name
            if file.exists():
                _mend(file)
                with file.open("rb") as held:
                    for raw in held:
                        told = _done.decode(raw)
                        self._count(told.custom_id, failed=name == ERRORS)
                        self.expired |= told.error is not None and told.error.code == EXPIRED

    def answer(self, custom_id: str, request_id: str, body: Any) -> None:
        """A line was answered."""
        self._append(OUTPUT, custom_id, _response(200, request_id, body), None)

    def refuse(self, custom_id: str, refused: Refused) -> None:
        """A line was refused, as its endpoint would tell it."""
        response = _response(
            refused.status, "req_" + secrets.token_hex(12), ErrorBody(refused.problem)
        )
        self._append(ERRORS, custom_id, response, None)

    def expire(self, custom_id: str) -> None:
        """A line was not run in time."""
        said = "the batch was not done within its completion window"
        self.expired = True
        self._append(ERRORS, custom_id, None, {"code": EXPIRED, "message": said})

    def results(self) -> list[Path]:
        """The output and the errors, those that there are, forced to disk; safe to call twice."""
        self.close()
        found = [self.folder / name for name in (OUTPUT, ERRORS) if (self.folder / name).exists()]
        for file in found:
            force(file)
        return found

    def usage(self) -> BatchUsage:
        """The tokens of all answers."""
        sums = dict.fromkeys(BatchUsage.__struct_fields__, 0)
        file = self.folder / OUTPUT
        if file.exists():
            with file.open("rb") as held:
                for raw in held:
                    told = _done.decode(raw).response
                    usage = as_object(as_object(told.body if told else None).get("usage"))
                    for name, amount in _counts(usage).items():
                        sums[name] += amount
        return BatchUsage(**sums)

    def close(self) -> None:
        """Close the files; they open again when they are written to."""
        while self._handles:
            os.close(self._handles.popitem()[1])

    def remove(self) -> None:
        """Remove the folder and what is in it."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _append(self, name: str, custom_id: str, response: Any, error: Any) -> None:
        """One line in one write. Raises DeviceError when the disk refuses it, and then nothing of
        it counts."""
        line = {
            "id": "batch_req_" + secrets.token_hex(12),
            "custom_id": custom_id,
            "response": response,
            "error": error,
        }
        data = msgspec.json.encode(line) + b"\n"
        try:
            handle = self._opened(name)
            before = os.fstat(handle).st_size
            if os.write(handle, data) != len(data):
                os.ftruncate(handle, before)
                raise OSError("the disk is full")
        except OSError as failed:
            said = f"an answer of a batch can not be written: {failed}"
            raise DeviceError(said) from failed
        self._count(custom_id, failed=name == ERRORS)

    def _count(self, custom_id: str, *, failed: bool) -> None:
        self.done.add(custom_id)
        self.failed += failed
        self.completed += not failed

    def _opened(self, name: str) -> int:
        if name not in self._handles:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self._handles[name] = os.open(self.folder / name, flags, 0o600)
        return self._handles[name]


def _response(status: int, request_id: str, body: Any) -> dict[str, Any]:
    return {"status_code": status, "request_id": request_id, "body": body}


def _counts(usage: dict[str, Any]) -> dict[str, int]:
    """The counts of an answer: completions and embeddings name them otherwise than responses."""
    old = "prompt_tokens" in usage
    read, written = ("prompt", "completion") if old else ("input", "output")
    return {
        "input_tokens": _of(usage, f"{read}_tokens"),
        "output_tokens": _of(usage, f"{written}_tokens"),
        "cached_tokens": _of(as_object(usage.get(f"{read}_tokens_details")), "cached_tokens"),
        "reasoning_tokens": _of(
            as_object(usage.get(f"{written}_tokens_details")), "reasoning_tokens"
        ),
    }


def _of(counts: dict[str, Any], name: str) -> int:
    value: object = counts.get(name)
    return value if isinstance(value, int) else 0


def _mend(file: Path) -> None:
    """Take away a last line that has no end."""
    with file.open("r+b") as held:
        size = end = held.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65_536)
            held.seek(start)
            at = held.read(end - start).rfind(b"\n")
            if at >= 0:
                end = start + at + 1
                break
            end = start
        if end != size:
            held.truncate(end)
