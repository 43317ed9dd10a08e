"""A phone-sized Chromium of the device's own as its screen (`act.screen.Screen`).

It starts at the first use and again after it has crashed or was killed. Its apps are addresses that
the owner has listed; it has a profile of its own in the device's folder, grants no permission and
downloads nothing. What covers an element is asked of the browser's own hit test, so what is told is
what a finger would meet. Known limits: frames of other sites are told as a thing without words, and
a list that a select box drops down is not seen. Source: docs/decisions/0013-screens.md.
"""

import asyncio
import base64
import os
import shutil
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from edgewise.act.screen import Element, Key, Point, Seen
from edgewise.core.signal import as_list, as_object
from edgewise.device.screen.cdp import CALL_S, Browser, Params, start_browser
from edgewise.device.screen.field_text import require_field, require_held
from edgewise.device.screen.not_started import why_not_started
from edgewise.device.screen.page_look import address_of, elements_on, zoom_of
from edgewise.device.screen.pages import HEIGHT, SCALE, WIDTH, Page, Pages
from edgewise.device.screen.profile import profile_of
from edgewise.device.screen.web_apps import WebApps
from edgewise.errors import DeviceError

_Value = TypeVar("_Value")

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-breakpad",
    "--no-default-browser-check", "--disable-extensions", "--password-store=basic",
    "--disable-features=Translate,MediaRouter,OptimizationHints",
    "--deny-permission-prompts", "--mute-audio", f"--window-size={WIDTH},{HEIGHT}",
)  # fmt: skip
PICTURE_S = 5.0
LOAD_S = 8.0
OPEN_S = 15.0
QUIET_S = 0.12
"""How long after a touch a page is given to begin to change."""


@dataclass(frozen=True, slots=True)
class ChromiumSettings:
    """`apps` are addresses by name; `program` is looked for when it is empty; `folder` is where the
    profile is kept. Chromium's sandbox is used unless the device runs as root, where it can not."""

    folder: Path
    apps: Mapping[str, str]
    program: str = ""
    headless: bool = True
    sandbox: bool = True


def program_of(named: str = "") -> str:
    """The path of the browser. Raises DeviceError (`no_provider`) with what to install."""
    for name in (named,) if named else PROGRAMS:
        if path := shutil.which(name):
            return path
    raise DeviceError(
        f"there is no {named or 'Chromium'} on this machine; install it (apt-get install chromium)"
        " or name it as screen.program in config.toml",
        code="no_provider",
    )


class ChromiumScreen:
    """The screen of one browser; one step at a time. A page that does not answer within `answer_s`
    is let go with its browser, so that the next use begins anew."""

    def __init__(self, settings: ChromiumSettings, answer_s: float = CALL_S) -> None:
        self._settings = settings
        self._browser: Browser | None = None
        self._apps = WebApps(settings.apps)
        self._pages = Pages(self._apps.may_show, answer_s)
        self._lock = asyncio.Lock()

    @property
    def process_id(self) -> int | None:
        """Of the browser while it runs."""
        return self._browser.process_id if self._browser is not None else None

    async def look(self) -> Seen:
        async with self._lock:
            try:
                return await self._look(await self._page())
            except DeviceError as error:
                if error.code == "timed_out":
                    await self.close()
                if error.code != "no_provider" or self._browser is None:
                    raise
            return await self._look(await self._page())  # it ended meanwhile

    async def screenshot(self) -> bytes:
        """Raises DeviceError as all do; `refused` while a dialog is open, behind which a page
        draws nothing."""
        async with self._lock:
            page = await self._page()
            drawn = None
            if page.dialog is None:
                drawn = await self._pages.unless_asked(page, self._draw(page))
            if drawn is None:
                raise DeviceError(
                    "the page asks something in a dialog and draws nothing until it is answered;"
                    " its words are in GET /v1/screen",
                    code="refused",
                )
            return drawn

    async def tap(self, point: Point, *, hold_s: float = 0.0) -> None:
        async with self._lock:
            page = await self._page()
            if page.dialog is not None:
                yes = page.dialog.answer_at(point)
                if yes is not None:
                    await self._pages.answer(page, yes=yes)
                    await self._settle()
                return
            await self._done(page, self._touch(page, [point], hold_s))
            await self._settle()

    async def swipe(self, start: Point, end: Point, *, length_s: float = 0.3) -> None:
        async with self._lock:
            page = await self._free_page()
            steps = max(2, round(length_s / 0.03))
            path = [
                Point(
                    round(start.x + (end.x - start.x) * step / steps),
                    round(start.y + (end.y - start.y) * step / steps),
                )
                for step in range(steps + 1)
            ]
            await self._done(page, self._touch(page, path, length_s))
            await self._settle()

    async def type(self, text: str) -> None:
        """What the field held is replaced. Raises DeviceError (`refused`) while no field, or one
        for a secret, has the focus, and where the field does not hold `text` afterwards."""
        async with self._lock:
            page = await self._page()
            if page.dialog is not None and page.dialog.kind == "prompt":
                page.dialog.typed = text
                return
            before = require_field((await self._look(page)).focus).text
            await self._done(page, self._replace(page, text))
            await self._settle()
            page = await self._page()
            if page.dialog is None:
                require_held((await self._look(page)).focus, text, before)

    async def press(self, key: Key) -> None:
        async with self._lock:
            page = await self._page()
            if page.dialog is not None:
                await self._pages.answer(page, yes=key is Key.ENTER)
                if key is not Key.HOME:
                    await self._settle()
                    return
            match key:
                case Key.ENTER:
                    await self._done(page, self._enter(page))
                case Key.BACK:
                    await self._back(page)
                case Key.HOME:
                    await self._go(page, self._apps.home)
            await self._settle()

    async def open(self, app: str) -> None:
        """Raises DeviceError; `unknown_target` for what is not in the owner's list."""
        address = self._apps.address_of(app)
        async with self._lock:
            await self._go(await self._free_page(), address)
            await self._settle(OPEN_S)

    async def close(self) -> None:
        await self._pages.close()
        browser, self._browser = self._browser, None
        if browser is not None:
            await browser.close()

    async def _page(self) -> Page:
        """The page in front of a browser that runs; one that has gone is started again."""
        if self._browser is not None and self._browser.alive:
            try:
                return await self._pages.front()
            except DeviceError:
                pass  # the page has crashed or closed itself: begin anew
        await self.close()
        return await self._begin()

    async def _free_page(self) -> Page:
        page = await self._page()
        if page.dialog is not None:
            raise DeviceError(
                f"the page asks {page.dialog.elements[0].text[:200]!r}; answer it first",
                code="refused",
            )
        return page

    async def _begin(self) -> Page:
        settings = self._settings
        command = [program_of(settings.program), *FLAGS]
        profile = profile_of(settings.folder)
        try:
            os.makedirs(profile, mode=0o700, exist_ok=True)
            for folder in (settings.folder, profile):
                folder.chmod(0o700)
        except OSError as error:
            raise DeviceError(f"{profile} can not be made: {error}", code="no_provider") from error
        command += [f"--user-data-dir={profile}"]
        command += ["--headless"] if settings.headless else []
        command += [] if settings.sandbox and os.geteuid() != 0 else ["--no-sandbox"]
        try:
            self._browser = await start_browser([*command, "about:blank"], self._pages.take)
        except DeviceError as error:
            why = why_not_started(profile, headless=settings.headless)
            if not why:
                raise
            raise DeviceError(f"{command[0]} did not start: {why}", code=error.code) from error
        await self._pages.begin(self._browser)
        page = await self._pages.front()
        await self._go(page, self._apps.home)
        await self._settle()
        return page

    async def _look(self, page: Page) -> Seen:
        for last in (False, True):
            if page.dialog is not None:
                break
            try:
                seen = await self._pages.unless_asked(page, self._read(page))
            except DeviceError as error:
                if error.code != "refused" or last:
                    raise
                continue  # the page went on to another while it was read
            if seen is not None:
                return seen
        url, title = await address_of(self._pages, page)
        if page.dialog is None:
            raise DeviceError("the page changes too fast to be looked at", code="refused")
        return self._seen(url, title, page.dialog.elements)

    async def _read(self, page: Page) -> Seen:
        elements, address = await asyncio.gather(
            elements_on(self._pages, page), address_of(self._pages, page)
        )
        return self._seen(*address, elements)

    async def _done(self, page: Page, doing: Coroutine[Any, Any, _Value]) -> _Value | None:
        """What `doing` gives, or None once a dialog opens. A page that takes no touch (behind a
        window of the browser's own, as for tel:) is let go with its browser."""
        try:
            return await self._pages.unless_asked(page, doing)
        except DeviceError as error:
            if error.code == "timed_out":
                await self.close()
            raise

    def _seen(self, url: str, title: str, elements: Sequence[Element]) -> Seen:
        size = (WIDTH * SCALE, HEIGHT * SCALE)
        headless = self._settings.headless
        return Seen(self._apps.app_of(url), title[:200], *size, tuple(elements), headless)

    async def _draw(self, page: Page) -> bytes:
        async with asyncio.timeout(PICTURE_S):
            told = await self._pages.call(page, "Page.captureScreenshot", {"format": "png"})
        return base64.b64decode(str(told.get("data", "")))

    async def _touch(self, page: Page, path: Sequence[Point], length_s: float) -> None:
        """Put a finger down, draw it along `path` within `length_s`, and take it off."""
        zoom = await zoom_of(self._pages, page)
        across, along = WIDTH / zoom / 1000, HEIGHT / zoom / 1000

        async def finger(kind: str, *at: Point) -> None:
            points = [{"x": p.x * across, "y": p.y * along} for p in at]
            params = {"type": kind, "touchPoints": points}
            await self._pages.call(page, "Input.dispatchTouchEvent", params)

        await finger("touchStart", path[0])
        for point in path[1:]:
            await asyncio.sleep(length_s / (len(path) - 1))
            await finger("touchMove", point)
        await asyncio.sleep(length_s if len(path) == 1 else QUIET_S)  # a finger that rests
        await finger("touchEnd")

    async def _replace(self, page: Page, text: str) -> None:
        """Select all that the field holds and put `text` in its place."""
        commands = ["selectAll"] if text else ["selectAll", "deleteBackward"]
        select: Params = {"type": "rawKeyDown", "commands": commands}
        await self._pages.call(page, "Input.dispatchKeyEvent", select)
        if text:
            await self._pages.call(page, "Input.insertText", {"text": text})

    async def _enter(self, page: Page) -> None:
        key: Params = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        await self._pages.call(
            page, "Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r", **key}
        )
        await self._pages.call(page, "Input.dispatchKeyEvent", {"type": "keyUp", **key})

    async def _back(self, page: Page) -> None:
        told = await self._pages.call(page, "Page.getNavigationHistory")
        at, entries = int(told.get("currentIndex", 0)), as_list(told.get("entries"))
        earlier = as_object(entries[at - 1]) if 0 < at <= len(entries) else {}
        if (
            earlier
            and self._apps.may_show(str(earlier.get("url")))
            and earlier["url"] != "about:blank"
        ):
            there = {"entryId": earlier["id"]}
            going = self._pages.call(page, "Page.navigateToHistoryEntry", there)
            await self._done(page, going)
        elif self._pages.count > 1:
            await self._pages.close_front()
        else:
            await self._go(page, self._apps.home)

    async def _go(self, page: Page, address: str) -> None:
        going = self._pages.call(page, "Page.navigate", {"url": address})
        told = await self._done(page, going)
        if told is not None and told.get("errorText"):
            raise DeviceError(
                f"{self._apps.app_of(address)} can not be opened: {told['errorText']}",
                code="refused",
            )

    async def _settle(self, within_s: float = LOAD_S) -> None:
        """Wait until the page in front has taken in what was done: briefly, and as long as it
        loads; a page that loads on is looked at as it is."""
        await asyncio.sleep(QUIET_S)
        try:
            page = await self._pages.front()
            async with asyncio.timeout(within_s):
                await self._pages.unless_asked(page, _wait(page.loaded))
        except (TimeoutError, DeviceError):
            return


async def _wait(event: asyncio.Event) -> bool:
    return await event.wait()
