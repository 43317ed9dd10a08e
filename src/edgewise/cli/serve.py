"""`edgewise serve ...`: one part alone."""

import asyncio

from edgewise.cli.run import Port, named_extra, run


def device(port: Port = None) -> None:
    """Serve the device API and the cockpit, without opening a browser."""
    run(port, open_page=False)


def mcp() -> None:
    """Serve the device's capabilities as MCP tools over standard input and output."""
    with named_extra():
        from edgewise.device.serve import serve_mcp

    asyncio.run(serve_mcp())
