"""The phone's screen on the cockpit: one Chromium shows the page, another one is the phone."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from edgewise.device.screen.chromium import ChromiumScreen
from tests.device.screen.site import served_site
from tests.e2e.chromium import opened_browser
from tests.e2e.test_cockpit import Page, Server, open_page, park, resize, serve

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
APPS = ("shop", "settings", "mail", "login", "dialogs")
PIXEL = """
const canvas = document.querySelector(".screen-stage canvas");
const [x, y] = [arguments[0] * canvas.width / 1000, arguments[1] * canvas.height / 1000];
const copy = new OffscreenCanvas(1, 1).getContext("2d");
copy.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
return [...copy.getImageData(0, 0, 1, 1).data];
"""


@dataclass
class Phone:
    """The device with its screen, and the file by which its browser is started."""

    server: Server
    program: Path

    def show(self, app: str) -> None:
        body = {"action": "open", "target": app, "session": "elsewhere"}
        self.server.post("/v1/screen/step", body).raise_for_status()
        title = self.seen()["title"]
        assert title, app

    def seen(self) -> dict[str, Any]:
        return self.server.get("/v1/screen")

    def kill(self) -> None:
        screen = self.server.device.screen
        assert screen is not None
        browser = screen._screen  # pyright: ignore[reportPrivateUsage]
        assert isinstance(browser, ChromiumScreen)
        assert browser.process_id is not None
        os.killpg(browser.process_id, signal.SIGKILL)


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    folder = tmp_path_factory.mktemp("screen")
    program = folder / "chromium"
    program.symlink_to(shutil.which("chromium") or "")
    with served_site() as site:
        apps = "\n".join(f'{app} = "{site}/{app}"' for app in APPS)
        (folder / "config.toml").write_text(
            f'chat_model = ""\n[screen]\nbackend = "chromium"\nprogram = "{program}"\n'
            f'[screen.apps]\nsite = "{site}/"\n{apps}\n'
        )
        running = serve(folder)
        yield Phone(running, program)
        running.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    # A page that was left would be kept for "back", and its two streams with it: of six in all.
    flag = "--disable-features=BackForwardCache"
    with opened_browser(tmp_path_factory.mktemp("browser"), flag) as driver:
        yield driver


@pytest.fixture
def page(phone: Phone, browser: webdriver.Chrome) -> Page:
    park(phone.server)
    resize(Page(browser), 1440, 900)
    browser.get("about:blank")  # else only the code in the address would change
    return open_page(phone.server, browser)


def spot(page: Page, words: str) -> Any:
    css = f'.touchable[aria-label*="{words}"]'
    return page.until(
        lambda: next(iter(page.browser.find_elements(By.CSS_SELECTOR, css)), None), words
    )


def shows(page: Page, words: str) -> None:
    page.until(lambda: words in page.text(".screen-where"), words)


def told(page: Page, words: str) -> None:
    page.until(lambda: words in page.text(".screen-told"), words)


def test_the_screen_is_seen_and_a_tap_of_the_mouse_opens_what_is_listed(phone: Phone, page: Page):
    phone.show("site")
    shows(page, "Start")
    page.until(lambda: page.one(".screen-stage").is_displayed())
    page.until(lambda: page.browser.execute_script(PIXEL, 990, 5) == [255, 255, 255, 255])
    assert page.one(".screen-stage").get_attribute("aria-label").endswith("Start")
    spot(page, "Shop").click()
    shows(page, "Shop")
    assert phone.seen()["title"] == "Shop"
    turn = page.one(".turn:last-child")
    assert "Tap on the screen: Shop" in turn.text
    assert turn.get_attribute("data-outcome") == "done"
    assert page.complaints() == []


def test_what_it_sees_is_told_with_its_role_on_hover_and_as_a_list(phone: Phone, page: Page):
    phone.show("shop")
    shows(page, "Shop")
    ActionChains(page.browser).move_to_element(spot(page, "Buy now")).perform()
    page.until(lambda: page.text(".screen-caption") == "Button: Buy now")
    assert not page.one(".screen-list").is_displayed()
    page.one(".screen [role=switch]").click()
    assert "Button: Buy now" in page.text(".screen-list")
    page.one("[data-language=zh]").click()
    page.until(lambda: "按钮：Buy now" in page.text(".screen-list"))


def test_keys_reach_what_is_on_it_and_enter_taps(phone: Phone, page: Page):
    phone.show("site")
    spot(page, "Settings")
    page.one(".screen-stage").send_keys(Keys.ARROW_DOWN)
    for _ in range(20):
        name = page.browser.switch_to.active_element.get_attribute("aria-label") or ""
        if "Settings" in name:
            break
        page.browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    shows(page, "Settings")
    page.one('.screen [data-key="back"]').click()
    shows(page, "Start")


def test_a_drag_of_the_mouse_scrolls(phone: Phone, page: Page):
    phone.show("settings")
    spot(page, "Wi-Fi")
    page.one('.screen [data-key="down"]').click()
    spot(page, "Setting 3")
    stage = page.one(".screen-stage")
    drag = ActionChains(page.browser).move_to_element(stage).click_and_hold()
    drag.move_by_offset(0, 150).release().perform()
    spot(page, "Wi-Fi")
    assert "Scroll the screen" in page.text(".turn:last-child")


def test_a_tap_on_buy_is_refused_in_words_and_nothing_is_bought(phone: Phone, page: Page):
    phone.show("shop")
    spot(page, "Buy now").click()
    page.until(lambda: page.one(".screen-told").get_attribute("data-state") == "denied")
    assert page.text(".screen-told") == page.text(".turn:last-child .answer")
    assert phone.seen()["title"] == "Shop"


def test_what_can_not_be_taken_back_is_asked_about_and_done_after_the_yes(phone: Phone, page: Page):
    phone.show("mail")
    spot(page, "Send").click()
    told(page, "needs your yes")
    card = page.one(".turn:last-child .approval")
    assert card.is_displayed()
    assert phone.seen()["title"] == "Mail"
    page.one(".screen-told button").click()
    yes = page.browser.switch_to.active_element
    assert yes.get_attribute("data-role") == "yes"
    yes.click()
    shows(page, "Sent")


def test_a_tap_on_what_is_no_longer_there_does_nothing(phone: Phone, page: Page):
    phone.show("shop")
    buy = spot(page, "Buy now")
    page.browser.execute_script(
        "Object.defineProperty(document, 'visibilityState', { value: 'hidden' });"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )
    page.until(lambda: page.one("details.screen").get_attribute("data-looking") == "false")
    phone.show("site")
    buy.click()
    told(page, "has changed meanwhile")
    assert page.one(".turn:last-child").get_attribute("data-outcome") == "failed"
    assert phone.seen()["title"] == "Start"


def test_a_tap_is_judged_by_what_the_finger_went_down_on(phone: Phone, page: Page):
    phone.show("shop")
    spot(page, "Buy now")
    page.browser.execute_script(
        "const stage = document.querySelector('.screen-stage');"
        "const { left, top, width, height } = stage.getBoundingClientRect();"
        "const [x0, y0, x1, y1] = arguments[0];"
        "const [x, y] = [left + (x0 + x1) / 2000 * width, top + (y0 + y1) / 2000 * height];"
        "const at = { clientX: x, clientY: y, isPrimary: true, bubbles: true, detail: 1 };"
        "stage.dispatchEvent(new PointerEvent('pointerdown', at));"
        "window.lift = () => { stage.dispatchEvent(new PointerEvent('pointerup', at));"
        " stage.dispatchEvent(new MouseEvent('click', at)); };",
        next(one for one in phone.seen()["elements"] if one["text"] == "Buy now")["box"],
    )
    phone.show("site")
    shows(page, "Start")
    page.until(lambda: "Start" in page.one(".screen-stage").get_attribute("aria-label"))
    page.browser.execute_script("window.lift()")
    told(page, "has changed meanwhile")
    assert phone.seen()["title"] == "Start"


def test_a_look_that_the_device_no_longer_knows_is_told_and_nothing_is_done(
    phone: Phone, page: Page
):
    """As after a restart of the device beneath an open page."""
    phone.show("site")
    shop = spot(page, "Shop")
    page.browser.execute_script(
        "const send = window.fetch;"
        "window.fetch = (path, told) => send(path, told.body && path.endsWith('/step')"
        ' ? { ...told, body: told.body.replace(/"seen":"[^"]*"/, \'"seen":"0"\') } : told);'
    )
    shop.click()
    told(page, "too old")
    assert phone.seen()["title"] == "Start"


def test_a_secret_is_covered_on_the_picture_and_never_told(phone: Phone, page: Page):
    phone.show("login")
    hidden = spot(page, "secret field")
    secret = next(one for one in phone.seen()["elements"] if one["secret"])
    x0, y0, x1, y1 = secret["box"]
    inside = [
        page.browser.execute_script(PIXEL, x0 + (x1 - x0) * share, (y0 + y1) / 2)
        for share in (0.05, 0.1, 0.2, 0.5)
    ]
    assert inside == [[89, 102, 109, 255]] * 4
    page.one(".screen [role=switch]").click()
    shown = page.browser.execute_script("return document.querySelector('#screen').innerHTML")
    for word in ("hunter2", "123456", "4711"):
        assert word not in shown
    hidden.click()
    page.until(lambda: page.one(".screen-told").get_attribute("data-state") == "denied")


def test_a_page_that_draws_nothing_is_shown_by_its_words(phone: Phone, page: Page):
    phone.show("dialogs")
    spot(page, "Alert").click()
    page.until(lambda: "gives no picture" in page.text(".screen-away"))
    assert "Mind the gap" in spot(page, "Mind the gap").text
    spot(page, "OK").click()
    shows(page, "Minded")
    page.until(lambda: not page.one(".screen-away").is_displayed())


def test_a_screen_that_is_away_says_so_and_comes_back_by_itself(phone: Phone, page: Page):
    phone.show("settings")
    shows(page, "Settings")
    aim = os.readlink(phone.program)
    phone.program.unlink()
    phone.kill()
    page.until(lambda: "Out of date" in page.text(".screen-away"))
    assert "connected" in page.text(".screen-away")
    assert page.one(".screen-stage").is_displayed()
    turns = len(page.browser.find_elements(By.CSS_SELECTOR, ".turn"))
    page.one(".screen-stage").click()
    assert len(page.browser.find_elements(By.CSS_SELECTOR, ".turn")) == turns
    phone.program.symlink_to(aim)
    page.until(lambda: not page.one(".screen-away").is_displayed())


def test_it_is_not_looked_at_while_it_is_folded(phone: Phone, page: Page):
    phone.show("site")
    shows(page, "Start")
    page.one(".screen summary").click()
    page.until(lambda: not page.one(".screen-stage").is_displayed())
    count = "return performance.getEntriesByName(location.origin + '/v1/screen').length"
    page.say("what is the speed")
    before = page.browser.execute_script(count)
    page.say("what is the speed")
    assert page.browser.execute_script(count) <= before
    page.one(".screen summary").click()
    page.until(lambda: page.browser.execute_script(count) > before)


def test_nothing_of_the_screen_is_cut_off(phone: Phone, page: Page):
    stage = page.one(".screen-stage")
    for width in (320, 375, 1000, 1440):
        resize(page, width, 844)
        page.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", stage)
        page.until(stage.is_displayed)
        for language in ("zh", "en"):
            page.one(f"[data-language={language}]").click()
            wide = page.browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width
            for css in (".screen-frame", ".screen-keys", ".screen [role=switch]"):
                rect = page.one(css).rect
                assert rect["x"] >= 0, (css, width)
                assert rect["x"] + rect["width"] <= width, (css, width)
