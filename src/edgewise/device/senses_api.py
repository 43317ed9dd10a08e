"""What the device hears, speaks and sees with, told over HTTP: a page can say what is missing, and
how to get it, before a person talks in vain or looks for a screen. It is the person's alone
(`callers.py`).
"""

from pathlib import Path

from fastapi import APIRouter
from msgspec import Struct
from starlette.responses import Response

from edgewise.core.words import Words
from edgewise.device.cloud_told import Reply
from edgewise.device.config import SensesConfig
from edgewise.device.document import route_document
from edgewise.device.senses import lacks, wanted
from edgewise.device.wire import reply

NO_SENSES = SensesConfig(hear="", speak="", see="")


class LackRow(Struct, frozen=True):
    """What a sense (`hear`, `speak`, `see`) lacks, and the command that gets it."""

    sense: str
    found: Words
    remedy: str


class SensesTold(Reply, frozen=True):
    """Whether the device can hear, speak and see now. A sense that can not and lacks nothing is
    switched off in `config.toml`. `screen`: a screen is set up there, be it away."""

    hears: bool
    speaks: bool
    sees: bool
    screen: bool
    lacks: tuple[LackRow, ...]


def told(
    config: SensesConfig, hub_folder: Path | None = None, *, screen: bool = False
) -> SensesTold:
    """As things stand now; looks at names of files only."""
    found = lacks(config, hub_folder)
    lacking = {lack.sense for lack in found}
    ready = {sense: bool(name) and sense not in lacking for sense, name in wanted(config).items()}
    rows = tuple(LackRow(lack.sense, lack.found, lack.remedy) for lack in found)
    return SensesTold(ready["hear"], ready["speak"], ready["see"], screen, rows)


def senses_routes(
    config: SensesConfig, hub_folder: Path | None = None, *, screen: bool = False
) -> APIRouter:
    """The route for a device with these settings, with a screen or without."""
    routes = APIRouter()

    @routes.get("/v1/senses", **route_document("What the device hears and speaks with", SensesTold))
    async def senses() -> Response:
        return reply(told(config, hub_folder, screen=screen))

    return routes
