"""Capabilities of third parties on this device: Python plug-ins and MCP servers.

They are resolved, judged, labelled and recorded like the built-in ones. One that is broken, or that
takes a name that is taken, is left out and said so; the device runs on.
"""

from dataclasses import dataclass, field

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.driver import Driver
from edgewise.act.function import Catalogue, Function
from edgewise.act.mcp import McpServers
from edgewise.act.plugin import functions_of, load_plugins
from edgewise.act.plugin_driver import PluginDriver
from edgewise.device.config import Config
from edgewise.errors import UserError


@dataclass(slots=True)
class ThirdParties:
    """The functions found, the drivers behind them, and what had to be left out."""

    functions: list[Function] = field(default_factory=list[Function])
    drivers: list[Driver] = field(default_factory=list[Driver])
    problems: list[str] = field(default_factory=list[str])
    servers: McpServers | None = None

    def add_to(self, catalogue: Catalogue) -> list[str]:
        """Add the functions; one line for each that could not be, besides the earlier problems."""
        notices = list(self.problems)
        for function in self.functions:
            try:
                catalogue.add([function])
            except UserError as error:
                notices.append(str(error))
        return notices

    async def close(self) -> None:
        """End the MCP servers' processes and connections."""
        if self.servers is not None:
            await self.servers.close()


def installed_catalogue() -> Catalogue:
    """The built-in capabilities and those of installed plug-ins; no MCP server is started."""
    catalogue = builtin_catalogue()
    plugins, problems = load_plugins()
    ThirdParties(functions_of(plugins), problems=problems).add_to(catalogue)
    return catalogue


async def load_third_parties(config: Config) -> ThirdParties:
    """Load the installed plug-ins and connect to the configured MCP servers."""
    found = ThirdParties()
    plugins, found.problems = load_plugins()
    if plugins:
        found.functions += functions_of(plugins)
        found.drivers.append(PluginDriver(plugins))
    if config.mcp:
        found.servers = McpServers(config.mcp)
        found.problems += await found.servers.connect()
        found.functions += found.servers.functions
        found.drivers.append(found.servers)
    return found
