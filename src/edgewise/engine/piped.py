"""A process that is talked to over its pipes, whatever it says: begun, read, written to, ended.

It hands on what the process writes, message by message, and tells how it died with the last thing
it wrote to standard error. What a message is, and what it means, its readers know (`child.py`,
`think/llama_child.py`).
"""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

from edgewise.errors import ModelError

ERROR_LINES = 50
INBOX = 1024
# What the process may see of the environment; keys and tokens of the device are not among it.
ENVIRONMENT = (
    "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR",
    "VIRTUAL_ENV",
)  # fmt: skip

Message = TypeVar("Message")


async def begin(name: str, *command: str, limit_bytes: int) -> Process:
    """The process, begun. `limit_bytes`: of a line that is read at once. Raises ModelError."""
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            start_new_session=True,  # a Ctrl-C in the terminal is for the device to handle
            limit=limit_bytes,
        )
    except OSError as error:
        told = f"the process of {name} cannot start: {error}"
        raise ModelError(told, code="model_missing") from error


class Piped(Generic[Message]):
    """One running process; `ended` once it is dead or must not be used any more. `read` gives its
    next message, None at its end; what it raises of `bad` says that it wrote what is none. `what`
    is its word for one."""

    def __init__(
        self,
        process: Process,
        name: str,
        grace_s: float,
        read: Callable[[asyncio.StreamReader], Awaitable[Message | None]],
        bad: tuple[type[Exception], ...],
        what: str = "message",
    ) -> None:
        self.process = process
        self.ended = False
        self.broken = ""
        """What it did against the rules, where it did."""
        self.grace_s = grace_s
        self._name = name
        self._read = read
        self._bad = bad
        self._what = what
        self._errors: deque[str] = deque(maxlen=ERROR_LINES)
        self._inbox: asyncio.Queue[Message | None] = asyncio.Queue(maxsize=INBOX)
        self._tasks = [
            asyncio.create_task(self._read_errors()),
            asyncio.create_task(self._read_messages()),
        ]

    async def write(self, data: bytes, deadline: float | None = None) -> None:
        """Hand bytes over, at the latest at `deadline` of the loop's clock. Raises TimeoutError;
        a process that is gone says so in `next`."""
        pipe = self.process.stdin
        assert pipe is not None
        with suppress(ConnectionError):
            pipe.write(data)
            async with asyncio.timeout_at(deadline):
                await pipe.drain()

    async def next(self, deadline: float) -> Message:
        """Its next message. Raises TimeoutError, and ModelError if it died."""
        async with asyncio.timeout_at(deadline):
            message = await self._inbox.get()
        if message is None:
            self._inbox.put_nowait(None)  # dead it stays, for whoever asks next
            raise self.died()
        return message

    def died(self) -> ModelError:
        """How it ended."""
        self.ended = True
        how = self.broken or f"ended with status {self.process.returncode}"
        last = f" ({self._errors[-1][:200]})" if self._errors else ""
        return ModelError(
            f"the process of {self._name} {how}{last}; this answer is lost, ask again and it "
            "starts anew",
            code="model_crashed",
        )

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
            await asyncio.wait(self._tasks, timeout=self.grace_s)
        finally:
            self.kill()
        await asyncio.wait(self._tasks)
        self._retire()
        self._inbox.put_nowait(None)  # whoever still listens hears that it is over

    def _retire(self) -> None:
        """Take nothing more to it or from it: a reader that waits for room would never see that
        the process is gone."""
        self.ended = True
        if self.process.stdin is not None:
            self.process.stdin.close()
        while not self._inbox.empty():
            self._inbox.get_nowait()

    async def _read_messages(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        try:
            while (message := await self._read(pipe)) is not None:
                if not self.ended:
                    await self._inbox.put(message)
        except self._bad as error:
            self.broken = f"wrote what is no {self._what}: {error}"
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
