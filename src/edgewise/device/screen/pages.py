"""The pages of a browser that is a phone's screen: the newest is in front, as apps are on a phone.

Each page is given a phone's size, touch and user agent before its own code runs. A dialog that a
page opens is kept as words with buttons for the person to answer; nothing answers it by itself. It
knows nothing of elements or of which apps there are.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from msgspec import Raw

from edgewise.act.screen import Element, Point, Role
from edgewise.core.signal import as_object
from edgewise.device.screen.cdp import CALL_S, Browser, Params
from edgewise.errors import DeviceError

_log = logging.getLogger("edgewise.device")
_Value = TypeVar("_Value")

WIDTH, HEIGHT, SCALE = 412, 915, 2
"""CSS pixels of the screen, and the pixels of each: a common phone of 2024."""
MOST_PAGES = 8
READY_S = 10.0
_AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/{major}.0.0.0 Mobile Safari/537.36"
)
_PHONE = {
    "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": SCALE, "mobile": True,
    "screenOrientation": {"type": "portraitPrimary", "angle": 0},
}  # fmt: skip
_MESSAGE, _ANSWER = (60, 360, 940, 470), (60, 480, 940, 530)
_NO, _YES = (60, 545, 490, 600), (510, 545, 940, 600)


@dataclass(slots=True)
class Dialog:
    """What a page asks in front of itself; `typed` is the answer that was typed so far."""

    kind: str
    message: str
    typed: str = ""

    @property
    def elements(self) -> tuple[Element, ...]:
        """Its words and buttons, where this screen puts them."""
        asked = "Leave this page?" if self.kind == "beforeunload" else ""
        found = [Element(self.message or asked, _MESSAGE, Role.TEXT)]
        if self.kind == "prompt":
            found.append(Element(self.typed, _ANSWER, Role.FIELD, focused=True))
        if self.kind != "alert":
            found.append(Element("Cancel", _NO, Role.BUTTON))
        found.append(Element("OK", _YES, Role.BUTTON))
        return tuple(found)

    def answer_at(self, point: Point) -> bool | None:
        """Yes or no by a tap at `point`; None: none of the two was met."""
        met = [e.text for e in self.elements if e.role is Role.BUTTON and e.covers(point)]
        return None if not met else met[0] == "OK"


@dataclass(slots=True)
class Page:
    """One page: its target and session, whether it loads, and the dialog in front of it."""

    target: str
    session: str
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    dialog: Dialog | None = None
    crashed: bool = False


class Pages:
    """The open pages, oldest first; `take` is given the browser's events.

    `may_show` says whether an address may be on this screen; a page that goes elsewhere is stopped.
    `answer_s` is how long a page may take to answer.
    """

    def __init__(self, may_show: Callable[[str], bool], answer_s: float = CALL_S) -> None:
        self._may_show, self._answer_s = may_show, answer_s
        self._browser: Browser | None = None
        self._pages: dict[str, Page] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._agent = ""
        self._came = asyncio.Event()

    async def begin(self, browser: Browser) -> None:
        """Attach to the pages of a browser that has just started, and wait for the first. Raises
        DeviceError."""
        self._browser = browser
        told = await browser.call("Browser.getVersion")
        major = str(told.get("product", "")).partition("/")[2].partition(".")[0]
        self._agent = _AGENT.format(major=major or "140")
        await browser.call("Browser.setDownloadBehavior", {"behavior": "deny"})
        # none is granted: every other permission is rejected without asking
        await browser.call("Browser.grantPermissions", {"permissions": []})
        await browser.call(
            "Target.setAutoAttach",
            {
                "autoAttach": True,
                "waitForDebuggerOnStart": True,
                "flatten": True,
                "filter": [{"type": "page"}, {"exclude": True}],
            },
        )
        if not self._pages:
            await browser.call("Target.createTarget", {"url": "about:blank"})
        await self.front()

    async def front(self) -> Page:
        """The page in front, once it is ready. Raises DeviceError when there is none."""
        try:
            async with asyncio.timeout(READY_S):
                while not self._pages:
                    self._came.clear()
                    await self._came.wait()
                page = next(reversed(self._pages.values()))
                await page.ready.wait()
        except TimeoutError as error:
            raise DeviceError("the browser shows no page", code="timed_out") from error
        if page.crashed:
            raise DeviceError("the page has crashed", code="no_provider")
        return page

    @property
    def count(self) -> int:
        """How many pages are open."""
        return len(self._pages)

    async def call(self, page: Page, method: str, params: Params | None = None) -> Params:
        """One command to a page. Raises DeviceError."""
        return await self._running().call(method, params, page.session, self._answer_s)

    async def ask(self, page: Page, method: str, params: Params | None = None) -> Raw:
        """The same, its answer not read yet. Raises DeviceError."""
        return await self._running().ask(method, params, page.session, self._answer_s)

    def _running(self) -> Browser:
        if self._browser is None:
            raise DeviceError("the browser has not been started", code="no_provider")
        return self._browser

    async def unless_asked(self, page: Page, doing: Coroutine[Any, Any, _Value]) -> _Value | None:
        """What `doing` gives, or None as soon as the page opens a dialog: until that is answered
        the page answers nothing else."""
        task = asyncio.create_task(doing)
        asked = asyncio.create_task(page.asked.wait())
        try:
            await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            asked.cancel()
            if not task.done():
                self._keep(task)
        return None

    async def answer(self, page: Page, *, yes: bool) -> None:
        """Answer the dialog of a page. Raises DeviceError."""
        dialog = page.dialog
        if dialog is None:
            return
        page.dialog = None
        page.asked.clear()
        params: Params = {"accept": yes}
        if dialog.kind == "prompt" and yes:
            params["promptText"] = dialog.typed
        await self.unless_asked(page, self.call(page, "Page.handleJavaScriptDialog", params))

    async def close_front(self) -> None:
        """Close the page in front. Raises DeviceError."""
        page = await self.front()
        if self._browser is not None:
            await self._browser.call("Target.closeTarget", {"targetId": page.target})
            self._pages.pop(page.session, None)

    async def close(self) -> None:
        """Forget all pages."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pages.clear()
        self._browser = None

    def take(self, method: str, params: Params, session: str) -> None:
        """What the browser tells."""
        if method == "Target.attachedToTarget":
            self._attach(params)
        elif method == "Target.detachedFromTarget":
            gone = self._pages.pop(str(params.get("sessionId", "")), None)
            if gone is not None:
                gone.ready.set()
                gone.asked.set()
        page = self._pages.get(session)
        if page is not None:
            self._tell(page, method, params)

    def _tell(self, page: Page, method: str, params: Params) -> None:
        own = params.get("frameId") == page.target
        match method:
            case "Page.frameStartedLoading" if own:
                page.loaded.clear()
            case "Page.frameStoppedLoading" if own:
                page.loaded.set()
            case "Page.frameNavigated":
                frame = as_object(params.get("frame"))
                if frame.get("id") == page.target and not self._may_show(str(frame.get("url"))):
                    _log.warning("the screen's page went where it may not and was stopped")
                    self._start(self.call(page, "Page.navigate", {"url": "about:blank"}))
            case "Page.javascriptDialogOpening":
                page.dialog = Dialog(
                    str(params.get("type", "alert")),
                    str(params.get("message", ""))[:1000],
                    str(params.get("defaultPrompt", ""))[:1000],
                )
                page.asked.set()
            case "Page.javascriptDialogClosed":
                page.dialog = None
                page.asked.clear()
            case "Inspector.targetCrashed":
                page.crashed = True
                page.asked.set()
            case _:
                pass

    def _attach(self, params: Params) -> None:
        session = str(params.get("sessionId", ""))
        page = Page(str(as_object(params.get("targetInfo")).get("targetId", "")), session)
        if not params.get("waitingForDebugger"):
            page.loaded.set()
        self._pages[session] = page
        self._came.set()
        self._start(self._prepare(page))
        if len(self._pages) > MOST_PAGES and self._browser is not None:
            oldest = next(iter(self._pages.values()))
            self._start(self._browser.call("Target.closeTarget", {"targetId": oldest.target}))

    async def _prepare(self, page: Page) -> None:
        """Make a page a phone's, then let it run."""
        steps: tuple[tuple[str, Params], ...] = (
            ("Page.enable", {}),
            ("Inspector.enable", {}),
            ("Emulation.setDeviceMetricsOverride", _PHONE),
            ("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5}),
            (
                "Emulation.setUserAgentOverride",
                {"userAgent": self._agent, "platform": "Linux armv81"},
            ),
            ("Emulation.setFocusEmulationEnabled", {"enabled": True}),
            ("Accessibility.enable", {}),
            ("Runtime.runIfWaitingForDebugger", {}),
        )
        # at once and in this order: some are not answered before the page runs
        calls = (self.call(page, method, params) for method, params in steps)
        done = await asyncio.gather(*calls, return_exceptions=True)
        page.ready.set()
        for (method, _), answer in zip(steps, done, strict=True):
            if isinstance(answer, DeviceError):
                _log.warning("a page of the screen was not prepared: %s: %s", method, answer)

    def _start(self, doing: Awaitable[Any]) -> None:
        async def quietly() -> None:
            with suppress(DeviceError):
                await doing

        self._keep(asyncio.create_task(quietly()))

    def _keep(self, task: asyncio.Task[Any]) -> None:
        """Hold a task that nobody waits for; what becomes of it is of no account."""
        self._tasks.add(task)

        def ended(done: asyncio.Task[Any]) -> None:
            self._tasks.discard(done)
            if not done.cancelled():
                done.exception()

        task.add_done_callback(ended)
