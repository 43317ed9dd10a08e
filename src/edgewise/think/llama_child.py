"""One running process with a language model in it, as the device sees it: start, ask, hear, end.

A process that dies, writes what is no report, or cannot load its model shows as a ModelError that
names the reason and the remedy. Knows nothing of questions that wait or of deadlines' meaning.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from edgewise.core.words import Language
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

ERROR_LINES = 50
# What the process may see of the environment; keys and tokens of the device are not among it.
ENVIRONMENT = (
    "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR",
    "VIRTUAL_ENV",
)  # fmt: skip


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


class LlamaChild:
    """One running process; `ended` once it is dead or must not be used any more."""

    def __init__(self, process: Process, name: str, grace_s: float) -> None:
        self.process = process
        self.ready: Ready | None = None
        self.ended = False
        self._name = name
        self._grace_s = grace_s
        self._broken = ""
        self._errors: deque[str] = deque(maxlen=ERROR_LINES)
        self._inbox: asyncio.Queue[Report | None] = asyncio.Queue(maxsize=1024)
        self._tasks = [
            asyncio.create_task(self._read_errors()),
            asyncio.create_task(self._read_reports()),
        ]

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
        try:
            process = await asyncio.create_subprocess_exec(
                *settings.command,
                *_arguments(settings, folder),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
                start_new_session=True,  # a Ctrl-C in the terminal is for the device to handle
                limit=LINE_LIMIT_BYTES,
            )
        except OSError as error:
            raise ModelError(
                f"the process of {settings.name} cannot start: {error}", code="model_missing"
            ) from error
        child = cls(process, settings.name, settings.grace_s)
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

    async def send(self, order: Order) -> None:
        """Hand an order over; a process that cannot take it says so in `receive`."""
        pipe = self.process.stdin
        assert pipe is not None
        with suppress(ConnectionError):
            pipe.write(to_line(order))
            await pipe.drain()

    async def receive(self, id: int, deadline: float) -> Piece | Finished | Failed:
        """The next report on an order. Raises TimeoutError, and ModelError if the process died."""
        while True:
            report = await self._next(deadline)
            if isinstance(report, Ready):
                continue
            if report.id == id:
                return report
            if isinstance(report, Failed) and report.id == 0:
                self._broken = f"could not read an order: {report.message}"
                await self.end(at_once=True)
                raise self._died()

    async def end(self, *, at_once: bool = False) -> None:
        """End the process, by its closed input or by a kill, and wait until it is gone."""
        self.ended = True
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            async with asyncio.timeout(0 if at_once else self._grace_s):
                await self.process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            while not self._inbox.empty():
                self._inbox.get_nowait()
            self._inbox.put_nowait(None)  # whoever still listens hears that it is over

    async def _await_ready(self, deadline: float) -> Ready:
        report = await self._next(deadline)
        if isinstance(report, Ready):
            return report
        if not isinstance(report, Failed):
            self._broken = "answered before it was asked"
            raise self._died()
        remedy = {
            Failure.NO_RUNTIME: "install the extra: pip install 'edgewise[llama]'",
            Failure.NO_MODEL: "`edgewise doctor` tells whether its file is there and whole",
        }.get(report.failure, "start it again")
        raise ModelError(
            f"{self._name} cannot be loaded: {report.message}; {remedy}", code="model_missing"
        )

    async def _next(self, deadline: float) -> Report:
        async with asyncio.timeout_at(deadline):
            report = await self._inbox.get()
        if report is None:
            self._inbox.put_nowait(None)  # dead it stays, for whoever asks next
            raise self._died()
        return report

    def _died(self) -> ModelError:
        self.ended = True
        how = self._broken or f"ended with status {self.process.returncode}"
        last = f" ({self._errors[-1][:200]})" if self._errors else ""
        return ModelError(
            f"the process of {self._name} {how}{last}; this answer is lost, ask again and it "
            "starts anew",
            code="model_crashed",
        )

    async def _read_reports(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        try:
            while line := await pipe.readline():
                await self._inbox.put(read_report(line))
        except (msgspec.DecodeError, ValueError) as error:  # also a line over the limit
            self._broken = f"wrote what is no report: {error}"
            with suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()
        await self._tasks[0]
        await self._inbox.put(None)

    async def _read_errors(self) -> None:
        pipe = self.process.stderr
        assert pipe is not None
        while data := await pipe.read(4096):
            lines = data.decode("utf-8", "replace").splitlines()
            self._errors.extend(line[:500] for line in lines if line.strip())


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
