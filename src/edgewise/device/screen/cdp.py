"""A client of the Chrome DevTools Protocol over the pipe of a browser that it starts itself.

The browser reads commands from its file descriptor 3 and writes answers to 4, so there is no port
that another program could connect to. It has a process group of its own, is ended with `close`, and
ends by itself when the pipe closes, as it does when this process is killed. It knows no page.
Source: Chrome DevTools Protocol 1.3; `--remote-debugging-pipe`: JSON, each message ended by NUL.
"""

import asyncio
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Raw, Struct

from edgewise.core.signal import as_object
from edgewise.errors import DeviceError

_log = logging.getLogger("edgewise.device")

CALL_S = 10.0
START_S = 20.0
END_S = 3.0
LONGEST_BYTES = 64 * 1024 * 1024
"""Of one message: a picture of a large screen in base64 is below 10 MB."""
_SAFE_FD = 10
_LAUNCH = (
    "import os,sys\nr,w,*a=sys.argv[1:]\nos.dup2(int(r),3)\nos.dup2(int(w),4)\nos.execvp(a[0],a)"
)

Params = dict[str, Any]


class Message(Struct, frozen=True, rename="camel"):
    """What the browser writes; its contents are read where it is known what they are."""

    id: int | None = None
    method: str = ""
    params: Raw = Raw(b"{}")
    result: Raw = Raw(b"{}")
    error: Raw = Raw(b"")
    session_id: str = ""


OnEvent = Callable[[str, Params, str], None]
"""What is done at an event: its method, parameters and session (empty: the browser's)."""


class Browser:
    """A browser process and the pipe to it; made by `start_browser`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        commands: asyncio.WriteTransport,
        on_event: OnEvent,
    ) -> None:
        self._process, self._reader, self._commands = process, reader, commands
        self._on_event = on_event
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._gone = ""
        self._reading = asyncio.create_task(self._read())

    @property
    def process_id(self) -> int:
        """Of the browser, which leads its group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._gone and self._process.returncode is None

    async def call(
        self, method: str, params: Params | None = None, session: str = "", within_s: float = CALL_S
    ) -> Params:
        """The result of one command. Raises DeviceError: `no_provider` when the browser has gone,
        `timed_out`, `refused` with the browser's own words."""
        return _object(await self.ask(method, params, session, within_s))

    async def ask(
        self, method: str, params: Params | None = None, session: str = "", within_s: float = CALL_S
    ) -> Raw:
        """The same as JSON that is not read yet: for large answers, of which little is kept."""
        if not self.alive:
            raise _away(self._gone)
        self._number += 1
        number = self._number
        message: Params = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        answered: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        try:
            self._commands.write(msgspec.json.encode(message) + b"\0")
            async with asyncio.timeout(within_s):
                answer = await answered
        except TimeoutError as error:
            raise DeviceError(
                f"the browser did not answer {method} within {within_s:g} s", code="timed_out"
            ) from error
        finally:
            self._waiting.pop(number, None)
        if bytes(answer.error):
            told = _object(answer.error).get("message", "no reason")
            raise DeviceError(f"the browser refused {method}: {told}", code="refused")
        return answer.result

    async def close(self) -> None:
        """End the browser and all its processes; it may be called twice."""
        self._lose("it was closed")
        self._commands.close()
        try:
            async with asyncio.timeout(END_S):
                await self._process.wait()
        except TimeoutError:
            _log.warning("the browser (process %d) did not end; it is killed", self.process_id)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process_id, signal.SIGKILL)  # what it may have left behind
        await self._process.wait()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while True:
                text = await self._reader.readuntil(b"\0")
                self._take(msgspec.json.decode(text[:-1], type=Message))
        except asyncio.LimitOverrunError:
            self._lose(f"it sent a message of more than {LONGEST_BYTES} bytes")
        except (asyncio.IncompleteReadError, OSError):
            self._lose("it has ended")
        except msgspec.DecodeError as error:
            self._lose(f"it sent no JSON: {error}")

    def _take(self, message: Message) -> None:
        if message.id is not None:
            waiting = self._waiting.get(message.id)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)
            return
        self._on_event(message.method, _object(message.params), message.session_id)

    def _lose(self, why: str) -> None:
        """From here on it is away; what waits for it hears of it."""
        self._gone = self._gone or why
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(_away(why))


async def start_browser(command: Sequence[str], on_event: OnEvent) -> Browser:
    """Start `command` (a Chromium with its flags) with the pipe and wait until it answers.

    Raises DeviceError (`no_provider`) when it can not be started or does not answer within
    `START_S`.
    """
    commands_in, commands_out = map(_raised, os.pipe())
    answers_in, answers_out = map(_raised, os.pipe())
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", "-c", _LAUNCH, str(commands_in), str(answers_out)),
            *(command[0], "--remote-debugging-pipe", *command[1:]),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(commands_in, answers_out),
            start_new_session=True,
        )
    except OSError as error:
        os.close(commands_out)
        os.close(answers_in)
        raise DeviceError(
            f"{command[0]} can not be started: {error}", code="no_provider"
        ) from error
    finally:
        os.close(commands_in)
        os.close(answers_out)
    reader, commands = await _pipes(answers_in, commands_out)
    browser = Browser(process, reader, commands, on_event)
    try:
        await browser.call("Browser.getVersion", within_s=START_S)
    except DeviceError as error:
        await browser.close()
        raise DeviceError(
            f"{command[0]} was started and did not answer ({error}); start it by hand to see why",
            code="no_provider",
        ) from error
    except asyncio.CancelledError:
        await browser.close()
        raise
    return browser


async def _pipes(
    answers_in: int, commands_out: int
) -> tuple[asyncio.StreamReader, asyncio.WriteTransport]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LONGEST_BYTES)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers_in, "rb")
    )
    commands, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(commands_out, "wb"))
    return reader, commands


def _raised(descriptor: int) -> int:
    """The same end of a pipe under a number that 3 and 4 do not collide with."""
    raised = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _SAFE_FD)
    os.close(descriptor)
    return raised


def _object(raw: Raw) -> Params:
    return as_object(msgspec.json.decode(raw))


def _away(why: str) -> DeviceError:
    return DeviceError(f"the browser is away: {why or 'it has ended'}", code="no_provider")
