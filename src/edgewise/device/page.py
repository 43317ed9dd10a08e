"""The cockpit's files and those that every page shares; its first page in the device's language.

The page's own script goes on from there: what the person chose in this browser comes first, then
the device's language, then the browser's (`web/page/language.js`).
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

COCKPIT = Path(__file__).with_name("cockpit")
_PLAIN = '<html lang="en">'
_TAGS = {"en": "en", "zh": "zh-CN"}


def cockpit_routes(language: str) -> list[BaseRoute]:
    """Routes of the cockpit; an empty `language` leaves the choice to the browser."""
    shared: list[str | tuple[str, str]] = [("edgewise.web", "page")]
    served = StaticFiles(directory=COCKPIT, packages=shared, html=True)
    files = Mount("/", served, name="cockpit")
    if not language:
        return [files]
    page = (COCKPIT / "index.html").read_text("utf-8")
    said = page.replace(
        _PLAIN, f'<html lang="{_TAGS[language]}" data-device-language="{language}">', 1
    )

    async def first_page(_: Request) -> Response:
        return HTMLResponse(said)

    return [Route("/", first_page), Route("/index.html", first_page), files]
