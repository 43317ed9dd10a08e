"""Dialogs of pages, and pages that come and go, without a browser."""

import asyncio
from typing import cast

import pytest

from edgewise.act.screen import Point, Role
from edgewise.device.screen.cdp import Browser, Params
from edgewise.device.screen.pages import Dialog, Pages
from edgewise.errors import DeviceError
from tests.each_row import each_row


def pages() -> Pages:
    return Pages(lambda url: url.startswith("https:"))


def attach(pages: Pages, number: int) -> None:
    info = {"targetId": f"T{number}"}
    pages.take("Target.attachedToTarget", {"sessionId": f"S{number}", "targetInfo": info}, "")


@each_row(
    ("kind", "buttons"),
    [
        ("alert", ["OK"]),
        ("confirm", ["Cancel", "OK"]),
        ("prompt", ["Cancel", "OK"]),
        ("beforeunload", ["Cancel", "OK"]),
    ],
)
def test_a_dialog_has_its_words_and_its_buttons(kind: str, buttons: list[str]):
    dialog = Dialog(kind, "Sure?")
    assert dialog.elements[0].text == "Sure?"
    assert [e.text for e in dialog.elements if e.role is Role.BUTTON] == buttons
    assert any(e.role is Role.FIELD and e.focused for e in dialog.elements) is (kind == "prompt")


def test_it_is_answered_by_a_tap_on_a_button_and_by_no_other():
    dialog = Dialog("confirm", "Sure?")
    no, yes = (e for e in dialog.elements if e.role is Role.BUTTON)
    assert dialog.answer_at(yes.centre) is True
    assert dialog.answer_at(no.centre) is False
    assert dialog.answer_at(Point(500, 400)) is None


async def test_without_a_page_there_is_nothing_to_look_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("edgewise.device.screen.pages.READY_S", 0.01)
    with pytest.raises(DeviceError) as error:
        await pages().front()
    assert error.value.code == "timed_out"


class Told:
    """A browser that does nothing and keeps what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Params, str]] = []

    async def call(
        self, method: str, params: Params | None = None, session: str = "", within_s: float = 1.0
    ) -> Params:
        self.calls.append((method, params or {}, session))
        return {}


async def begun(made: Pages) -> Told:
    browser = Told()
    attach(made, 1)
    await made.begin(cast(Browser, browser))
    return browser


async def test_downloads_and_permissions_are_refused_before_any_page_is_shown():
    made = pages()
    browser = await begun(made)
    told = [(method, params) for method, params, _ in browser.calls]
    attached = [method for method, _ in told].index("Target.setAutoAttach")
    assert ("Browser.setDownloadBehavior", {"behavior": "deny"}) in told[:attached]
    assert ("Browser.grantPermissions", {"permissions": []}) in told[:attached]
    await made.close()


@pytest.mark.parametrize(
    ("url", "stopped"),
    [
        ("https://shop.example", False),
        ("file:///etc/passwd", True),
        ("chrome://settings", True),
        ("data:text/html,x", True),
    ],
)
async def test_a_page_that_goes_where_it_may_not_is_led_away(url: str, stopped: bool):
    made = pages()
    browser = await begun(made)
    made.take("Page.frameNavigated", {"frame": {"id": "T1", "url": url}}, "S1")
    await asyncio.sleep(0)
    led = ("Page.navigate", {"url": "about:blank"}, "S1") in browser.calls
    assert led is stopped
    await made.close()


async def test_a_page_is_a_phones_before_it_runs():
    made = pages()
    browser = await begun(made)
    attach(made, 2)
    await made.front()
    order = [method for method, _, session in browser.calls if session == "S2"]
    assert order[-1] == "Runtime.runIfWaitingForDebugger"
    assert "Emulation.setDeviceMetricsOverride" in order
    assert "Emulation.setTouchEmulationEnabled" in order
    await made.close()


async def test_the_newest_page_is_in_front_until_it_goes():
    made = pages()
    attach(made, 1)
    attach(made, 2)
    assert (await made.front()).target == "T2"
    made.take("Target.detachedFromTarget", {"sessionId": "S2"}, "")
    assert (await made.front()).target == "T1"
    assert made.count == 1
    await made.close()
    assert made.count == 0


async def test_a_page_that_crashed_is_no_screen():
    made = pages()
    attach(made, 1)
    made.take("Inspector.targetCrashed", {}, "S1")
    with pytest.raises(DeviceError) as error:
        await made.front()
    assert error.value.code == "no_provider"
    await made.close()


async def test_loading_is_the_pages_own_and_not_that_of_a_frame_in_it():
    made = pages()
    attach(made, 1)
    page = await made.front()
    made.take("Page.frameStartedLoading", {"frameId": "F"}, "S1")
    assert page.loaded.is_set()
    made.take("Page.frameStartedLoading", {"frameId": "T1"}, "S1")
    assert not page.loaded.is_set()
    made.take("Page.frameStoppedLoading", {"frameId": "T1"}, "S1")
    assert page.loaded.is_set()
    await made.close()


async def test_what_is_being_done_is_let_go_when_a_dialog_opens():
    made = pages()
    attach(made, 1)
    page = await made.front()
    made.take("Page.javascriptDialogOpening", {"type": "alert", "message": "Hi"}, "S1")

    async def never() -> int:
        await page.loaded.wait()
        page.loaded.clear()
        await page.loaded.wait()
        return 1

    assert await made.unless_asked(page, never()) is None
    assert page.dialog == Dialog("alert", "Hi")
    made.take("Page.javascriptDialogClosed", {}, "S1")
    assert page.dialog is None

    async def one() -> int:
        return 1

    assert await made.unless_asked(page, one()) == 1
    await made.close()
