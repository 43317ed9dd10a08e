"""A phone as far as `adb` meets it: its programs are shell scripts that keep how they were called.

Two ways lead to it: `stand_in`, a script in place of `adb`; and `AdbServer`, which speaks the
protocol of adb's own server, so that the real `adb` can be used where it is installed. Both hand
the command line to a real shell, so what the quoting lets through is seen.
Source: AOSP, packages/modules/adb: OVERVIEW.TXT, SERVICES.TXT, shell_protocol.h.
"""

import asyncio
import os
import struct
from pathlib import Path

PROGRAMS = ("input", "screencap", "uiautomator", "am", "wm", "dumpsys", "monkey", "pm", "settings")
PNG = b"\x89PNG\r\n\x1a\n" + b"rest of the picture\n\r\n"
DUMP = """UI hierchary dumped to: /dev/tty
<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0">
<node class="android.widget.FrameLayout" package="com.shop" bounds="[0,0][1080,2400]">
<node class="android.widget.TextView" package="com.shop" text="Basket" bounds="[0,100][1080,200]" />
<node class="android.widget.EditText" package="com.shop" text="tea" content-desc="Search"
 bounds="[0,240][1080,360]" focused="true" clickable="true" />
<node class="android.widget.EditText" package="com.shop" text="hunter2" hint="Password"
 password="true" bounds="[0,360][1080,480]" clickable="true" />
<node class="android.view.ViewGroup" package="com.shop" clickable="true" text=""
 bounds="[0,480][1080,600]"><node class="android.widget.TextView" package="com.shop"
 text="立即购买" bounds="[40,500][400,580]" /></node>
<node class="android.widget.Switch" package="com.shop" text="Gift" checkable="true" checked="true"
 bounds="[0,600][1080,720]" clickable="true" />
<node class="android.widget.Button" package="com.shop" text="Below" bounds="[0,2500][1080,2600]" />
</node></hierarchy>"""
_SHIM = """#!/bin/sh
{ printf '%s\\0' "${0##*/}" "$@"; printf '\\1\\0'; } >> "$PHONE/calls"
cat "$PHONE/says/${0##*/}" 2>/dev/null
exit 0
"""
_STAND_IN = """#!/bin/sh
test -f "$PHONE/wrong" && { cat "$PHONE/wrong" >&2; exit 1; }
test "$1" = -s && shift 2
shift
PATH="$PHONE/bin:$PATH" exec sh -c "$*"
"""


class Phone:
    """The programs of a phone in `folder`; what each prints can be changed with `says`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("bin", "says"):
            (folder / name).mkdir()
        for name in PROGRAMS:
            _write(folder / "bin" / name, _SHIM)
        self.stand_in = str(folder / "adb")
        _write(folder / "adb", _STAND_IN)
        self.says("wm", "Physical size: 1080x2400\n")
        self.says("dumpsys", "  mCurrentFocus=Window{b0 u0 com.shop/com.shop.ui.BasketActivity}\n")
        self.says("uiautomator", DUMP)
        self.says("screencap", PNG)
        self.says("monkey", "Events injected: 1\n")

    def says(self, program: str, printed: str | bytes) -> None:
        data = printed.encode() if isinstance(printed, str) else printed
        (self.folder / "says" / program).write_bytes(data)

    def fails(self, told: str) -> None:
        """What adb says from now on instead of doing anything."""
        (self.folder / "wrong").write_text(told)

    def calls(self, program: str) -> list[list[str]]:
        """How a program was called, each time."""
        path = self.folder / "calls"
        text = path.read_text() if path.exists() else ""
        words = [one.split("\0")[:-1] for one in text.split("\1\0") if one]
        return [call[1:] for call in words if call[0] == program]


class AdbServer:
    """adb's server with one phone behind it, on a free port of loopback."""

    def __init__(self, phone: Phone, wrong: str = "") -> None:
        self._phone, self._wrong = phone, wrong
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await _service(reader):
                if not await self._answer(asked, writer):
                    break
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, asked: str, writer: asyncio.StreamWriter) -> bool:
        """Whether another service may follow on this connection."""
        if asked == "host:version":
            writer.write(b"OKAY" + _counted("0029"))
        elif asked.endswith("features"):
            writer.write(b"OKAY" + _counted("shell_v2,cmd"))
        elif asked.startswith(("host:transport", "host:tport", "host-serial")):
            if self._wrong:
                writer.write(b"FAIL" + _counted(self._wrong))
                return False
            writer.write(b"OKAY" + (struct.pack("<Q", 1) if ":tport" in asked else b""))
            return True
        elif asked.startswith(("shell,v2", "exec:")):
            await self._run(asked, writer)
        else:
            writer.write(b"FAIL" + _counted(f"unknown host service {asked!r}"))
        return False

    async def _run(self, asked: str, writer: asyncio.StreamWriter) -> None:
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", asked.partition(":")[2]),
            env={"PHONE": str(self._phone.folder),
                 "PATH": f"{self._phone.folder}/bin:{os.environ['PATH']}"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        printed, _ = await process.communicate()
        writer.write(b"OKAY")
        if asked.startswith("exec:"):
            writer.write(printed)
            return
        writer.write(struct.pack("<BI", 1, len(printed)) + printed)
        writer.write(struct.pack("<BIB", 3, 1, process.returncode or 0))


async def _service(reader: asyncio.StreamReader) -> str:
    head = await reader.read(4)
    return (await reader.readexactly(int(head, 16))).decode() if len(head) == 4 else ""


def _counted(text: str) -> bytes:
    return f"{len(text.encode()):04x}{text}".encode()


def _write(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)
