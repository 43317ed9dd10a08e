"""The `adb` program as this device uses it: one command at a time, quoted, bounded in time.

Everything that reaches the phone's shell goes through `quoted`. What goes wrong is told with what
to do about it. It knows nothing of screens (`adb.py`).
Source: Android's platform tools, adb(1); POSIX shell, 2.2.2 single quotes.
"""

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import suppress

from edgewise.errors import DeviceError

COMMAND_S = 8.0
MOST_BYTES = 64 * 1024 * 1024


def program_of(named: str = "") -> str:
    """The path of `adb`. Raises DeviceError (`no_provider`) with what to install."""
    path = shutil.which(named or "adb")
    if path is None:
        raise DeviceError(
            f"there is no program {named or 'adb'}; install it (apt-get install adb) or name it as"
            " screen.program in config.toml",
            code="no_provider",
        )
    return path


def quoted(word: str) -> str:
    """`word` as one word of the phone's shell, whatever is in it. Raises DeviceError (`refused`)
    for a NUL, which no command line can hold."""
    if "\0" in word:
        raise DeviceError("a text with a NUL can not be typed", code="refused")
    return "'" + word.replace("'", "'\\''") + "'"


class Shell:
    """The shell of one phone."""

    def __init__(self, program: str = "", serial: str = "") -> None:
        self._program, self._serial = program, serial

    async def run(self, *words: str, within_s: float = COMMAND_S) -> str:
        """What a command on the phone prints. Raises DeviceError: `no_provider` while the phone is
        away, `timed_out`, `refused` when the command fails."""
        line = " ".join(quoted(word) for word in words)
        return (await self._adb(["shell", line], within_s)).decode("utf-8", "replace")

    async def bytes_of(self, *words: str, within_s: float = COMMAND_S) -> bytes:
        """The same, byte for byte."""
        return await self._adb(["exec-out", " ".join(quoted(word) for word in words)], within_s)

    async def _adb(self, arguments: Sequence[str], within_s: float) -> bytes:
        command = [program_of(self._program)]
        command += ["-s", self._serial] if self._serial else []
        try:
            process = await asyncio.create_subprocess_exec(
                *(*command, *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=MOST_BYTES,
            )
        except OSError as error:
            raise DeviceError(
                f"{command[0]} can not be started: {error}", code="no_provider"
            ) from error
        try:
            async with asyncio.timeout(within_s):
                printed, told = await process.communicate()
        except TimeoutError as error:
            raise DeviceError(
                f"the phone did not answer within {within_s:g} s; unlock it, or connect it again",
                code="timed_out",
            ) from error
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            raise _wrong(told.decode("utf-8", "replace").strip(), self._serial)
        return printed


def _wrong(told: str, serial: str) -> DeviceError:
    """Why a command failed, with what to do."""
    own = [line for line in told.splitlines() if line.startswith(("adb:", "error:", "* "))]
    low = " ".join(own).lower()
    for sign, code, remedy in _SIGNS:
        if sign in low:
            return DeviceError(f"{remedy.format(serial=serial)} (adb: {told[:200]})", code=code)
    return DeviceError(f"the phone refused: {told[:300] or 'without a word'}", code="refused")


_SIGNS = (
    ("unauthorized", "no_provider",
     "the phone does not trust this computer yet: unlock it and allow USB debugging"),
    ("more than one", "no_provider",
     "several phones are connected: name one as screen.serial in config.toml (adb devices tells"
     " them)"),
    ("no devices", "no_provider",
     "no phone is connected: connect one with USB debugging switched on (adb devices shows it)"),
    ("device offline", "no_provider", "the phone is offline: connect it again"),
    ("not found", "no_provider",
     "the phone {serial} is not connected; adb devices tells those that are"),
    ("no permissions", "no_provider",
     "this user may not use the phone's USB port: install android-sdk-platform-tools-common, or"
     " join the group plugdev"),
    ("cannot connect to daemon", "no_provider", "adb's server does not start: adb start-server"),
    ("closed", "no_provider", "the connection to the phone was closed: connect it again"),
)  # fmt: skip
