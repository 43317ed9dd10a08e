"""`edgewise serve ...`: one part alone."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.extras import named_extra
from edgewise.cli.language import spoken
from edgewise.cli.run import Port, run
from edgewise.core.words import Words

if TYPE_CHECKING:
    from edgewise.cloud.service import Cloud

Folder = Annotated[
    Path | None,
    typer.Option(help="Where the platform keeps its data and cloud.toml; else in EDGEWISE_HOME."),
]
Host = Annotated[str, typer.Option(help="Address to listen on; loopback when left out.")]
PrintKey = Annotated[
    bool,
    typer.Option("--print-key", help="Make a fresh key and print it with the address as JSON."),
]


def make_serve() -> typer.Typer:
    """The group `edgewise serve`."""
    group = typer.Typer(help="Serve one part alone.", no_args_is_help=True)
    group.command()(device)
    group.command()(cloud)
    group.command()(mcp)
    return group


def device(port: Port = None) -> None:
    """Serve the device API and the cockpit, without opening a browser."""
    run(port, open_page=False, cloud=False)


def cloud(
    port: Port = None, folder: Folder = None, host: Host = "", print_key: PrintKey = False
) -> None:
    """Serve the platform: the OpenAI-compatible API, the device Agent API and the console."""
    with named_extra():
        from edgewise.cli.cloud import fresh_key, welcome
        from edgewise.cli.cloud_database import cloud_folder
        from edgewise.cloud.serve import run_cloud

    def ready(address: str, running: "Cloud") -> None:
        if print_key:
            print(json.dumps({"address": address, "key": fresh_key(running.database)}), flush=True)
            return
        print(welcome(address, running, tongue), flush=True)

    tongue = spoken()
    if sys.stdout.isatty():
        print(_STARTING.said_in(tongue), flush=True)
    run_cloud(folder or cloud_folder(), port, ready, host)


def mcp() -> None:
    """Serve the device's capabilities as MCP tools over standard input and output."""
    with named_extra():
        from edgewise.device.serve import serve_mcp

    asyncio.run(serve_mcp())


_STARTING = Words("Starting ...", "正在启动……")
