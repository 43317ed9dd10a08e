"""The console's files: those of `page/`, and those that every page of Edgewise shares."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

PAGE = Path(__file__).with_name("page")


def page_files() -> BaseRoute:
    """The files, for below /console."""
    shared: list[str | tuple[str, str]] = [("edgewise.web", "page")]
    return Mount("/", StaticFiles(directory=PAGE, packages=shared, html=True), name="console")


def first_address() -> BaseRoute:
    """The platform's bare address leads to the console."""

    async def to_console(_: Request) -> Response:
        return RedirectResponse("/console/", 307, {"Cache-Control": "no-store"})

    return Route("/", to_console, methods=["GET"])
