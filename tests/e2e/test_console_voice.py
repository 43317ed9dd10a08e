"""Voice devices in the console, in a real Chromium over the real command."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.test_console import Page, Platform, browser, page, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
__all__ = ["browser", "page"]

SETTINGS = """
public_url = "{upstream}"
[[backend]]
name = "up"
url = "{upstream}/v1"
[[model]]
name = "fake"
routes = [{{ backend = "up" }}]
[xiaozhi]
enabled = true
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform whose advertised address is another server's."""

    def settings(upstream: str, issuer: str) -> str:
        return SETTINGS.format(upstream=upstream)

    with served(tmp_path_factory.mktemp("platform"), settings) as started:
        yield started


def asked(platform: Platform, number: int) -> Any:
    """What a device is told; its Wi-Fi page would have the real address."""
    headers = {"Device-Id": f"02:00:00:00:00:{number:02}", "Client-Id": f"client-{number}"}
    body = {"board": {"name": "Bread"}, "application": {"version": "2.4.0"}}
    place = f"{platform.address}/xiaozhi/ota/"
    return httpx.post(place, headers=headers, json=body, timeout=20).json()


def code_of(platform: Platform, number: int) -> str:
    return asked(platform, number)["activation"]["code"]


def test_a_device_is_added_by_its_code_and_removed(platform: Platform, page: Page):
    page.go("voice")
    page.until_text("No voice device has been added.")
    page.one("#add-voice").click()
    page.fill(code="00 00", name="Kitchen")
    page.until(lambda: "A code has 6 digits" in page.one(".dialog .wrong").text)
    page.fill(code="000 000", name="Kitchen")
    page.until(lambda: "No device shows this code now" in page.one(".dialog .wrong").text)
    page.fill(code=code_of(platform, 1), name="Kitchen")
    page.until_closed()
    page.until_text("Kitchen", "#voice-devices")
    for told in ("02:00:00:00:00:01", "Bread", "2.4.0", "not connected"):
        page.until_text(told, "#voice-devices")
    assert "activation" not in asked(platform, 1)

    page.press("Rename")
    page.fill(name="Hall")
    page.until_closed()
    page.until_text("Hall", "#voice-devices")
    page.press("Remove")
    assert "shows a code again" in page.one(".dialog").text
    assert "Remove “Hall” (02:00:00:00:00:01)?" in page.one(".dialog").text
    page.one(".dialog .answers .primary").click()
    page.until_closed()
    page.until_text("No voice device has been added.")
    assert "activation" in asked(platform, 1)
    assert page.complaints() == []


def test_an_address_that_leads_elsewhere_is_told_with_what_to_do(platform: Platform, page: Page):
    page.go("voice")
    assert page.one('[data-role="voice-address"]').text.endswith("/xiaozhi/ota/")
    page.until_text("Another server answers", "#voice-check")
    page.one("[data-language=zh]").click()
    page.until_text("应答的是另一台服务器", "#voice-check")


def test_a_device_added_elsewhere_is_seen_without_a_reload(platform: Platform, page: Page):
    page.go("voice")
    page.until_text("Another server answers", "#voice-check")
    with platform.api() as client:
        [project] = client.get("/projects").json()["projects"]
        body = {"code": code_of(platform, 2), "project": project["id"], "name": "Study"}
        made = client.post("/voice-devices", json=body).json()
        page.until_text("Study", "#voice-devices")
        client.post(f"/voice-devices/{made['device']}/remove")
        page.until(lambda: "Study" not in page.one("#voice-devices").text)


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_fits_in_both_languages(platform: Platform, page: Page, width: int, language: str):
    with platform.api() as client:
        [project] = client.get("/projects").json()["projects"]
        number = 10 + width % 7 + (language == "zh") * 20
        body = {"code": code_of(platform, number), "project": project["id"], "name": "N" * 80}
        assert client.post("/voice-devices", json=body).status_code == 201
    page.one(f"[data-language={language}]").click()
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.browser.execute_script("location.hash = '#/voice'")
    page.until(lambda: page.all("#voice-devices tbody tr"))
    page.until(lambda: page.all("#voice-check .mood"))
    for theme in ("light", "dark"):
        page.one(f"[data-theme-choice={theme}]").click()
        over = page.browser.execute_script(
            "return document.documentElement.scrollWidth - innerWidth"
        )
        assert over <= 0
    for control in page.all("#place button, #place input, #place a"):
        assert control.accessible_name, control.get_attribute("outerHTML")
    assert page.complaints() == []
