"""A page's own RTCPeerConnection in a real Chromium calls a device of its own process: the guide's
script, a microphone that plays a file, and the sound that comes back on the track."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from edgewise.core.words import Language
from edgewise.device.config import SensesConfig
from edgewise.device.senses import lacks
from tests.cli.served import WITHOUT_MODEL, ServedDevice, serve_device
from tests.e2e.chromium import opened_browser
from tests.e2e.test_cockpit import WINDOW
from tests.e2e.test_cockpit_voice import samples_of, write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        bool(lacks(SensesConfig(see=""))), reason="the models of hearing and speaking: make venv"
    ),
]

SNIPPET = Path(__file__).resolve().parents[2] / "docs/snippets/realtime_call.js"
WAIT_S = 90
LEAD_S = 8.0
"""Until the page has called; the file begins with the microphone."""
TAIL_S = 30.0
LOUD = 0.004
CALL = """
window.told = [];
window.levels = [];
const [key, done] = arguments;
window.call("/v1/realtime/calls?zone=driver", key, (event) => told.push(event))
  .then((made) => {
    window.made = made;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const { track } = made.peer.getReceivers()[0];
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const data = new Float32Array(analyser.fftSize);
    setInterval(() => {
      analyser.getFloatTimeDomainData(data);
      levels.push(Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length));
    }, 20);
    done(made.location);
  }, (error) => done(String(error)));
"""


def kinds(browser: webdriver.Chrome) -> list[str]:
    return browser.execute_script("return told.map((event) => event.type)")


def until(browser: webdriver.Chrome, what: Any, said: str) -> None:
    WebDriverWait(browser, WAIT_S, 0.05).until(lambda _: what(), said)


def state_of(device: ServedDevice, headers: dict[str, str]) -> dict[str, Any]:
    return httpx.get(f"{device.address}/v1/agent/state", headers=headers, timeout=10).json()


def test_a_page_calls_says_open_the_window_and_hears_the_answer(tmp_path: Path):
    file = tmp_path / "said.wav"
    parts = (LEAD_S, ("open the driver's window", Language.ENGLISH), TAIL_S)
    write(file, asyncio.run(samples_of(parts)))
    flags = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        f"--use-file-for-fake-audio-capture={file}%noloop",
    ]
    with (
        serve_device(tmp_path / "home", WITHOUT_MODEL) as device,
        opened_browser(tmp_path, *flags) as browser,
    ):
        key = (device.home / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        assert state_of(device, headers)[WINDOW] == 0
        browser.get(f"{device.address}/")
        browser.execute_script(SNIPPET.read_text("utf-8") + "\nwindow.call = call;")
        browser.set_script_timeout(WAIT_S)
        location = browser.execute_async_script(CALL, key)
        assert location.startswith("/v1/realtime/calls/rtc_"), location
        until(browser, lambda: "session.created" in kinds(browser), "nothing is told")
        until(browser, lambda: "output_audio_buffer.stopped" in kinds(browser), "no answer")
        assert state_of(device, headers)[WINDOW] == 100
        levels: list[float] = browser.execute_script("return levels")
        assert sum(level > LOUD for level in levels) > 10, "nothing was heard"
        assert "response.output_audio.delta" not in kinds(browser)
        ended = httpx.post(device.address + location + "/hangup", headers=headers, timeout=10)
        assert ended.status_code == 200
        closed = "return made.events.readyState"
        until(browser, lambda: browser.execute_script(closed) == "closed", "the channel stays")
