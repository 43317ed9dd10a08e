"""Draws docs/cockpit.png: the cockpit in a real Chromium, over a real device, after a few turns.

    python -m scripts.cockpit_picture [FILE]

The cloud behind it is a scripted one and the app on its screen a page made here; nothing else of
what is seen is made up. Needs `chromium` and `chromedriver`. Look at the picture before it is kept.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from edgewise.cli.remote import running_device
from edgewise.core.clock import SystemClock
from edgewise.device.clouds import Cloud
from edgewise.device.consents import Consents
from edgewise.testing.upstream.answers import Answer
from edgewise.testing.upstream.server import started_upstream

PICTURE = Path(__file__).parents[1] / "docs" / "cockpit.png"
SIZE = (1440, 960)
MOST_BYTES = 300_000
WAIT_S = 60.0
QUESTION = "Why do leaves turn yellow in autumn?"
ANSWER = (
    "Days grow short, and the tree takes the green chlorophyll back in. The yellow pigments were"
    " there all summer; now you see them."
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--lang=en-US",
)  # fmt: skip
SETTINGS = """region = "CN"
chat_model = ""
mode = "prefer_cloud"
[[cloud]]
name = "home"
address = "{cloud}"
model = "large"
region = "CN"
input_price = 1.5
output_price = 4.0
[screen]
backend = "chromium"
sandbox = false
[screen.apps]
Trains = "{app}"
"""
APP = """<!doctype html><meta name=viewport content="width=device-width"><title>Departures</title>
<style>
body {{ margin: 0; font: 17px sans-serif; background: #f2f5f9; color: #1a2733 }}
header {{ background: #1d4e89; color: #fff; padding: 22px 20px; font-size: 22px; font-weight: 600 }}
div {{ display: flex; justify-content: space-between; background: #fff; margin: 10px 12px;
  padding: 15px 16px; border-radius: 12px }}
button {{ margin: 8px 12px; width: calc(100% - 24px); padding: 15px; border: 0; font-size: 17px;
  border-radius: 12px; background: #e8871e; color: #fff }}
input {{ margin: 14px 12px 4px; width: calc(100% - 58px); padding: 13px; font-size: 17px;
  border: 1px solid #c5d0db; border-radius: 12px }}
</style>
<header>Departures</header><input placeholder="Search station">{rows}<button>Buy a ticket</button>
"""
TRAINS = (
    ("G1384", "Hangzhou", "14:05"),
    ("D2207", "Suzhou", "14:18"),
    ("G7012", "Nanjing", "14:30"),
    ("K1511", "Huangshan", "14:52"),
    ("G1508", "Ningbo", "15:10"),
)


@contextmanager
def served_app() -> Iterator[str]:
    """The page of an app for the device's screen; its address."""
    rows = "".join(
        f"<div><b>{n}</b><span>{to}</span><span>{at}</span></div>" for n, to, at in TRAINS
    )
    page = APP.format(rows=rows).encode()

    class Shown(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shown)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()


@contextmanager
def served_device(folder: Path) -> Iterator[None]:
    """`edgewise serve device` on a folder that is set up."""
    command = (sys.executable, "-m", "edgewise.cli", "serve", "device", "--port", "0")
    process = subprocess.Popen(command, env={**os.environ, "EDGEWISE_HOME": str(folder)})
    try:
        until(running_device)
        yield
    finally:
        process.terminate()
        process.wait(30)


def until(found: Callable[[], Any]) -> Any:
    """What `found` gives, once that is something."""
    ends = time.monotonic() + WAIT_S
    while time.monotonic() < ends:
        if value := found():
            return value
        time.sleep(0.1)
    raise SystemExit(f"it did not come within {WAIT_S:g} s: {found}")


def draw(address: str, token: str, profile: Path) -> bytes:
    """A few turns on the cockpit's page; its picture."""
    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={SIZE[0]},{SIZE[1]}"):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or ""
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver") or ""))
    try:
        size = {"width": SIZE[0], "height": SIZE[1], "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(address)
        one = driver.find_element
        until(lambda: one(By.ID, "link").get_attribute("data-state") == "on")
        one(By.CSS_SELECTOR, "[data-language=en]").click()
        one(By.CSS_SELECTOR, "[data-theme-choice=light]").click()
        device = address.partition("/#")[0]
        owner = {"Authorization": f"Bearer {token}"}

        def post(route: str, **body: Any) -> None:
            httpx.post(device + route, json=body, headers=owner, timeout=60).raise_for_status()

        def say(text: str) -> None:
            before = len(driver.find_elements(By.CSS_SELECTOR, ".turn"))
            one(By.ID, "say").send_keys(text, Keys.ENTER)
            css = f".turn:nth-child({before + 1}):not([data-outcome=running])"
            until(lambda: driver.find_elements(By.CSS_SELECTOR, css))

        post("/v1/simulation/sensor", path="Vehicle.Exterior.LightIntensity", value=2)
        say("open Trains")
        say("open my window halfway")
        say(QUESTION)
        say("turn on the headlights")
        post("/v1/simulation/drive", speed_km_h=104, gear="D")
        say("关闭所有车外灯")
        one(By.CSS_SELECTOR, ".turn:last-child .steps").click()
        until(lambda: one(By.CSS_SELECTOR, ".screen-where").text.endswith("Departures"))
        time.sleep(5)  # motors stand still, and the screen has been looked at
        driver.execute_script(
            "document.activeElement.blur();"
            "document.querySelector('.turn:last-child').scrollIntoView({ block: 'start' })"
        )
        return driver.get_screenshot_as_png()
    finally:
        driver.quit()


async def drawn() -> bytes:
    """The picture, as PNG."""
    answers = {QUESTION: Answer(QUESTION, ANSWER, first_ms=300)}
    with TemporaryDirectory() as made, served_app() as app:
        folder = Path(made) / "device"
        folder.mkdir(mode=0o700)
        os.environ["EDGEWISE_HOME"] = str(folder)
        async with started_upstream(models=("large",), answers=answers) as upstream:
            (folder / "config.toml").write_text(SETTINGS.format(cloud=upstream.url, app=app))
            cloud = Cloud("home", upstream.url, "large", "CN")
            Consents(folder, SystemClock()).grant(cloud.endpoint, "assist")
            return await asyncio.to_thread(_drawn, folder, Path(made) / "browser")


def keep(picture: bytes, path: Path) -> None:
    """Write it, as small as it goes. Raises SystemExit where that is too large for a README."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.save(path, "PNG", optimize=True)
    size_bytes = path.stat().st_size
    print(f"{path}: {image.width}x{image.height}, {size_bytes} bytes")
    if size_bytes > MOST_BYTES:
        raise SystemExit(f"it has more than {MOST_BYTES} bytes; draw less")


def _drawn(folder: Path, profile: Path) -> bytes:
    with served_device(folder):
        device = running_device()
        assert device is not None, "it was there a line before"
        page = asyncio.run(device.launch_page())
        return draw(page, (folder / "token").read_text("ascii").strip(), profile)


if __name__ == "__main__":
    keep(asyncio.run(drawn()), Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
