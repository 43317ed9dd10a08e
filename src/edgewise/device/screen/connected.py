"""Whether a phone can be reached by `adb` now: what the doctor tells of `backend = "adb"`.

`adb devices` starts adb's server, which stays; one that did not run before is ended again.
Source: Android's platform tools, adb(1).
"""

import os
import socket
import subprocess

from edgewise.core.words import Words
from edgewise.device.screen.adb_shell import program_of
from edgewise.errors import DeviceError

ADB_S = 8.0
_PORT = 5037


def why_no_phone(program: str = "", serial: str = "") -> Words | None:
    """Why no phone can be used; None when one can. `serial` is the one that is wanted."""
    try:
        states = connected(program_of(program))
    except (OSError, subprocess.SubprocessError, DeviceError) as error:
        return Words(f"adb does not answer: {error}", f"adb 没有响应：{error}")
    if serial and serial not in states:
        return Words(f"the phone {serial} is not connected", f"手机 {serial} 未连接")
    if not states:
        return Words("no phone is connected", "没有连接手机")
    if len(states) > 1 and not serial:
        several = ", ".join(states)
        return Words(f"several phones: {several}", f"连接了多部手机：{several}")
    wanted = serial or next(iter(states))
    if states[wanted] == "device":
        return None
    return Words(f"{wanted}: {states[wanted]}", f"{wanted}：{states[wanted]}")


def connected(path: str) -> dict[str, str]:
    """The state of each phone by its serial, as the program at `path` tells it. Raises OSError,
    subprocess.SubprocessError."""
    ran_before = _server_runs()
    try:
        told = _run(path, "devices")
    finally:
        if not ran_before:
            _run(path, "kill-server", check=False)
    lines = [line.split() for line in told.partition("List of devices attached")[2].splitlines()]
    return {line[0]: " ".join(line[1:]) for line in lines if len(line) > 1}


def _server_runs() -> bool:
    try:
        port = int(os.environ.get("ANDROID_ADB_SERVER_PORT", _PORT))
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except (OSError, OverflowError, ValueError):
        return False
    return True


def _run(path: str, word: str, *, check: bool = True) -> str:
    ran = subprocess.run(
        [path, word],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=ADB_S,
        check=check,
    )
    return ran.stdout.decode("utf-8", "replace")
