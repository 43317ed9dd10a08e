"""One look at a page of the browser: what a finger would meet on it, where, and what it is called.

The accessibility trees and the snapshot of the document say what is there (`page_elements.py`);
what is covered is asked of the browser's own hit test. It knows neither apps nor dialogs.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from edgewise.act.screen import SCALE, Element
from edgewise.core.signal import as_list, as_object
from edgewise.device.screen.cdp import Params
from edgewise.device.screen.page_elements import Box, Found, elements_of
from edgewise.device.screen.page_snapshot import STYLES, AxTree, Snapshot
from edgewise.device.screen.pages import HEIGHT, WIDTH, Page, Pages
from edgewise.errors import DeviceError

_Shape = TypeVar("_Shape")

_TRIED = ((0.5, 0.5), (0.25, 0.5), (0.75, 0.5), (0.5, 0.25), (0.5, 0.75))
"""Where an element is felt for: its middle, then the middles of its halves."""
_MOST_FRAMES = 20


async def elements_on(pages: Pages, page: Page) -> list[Element]:
    """What is on a page, in its order. Raises DeviceError: `refused` also for a page that went on
    to another meanwhile, and for one with more on it than is told."""
    call = pages.call
    wanted: Params = {"computedStyles": list(STYLES)}
    metrics, snapshot, named = await asyncio.gather(
        call(page, "Page.getLayoutMetrics"),
        pages.ask(page, "DOMSnapshot.captureSnapshot", wanted),
        _named(pages, page),
    )
    view = as_object(metrics.get("cssVisualViewport"))
    x0, y0 = float(view.get("pageX", 0)), float(view.get("pageY", 0))
    zoom = _zoom(view)
    shown = (x0, y0, x0 + WIDTH / zoom, y0 + HEIGHT / zoom)
    # beside the loop: a page of many things takes a second, and the car waits for nobody
    found = await asyncio.to_thread(_found, snapshot, named, shown)
    felt = await asyncio.gather(*(_felt(pages, page, one) for one in found))
    return [
        Element(one.text, _thousandths(box, shown), one.role, one.secret, one.focused, one.heading)
        for one, box in zip(found, felt, strict=True)
        if box is not None
    ]


async def zoom_of(pages: Pages, page: Page) -> float:
    """Pixels of the screen for one of the page: less than 1 where a page made for desks is shown
    whole. A touch counts in the page's. Raises DeviceError."""
    metrics = await pages.call(page, "Page.getLayoutMetrics")
    return _zoom(as_object(metrics.get("cssVisualViewport")))


async def address_of(pages: Pages, page: Page) -> tuple[str, str]:
    """Address and title, which the browser knows even while the page does not answer. Raises
    DeviceError."""
    told = await pages.call(page, "Target.getTargetInfo", {"targetId": page.target})
    info = as_object(told.get("targetInfo"))
    return str(info.get("url", "")), str(info.get("title", ""))


def _zoom(view: dict[str, Any]) -> float:
    return float(view.get("scale", 1)) or 1.0


def _found(snapshot: Raw, named: Sequence[Raw], shown: Box) -> list[Found]:
    nodes = [node for answer in named for node in _converted(answer, AxTree).nodes]
    return elements_of(_converted(snapshot, Snapshot), nodes, shown)


async def _felt(pages: Pages, page: Page, found: Found) -> Box | None:
    """The part of a thing that a finger meets, its middle first; None: it is covered."""
    x0, y0, x1, y1 = found.box
    for right, down in _TRIED:
        x, y = x0 + (x1 - x0) * right, y0 + (y1 - y0) * down
        place = {"x": int(x), "y": int(y), "ignorePointerEventsNone": False}
        try:
            met = await pages.call(page, "DOM.getNodeForLocation", place)
        except DeviceError as error:
            if error.code != "refused":
                raise
            continue  # there is nothing at that place
        if met.get("backendNodeId") in found.nodes:
            across, along = min(right, 1 - right), min(down, 1 - down)
            half_width, half_height = (x1 - x0) * across, (y1 - y0) * along
            return (x - half_width, y - half_height, x + half_width, y + half_height)
    return None


async def _named(pages: Pages, page: Page) -> list[Raw]:
    """The accessibility trees of the page and its frames of the same site."""
    tree = await pages.call(page, "Page.getFrameTree")
    trees: list[Raw] = []
    for frame in _frames(as_object(tree.get("frameTree")))[:_MOST_FRAMES]:
        try:
            answer = await pages.ask(page, "Accessibility.getFullAXTree", {"frameId": frame})
        except DeviceError as error:
            if error.code != "refused":
                raise
            continue  # of another site: another process has it
        trees.append(answer)
    return trees


def _frames(tree: dict[str, Any]) -> list[str]:
    inner = [_frames(as_object(child)) for child in as_list(tree.get("childFrames"))]
    return [str(as_object(tree.get("frame")).get("id")), *(one for part in inner for one in part)]


def _thousandths(box: Box, shown: Box) -> tuple[int, int, int, int]:
    """A box of the document in thousandths of the part that shows."""
    width, height = shown[2] - shown[0], shown[3] - shown[1]
    x0, x1 = ((x - shown[0]) * SCALE / width for x in (box[0], box[2]))
    y0, y1 = ((y - shown[1]) * SCALE / height for y in (box[1], box[3]))
    return (_within(x0), _within(y0), _within(x1), _within(y1))


def _within(value: float) -> int:
    return min(max(round(value), 0), SCALE)


def _converted(answer: Raw, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(answer, type=shape)
    except msgspec.DecodeError as error:
        raise DeviceError(
            f"this Chromium answers in a way that is not understood ({error})", code="refused"
        ) from error
