"""What the console's pages say, in a real Chromium: over a platform without a sign-in service, with
models of each kind, a backend that is away, and a fallback."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.e2e.test_console import Page, Platform, browser, open_page, page, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
__all__ = ["browser", "page"]

SETTINGS = """
[[backend]]
name = "away"
url = "http://127.0.0.1:{away}/v1"
health_every_s = 0.2
[[backend]]
name = "up"
url = "{upstream}/v1"
[[model]]
name = "fake"
routes = [{{ backend = "away" }}, {{ backend = "up", weight = 0 }}]
[[model]]
name = "said"
kind = "speech"
routes = [{{ backend = "up" }}]
[[model]]
name = "near"
kind = "embedding"
routes = [{{ backend = "up" }}]
[[price]]
model = "said"
since = 2026-01-01
characters = "90"
[defaults]
requests_a_minute = 6000
tokens_a_minute = 1000000
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with socket.socket() as taken:  # bound and not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        away = taken.getsockname()[1]

        def settings(upstream: str, issuer: str) -> str:
            return SETTINGS.format(upstream=upstream, away=away)

        with served(tmp_path_factory.mktemp("platform"), settings) as started:
            yield started


def show(page: Page, place: str) -> str:
    """The words of a place, opened by its address."""
    page.browser.execute_script("location.hash = '#/' + arguments[0]", place)
    page.until(lambda: page.all(f'[data-place="{place}"]'), place)
    return page.one("#place").text


def cells(page: Page, name: str, css: str = "#place") -> list[str]:
    """The texts of the row that begins with a name."""
    for row in page.all(f"{css} tbody tr"):
        found = [cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td")]
        if found[0].splitlines()[0] == name:
            return found
    raise AssertionError(f"no row {name!r}")


def test_no_page_says_null_or_undefined_without_a_sign_in_service(page: Page):
    for link in [node.get_attribute("href") for node in page.all("#places a")]:
        said = show(page, link.partition("#/")[2])
        assert not {"null", "undefined", "NaN"} & set(said.split()), link
    assert page.complaints() == []


def test_a_model_shows_its_fallback_and_the_units_of_its_kind(page: Page):
    show(page, "models")
    assert "up" in cells(page, "fake")[-1]
    assert "away" in cells(page, "fake")[-1]
    said, near = cells(page, "said"), cells(page, "near")
    assert said[1:5] == ["–", "–", "–", "–"]
    assert "90 a million characters" in said[5]
    assert near[1:5] == ["32,768", "free", "–", "–"]


def test_why_a_backend_rests_is_told_in_chinese_and_its_checks_are_counted_apart(page: Page):
    show(page, "models")
    page.one("[data-language=zh]").click()
    page.until_text("健康检查时没有返回模型列表", "#backends")
    row = cells(page, "away", "#backends")
    assert (row[4], row[5]) == ("0", "0")
    assert int(row[6]) > 0
    assert "令牌" not in page.browser.page_source


def test_keys_of_one_name_are_told_apart_in_a_budget(platform: Platform, page: Page):
    with platform.api() as client:
        [project] = client.get("/projects").json()["projects"]
        car = client.post("/devices", json={"project": project["id"], "name": "Car"}).json()
        for body in ({}, {}, {"device": car["id"]}):
            named = {"project": project["id"], "name": "Car", **body}
            assert client.post("/keys", json=named).status_code == 201
    show(page, "budgets")
    page.one("#make-budget").click()
    told = [option.text for option in Select(page.one('.dialog [name="scope"]')).options]
    assert len(set(told)) == len(told)
    assert sum(text.startswith("Key: Car") for text in told) == 2
    assert sum(text.startswith("Device credential: Car") for text in told) == 1
    page.fill(limit="25,5")
    page.until(lambda: "“25,5” is no limit" in page.one(".dialog .wrong").text, "not told")
    page.fill(limit="25.5")
    page.until_closed()


def test_the_button_of_budgets_stands_beside_the_heading(page: Page):
    show(page, "budgets")
    heading, button = page.one("#place h2").rect, page.one("#make-budget").rect
    assert button["y"] < heading["y"] + heading["height"] + 20
    assert button["x"] > heading["x"]


def test_one_limit_of_a_new_project_leaves_the_others_at_their_defaults(
    platform: Platform, page: Page
):
    said = show(page, "projects")
    assert "the platform's defaults" in said
    assert "60,000" in said
    page.one("#make-project").click()
    page.fill(name="Small", requests_a_minute="7")
    page.until_closed()
    page.until_text("Small")
    with platform.api() as client:
        held = client.get("/projects").json()
    [made] = [one["limits"] for one in held["projects"] if one["name"] == "Small"]
    assert made == {**held["defaults"], "requests_a_minute": 7}


def test_the_key_of_a_disabled_account_is_not_called_live(platform: Platform, page: Page):
    with platform.api() as client:
        body = {"email": "dan@example.org", "role": "member", "password": True}
        made = client.post("/members", json=body).json()
        [project, *_] = client.get("/projects").json()["projects"]
        dan = Platform(platform.address, made["password"], platform.provider, "dan@example.org")
        with dan.api() as own:
            own.post("/keys", json={"project": project["id"], "name": "Dan's"})
        place = f"/platform/accounts/{made['member']['account']['id']}/disable"
        root = platform.address + "/console/api"
        assert httpx.post(root + place, headers=client.headers, timeout=20).status_code == 200
    show(page, "keys")
    page.one('#place input[type="checkbox"]').click()
    page.until_text("Dan's")
    assert "account disabled" in cells(page, "Dan's")[4]


def test_a_page_that_is_not_there_or_not_for_one_is_said_to_be_so(
    platform: Platform, browser: webdriver.Chrome
):
    with platform.api() as client:
        body = {"email": "may@example.org", "role": "member", "password": True}
        password = client.post("/members", json=body).json()["password"]
    page = open_page(platform, browser)
    page.sign_in("may@example.org", password)
    page.until(lambda: page.all('[data-place="overview"]'), "not signed in")
    assert not page.all(".notice")
    page.browser.execute_script("location.hash = '#/nosuch'")
    page.until_text("There is no page “nosuch”")
    page.browser.execute_script("location.hash = '#/accounts'")
    page.until_text("The page Accounts is not for you")


def test_a_page_that_can_not_be_loaded_is_not_shown_as_another(page: Page):
    show(page, "overview")
    page.browser.execute_cdp_cmd("Network.enable", {})
    page.browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/console/api/*/models"]})
    page.one('#places a[href="#/keys"]').click()
    page.until_text("could not be loaded")
    assert page.one("#place h2").text == "Keys"
    assert "keys" in page.one("#places [aria-current]").get_attribute("href")
    page.browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    page.one("#trouble-retry").click()
    page.until(lambda: page.all('[data-place="keys"]'), "not shown again")


def test_a_wrong_password_is_told_in_words_of_the_page(
    platform: Platform, browser: webdriver.Chrome
):
    page = open_page(platform, browser)
    for language, told in (("en", "ask your administrator"), ("zh", "请联系管理员")):
        page.one(f"[data-language={language}]").click()
        page.sign_in("may@example.org", "wrong wrong wrong")
        page.until(lambda told=told: told in page.one("#sign-in .wrong").text, "not told")
        assert "`" not in page.one("#sign-in .wrong").text


def test_times_name_their_zone(page: Page):
    page.browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Shanghai"})
    assert "Asia/Shanghai, UTC+8" in show(page, "live")
    show(page, "keys")
    page.one("#make-key").click()
    assert "Asia/Shanghai, UTC+8" in page.one(".dialog").text
