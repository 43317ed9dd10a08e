"""A real Chromium: with flags of its own, or one for many tests, each in a profile of its own.

To start one takes a second. A profile that is made and thrown away over the DevTools protocol takes
a tenth of it and shares nothing with another: no cookie, storage, cache or permission.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from websockets.sync.client import connect

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--lang=en-US",
)  # fmt: skip
SIZE = (1440, 900)


@contextmanager
def opened_browser(folder: Path, *flags: str) -> Iterator[webdriver.Chrome]:
    """A browser with a new profile in `folder`, and further flags."""
    options = webdriver.ChromeOptions()
    size = f"--window-size={SIZE[0]},{SIZE[1]}"
    for flag in (*FLAGS, size, *flags, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = shutil.which("chromium") or ""
    service = Service(shutil.which("chromedriver") or "")
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()


class SharedBrowser:
    """One browser for the tests of a process, started for the first and anew where it is gone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self._driver: webdriver.Chrome | None = None
        self._started = 0

    @contextmanager
    def fresh(
        self, downloads: Path, width: int = SIZE[0], height: int = SIZE[1]
    ) -> Iterator[webdriver.Chrome]:
        """An empty page in a new profile, whose downloads go to a folder; all of the profile's
        pages are closed at the end."""
        driver = self._at_work()
        own = driver.current_window_handle
        with devtools(driver) as ask:
            profile = ask("Target.createBrowserContext")["browserContextId"]
            ask(
                "Browser.setDownloadBehavior",
                behavior="allow",
                browserContextId=profile,
                downloadPath=str(downloads),
            )
            page = ask(
                "Target.createTarget",
                url="about:blank",
                browserContextId=profile,
                width=width,
                height=height,
            )
            driver.switch_to.window(page["targetId"])
            try:
                yield driver
            finally:
                ask("Target.disposeBrowserContext", browserContextId=profile)
                driver.switch_to.window(own)
                driver.get_log("browser")  # what the next test has not caused

    def close(self) -> None:
        self._running.close()

    def _at_work(self) -> webdriver.Chrome:
        if self._driver is not None:
            try:
                if len(self._driver.window_handles) == 1:
                    return self._driver
            except WebDriverException:
                """It crashed: another one is started."""
            self._running.close()
        self._started += 1
        folder = self._folder / str(self._started)
        self._driver = self._running.enter_context(opened_browser(folder))
        return self._driver


def open_tab(driver: webdriver.Chrome) -> None:
    """A tab beside the page, in the same profile, which neither knows of the other. chromedriver's
    own new window is in the profile that the browser was started with."""
    before = set(driver.window_handles)
    driver.execute_script("window.open('about:blank', '_blank', 'noopener')")
    (opened,) = WebDriverWait(driver, 10).until(lambda _: set(driver.window_handles) - before)
    driver.switch_to.window(opened)


@contextmanager
def devtools(driver: webdriver.Chrome) -> Iterator[Any]:
    """Commands to the browser as a whole; chromedriver passes on those to a page only."""
    address = driver.capabilities["goog:chromeOptions"]["debuggerAddress"]
    told = httpx.get(f"http://{address}/json/version", trust_env=False).json()
    with connect(told["webSocketDebuggerUrl"], proxy=None) as socket:
        asked = 0

        def ask(method: str, **parameters: object) -> dict[str, Any]:
            nonlocal asked
            asked += 1
            socket.send(json.dumps({"id": asked, "method": method, "params": parameters}))
            while (answer := json.loads(socket.recv(timeout=10))).get("id") != asked:
                """An event that nobody asked for."""
            assert "error" not in answer, answer
            return answer["result"]

        yield ask
