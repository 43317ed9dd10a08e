"""One running process with a model in it, as the device sees it: start, send, receive, end.

A process that dies, writes what is no frame, or cannot load its model shows as a ModelError that
names the reason and the remedy. Knows nothing of orders that wait (`engine.py`).
"""

import asyncio
import os
import sys
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
from edgewise.engine.piped import Piped, begin
from edgewise.errors import EdgewiseError, ModelError

LINE_LIMIT_BYTES = 1 << 20


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


class Child(Piped[Frame]):
    """One running process with a model; see `Piped`."""

    ready: Ready | None = None

    @classmethod
    async def start(cls, settings: EngineSettings) -> "Child":
        """Start the process and have it load its model. Raises ModelError, TrustError."""
        process = await begin(
            settings.name,
            *(sys.executable, "-P", "-m", settings.module),
            f"--parent={os.getpid()}",
            f"--memory-limit-bytes={settings.memory_limit_bytes}",
            *settings.arguments,
            limit_bytes=LINE_LIMIT_BYTES,
        )
        bad = BadFrame, msgspec.DecodeError
        child = cls(process, settings.name, settings.grace_s, _read_frame, bad, "frame")
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
        """Hand a frame over; see `write`."""
        await self.write(to_bytes(frame), deadline)

    async def receive(self, order: int, deadline: float) -> Frame:
        """The next frame of an order, at the latest at `deadline` of the loop's clock. Raises
        TimeoutError, ModelError if the process died, and what FAILED tells."""
        while True:
            frame = await self.next(deadline)
            if frame.order == order and frame.kind is Kind.FAILED:
                raise error_of(failures.decode(frame.body))
            if frame.order == order:
                return frame

    async def stop(self, order: int) -> None:
        """Have an order stop that nobody wants. Raises TimeoutError if it does not in time."""
        deadline = asyncio.get_running_loop().time() + self.grace_s
        await self.send(Frame(Kind.CANCEL, order), deadline)
        with suppress(EdgewiseError):
            while (await self.receive(order, deadline)).kind is Kind.REPORT:
                pass

    async def _await_ready(self, deadline: float) -> Ready:
        frame = await self.next(deadline)
        if frame.kind is Kind.FAILED:
            raise error_of(failures.decode(frame.body))
        if frame.kind is not Kind.READY:
            self.broken = "answered before it was asked"
            raise self.died()
        return readies.decode(frame.body)


async def _read_frame(pipe: asyncio.StreamReader) -> Frame | None:
    try:
        kind, order, length = read_head(await pipe.readexactly(HEAD.size))
        return Frame(kind, order, await pipe.readexactly(length) if length else b"")
    except asyncio.IncompleteReadError:
        return None


def error_of(failure: Failure) -> EdgewiseError:
    """What a process told as an error of the tree; an unknown name counts as a ModelError."""
    found = getattr(errors, failure.error, ModelError)
    kind = found if isinstance(found, type) and issubclass(found, EdgewiseError) else ModelError
    return kind(failure.message, code=failure.code)
