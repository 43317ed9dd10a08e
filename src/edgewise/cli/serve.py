"""`edgewise serve ...`: one part alone."""

import asyncio

from edgewise.cli.run import Port


def device(port: Port = -1) -> None:
    """Serve the device API and the cockpit, without opening a browser."""
    from edgewise.cli.run import run

    run(port, open_page=False)


def mcp() -> None:
    """Serve the device's capabilities as MCP tools over standard input and output."""
    from edgewise.device.serve import serve_mcp

    asyncio.run(serve_mcp())
