"""A real phone-sized Chromium: what it tells is what a finger meets, and what it may not it does
not."""

import asyncio
import os
import signal
import stat
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from edgewise.act.screen import Element, Key, Point, Role, Seen
from edgewise.device.screen.chromium import ChromiumScreen, ChromiumSettings, program_of
from edgewise.device.screen.web_apps import HOME
from edgewise.errors import DeviceError
from tests.device.screen.site import served_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
]
one_browser = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served_site() as address:
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("device") / "screen"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def screen(site: str, folder: Path) -> AsyncIterator[ChromiumScreen]:
    pages = (
        "login",
        "shop",
        "settings",
        "dialogs",
        "tricks",
        "injection",
        "two",
        "links",
        "crowd",
        "fields",
        "desk",
    )
    apps = {"Site": site, **{page: f"{site}/{page}" for page in pages}}
    made = ChromiumScreen(ChromiumSettings(folder, apps))
    yield made
    await made.close()


def one(seen: Seen, text: str, role: Role | None = None) -> Element:
    found = [e for e in seen.elements if text in e.text and role in (None, e.role)]
    assert len(found) == 1, (text, [e.text for e in seen.elements])
    return found[0]


async def at(screen: ChromiumScreen, app: str) -> Seen:
    await screen.open(app)
    return await screen.look()


@one_browser
async def test_it_begins_at_a_home_of_the_owners_apps_in_a_profile_of_its_own(
    screen: ChromiumScreen, folder: Path
):
    seen = await screen.look()
    assert seen.app == HOME
    assert (seen.width, seen.height) == (824, 1830)
    assert seen.headless
    for path in (folder, folder / "profile"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    await screen.tap(one(seen, "Site").centre)
    assert (await screen.look()).title == "Start"
    await screen.press(Key.BACK)
    assert (await screen.look()).app == HOME


@one_browser
async def test_a_page_is_told_by_its_words_roles_and_boxes(screen: ChromiumScreen):
    seen = await at(screen, "site")
    assert one(seen, "Welcome to the site").role is Role.TEXT
    assert one(seen, "Welcome to the site").heading
    assert one(seen, "Settings").role is Role.BUTTON
    assert one(seen, "Shop").role is Role.LINK
    assert one(seen, "搜索").role is Role.FIELD
    assert all(0 <= v <= 1000 for e in seen.elements for v in e.box)
    picture = await screen.screenshot()
    assert picture.startswith(b"\x89PNG")


@one_browser
async def test_a_finger_meets_what_was_seen_on_a_page_made_for_desks(screen: ChromiumScreen):
    await screen.open("desk")
    for number in range(4):
        await screen.tap(one(await screen.look(), f"Number {number}").centre)
        assert (await screen.look()).title == str(number)
    await screen.tap(one(await screen.look(), "Find").centre)
    await screen.type("tea")
    assert one(await screen.look(), "Find").text == "Find: tea"


@one_browser
async def test_it_types_into_the_field_that_was_tapped_and_into_no_other(screen: ChromiumScreen):
    seen = await at(screen, "Site")
    with pytest.raises(DeviceError, match="tap one first"):
        await screen.type("lost")
    await screen.tap(one(seen, "搜索").centre)
    await screen.type("你好")
    focus = (await screen.look()).focus
    assert focus is not None
    assert "你好" in focus.text


@one_browser
async def test_typing_replaces_what_the_field_holds_and_reads_it_back(screen: ChromiumScreen):
    seen = await at(screen, "fields")
    for name in ("Name", "Note", "Rich"):
        await screen.tap(one(seen, name, Role.FIELD).centre)
        for text in ("first words", "你好 two"):
            await screen.type(text)
            focus = (await screen.look()).focus
            assert focus is not None
            assert focus.text == f"{name}: {text}"
        await screen.type("")
        focus = (await screen.look()).focus
        assert focus is not None
        assert focus.text == name
    await screen.tap(one(seen, "Short", Role.FIELD).centre)
    with pytest.raises(DeviceError, match="does not hold what was typed") as error:
        await screen.type("too long for it")
    assert error.value.code == "refused"


@one_browser
async def test_secrets_are_marked_and_neither_told_nor_typed(screen: ChromiumScreen):
    seen = await at(screen, "login")
    secret = [e for e in seen.elements if e.secret]
    assert [e.text for e in secret][:2] == ["Password", "Code"]
    assert len(secret) == 3
    told = str(seen)
    assert not any(word in told for word in ("hunter2", "123456", "4711"))
    assert "ann" in one(seen, "Name").text
    await screen.tap(secret[0].centre)
    with pytest.raises(DeviceError, match="owner"):
        await screen.type("guess")


@one_browser
async def test_what_is_covered_hidden_or_below_is_not_told_and_what_is_there_is(
    screen: ChromiumScreen,
):
    seen = await at(screen, "tricks")
    texts = [e.text for e in seen.elements]
    for there in ("In a shadow", "In a frame", "Transfer", "Cancel (Pay 5)"):
        assert one(seen, there).role is Role.BUTTON
    for gone in ("Covered", "Gone", "Hidden", "Far below", "Harmless"):
        assert gone not in texts
    await screen.tap(one(seen, "A surface", Role.BUTTON).centre)
    assert (await screen.look()).title == "tapped"


@one_browser
async def test_a_list_scrolls_under_the_finger(screen: ChromiumScreen):
    seen = await at(screen, "settings")
    assert one(seen, "Wi-Fi").text == "Wi-Fi: on"
    row = one(seen, "Row 2").centre
    await screen.swipe(row, Point(row.x, max(row.y - 250, 0)))
    texts = [e.text for e in (await screen.look()).elements]
    assert "Row 0" not in texts
    assert "Row 4" in texts


@one_browser
async def test_a_dialog_is_told_and_answered_by_touch_alone(screen: ChromiumScreen):
    seen = await at(screen, "dialogs")
    await screen.tap(one(seen, "Alert").centre)
    asked = await screen.look()
    assert [e.text for e in asked.elements] == ["Mind the gap", "OK"]
    with pytest.raises(DeviceError, match="dialog"):
        await screen.screenshot()
    with pytest.raises(DeviceError, match="answer it first"):
        await screen.open("Site")
    await screen.tap(Point(5, 5))
    assert (await screen.look()) == asked
    await screen.tap(one(asked, "OK").centre)
    seen = await screen.look()
    assert seen.title == "Minded"
    await screen.tap(one(seen, "Confirm").centre)
    await screen.press(Key.BACK)
    assert (await screen.look()).title == "Kept"
    await screen.tap(one(seen, "Prompt").centre)
    await screen.type("小明")
    await screen.press(Key.ENTER)
    assert (await screen.look()).title == "Named 小明"


@one_browser
async def test_a_permission_is_denied_without_asking(screen: ChromiumScreen):
    seen = await at(screen, "dialogs")
    await screen.tap(one(seen, "Where").centre)
    assert (await screen.look()).title == "Denied"


@one_browser
async def test_only_apps_of_the_list_open_and_no_page_leads_out_of_the_web(
    screen: ChromiumScreen, folder: Path
):
    for unknown in ("https://example.com", "file:///etc/passwd", "javascript:alert(1)", ""):
        with pytest.raises(DeviceError) as error:
            await screen.open(unknown)
        assert error.value.code == "unknown_target"
    seen = await at(screen, "Site")
    for link in ("Local file", "Chrome", "Download"):
        await screen.tap(one(seen, link).centre)
        now = await screen.look()
        assert (now.app, now.title) == ("Site", "Start")
    assert not list(folder.rglob("*.zip"))


@one_browser
async def test_a_new_page_is_in_front_and_back_closes_it(screen: ChromiumScreen):
    seen = await at(screen, "Site")
    await screen.tap(one(seen, "New tab").centre)
    assert (await screen.look()).title == "Two"
    await screen.press(Key.BACK)
    assert (await screen.look()).title == "Start"
    await screen.press(Key.HOME)
    assert (await screen.look()).app == HOME


@one_browser
async def test_one_that_was_killed_is_started_again_at_the_next_use(screen: ChromiumScreen):
    await at(screen, "Site")
    before = screen.process_id
    assert before is not None
    os.killpg(before, signal.SIGKILL)
    assert (await screen.look()).app == HOME
    assert screen.process_id != before


async def _looked_until_it_fails(screen: ChromiumScreen, app: str) -> None:
    """A page hangs soon after it was opened; it may be looked at before."""
    async with asyncio.timeout(30):
        while True:
            assert (await screen.look()).app == app


@one_browser
async def test_a_page_that_hangs_is_let_go_and_the_next_look_begins_anew(site: str, folder: Path):
    settings = ChromiumSettings(folder.parent / "hanging", {"Hang": f"{site}/hang"})
    made = ChromiumScreen(settings, answer_s=2.0)
    try:
        await made.open("Hang")
        with pytest.raises(DeviceError) as error:
            await _looked_until_it_fails(made, "Hang")
        assert error.value.code == "timed_out"
        assert (await made.look()).app == HOME
    finally:
        await made.close()


@one_browser
async def test_a_link_that_opens_no_page_does_not_stop_the_screen(site: str, folder: Path):
    """The browser asks in a window of its own, which nobody sees, whether a program may open."""
    apps = {"Site": site, "Links": f"{site}/links"}
    made = ChromiumScreen(ChromiumSettings(folder.parent / "links", apps), answer_s=2.0)
    try:
        for link in ("Call", "Write"):
            seen = await at(made, "Links")
            with suppress(DeviceError):
                await made.tap(one(seen, link).centre)
        for _ in range(2):  # one that is not taken lets the browser go
            seen = await at(made, "Site")
            with suppress(DeviceError):
                await made.tap(one(seen, "Settings").centre)
                break
        assert (await made.look()).title == "Settings"
    finally:
        await made.close()


@one_browser
async def test_a_page_that_writes_a_home_page_of_its_own_is_not_taken_for_it(
    screen: ChromiumScreen,
):
    seen = await at(screen, "links")
    await screen.tap(one(seen, "Fake home").centre)
    seen = await screen.look()
    assert one(seen, "Bank").role is Role.BUTTON
    assert seen.app != HOME
    await screen.press(Key.BACK)


@one_browser
async def test_a_page_does_not_lead_to_the_device_itself(screen: ChromiumScreen):
    seen = await at(screen, "links")
    await screen.tap(one(seen, "Device").centre)
    assert not any("cockpit" in e.text for e in (await screen.look()).elements)


@one_browser
async def test_a_page_of_endless_things_is_refused_and_the_device_goes_on(
    screen: ChromiumScreen,
):
    await screen.open("crowd")
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - began)

    beating = asyncio.create_task(beat())
    with pytest.raises(DeviceError, match="more than"):
        await screen.look()
    beating.cancel()
    assert longest < 0.5
    await screen.press(Key.HOME)
    assert (await screen.look()).app == HOME


@one_browser
async def test_a_page_that_can_not_be_reached_is_told(folder: Path):
    made = ChromiumScreen(ChromiumSettings(folder.parent / "other", {"Gone": "http://127.0.0.1:9"}))
    try:
        with pytest.raises(DeviceError, match="can not be opened") as error:
            await made.open("Gone")
        assert error.value.code == "refused"
    finally:
        await made.close()
        await made.close()


def test_without_chromium_it_says_what_to_install():
    with pytest.raises(DeviceError, match="apt-get install chromium"):
        program_of("no-such-browser")
