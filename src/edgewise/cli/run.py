"""`edgewise run`: the whole stack on loopback, with the cockpit's address."""

import asyncio
import sys
import webbrowser
from collections.abc import Coroutine
from typing import Annotated, Any

import typer

from edgewise.cli.extras import named_extra
from edgewise.cli.language import spoken
from edgewise.core.words import Language, Words
from edgewise.errors import EdgewiseError

Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="Port on loopback, the configured one when left out; 0 chooses a free one.",
    ),
]
OpenPage = Annotated[bool, typer.Option("--open/--no-open", help="Open the cockpit in a browser.")]
WithCloud = Annotated[
    bool, typer.Option("--cloud/--no-cloud", help="Also serve the platform, on its own port.")
]


def run(port: Port = None, open_page: OpenPage = True, cloud: WithCloud = True) -> None:
    """Start the device and the platform; Ctrl-C ends both."""
    with named_extra():
        from edgewise.device.serve import serve_device

    def ready(address: str, page: str) -> None:
        print(_READY.said_in(tongue).format(address=address, page=page), flush=True)
        if open_page and sys.stdout.isatty():
            webbrowser.open(page)

    tongue = spoken()
    print(_STARTING.said_in(tongue), flush=True)
    serving = serve_device(-1 if port is None else port, ready)
    if cloud and port != 0:
        serving = _beside_platform(serving, tongue)
    asyncio.run(serving)


async def _beside_platform(serving: Coroutine[Any, Any, None], tongue: Language) -> None:
    """Serve the device, and the platform for as long. The device is the one that must run: a
    platform that can not start is told, and left out."""
    ended = asyncio.Event()
    platform = asyncio.create_task(_platform(ended, tongue))
    try:
        await serving
    finally:
        ended.set()
        await platform


async def _platform(ended: asyncio.Event, tongue: Language) -> None:
    from edgewise.cli.cloud import welcome
    from edgewise.cli.cloud_database import cloud_folder

    try:
        from edgewise.cloud.serve import serve_cloud

        await serve_cloud(
            cloud_folder(),
            None,
            lambda address, cloud: print(welcome(address, cloud, tongue), flush=True),
            ended=ended,
        )
    except (EdgewiseError, ImportError) as error:
        print(_WITHOUT.said_in(tongue).format(error=error), file=sys.stderr, flush=True)


_STARTING = Words("Starting ...", "正在启动……")
_WITHOUT = Words("edgewise: the platform is left out: {error}", "edgewise: 云平台未启动：{error}")
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
