"""One running process with a language model in it, as the device sees it: start, ask, hear, end.

A process that dies, writes what is no report, or cannot load its model shows as a ModelError that
names the reason and the remedy. Knows nothing of questions that wait or of deadlines' meaning.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from edgewise.core.words import Language
from edgewise.engine.piped import Piped, begin
from edgewise.errors import ModelError
from edgewise.think.llama_wire import (
    LINE_LIMIT_BYTES,
    Failed,
    Failure,
    Finished,
    Order,
    Piece,
    Ready,
    Report,
    read_report,
    to_line,
)


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """Which model, and the limits it runs under.

    `load_limit_s`: from its start to being ready. `memory_limit_bytes`: of its own data; 0: none.
    `idle_s`: unloaded after so long without a question. `grace_s`: how long an answer that nobody
    wants any more may take to stop before the process is killed. `small`: often wrong, so every
    answer says so and questions that could do harm are not put to it. `only_sure`: an answer is its
    first sentence, and only if the model was sure of it. `as_written`: for a caller that asked for
    this model by name: no answer is shortened or marked as cut, no line of the conversation is left
    out. `tells_surety`: it tells how likely each token was, as `only_sure` needs in any case.
    `command` starts the process.
    """

    name: str
    path: Path
    languages: tuple[Language, ...]
    context_tokens: int = 2048
    threads: int = 1
    prompt_threads: int = 1
    temperature: float = 0.0
    most_waiting: int = 4
    load_limit_s: float = 60.0
    memory_limit_bytes: int = 0
    grace_s: float = 1.0
    idle_s: float = 300.0
    small: bool = False
    only_sure: bool = False
    as_written: bool = False
    tells_surety: bool = False
    command: tuple[str, ...] = (sys.executable, "-P", "-m", "edgewise.think.llama_process")


class LlamaChild(Piped[Report]):
    """One running process with a language model; see `Piped`."""

    ready: Ready | None = None

    @classmethod
    async def start(cls, settings: LlamaSettings) -> "LlamaChild":
        """Start the process and have it load the model. Raises ModelError."""
        folder = tempfile.mkdtemp(prefix="edgewise-llama-")  # mode 0700
        try:
            return await cls._start_in(folder, settings)
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # a process killed while loading leaves it

    @classmethod
    async def _start_in(cls, folder: str, settings: LlamaSettings) -> "LlamaChild":
        process = await begin(
            settings.name,
            *settings.command,
            *_arguments(settings, folder),
            limit_bytes=LINE_LIMIT_BYTES,
        )
        bad = msgspec.DecodeError, ValueError  # also a line over the limit
        child = cls(process, settings.name, settings.grace_s, _read_report, bad, "report")
        try:
            deadline = asyncio.get_running_loop().time() + settings.load_limit_s
            child.ready = await child._await_ready(deadline)
        except BaseException as error:
            await child.end(at_once=True)
            if isinstance(error, TimeoutError):
                raise ModelError(
                    f"{settings.name} did not load within {settings.load_limit_s:g} s; "
                    "`edgewise doctor` tells whether its file is whole",
                    code="model_timed_out",
                ) from None
            raise
        return child

    async def send(self, order: Order, deadline: float) -> None:
        """Hand an order over; see `write`."""
        await self.write(to_line(order), deadline)

    async def receive(self, id: int, deadline: float) -> Piece | Finished | Failed:
        """The next report on an order. Raises TimeoutError, and ModelError if the process died."""
        while True:
            report = await self.next(deadline)
            if isinstance(report, Ready):
                continue
            if report.id == id:
                return report
            if isinstance(report, Failed) and report.id == 0:
                self.broken = f"could not read an order: {report.message}"
                await self.end(at_once=True)
                raise self.died()

    async def _await_ready(self, deadline: float) -> Ready:
        report = await self.next(deadline)
        if isinstance(report, Ready):
            return report
        if not isinstance(report, Failed):
            self.broken = "answered before it was asked"
            raise self.died()
        remedy = {
            Failure.NO_RUNTIME: "install the extra: pip install 'edgewise[llama]'",
            Failure.NO_MODEL: "`edgewise doctor` tells whether its file is there and whole",
        }.get(report.failure, "start it again")
        raise ModelError(
            f"{self._name} cannot be loaded: {report.message}; {remedy}", code="model_missing"
        )


async def _read_report(pipe: asyncio.StreamReader) -> Report | None:
    line = await pipe.readline()
    return read_report(line) if line else None


def _arguments(settings: LlamaSettings, folder: str) -> tuple[str, ...]:
    given: Mapping[str, object] = {
        "model": settings.path,
        "folder": folder,
        "memory-limit-bytes": settings.memory_limit_bytes,
        "context-tokens": settings.context_tokens,
        "threads": settings.threads,
        "prompt-threads": settings.prompt_threads,
        "parent": os.getpid(),
    }
    return tuple(f"--{name}={value}" for name, value in given.items())
