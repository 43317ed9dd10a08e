"""A small MCP server (official Python SDK, standard streams) with two tools about the tide."""

from typing import Literal

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

server = MCPServer("tide", log_level="ERROR")
HIGH_WATER = {"dover": "11:20", "qingdao": "05:45"}


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def high_water(port: Literal["dover", "qingdao"]) -> str:
    """The time of the next high water."""
    return f"high water at {port}: {HIGH_WATER[port]}"


@server.tool()
def set_tide_alarm(minutes: int) -> str:
    """Ring so many minutes before high water."""
    return f"the alarm rings {minutes} minutes before high water"


if __name__ == "__main__":
    server.run()
