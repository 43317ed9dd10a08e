"""Talking to the cockpit in a real Chromium: a microphone that plays a file, and a device with its
own ears and voice behind the page. What is played is the sound that reaches the loudspeaker."""

import asyncio
import re
import wave
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from edgewise.core.words import Language
from edgewise.device.config import SensesConfig
from edgewise.device.runtime import Device
from edgewise.device.senses import lacks
from edgewise.sound.pcm import SPEAKING_HZ, silence
from edgewise.think.chat import ChatPrompt, Note, Said, unnoted
from edgewise.think.think import Thinking
from edgewise.think.understand import load_understander
from tests.e2e.chromium import opened_browser
from tests.e2e.test_cockpit import WINDOW, Page, Server, open_page, park, serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        bool(lacks(SensesConfig(see=""))), reason="the models of hearing and speaking: make venv"
    ),
]

OPEN = {Language.ENGLISH: "open the driver's window", Language.CHINESE: "打开主驾车窗"}
ASKED = "tell me a long story about the sea"
STORY = (
    "Long ago a ship sailed out in the morning. The sea was calm. At noon the wind came from the"
    " north. The sails were full. In the evening the captain saw an island. There was a light on"
    " it. The crew rowed to the shore. They found an old man there. Then they sailed on."
)
LEAD_S = 0.8
TAIL_S = 3.0
BARGE_IN_MS = 150
LOUD = 0.004
"""Root mean square of what is no silence."""
PROBE = """
(() => {
  const probe = window.probe = { out: [], mic: [], sent: [] };
  const connect = AudioNode.prototype.connect;
  const watch = (node, list) => {
    const analyser = node.context.createAnalyser();
    analyser.fftSize = 256;
    connect.call(node, analyser);
    const data = new Float32Array(256);
    setInterval(() => {
      analyser.getFloatTimeDomainData(data);
      const level = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / 256);
      list.push([performance.now(), node.context.state === "running" ? level : 0]);
    }, 5);
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) watch(this, probe.out);
    if (to instanceof AudioWorkletNode) watch(this, probe.mic);
    return connect.call(this, to, ...rest);
  };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    const event = JSON.parse(text);
    if (event.type !== "input_audio_buffer.append") probe.sent.push([performance.now(), event]);
    return send.call(this, text);
  };
})()
"""
"""Notes, beside what the page does, how loud microphone and loudspeaker are, and what is sent
besides sound."""
Opened = Callable[..., Page]


class Teller:
    """A language model that tells one story, so that there is something long to be spoken."""

    name = "teller"
    languages = (Language.ENGLISH,)

    async def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
    ) -> AsyncIterator[str]:
        yield STORY
        note(Said(STORY))

    async def close(self) -> None:
        """Nothing to end."""


def give_a_story(device: Device) -> None:
    home = device.agent.home
    capabilities = home.catalogue.capabilities
    mind = Thinking(load_understander(capabilities), Teller(), "", capabilities)
    device.agent.home = replace(home, mind=mind)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serve(
        tmp_path_factory.mktemp("talking"), prepare=give_a_story, talks=True, says=STORY
    )
    yield running
    running.stop()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Files in which the device's own voice says something, each made once."""
    folder = tmp_path_factory.mktemp("said")

    def make(*parts: tuple[str, Language] | float) -> Path:
        name = re.sub(r"\W+", "-", repr(parts))[:80]
        path = folder / f"{name}.wav"
        if not path.exists():
            write(path, asyncio.run(samples_of(parts)))
        return path

    return make


async def samples_of(parts: tuple[tuple[str, Language] | float, ...]) -> bytes:
    """Words as they are spoken, and seconds of silence."""
    from edgewise.answer.voice import LocalVoice

    voice = LocalVoice()
    sound = b""
    try:
        for part in parts:
            if isinstance(part, tuple):
                sound += b"".join([one.sound.data async for one in voice.speak(*part)])
            else:
                sound += silence(part, SPEAKING_HZ).data
    finally:
        await voice.close()
    return sound


def write(path: Path, samples: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SPEAKING_HZ)
        file.writeframes(samples)


@pytest.fixture
def opened(server: Server, tmp_path: Path) -> Iterator[Opened]:
    """The page, with a microphone that plays a file; `refuses`: without the permission for it."""
    with ExitStack() as stack:

        def enter(file: Path | None, *, refuses: bool = False) -> Page:
            flags = ["--use-fake-device-for-media-stream"]
            flags += [f"--use-file-for-fake-audio-capture={file}%noloop"] if file else []
            flags += ["--deny-permission-prompts" if refuses else "--use-fake-ui-for-media-stream"]
            driver = stack.enter_context(browser_with(tmp_path, flags))
            driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": PROBE})
            park(server)
            server.post("/v1/agent/turns", {"text": "close the driver's window", "session": "s"})
            page = open_page(server, driver)
            page.until(lambda: server.state()[WINDOW] == 0)
            return page

        yield enter


def browser_with(folder: Path, flags: list[str]) -> AbstractContextManager[webdriver.Chrome]:
    return opened_browser(folder, *flags)


def choose(page: Page, language: Language) -> None:
    page.one(f"[data-language={language.value}]").click()


def loud_ms(page: Page, which: str) -> list[float]:
    """When (milliseconds of the page's clock) the microphone or the loudspeaker was loud."""
    rows: list[tuple[float, float]] = page.browser.execute_script(f"return probe.{which}")
    return [at for at, level in rows if level > LOUD]


def now_ms(page: Page) -> float:
    return page.browser.execute_script("return performance.now()")


def sent(page: Page, kind: str) -> list[Any]:
    told: list[Any] = page.browser.execute_script("return probe.sent.map(([, event]) => event)")
    return [event for event in told if event["type"] == kind]


def spoken(page: Page) -> None:
    """Returns when somebody has spoken into the microphone and been silent for half a second."""

    def ended() -> bool:
        loud = loud_ms(page, "mic")
        return bool(loud) and now_ms(page) - loud[-1] > 500

    page.until(ended, "nobody spoke")


def hold(page: Page) -> None:
    ActionChains(page.browser).click_and_hold(page.one("#mic")).perform()


def let_go(page: Page) -> None:
    ActionChains(page.browser).release().perform()


def last_turn(page: Page) -> Any:
    return page.browser.find_elements(By.CSS_SELECTOR, ".turn")[-1]


def done(page: Page) -> Any:
    """The newest turn when it is over."""

    def over() -> bool:
        return last_turn(page).get_attribute("data-outcome") in ("done", "failed", "denied")

    page.until(over, "the turn does not end")
    return last_turn(page)


@pytest.mark.parametrize("language", list(Language))
def test_what_is_said_while_the_button_is_held_opens_the_window_and_is_answered_aloud(
    server: Server, opened: Opened, recorded: Callable[..., Path], language: Language
):
    page = opened(recorded(LEAD_S, (OPEN[language], language), TAIL_S))
    choose(page, language)
    before = len(page.browser.find_elements(By.CSS_SELECTOR, ".turn"))
    assert page.one("#mic").get_attribute("aria-pressed") == "false"
    hold(page)
    page.until(lambda: page.one("#mic").get_attribute("aria-pressed") == "true")
    spoken(page)
    let_go(page)
    turn = done(page)
    assert turn.get_attribute("data-outcome") == "done"
    page.until(lambda: server.state()[WINDOW] == 100, "the window stays shut")
    page.until(lambda: "100" in page.text('[data-part="windowtext.driver"]'))
    after = page.browser.find_elements(By.CSS_SELECTOR, ".turn")
    assert len(after) == before + 1, "what was said and its turn are one"
    words = turn.find_element(By.CSS_SELECTOR, ".words").text
    assert ("window" if language is Language.ENGLISH else "车窗") in words
    page.until(lambda: len(loud_ms(page, "out")) > 20, "nothing was played")
    page.until(lambda: page.one("#mic").get_attribute("data-state") == "off")
    assert page.complaints() == []


def test_words_are_shown_while_they_are_spoken(opened: Opened, recorded: Callable[..., Path]):
    page = opened(recorded(LEAD_S, (ASKED, Language.ENGLISH), TAIL_S))
    page.one("body").click()
    ActionChains(page.browser).key_down(Keys.SPACE).perform()
    page.until(lambda: page.browser.find_elements(By.CSS_SELECTOR, ".words.is-partial"))
    assert page.one("#mic").get_attribute("aria-pressed") == "true"
    spoken(page)
    ActionChains(page.browser).key_up(Keys.SPACE).perform()
    page.until(lambda: not page.browser.find_elements(By.CSS_SELECTOR, ".words.is-partial"))
    assert "tell me a long story" in done(page).find_element(By.CSS_SELECTOR, ".words").text.lower()


def test_hands_free_the_device_finds_the_turns_by_itself(
    server: Server, opened: Opened, recorded: Callable[..., Path]
):
    page = opened(recorded(LEAD_S, (OPEN[Language.ENGLISH], Language.ENGLISH), TAIL_S))
    page.one("[data-talk-mode=free]").click()
    page.one("#mic").click()
    page.until(lambda: page.one("#mic").get_attribute("aria-pressed") == "true")
    spoken(page)
    page.until(lambda: server.state()[WINDOW] == 100, "the window stays shut")
    assert done(page).get_attribute("data-outcome") == "done"
    page.until(lambda: len(loud_ms(page, "out")) > 20, "nothing was played")
    assert sent(page, "response.create") == [], "the device answers by itself"
    page.one("#mic").click()
    page.until(lambda: page.one("#mic").get_attribute("aria-pressed") == "false")


def test_pressing_silences_the_answer_at_once_and_says_how_much_was_heard(
    opened: Opened, recorded: Callable[..., Path]
):
    page = opened(recorded(LEAD_S, (ASKED, Language.ENGLISH), TAIL_S))
    hold(page)
    spoken(page)
    let_go(page)
    page.until(lambda: len(loud_ms(page, "out")) > 40, "nothing was played")
    page.browser.execute_script(
        "document.querySelector('#mic').addEventListener('pointerdown',"
        " () => { probe.pressed = performance.now(); })"
    )
    hold(page)
    pressed = page.browser.execute_script("return probe.pressed")
    page.until(lambda: now_ms(page) > pressed + 1500)
    assert [at for at in loud_ms(page, "out") if at > pressed + BARGE_IN_MS] == []
    begun = loud_ms(page, "out")[0]
    (cut,) = sent(page, "conversation.item.truncate")
    assert cut["audio_end_ms"] == pytest.approx(pressed - begun, abs=400)
    let_go(page)


def test_who_speaks_while_the_device_speaks_interrupts_it(
    opened: Opened, recorded: Callable[..., Path]
):
    wait = 9.0
    again = ("what is the time now", Language.ENGLISH)
    page = opened(recorded(LEAD_S, (ASKED, Language.ENGLISH), wait, again, TAIL_S))
    page.one("[data-talk-mode=free]").click()
    page.one("#mic").click()
    page.until(lambda: len(loud_ms(page, "out")) > 40, "nothing was played")
    asked = loud_ms(page, "mic")

    def barged_in() -> list[float]:
        return [at for at in loud_ms(page, "mic") if at > asked[-1] + 2000]

    page.until(barged_in, "nobody spoke again")
    began = barged_in()[0]
    page.until(lambda: now_ms(page) > began + 1000)
    played = loud_ms(page, "out")
    assert any(began - 700 < at < began for at in played), "it was silent before"
    silent = max(at for at in played if at < began + 1000) - began
    assert silent <= BARGE_IN_MS  # below 0 where the person began in a pause between two words
    assert sent(page, "conversation.item.truncate")


def state_line(page: Page) -> Any:
    return page.one("#talk-state")


@pytest.mark.parametrize(
    ("language", "told"),
    [(Language.ENGLISH, "Allow it beside the address"), (Language.CHINESE, "允许使用")],
)
def test_without_the_permission_the_page_says_what_to_do(
    opened: Opened, language: Language, told: str
):
    page = opened(None, refuses=True)
    choose(page, language)
    hold(page)
    page.until(lambda: told in state_line(page).text, "nothing is told")
    assert state_line(page).get_attribute("role") == "status"
    assert page.one("#mic").get_attribute("aria-pressed") == "false"
    let_go(page)
    assert told in state_line(page).text, "letting go takes nothing back"


def test_without_a_microphone_the_page_says_so(server: Server, tmp_path: Path):
    with browser_with(tmp_path, ["--use-fake-ui-for-media-stream"]) as driver:
        page = open_page(server, driver)
        hold(page)
        page.until(lambda: "No microphone was found" in state_line(page).text, "nothing is told")
        page.one("[data-language=zh]").click()
        assert "没有找到麦克风" in state_line(page).text
        let_go(page)


def test_silence_is_no_turn_and_a_touch_is_told_to_be_too_short(
    opened: Opened, recorded: Callable[..., Path]
):
    page = opened(recorded(6.0))
    before = len(page.browser.find_elements(By.CSS_SELECTOR, ".turn"))
    hold(page)
    page.until(lambda: page.one("#mic").get_attribute("data-state") == "listening")
    let_go(page)
    page.until(lambda: "as long as you speak" in state_line(page).text)
    hold(page)
    began = now_ms(page)
    page.until(lambda: now_ms(page) > began + 1200)
    let_go(page)
    page.until(lambda: "Nothing was heard" in state_line(page).text)
    assert len(page.browser.find_elements(By.CSS_SELECTOR, ".turn")) == before


def test_mute_and_volume_are_kept_and_count_for_what_is_played(
    opened: Opened, recorded: Callable[..., Path]
):
    page = opened(recorded(LEAD_S, (OPEN[Language.ENGLISH], Language.ENGLISH), TAIL_S))
    page.one("#mute").click()
    page.browser.refresh()
    page.until(lambda: page.one("#link").get_attribute("data-state") == "on")
    assert page.one("#mute").get_attribute("aria-pressed") == "true"
    assert page.one("#volume").get_attribute("value") == "0"
    hold(page)
    spoken(page)
    let_go(page)
    done(page)
    page.until(lambda: page.one("#mic").get_attribute("data-state") == "speaking")
    page.until(lambda: page.one("#mic").get_attribute("data-state") == "off")
    assert loud_ms(page, "out") == []


def test_a_device_that_goes_away_while_it_listens_is_told(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, recorded: Callable[..., Path]
):
    leaving = serve(tmp_path_factory.mktemp("leaving"), talks=True)
    file = recorded(6.0)
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    flags += [f"--use-file-for-fake-audio-capture={file}"]
    with browser_with(tmp_path, flags) as driver:
        page = open_page(leaving, driver)
        page.one("[data-talk-mode=free]").click()
        page.one("#mic").click()
        page.until(lambda: page.one("#mic").get_attribute("data-state") == "listening")
        leaving.stop()
        page.until(lambda: "does not answer" in state_line(page).text, "nothing is told")
        assert page.one("#mic").get_attribute("aria-pressed") == "false"


def test_what_is_private_while_others_are_aboard_is_shown_and_not_spoken(
    server: Server, opened: Opened, recorded: Callable[..., Path]
):
    page = opened(recorded(LEAD_S, ("read my messages", Language.ENGLISH), TAIL_S))
    seat = "Vehicle.Cabin.Seat.Row1.PassengerSide.OccupancyStatus"
    body = {"path": seat, "value": "OCCUPIED"}
    server.post("/v1/simulation/sensor", body).raise_for_status()
    try:
        hold(page)
        spoken(page)
        let_go(page)
        turn = done(page)
        assert turn.find_element(By.CSS_SELECTOR, ".answer").text
        assert turn.find_element(By.CSS_SELECTOR, ".unspoken").text == "shown, not spoken"
        page.until(lambda: page.one("#mic").get_attribute("data-state") == "off")
        assert len(loud_ms(page, "out")) * 5 < 1500, "more than an OK was spoken"
    finally:
        server.post("/v1/simulation/sensor", {**body, "value": "EMPTY"}).raise_for_status()
