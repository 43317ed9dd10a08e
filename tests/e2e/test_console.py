"""The console in a real Chromium, over the real command: keys, budgets, requests, people."""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from edgewise.testing.upstream.server import started_upstream
from tests.cloud.console.oidc_provider import CLIENT, Provider, started_provider
from tests.e2e.chromium import SharedBrowser, open_tab

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WAIT_S = 20
TOKEN = "return sessionStorage.getItem('edgewise.console_session')"
SETTINGS = """
[[backend]]
name = "up"
url = "{upstream}/v1"
usage = "continuous"
[[model]]
name = "fake"
[[model.routes]]
backend = "up"
[[price]]
model = "fake"
since = 2026-01-01
input = "1.35"
output = "8.1"
[oidc]
issuer = "{issuer}"
client_id = "{client}"
name = "Example ID"
"""


@dataclass
class Around:
    """The upstream and the OpenID provider, in a thread of their own."""

    upstream: str = ""
    provider: Provider = field(default_factory=Provider)
    ready: threading.Event = field(default_factory=threading.Event)
    loop: asyncio.AbstractEventLoop | None = None
    over: asyncio.Event | None = None

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        async with started_upstream() as upstream, started_provider() as provider:
            self.upstream, self.provider = upstream.address, provider
            self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
            self.ready.set()
            await self.over.wait()

    def stop(self) -> None:
        assert self.loop is not None
        assert self.over is not None
        self.loop.call_soon_threadsafe(self.over.set)


@dataclass
class Platform:
    """`edgewise serve cloud` as somebody starts it, and what it printed."""

    address: str
    password: str
    provider: Provider
    email: str = "admin@localhost"

    def api(self) -> httpx.Client:
        """The management API, signed in beside the browser."""
        root = self.address + "/console/api"
        body = {"email": self.email, "password": self.password}
        token = httpx.post(f"{root}/sign-in", json=body, timeout=20).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        me = httpx.get(f"{root}/me", headers=headers, timeout=20).json()
        base = f"{root}/organisations/{me['organisations'][0]['id']}"
        return httpx.Client(base_url=base, headers=headers, timeout=20)

    def ask(self, key: str, content: str = "hello") -> httpx.Response:
        body = {"model": "fake", "messages": [{"role": "user", "content": content}]}
        headers = {"Authorization": f"Bearer {key}"}
        address = f"{self.address}/v1/chat/completions"
        return httpx.post(address, json=body, headers=headers, timeout=30)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    def settings(upstream: str, issuer: str) -> str:
        return SETTINGS.format(upstream=upstream, issuer=issuer, client=CLIENT)

    with served(tmp_path_factory.mktemp("platform"), settings) as started:
        yield started


@contextmanager
def served(folder: Path, settings: Callable[[str, str], str]) -> Iterator[Platform]:
    """The platform at work in a folder; `settings` is given the addresses of the two around it."""
    around = Around()
    thread = threading.Thread(target=around.run, daemon=True)
    thread.start()
    assert around.ready.wait(30), "the upstream did not start"
    said = settings(around.upstream, around.provider.address)
    (folder / "cloud.toml").write_text(said, encoding="utf-8")
    command = [sys.executable, "-m", "edgewise.cli", "serve", "cloud", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--folder", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    try:
        assert process.stdout is not None
        said = ""
        while "password" not in said or "First start" not in said:
            line = process.stdout.readline()
            assert line, f"the platform ended: {said}"
            said += line
        address = re.search(r"http://[\d.]+:\d+", said)
        password = re.search(r"with the password (\S+)", said)
        assert address is not None
        assert password is not None
        yield Platform(address[0], password[1], around.provider)
    finally:
        process.terminate()
        process.wait(20)
        around.stop()
        thread.join(15)


@pytest.fixture
def browser(chromium: SharedBrowser, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with chromium.fresh(tmp_path, 1280, 900) as driver:
        yield driver


class Page:
    """The console as a person sees it."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self.browser = browser

    def one(self, css: str) -> Any:
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[Any]:
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def until(self, what: Any, said: str = "") -> Any:
        """Wait for it; a part that is drawn anew while it is looked at is looked at again."""
        redrawn = (StaleElementReferenceException,)
        waiting = WebDriverWait(self.browser, WAIT_S, 0.05, ignored_exceptions=redrawn)
        return waiting.until(lambda _: what(), said)

    def until_text(self, text: str, css: str = "#place") -> None:
        def shown() -> bool:
            found = self.browser.execute_script(
                "return document.querySelector(arguments[0])?.innerText ?? ''", css
            )
            return text in found

        self.until(shown, f"no {text!r} in {css}")

    def go(self, place: str) -> None:
        self.one(f'#places a[href="#/{place}"]').click()
        self.until(lambda: self.all(f'[data-place="{place}"]'), f"no {place}")

    def fill(self, **values: str) -> None:
        """Put values into the open dialog and send it."""
        for name, value in values.items():
            node = self.one(f'.dialog [name="{name}"]')
            if node.tag_name == "select":
                Select(node).select_by_visible_text(value)
            else:
                node.clear()
                node.send_keys(value)
        self.one(".dialog .answers .primary").click()

    def press(self, text: str, within: str = "#place") -> None:
        """Press the button that says so, as soon as there is one."""

        def pressed() -> bool:
            found = [node for node in self.all(f"{within} button") if node.text == text]
            for node in found[:1]:
                node.click()
            return bool(found)

        self.until(pressed, f"no button {text!r}")

    def until_closed(self) -> None:
        self.until(lambda: not self.all(".dialog"), "the dialog stays open")

    def make_key(self, name: str) -> str:
        """Make a key as a person does; its secret."""
        self.go("keys")
        self.one("#make-key").click()
        self.fill(name=name)
        self.until(lambda: self.all('.dialog [data-role="secret"]'), "no secret")
        secret = self.one('.dialog [data-role="secret"]').text
        self.one('.dialog [data-role="kept"]').click()
        self.until_closed()
        self.until_text(name)
        return secret

    def sign_in(self, email: str, password: str) -> None:
        self.until(lambda: self.all("#sign-in"), "no form")
        for name, value in (("email", email), ("password", password)):
            node = self.one(f'#sign-in [name="{name}"]')
            node.clear()
            node.send_keys(value)
        self.one("#sign-in .primary").click()

    def complaints(self) -> list[str]:
        entries: list[dict[str, str]] = self.browser.get_log("browser")
        return [entry["message"] for entry in entries if "Failed to load" not in entry["message"]]


def open_page(platform: Platform, browser: webdriver.Chrome) -> Page:
    browser.get(platform.address)
    page = Page(browser)
    page.one("[data-language=en]").click()
    return page


@pytest.fixture
def page(platform: Platform, browser: webdriver.Chrome) -> Page:
    opened = open_page(platform, browser)
    opened.sign_in(platform.email, platform.password)
    opened.until(lambda: opened.all('[data-place="overview"]'), "not signed in")
    return opened


def test_from_the_first_password_to_a_request_and_back_out(platform: Platform, page: Page):
    assert page.browser.current_url.startswith(f"{platform.address}/console/")
    secret = page.make_key("First client")
    assert secret.startswith("sk-ew-")
    assert secret not in page.browser.page_source
    page.go("live")
    assert platform.ask(secret).status_code == 200
    page.until_text("First client", "#ended")
    page.until_text("done", "#ended")
    page.go("traces")
    page.until_text("chat fake")
    page.go("usage")
    page.until(lambda: page.all(".plot .amount"), "no plot")
    page.go("keys")
    row = next(row for row in page.all("tbody tr") if "First client" in row.text)
    row.find_element(By.CSS_SELECTOR, '[data-role="revoke"]').click()
    assert "refused at once" in page.one(".dialog").text
    assert platform.ask(secret).status_code == 200, "nothing may happen before the yes"
    page.one(".dialog .answers .primary").click()
    page.until_closed()
    assert platform.ask(secret).status_code == 401
    page.one("#sign-out").click()
    page.until(lambda: page.all("#sign-in"))
    assert page.browser.execute_script(TOKEN) is None
    page.browser.refresh()
    page.until(lambda: page.all("#sign-in"))
    assert page.complaints() == []


def test_a_question_can_be_refused(platform: Platform, page: Page):
    secret = page.make_key("Kept")
    row = next(row for row in page.all("tbody tr") if "Kept" in row.text)
    row.find_element(By.CSS_SELECTOR, '[data-role="revoke"]').click()
    page.press("Cancel", ".dialog")
    page.until_closed()
    assert platform.ask(secret).status_code == 200


def test_a_secret_is_not_closed_by_accident(page: Page):
    page.go("keys")
    page.one("#make-key").click()
    page.fill(name="Careful")
    page.until(lambda: page.all('.dialog [data-role="secret"]'))
    page.one(".dialog").send_keys(Keys.ESCAPE)
    assert page.all('.dialog [data-role="secret"]')
    page.press("Copy", ".dialog")
    page.until(lambda: "Copied" in page.one(".dialog").text)


def test_a_running_request_is_seen_before_it_ends(platform: Platform, page: Page):
    secret = page.make_key("Slow")
    page.go("live")
    directive = json.dumps({"test": {"tokens": 300, "delay_ms": 10}})
    worker = threading.Thread(target=platform.ask, args=(secret, directive), daemon=True)
    worker.start()
    page.until_text("Slow", "#running")
    worker.join(20)
    page.until_text("Nothing runs now", "#running")
    page.until_text("Slow", "#ended")


def test_a_budget_is_set_seen_and_obeyed(platform: Platform, page: Page):
    secret = page.make_key("Poor")
    page.go("budgets")
    page.one("#make-budget").click()
    told = [option.text for option in Select(page.one('.dialog [name="scope"]')).options]
    [scope] = [text for text in told if text.startswith("Key: Poor ")]
    page.fill(scope=scope, limit="0.0001")
    page.until_closed()
    page.until_text("of ¥0.0001 spent")
    page.until(lambda: platform.ask(secret, "x " * 50).status_code == 402, "never refused")
    page.go("overview")
    page.until_text("Poor")
    page.until(lambda: page.all(".meter.full"), "the bar is not full")
    page.go("budgets")
    page.press("Change")
    page.fill(limit="no number")
    page.until(lambda: "is no limit" in page.one(".dialog .wrong").text, "taken")
    page.fill(limit="5")
    page.until_closed()
    page.until_text("of ¥5.00 spent")
    page.press("Delete")
    page.one(".dialog .answers .primary").click()
    page.until_text("There are no budgets")


def test_a_wrong_password_says_so_and_lets_nobody_in(platform: Platform, browser: webdriver.Chrome):
    page = open_page(platform, browser)
    page.sign_in(platform.email, "wrong wrong wrong")
    page.until(lambda: page.one("#sign-in .wrong").is_displayed())
    assert "password is wrong" in page.one("#sign-in .wrong").text
    assert not page.one("#places").is_displayed()
    page.sign_in(platform.email, platform.password)
    page.until(lambda: page.all('[data-place="overview"]'))


def test_a_session_that_was_ended_elsewhere_leads_back_to_the_form(page: Page, platform: Platform):
    root = platform.address + "/console/api"
    token = page.browser.execute_script(TOKEN)
    httpx.delete(f"{root}/me/sessions", headers={"Authorization": f"Bearer {token}"}, timeout=20)
    page.one('#places a[href="#/keys"]').click()
    page.until(lambda: page.all("#sign-in"), "no form")
    assert "sign in again" in page.one("#trouble").text


def test_the_ledger_is_saved_as_a_file(platform: Platform, page: Page, tmp_path: Path):
    platform.ask(page.make_key("Exported"))
    page.go("usage")
    page.one("#export-csv").click()
    found = page.until(lambda: list(tmp_path.glob("usage-*.csv")), "no file")
    page.until(lambda: found[0].stat().st_size > 100)
    assert found[0].read_text(encoding="utf-8").startswith("id,at,day,")


def test_a_member_is_added_and_signs_in(platform: Platform, page: Page):
    page.go("members")
    page.one("#invite").click()
    page.fill(who="ann@example.org", name="Ann")
    page.until(lambda: page.all('.dialog [data-role="secret"]'))
    password = page.one('.dialog [data-role="secret"]').text
    page.one('.dialog [data-role="kept"]').click()
    page.until_text("ann@example.org")
    page.one("#sign-out").click()
    page.sign_in("ann@example.org", password)
    page.until(lambda: page.one("#places").is_displayed(), "not signed in")
    page.go("projects")
    page.until_text("First project")
    assert not page.all("#make-project"), "a member makes no projects"
    page.make_key("Ann's")


def test_a_device_is_registered_and_given_a_credential(platform: Platform, page: Page):
    page.go("devices")
    page.one("#register").click()
    page.fill(name="Test car")
    page.until_closed()
    page.go("keys")
    page.press("New device credential")
    page.fill(name="Test car")
    page.until(lambda: page.all('.dialog [data-role="secret"]'))
    secret = page.one('.dialog [data-role="secret"]').text
    assert secret.startswith("dk-ew-")
    assert platform.ask(secret).status_code == 403


def test_the_operator_sees_why_a_request_failed_upstream(platform: Platform, page: Page):
    secret = page.make_key("Unlucky")
    page.go("live")
    page.until_text("Answered", "#backends")
    assert platform.ask(secret, json.dumps({"test": {"fail_status": 503}})).status_code == 503
    page.until_text("upstream_unavailable · up", "#ended")
    page.until_text("up answered 503 told_to_fail", "#backends")
    page.go("models")
    page.until_text("up answered 503 told_to_fail", "#backends")
    page.until(lambda: platform.ask(secret).status_code == 200, "it rests for ever")
    page.until_text("ready", "#backends")


def test_an_account_is_disabled_and_enabled_by_the_operator(platform: Platform, page: Page):
    with platform.api() as client:
        body = {"email": "eve@example.org", "role": "member", "password": True}
        made = client.post("/members", json=body).json()
    eve = Platform(platform.address, made["password"], platform.provider, "eve@example.org")
    with eve.api() as client:
        page.go("accounts")
        page.one('[name="text"]').send_keys("EVE@")
        page.until(lambda: len(page.all("tbody tr")) == 1, "not found")
        page.one('[data-role="disable"]').click()
        assert client.get("/projects").status_code == 200, "nothing may happen before the yes"
        page.one(".dialog .answers .primary").click()
        page.until_text("disabled")
        assert client.get("/projects").status_code == 401
    page.one('[data-role="enable"]').click()
    page.one(".dialog .answers .primary").click()
    page.until(lambda: page.all('[data-role="disable"]'), "stays disabled")
    with eve.api() as client:
        assert client.get("/projects").status_code == 200


def test_a_member_is_shown_neither_backends_nor_accounts(
    platform: Platform, browser: webdriver.Chrome
):
    with platform.api() as client:
        body = {"email": "mia@example.org", "role": "admin", "password": True}
        password = client.post("/members", json=body).json()["password"]
    page = open_page(platform, browser)
    page.sign_in("mia@example.org", password)
    page.until(lambda: page.all('[data-place="overview"]'), "not signed in")
    assert not page.all('#places a[href="#/accounts"]')
    page.browser.execute_script("location.hash = '#/accounts'")
    page.until(lambda: "overview" in page.one("#places [aria-current]").get_attribute("href"))
    page.go("models")
    page.until_text("Backends")
    assert not page.all("#backends")
    page.go("account")
    assert not page.all("#make-organisation")
    assert page.complaints() == []


def test_who_is_in_no_organisation_finds_the_id_to_be_added_by(
    platform: Platform, browser: webdriver.Chrome
):
    with platform.api() as client:
        body = {"email": "lone@example.org", "role": "member", "password": True}
        made = client.post("/members", json=body).json()
        account = made["member"]["account"]["id"]
        assert client.delete(f"/members/{account}").status_code == 200
    page = open_page(platform, browser)
    page.sign_in("lone@example.org", made["password"])
    page.until_text("You are in no organisation")
    assert page.one('[data-role="account-id"]').text == account
    assert [link.text for link in page.all("#places a")] == ["Account"]
    assert not page.one("#whose").is_displayed()
    with platform.api() as client:
        assert client.post("/members", json={"account": account, "role": "member"}).is_success
    page.browser.refresh()
    page.until(lambda: page.one("#whose").is_displayed(), "not in")
    page.go("overview")
    assert page.complaints() == []


def test_a_second_organisation_is_made_and_one_switches_between_the_two(page: Page):
    page.go("account")
    page.one("#make-organisation").click()
    page.fill(name="Second place")
    page.until_closed()
    shown = Select(page.one("#organisation"))
    page.until(lambda: shown.first_selected_option.text == "Second place", "not switched")
    page.go("keys")
    page.until_text("There are no keys yet")
    page.make_key("Of the second")
    Select(page.one("#organisation")).select_by_visible_text("First organisation")
    page.until(lambda: "Of the second" not in page.one("#place").text, "shown in the first")
    page.go("account")
    page.press("Switch to it")
    page.go("keys")
    page.until_text("Of the second")
    page.browser.refresh()
    page.until_text("Of the second")


def test_an_identity_is_linked_signs_in_and_is_taken_off(platform: Platform, page: Page):
    platform.provider.subject, kept = "subject-of-admin", platform.provider.subject
    try:
        page.go("account")
        page.one("#link").click()
        page.fill(password="wrong wrong wrong")
        page.until(lambda: "password is wrong" in page.one(".dialog").text)
        page.fill(password=platform.password)
        page.until_text(f"An identity of {platform.provider.address} is linked")
        assert "code=" not in page.browser.current_url
        page.one("#sign-out").click()
        page.until(lambda: page.all("#oidc"), "no other way")
        page.one("#oidc").click()
        page.until(lambda: page.all('[data-place="account"], [data-place="overview"]'))
        page.go("account")
        page.until_text(platform.email)
        page.one("#unlink").click()
        page.fill(password=platform.password)
        page.until_closed()
        page.until(lambda: page.all("#link"), "still linked")
        page.one("#sign-out").click()
        page.until(lambda: page.all("#oidc"), "no other way")
        page.one("#oidc").click()
        page.until(lambda: "invited" in page.one("#trouble").text, "it still signs in")
        assert page.complaints() == []
    finally:
        platform.provider.subject = kept


def test_an_identity_of_somebody_else_is_refused_where_it_is_linked(platform: Platform, page: Page):
    platform.provider.subject, kept = "subject-of-zoe", platform.provider.subject
    platform.provider.email, address = "zoe@example.org", platform.provider.email
    try:
        with platform.api() as client:
            client.post("/members", json={"email": "zoe@example.org", "role": "member"})
        root = platform.address + "/console/api/sign-in/oidc"
        begun = httpx.post(root, timeout=20).json()
        back = httpx.get(begun["address"], timeout=20).headers["location"]
        code = re.search(r"code=([^&]+)", back)
        assert code is not None
        body = {"code": code[1], "state": begun["state"], "secret": begun["secret"]}
        assert httpx.post(f"{root}/finish", json=body, timeout=20).status_code == 200
        page.go("account")
        page.one("#link").click()
        page.fill(password=platform.password)
        page.until(lambda: "another account" in page.one("#trouble").text, "not told")
        page.until(lambda: page.all("#link"), "linked")
    finally:
        platform.provider.subject, platform.provider.email = kept, address


def test_signing_in_by_the_service_and_back(platform: Platform, browser: webdriver.Chrome):
    page = open_page(platform, browser)
    page.until(lambda: page.all("#oidc"), "no other way")
    assert page.one("#oidc").text == "Sign in with Example ID"
    page.one("#oidc").click()
    page.until(lambda: "invited" in page.one("#trouble").text, "a stranger was let in")
    with platform.api() as client:
        body = {"email": platform.provider.email, "role": "member"}
        assert client.post("/members", json=body).status_code == 201
    page.until(lambda: page.all("#oidc"))
    page.one("#oidc").click()
    page.until(lambda: page.all('[data-place="overview"]'), "not signed in")
    assert "code=" not in page.browser.current_url
    page.go("account")
    page.until_text(platform.provider.email)


def test_a_code_that_somebody_else_began_signs_nobody_in(
    platform: Platform, browser: webdriver.Chrome
):
    root = platform.address + "/console/api"
    begun = httpx.post(f"{root}/sign-in/oidc", timeout=20).json()
    back = httpx.get(begun["address"], timeout=20).headers["location"]
    browser.get(back)
    page = Page(browser)
    page.until(lambda: page.one("#trouble").is_displayed())
    assert page.all("#sign-in")
    assert "code=" not in browser.current_url


FOREIGN_PAGE = """<!doctype html><title>foreign</title>
<iframe src="{address}/console/"></iframe>
<form method="post" enctype="text/plain" action="{place}/projects" target="sink">
<input name='{{"name": "forged", "x": "' value='"}}'></form><iframe name="sink"></iframe>"""

FORGE = """
const [place, done] = [arguments[0], arguments[1]];
const body = JSON.stringify({name: "forged"});
const json = {"Content-Type": "application/json"};
const tries = [
  fetch(place + "/projects", {method: "POST", body, headers: json, credentials: "include"}),
  fetch(place + "/projects", {method: "POST", body, mode: "no-cors", credentials: "include"}),
  fetch(place + "/projects", {credentials: "include"}),
  fetch(place + "/requests", {credentials: "include", mode: "no-cors"}),
];
document.querySelector("form").submit();
Promise.allSettled(tries).then((all) => setTimeout(() => done(
  all.map((one) => one.status === "rejected" ? "refused" : one.value.type)), 500));
"""


def test_a_page_from_another_origin_can_do_nothing(platform: Platform, page: Page):
    """Beside a signed-in page, in the same browser: requests, a form, a frame, its window."""
    with platform.api() as client:
        place = str(client.base_url).rstrip("/")
        before = client.get("/projects").json()
        html = FOREIGN_PAGE.format(address=platform.address, place=place).encode()
        with foreign_site(html) as address:
            open_tab(page.browser)
            page.browser.get(address)
            told = page.browser.execute_async_script(FORGE, place)
            assert set(told) <= {"refused", "opaque"}
            seen = "return [...document.querySelectorAll('iframe')].map((f) => f.contentDocument)"
            assert page.browser.execute_script(seen) == [None, None]
            window = "return window.held = window.open(arguments[0]), true"
            page.browser.execute_script(window, f"{platform.address}/console/")
            page.until(lambda: page.browser.execute_script("return held.closed"), "still held")
        assert client.get("/projects").json() == before


def foreign_site(html: bytes) -> Any:
    """Another program's page on this machine, while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Site(ThreadingHTTPServer):
        def __enter__(self) -> str:  # type: ignore[override]
            threading.Thread(target=self.serve_forever, daemon=True).start()
            return f"http://127.0.0.1:{self.server_address[1]}/"

        def __exit__(self, *_: object) -> None:
            self.shutdown()
            self.server_close()

    return Site(("127.0.0.1", 0), Handler)


def test_the_language_is_switched_and_remembered(page: Page):
    page.one("[data-language=zh]").click()
    page.until_text("概览", "#places")
    page.go("keys")
    page.until_text("新建密钥")
    page.browser.refresh()
    page.until_text("新建密钥")
    assert page.one("html").get_attribute("lang") == "zh-CN"


def test_the_theme_is_switched_and_remembered(page: Page):
    light = page.one("body").value_of_css_property("color")
    page.one("[data-theme-choice=dark]").click()
    dark = page.one("body").value_of_css_property("color")
    assert light != dark
    page.browser.refresh()
    page.until(lambda: page.one("body").value_of_css_property("color") == dark)


PLACES = (
    "keys", "budgets", "usage", "live", "traces", "models", "projects", "devices", "voice",
    "members",
    "accounts", "account", "overview",
)  # fmt: skip


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways_and_every_control_has_a_name(page: Page, width: int):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    for place in PLACES:
        page.browser.execute_script("location.hash = '#/' + arguments[0]", place)
        page.until(lambda place=place: page.all(f'[data-place="{place}"]'), place)
        over = page.browser.execute_script(
            "return document.documentElement.scrollWidth - innerWidth"
        )
        assert over <= 0, place
        for control in page.all("button, input, select, a, summary"):
            if control.is_displayed():
                assert control.accessible_name, control.get_attribute("outerHTML")
    assert page.complaints() == []


def test_markup_in_names_stays_words(platform: Platform, page: Page):
    name = "<img src=x onerror=alert(1)>"
    with platform.api() as client:
        assert client.post("/projects", json={"name": name}).status_code == 201
    page.go("projects")
    page.until_text(name)
    assert not page.all("#place img")
