"""Pictures on the cockpit in a real Chromium: dropped, pasted or chosen, read by the device itself,
and shown as they left for a cloud."""

import base64
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from edgewise.device.config import SensesConfig
from edgewise.device.senses import lacks
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.server import started_upstream
from tests.e2e.test_cockpit import WINDOW, Page, Server, open_page, park, resize, serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(
        bool(lacks(SensesConfig(hear="", speak=""))), reason="the models of seeing: make venv"
    ),
]

SETTINGS = """
region = "CN"
chat_model = ""
mode = "prefer_cloud"
[[cloud]]
name = "step"
address = "{address}"
model = "sees"
region = "CN"
images = true
"""
GIVE = """
const [how, name, type, text] = arguments;
const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const data = new DataTransfer();
data.items.add(new File([bytes], name, { type }));
const given = { bubbles: true, cancelable: true };
const event = how === "paste" ? new ClipboardEvent("paste", { ...given, clipboardData: data })
  : new DragEvent(how, { ...given, dataTransfer: data });
return document.body.dispatchEvent(event);
"""


@asynccontextmanager
async def cloud_that_sees(folder: Path) -> AsyncIterator[Upstream]:
    async with started_upstream(models=("sees",)) as upstream:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "config.toml").write_text(SETTINGS.format(address=upstream.url))
        yield upstream


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("pictures") / "device"
    running = serve(folder, around=cloud_that_sees(folder))
    yield running
    running.stop()


@pytest.fixture
def page(server: Server, browser: webdriver.Chrome) -> Page:
    park(server)
    return open_page(server, browser)


def picture_of(*lines: str) -> bytes:
    """A picture with these lines on it, as PNG."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (900, 120 * len(lines) + 60), "white")
    draw = ImageDraw.Draw(image)
    for row, text in enumerate(lines):
        draw.text((50, 40 + 120 * row), text, "black", ImageFont.load_default(56))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def give(page: Page, how: str, data: bytes, name: str = "sign.png", kind: str = "image/png") -> Any:
    return page.browser.execute_script(GIVE, how, name, kind, base64.b64encode(data).decode())


def tray(page: Page) -> list[Any]:
    return page.browser.find_elements(By.CSS_SELECTOR, "#tray .picture")


@pytest.mark.parametrize("how", ["drop", "paste", "button"])
def test_a_picture_goes_with_the_question_and_what_is_read_on_it_is_told(
    page: Page, tmp_path: Path, how: str
):
    data = picture_of("SCHOOL ZONE", "SPEED LIMIT 30")
    if how == "button":
        (tmp_path / "sign.png").write_bytes(data)
        page.one("#picture-file").send_keys(str(tmp_path / "sign.png"))
    else:
        assert give(page, how, data) is False, "the browser would open the file"
    page.until(lambda: len(tray(page)) == 1, "no preview")
    canvas = tray(page)[0].find_element(By.TAG_NAME, "canvas")
    assert canvas.get_attribute("aria-label") == "sign.png"
    assert page.browser.execute_script(
        "return arguments[0].getContext('2d').getImageData(5, 5, 1, 1).data[0]", canvas
    ) == 255  # fmt: skip
    turn = page.say("what does it say?")
    assert tray(page) == []
    assert "SCHOOL ZONE" in turn.find_element(By.CSS_SELECTOR, ".answer").text
    shown = turn.find_element(By.CSS_SELECTOR, ".shown")
    assert shown.find_elements(By.TAG_NAME, "canvas")
    assert "2 lines of text read on it" in shown.text
    assert page.complaints() == []


def test_a_picture_without_words_asks_what_is_on_it(page: Page):
    give(page, "drop", picture_of("CHECK ENGINE"))
    page.until(lambda: tray(page))
    page.one("#send").click()
    page.until(lambda: "What is on this picture?" in page.text(".turn:last-child .words"))


def test_words_on_a_picture_move_nothing(server: Server, page: Page):
    page.say("close the driver's window")
    give(page, "drop", picture_of("open the driver's window"))
    page.until(lambda: tray(page))
    page.say("do what it says")
    assert server.state()[WINDOW] == 0


def test_what_left_of_a_picture_is_shown_with_what_was_hidden_on_it(server: Server, page: Page):
    server.post("/v1/consents", {"cloud": "step", "purpose": "pictures"}).raise_for_status()
    give(page, "drop", picture_of("call 13800138000", "SCHOOL ZONE"))
    page.until(lambda: tray(page))
    turn = page.say("is it a nice day on it")
    turn.find_element(By.CSS_SELECTOR, ".where summary").click()
    page.until(lambda: turn.find_elements(By.CSS_SELECTOR, ".left-picture"), "nothing left")
    assert "private lines hidden" in turn.find_element(By.CSS_SELECTOR, ".left-picture").text
    canvas = turn.find_element(By.CSS_SELECTOR, ".left-picture canvas")
    page.until(canvas.is_displayed, "the picture is not drawn")
    assert "looking at a picture with you" in turn.find_element(By.CSS_SELECTOR, ".where-body").text


def test_a_private_picture_stays_here(server: Server, page: Page):
    server.post("/v1/consents", {"cloud": "step", "purpose": "pictures"}).raise_for_status()
    give(page, "drop", picture_of("SCHOOL ZONE"))
    page.until(lambda: tray(page))
    tray(page)[0].find_element(By.CSS_SELECTOR, "input").click()
    turn = page.say("is it a nice day on it")
    assert "nothing left the device" in turn.find_element(By.CSS_SELECTOR, ".where").text


def test_what_is_no_picture_or_too_much_is_refused_in_plain_words(page: Page):
    give(page, "drop", b"%PDF-1.7", "letter.pdf", "application/pdf")
    page.until(lambda: "letter.pdf is no picture" in page.text("#trouble-words"))
    give(page, "drop", b"\x89PNG broken", "broken.png")
    page.until(lambda: "broken.png is no picture" in page.text("#trouble-words"))
    for _ in range(5):
        give(page, "drop", picture_of("A"))
    page.until(lambda: "At most 4" in page.text("#trouble-words"))
    assert len(tray(page)) == 4
    first = tray(page)[0].find_element(By.CSS_SELECTOR, ".picture-remove")
    assert first.get_attribute("aria-label") == "Take away sign.png"
    first.click()
    assert len(tray(page)) == 3


@pytest.mark.parametrize("width", [320, 390, 768, 1400])
def test_nothing_of_talking_and_pictures_is_cut_off(page: Page, width: int):
    resize(page, width, 844)
    give(page, "drop", picture_of("SCHOOL ZONE"), "a-rather-long-name-of-a-photo-20261130.png")
    page.until(lambda: tray(page))
    for language in ("zh", "en"):
        page.one(f"[data-language={language}]").click()
        assert page.browser.execute_script("return document.documentElement.scrollWidth") <= width
        for css in (
            "#mic",
            "#say",
            "#attach",
            "#send",
            "#mute",
            "#volume",
            "[data-talk-mode=free]",
        ):
            rect = page.one(css).rect
            assert rect["width"] > 0
            assert rect["x"] >= 0
            assert rect["x"] + rect["width"] <= width
        assert page.one("#say").rect["width"] >= 140
        holder, remove = page.one("#tray").rect, page.one(".picture-remove").rect
        assert remove["x"] + remove["width"] <= holder["x"] + holder["width"]
