"""`edgewise run`: the whole stack on loopback, with the cockpit's address."""

import asyncio
import sys
import webbrowser
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer

from edgewise.cli.language import spoken
from edgewise.core.words import Words
from edgewise.errors import UserError

Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="Port on loopback, the configured one when left out; 0 chooses a free one.",
    ),
]
OpenPage = Annotated[bool, typer.Option("--open/--no-open", help="Open the cockpit in a browser.")]


def run(port: Port = None, open_page: OpenPage = True) -> None:
    """Start the device with its car and cockpit; Ctrl-C ends it."""
    with named_extra():
        from edgewise.device.serve import serve_device

    def ready(address: str, page: str) -> None:
        print(_READY.said_in(tongue).format(address=address, page=page), flush=True)
        if open_page and sys.stdout.isatty():
            webbrowser.open(page)

    tongue = spoken()
    print(_STARTING.said_in(tongue), flush=True)
    asyncio.run(serve_device(-1 if port is None else port, ready))


_STARTING = Words("Starting ...", "正在启动……")
_READY = Words(
    """\
The device listens on {address} (this machine only).
Cockpit:  {page}
Ask it:   edgewise ask "open the driver's window"   |   edgewise ask 打开空调
Ctrl-C ends it.""",
    """\
设备已就绪：{address}（仅限本机）。
驾驶舱:  {page}
试一试:  edgewise ask 打开空调   |   edgewise ask "open the driver's window"
按 Ctrl-C 结束。""",
)


@contextmanager
def named_extra() -> Generator[None, None, None]:
    """Turn a missing package of the device's doors into a UserError that says what to install."""
    try:
        yield
    except ImportError as error:
        raise UserError(
            f"{error.name} is not installed; run `make run`, or install edgewise[default]",
            code="missing_extra",
        ) from error
