"""One running process with a model in it, as the device sees it: start, send, receive, end.

A process that dies, writes what is no frame, or cannot load its model shows as a ModelError that
names the reason and the remedy. Knows nothing of orders that wait (`engine.py`).
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from edgewise import errors
from edgewise.engine.frame import (
    HEAD,
    BadFrame,
    Failure,
    Frame,
    Kind,
    Ready,
    failures,
    read_head,
    readies,
    to_bytes,
)
from edgewise.errors import EdgewiseError, ModelError

ERROR_LINES = 50
# What the process may see of the environment; keys and tokens of the device are not among it.
ENVIRONMENT = (
    "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR",
    "VIRTUAL_ENV",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Which process, and the limits it runs under.

    `name` is for messages, in words ("speech recognition"); `module` is run with `arguments` after
    the common ones (`--parent`, `--memory-limit-bytes`). `load_limit_s`: from its start to being
    ready. `memory_limit_bytes`: of its own data; 0: none. `idle_s`: ended after so long without an
    order. `grace_s`: how long an order that nobody wants any more may take to stop before the
    process is killed. `most_waiting`: orders that may wait; more are refused.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    load_limit_s: float = 30.0
    memory_limit_bytes: int = 0
    idle_s: float = 300.0
    grace_s: float = 5.0
    most_waiting: int = 16


class Child:
    """One running process; `ended` once it is dead or must not be used any more."""

    def __init__(self, process: Process, name: str, grace_s: float) -> None:
        self.process = process
        self.ready: Ready | None = None
        self.ended = False
        self._name = name
        self._grace_s = grace_s
        self._broken = ""
        self._errors: deque[str] = deque(maxlen=ERROR_LINES)
        self._inbox: asyncio.Queue[Frame | None] = asyncio.Queue(maxsize=1024)
        self._tasks = [
            asyncio.create_task(self._read_errors()),
            asyncio.create_task(self._read_frames()),
        ]

    @classmethod
    async def start(cls, settings: EngineSettings) -> "Child":
        """Start the process and have it load its model. Raises ModelError, TrustError."""
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", settings.module,
                f"--parent={os.getpid()}",
                f"--memory-limit-bytes={settings.memory_limit_bytes}",
                *settings.arguments,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
                start_new_session=True,  # a Ctrl-C in the terminal is for the device to handle
                limit=1 << 20,
            )  # fmt: skip
        except OSError as error:
            told = f"the process of {settings.name} cannot start: {error}"
            raise ModelError(told, code="model_missing") from error
        child = cls(process, settings.name, settings.grace_s)
        try:
            deadline = asyncio.get_running_loop().time() + settings.load_limit_s
            child.ready = await child._await_ready(deadline)
        except BaseException as error:
            await child.end(at_once=True)
            if isinstance(error, TimeoutError):
                raise ModelError(
                    f"{settings.name} did not load within {settings.load_limit_s:g} s; "
                    "`edgewise doctor` tells whether its files are whole",
                    code="model_timed_out",
                ) from None
            raise
        return child

    async def send(self, frame: Frame, deadline: float) -> None:
        """Hand a frame over, at the latest at `deadline` of the loop's clock. Raises TimeoutError;
        a process that is gone says so in `receive`."""
        pipe = self.process.stdin
        assert pipe is not None
        with suppress(ConnectionError):
            pipe.write(to_bytes(frame))
            async with asyncio.timeout_at(deadline):
                await pipe.drain()

    async def receive(self, order: int, deadline: float) -> Frame:
        """The next frame of an order, at the latest at `deadline` of the loop's clock. Raises
        TimeoutError, ModelError if the process died, and what FAILED tells."""
        while True:
            frame = await self._next(deadline)
            if frame.order == order and frame.kind is Kind.FAILED:
                raise error_of(failures.decode(frame.body))
            if frame.order == order:
                return frame

    async def stop(self, order: int) -> None:
        """Have an order stop that nobody wants. Raises TimeoutError if it does not in time."""
        deadline = asyncio.get_running_loop().time() + self._grace_s
        await self.send(Frame(Kind.CANCEL, order), deadline)
        with suppress(EdgewiseError):
            while (await self.receive(order, deadline)).kind is Kind.REPORT:
                pass

    def kill(self) -> None:
        """End the process now; what it wrote and nobody read is lost."""
        self._retire()
        with suppress(ProcessLookupError):
            self.process.kill()

    async def end(self, *, at_once: bool = False) -> None:
        """End the process, by its closed input or by a kill, and wait until it is gone. Whoever
        is cancelled in the midst of it has killed it."""
        self._retire()
        if at_once:
            self.kill()
        try:
            await asyncio.wait(self._tasks, timeout=self._grace_s)
        finally:
            self.kill()
        await asyncio.wait(self._tasks)

    def _retire(self) -> None:
        """Take nothing more to it or from it: a reader that waits for room would never see that
        the process is gone."""
        self.ended = True
        if self.process.stdin is not None:
            self.process.stdin.close()
        while not self._inbox.empty():
            self._inbox.get_nowait()

    async def _await_ready(self, deadline: float) -> Ready:
        frame = await self._next(deadline)
        if frame.kind is Kind.FAILED:
            raise error_of(failures.decode(frame.body))
        if frame.kind is not Kind.READY:
            self._broken = "answered before it was asked"
            raise self._died()
        return readies.decode(frame.body)

    async def _next(self, deadline: float) -> Frame:
        async with asyncio.timeout_at(deadline):
            frame = await self._inbox.get()
        if frame is None:
            self._inbox.put_nowait(None)  # dead it stays, for whoever asks next
            raise self._died()
        return frame

    def _died(self) -> ModelError:
        self.ended = True
        how = self._broken or f"ended with status {self.process.returncode}"
        last = f" ({self._errors[-1][:200]})" if self._errors else ""
        return ModelError(
            f"the process of {self._name} {how}{last}; this answer is lost, ask again and it "
            "starts anew",
            code="model_crashed",
        )

    async def _read_frames(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        try:
            while True:
                kind, order, length = read_head(await pipe.readexactly(HEAD.size))
                body = await pipe.readexactly(length) if length else b""
                if not self.ended:
                    await self._inbox.put(Frame(kind, order, body))
        except asyncio.IncompleteReadError:
            pass
        except (BadFrame, msgspec.DecodeError) as error:
            self._broken = f"wrote what is no frame: {error}"
            with suppress(ProcessLookupError):
                self.process.kill()
            while await pipe.read(1 << 16):
                pass  # what nobody reads keeps the pipe, and so the process, from being gone
        self.ended = True
        await self.process.wait()
        await self._tasks[0]
        await self._inbox.put(None)

    async def _read_errors(self) -> None:
        pipe = self.process.stderr
        assert pipe is not None
        while data := await pipe.read(4096):
            lines = data.decode("utf-8", "replace").splitlines()
            self._errors.extend(line[:500] for line in lines if line.strip())


def error_of(failure: Failure) -> EdgewiseError:
    """What a process told as an error of the tree; an unknown name counts as a ModelError."""
    found = getattr(errors, failure.error, ModelError)
    kind = found if isinstance(found, type) and issubclass(found, EdgewiseError) else ModelError
    return kind(failure.message, code=failure.code)
