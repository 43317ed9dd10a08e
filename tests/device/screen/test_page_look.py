"""One look at a page, by a browser whose answers are written down."""

from typing import Any, cast

import msgspec
import pytest
from msgspec import Raw

from edgewise.act.screen import Role
from edgewise.device.screen.cdp import Params
from edgewise.device.screen.page_look import address_of, elements_on
from edgewise.device.screen.page_snapshot import STYLES
from edgewise.device.screen.pages import HEIGHT, WIDTH, Page, Pages
from edgewise.errors import DeviceError

PAGE = Page("T1", "S1")
STRINGS = ["#document", "BODY", "BUTTON", "#text", "Go", "block", "0px", "1", "none"]
STYLE = {"display": 5, "opacity": 7, "-webkit-text-security": 8}
SNAPSHOT = {
    "strings": STRINGS,
    "documents": [
        {
            "nodes": {
                "parentIndex": [-1, 0, 1, 2],
                "nodeType": [9, 1, 1, 3],
                "nodeName": [0, 1, 2, 3],
                "backendNodeId": [1, 2, 3, 4],
                "attributes": [[], [], [], []],
            },
            "layout": {
                "nodeIndex": [1, 2, 3],
                "styles": [[STYLE.get(name, 6) for name in STYLES]] * 3,
                "bounds": [[0, 0, WIDTH, HEIGHT], [0, 0, WIDTH, HEIGHT / 2], [0, 0, 20, 20]],
                "text": [-1, -1, 4],
            },
        }
    ],
}
NAMES = {"nodes": [{"role": {"value": "button"}, "name": {"value": "Go"}, "backendDOMNodeId": 3}]}
FRAMES = {"frameTree": {"frame": {"id": "T1"}, "childFrames": [{"frame": {"id": "other"}}]}}


class Answers:
    """What a browser says to each command; the hit test meets `met`."""

    def __init__(self, met: int | None = 3, names: Any = NAMES) -> None:
        self.met, self.names = met, names

    async def call(self, page: Page, method: str, params: Params | None = None) -> Params:
        if method == "DOM.getNodeForLocation":
            if self.met is None:
                raise DeviceError("nothing there", code="refused")
            return {"backendNodeId": self.met}
        return {
            "Page.getLayoutMetrics": {},
            "Page.getFrameTree": FRAMES,
            "Target.getTargetInfo": {"targetInfo": {"url": "https://x.example", "title": "X"}},
        }[method]

    async def ask(self, page: Page, method: str, params: Params | None = None) -> Raw:
        if method == "Accessibility.getFullAXTree" and (params or {}).get("frameId") == "other":
            raise DeviceError("another process has it", code="refused")
        answer = SNAPSHOT if method == "DOMSnapshot.captureSnapshot" else self.names
        return Raw(msgspec.json.encode(answer))

    @property
    def pages(self) -> Pages:
        return cast(Pages, self)


async def test_a_thing_is_told_where_a_finger_meets_it():
    (found,) = await elements_on(Answers().pages, PAGE)
    assert (found.text, found.role, found.box) == ("Go", Role.BUTTON, (0, 0, 1000, 500))


@pytest.mark.parametrize("met", [2, None])
async def test_what_is_covered_everywhere_is_not_told(met: int | None):
    assert await elements_on(Answers(met).pages, PAGE) == []


async def test_an_answer_that_is_not_understood_is_refused():
    with pytest.raises(DeviceError, match="not understood") as error:
        await elements_on(Answers(names={"nodes": 5}).pages, PAGE)
    assert error.value.code == "refused"


async def test_the_browser_knows_the_address_and_the_title():
    assert await address_of(Answers().pages, PAGE) == ("https://x.example", "X")
