"""Device and cloud in the cockpit, in a real Chromium: a real device, a real platform behind it."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from edgewise.core.words import Language
from edgewise.device.runtime import Device
from edgewise.think.chat import ChatPrompt, Note, Said, unnoted
from edgewise.think.think import Thinking
from edgewise.think.understand import load_understander
from tests.cloud.running import Running, running_cloud
from tests.e2e.test_cockpit import Page, Server, open_page, resize, serve

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

KEYS = "agree|came|cloud|left|means|mode|network|pd|purpose|role|scope|sent|way|where|wish"
"""How keys of the page's words begin: one that has no words is shown as itself."""
PHONE = "13812345678"
ASKED = f"what is the capital of the country where {PHONE} rings"
ASKED_ZH = f"号码是 {PHONE} 的人出生的国家首都是哪里"
OWN = "The device says so."
SETTINGS = """
region = "CN"
chat_model = ""
mode = "prefer_cloud"
[[cloud]]
name = "home"
address = "{address}/v1"
model = "fake"
region = "CN"
service = "platform"
key_file = "home.key"
input_price = 1.5
output_price = 4.0
[[cloud]]
name = "far"
address = "https://far.example/v1"
model = "big"
region = "EU"
key_env = "EDGEWISE_TEST_FAR_KEY"
"""


class OwnModel:
    """The device's language model, which has one answer to everything."""

    name = "own"
    languages = tuple(Language)

    async def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
    ) -> AsyncIterator[str]:
        yield OWN
        note(Said(OWN))

    async def close(self) -> None:
        """Nothing to end."""


def give_a_model(device: Device) -> None:
    """Let the device have a language model, as one does that has fetched its weights."""
    home, model = device.agent.home, OwnModel()
    capabilities = home.catalogue.capabilities
    mind = Thinking(load_understander(capabilities), model, "", capabilities)
    device.agent.home = replace(home, mind=mind)
    assert device.reach is not None
    device.reach.own.model, device.reach.own.languages = model.name, model.languages


@asynccontextmanager
async def platform_of(folder: Path) -> AsyncIterator[Running]:
    """A platform, and the settings of a device that knows it and another."""
    async with running_cloud(folder.parent / "platform") as platform:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "config.toml").write_text(SETTINGS.format(address=platform.address))
        key = folder / "home.key"
        key.touch(mode=0o600)
        key.write_text(platform.key)
        yield platform


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("clouds") / "device"
    running = serve(folder, around=platform_of(folder), prepare=give_a_model)
    yield running
    running.stop()


@pytest.fixture
def page(server: Server, browser: webdriver.Chrome) -> Page:
    """The page of a device that prefers the cloud, online, with nothing agreed to."""
    put(server, "/v1/mode", {"mode": "prefer_cloud"})
    put(server, "/v1/network", {"online": True})
    for consent in in_force(server):
        httpx.delete(f"{server.address}/v1/consents/{consent['id']}", headers=server.headers)
    return open_page(server, browser)


def put(server: Server, path: str, body: dict[str, Any]) -> None:
    httpx.put(server.address + path, json=body, headers=server.headers).raise_for_status()


def in_force(server: Server) -> list[dict[str, Any]]:
    return [one for one in server.get("/v1/consents")["consents"] if one["in_force"]]


def agree(server: Server) -> None:
    server.post("/v1/consents", {"cloud": "home"}).raise_for_status()


def ask(page: Page, text: str = ASKED) -> Any:
    return page.say(text)


def where(turn: Any) -> str:
    """The line below a turn that says where its words come from."""
    return turn.find_element(By.CSS_SELECTOR, ".where").text


def unfold(page: Page, turn: Any) -> Any:
    """The fold of that line, opened by the keyboard, once it has told what left."""
    turn.find_element(By.CSS_SELECTOR, ".where summary").send_keys(Keys.ENTER)
    body = turn.find_element(By.CSS_SELECTOR, ".where-body")
    page.until(body.is_displayed)
    return body


def payload(page: Page, turn: Any) -> Any:
    found = page.until(lambda: turn.find_elements(By.CSS_SELECTOR, ".left-payload"), "no payload")
    return found[0]


def test_a_mode_is_chosen_with_its_meaning_in_sight(server: Server, page: Page):
    page.one(".modes summary").send_keys(Keys.ENTER)
    listed = page.one(".modes-list")
    page.until(listed.is_displayed)
    names = [one.text.partition("\n")[0] for one in listed.find_elements(By.TAG_NAME, "button")]
    assert names == ["Device only", "Device first", "Cloud first", "Cloud only", "Ask me each time"]
    page.one("[data-mode=device_only]").send_keys(Keys.ENTER)
    page.until(lambda: server.get("/v1/clouds")["mode"] == "device_only")
    page.until(lambda: "Nothing leaves this device." in page.text(".modes summary"))
    assert page.text("#reach-brief") == "Device only"
    page.until(lambda: page.browser.switch_to.active_element.get_attribute("data-role") == "modes")


def test_a_mode_that_was_chosen_in_the_page_counts_for_the_next_question(
    server: Server, page: Page
):
    agree(server)
    assert "Answered by home" in where(ask(page))
    page.one(".modes summary").click()
    page.one("[data-mode=device_only]").click()
    page.until(lambda: page.text("#reach-brief") == "Device only")
    assert where(ask(page)).startswith("Answered on this device · nothing left the device")


def test_a_yes_names_who_gets_what_and_is_taken_back(server: Server, page: Page):
    assert "nobody agreed" in page.text("[data-cloud=home] .lacking")
    page.one('[data-cloud="home"] .agree summary').send_keys(Keys.ENTER)
    form = page.one('[data-cloud="home"] .agree-body')
    page.until(form.is_displayed)
    address = server.get("/v1/clouds")["clouds"][0]["address"]
    for told in (f"home ({address})", "CN", "answering what you ask", "are replaced before"):
        assert told in form.text
    form.find_element(By.CSS_SELECTOR, "[data-wish=this_drive]").click()
    form.find_element(By.CSS_SELECTOR, "button").click()
    page.until(lambda: page.browser.find_elements(By.CSS_SELECTOR, "[data-consent]"), "no yes")
    assert "this drive only" in page.text("[data-consent]")
    (given,) = in_force(server)
    assert (given["recipient"], given["sensitive"], bool(given["drive"])) == ("home", False, True)
    assert "Answered by home" in where(ask(page))
    page.one("[data-consent] button").click()
    page.until(lambda: in_force(server) == [])
    page.until(lambda: "nobody agreed" in page.text("[data-cloud=home] .lacking"))
    assert "nothing left the device" in where(ask(page))


def test_in_the_tunnel_the_device_answers_and_after_it_the_cloud(server: Server, page: Page):
    agree(server)
    switch = '[data-role="network"]'
    page.one(switch).send_keys(Keys.SPACE)
    page.until(lambda: page.one(switch).get_attribute("aria-checked") == "false")
    assert server.get("/v1/clouds")["online"] is False
    assert "Network off" in page.text("#reach-brief")
    assert page.browser.switch_to.active_element.get_attribute("data-role") == "network"
    turn = ask(page)
    told = "Answered on this device · not checked by a cloud · nothing left the device"
    assert where(turn).startswith(told)
    assert OWN in turn.find_element(By.CSS_SELECTOR, ".answer").text
    page.one(switch).click()
    page.until(lambda: page.one(switch).get_attribute("aria-checked") == "true")
    turn = ask(page)
    assert "Answered by home" in where(turn)
    assert PHONE in turn.find_element(By.CSS_SELECTOR, ".answer").text


def test_what_left_is_shown_word_for_word_with_its_stand_ins(server: Server, page: Page):
    agree(server)
    turn = ask(page)
    assert "left the device" in where(turn)
    assert "cost 0.000" in where(turn)
    body = unfold(page, turn)
    said = payload(page, turn)
    assert PHONE not in said.text
    marked = {mark.text for mark in said.find_elements(By.TAG_NAME, "mark")}
    (standin,) = marked
    assert standin.startswith("<PHONE_")
    name = turn.get_attribute("data-turn")
    (left,) = server.get(f"/v1/agent/turns/{name}/left")["left"]
    shown = [one.text for one in said.find_elements(By.CSS_SELECTOR, "li p")]
    assert shown == [one["text"] for one in left["payload"]]
    assert f"phone number {left['replaced']['phone']}" in body.text
    assert "To home (CN), for answering what you ask" in body.text
    assert "home answered: " in body.text


def test_why_an_answer_came_from_there_is_told_stage_by_stage(server: Server, page: Page):
    agree(server)
    turn = ask(page)
    body = unfold(page, turn)
    trail = server.get(f"/v1/agent/turns/{turn.get_attribute('data-turn')}")["events"]
    (weighed,) = [event for event in trail if event["event"] == "weighed"]
    stages = weighed["routing"]["stages"]
    assert len(stages) >= 2
    shown = body.find_elements(By.CSS_SELECTOR, ".stages > li")
    assert len(shown) == len(stages)
    for one, stage in zip(shown, stages, strict=True):
        assert stage["words"]["en"] in one.text
    page.one("[data-language=zh]").click()
    body = page.browser.find_elements(By.CSS_SELECTOR, ".where-body")[-1]
    for stage in stages:
        assert stage["words"]["zh"] in body.text
    assert "离开本机的内容" in body.text, "the fold stays open"


def test_an_answer_that_broke_off_shows_its_seam(server: Server, page: Page):
    agree(server)
    turn = ask(page, 'tell me a joke {"test": {"tokens": 40, "fail_after": 6}}')
    assert "the cloud broke off, the device went on" in where(turn)
    assert "cost" in where(turn)


def test_a_cloud_that_fails_leaves_an_answer_that_is_said_to_be_unchecked(
    server: Server, page: Page
):
    agree(server)
    turn = ask(page, 'tell me a joke {"test": {"fail_status": 500}}')
    assert OWN in turn.find_element(By.CSS_SELECTOR, ".answer").text
    assert where(turn).startswith(
        "Answered on this device · not checked by a cloud · no answer from home"
    )


def asked(server: Server, page: Page) -> Any:
    """The card of a question in mode ASK, once it shows what would leave."""
    put(server, "/v1/mode", {"mode": "ask"})
    cards: list[Any] = []

    def is_asked() -> bool:
        """A cloud that failed in an earlier test is left alone for a while."""
        cards[:] = ask(page).find_elements(By.CSS_SELECTOR, ".approval")
        return bool(cards)

    page.until(is_asked, "nothing is asked")
    card = cards[0]
    page.until(lambda: card.find_elements(By.CSS_SELECTOR, ".left-payload"), "no payload")
    return card


def last_turn(page: Page) -> Any:
    return page.browser.find_elements(By.CSS_SELECTOR, ".turn")[-1]


def test_before_something_leaves_the_card_shows_it_and_a_yes_sends_just_that(
    server: Server, page: Page
):
    card = asked(server, page)
    said = card.find_element(By.CSS_SELECTOR, ".left-payload").text
    assert "<PHONE_" in said
    assert PHONE not in said
    assert "To home (CN), for answering what you ask" in card.text
    assert "a yes is for this once" in card.text
    assert "nothing left the device" in where(last_turn(page))
    before = len(page.browser.find_elements(By.CSS_SELECTOR, ".turn"))
    card.find_element(By.CSS_SELECTOR, "[data-role=yes]").send_keys(Keys.ENTER)
    page.until(lambda: len(page.browser.find_elements(By.CSS_SELECTOR, ".turn")) > before)
    page.until(lambda: last_turn(page).get_attribute("data-outcome") == "done", "no answer")
    turn = last_turn(page)
    assert "Answered by home" in where(turn)
    assert "Yes, send it" in turn.find_element(By.CSS_SELECTOR, ".words").text
    unfold(page, turn)
    assert payload(page, turn).text == said


def test_a_no_before_something_leaves_keeps_it_here(server: Server, page: Page):
    sent = server.get("/v1/clouds")["today"]["turns"]
    card = asked(server, page)
    before = len(page.browser.find_elements(By.CSS_SELECTOR, ".turn"))
    card.find_element(By.CSS_SELECTOR, "[data-role=no]").click()
    page.until(lambda: len(page.browser.find_elements(By.CSS_SELECTOR, ".turn")) > before)
    page.until(lambda: last_turn(page).get_attribute("data-outcome") == "done", "no answer")
    assert "nothing left the device" in where(last_turn(page))
    assert OWN in last_turn(page).find_element(By.CSS_SELECTOR, ".answer").text
    assert server.get("/v1/clouds")["today"]["turns"] == sent


def test_the_choice_is_in_sight_on_a_narrow_screen(server: Server, page: Page):
    resize(page, 390, 844)
    card = asked(server, page)
    yes = card.find_element(By.CSS_SELECTOR, "[data-role=yes]")
    seen = (
        "const r = arguments[0].getBoundingClientRect();"
        "return document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2) === arguments[0]"
    )
    page.until(lambda: page.browser.execute_script(seen, yes), "the yes is out of sight")


def test_an_order_says_that_nothing_left_and_offers_no_fold(server: Server, page: Page):
    agree(server)
    turn = ask(page, "open my window to 40 percent")
    assert where(turn) == "Answered on this device · nothing left the device"
    assert not turn.find_elements(By.CSS_SELECTOR, ".where summary")


def test_the_day_counts_what_was_spent_and_sent(server: Server, page: Page):
    agree(server)
    before = server.get("/v1/clouds")["today"]
    ask(page)
    page.until(lambda: page.text("[data-today=turns]") == str(before["turns"] + 1))
    now = server.get("/v1/clouds")["today"]
    assert now["money"] > before["money"]
    assert page.text("[data-today=money]").endswith(" of 1.00")
    assert page.text("[data-today=bytes]").endswith(" of 20.0 MB")
    assert float(page.text("[data-today=money]").split()[0]) == pytest.approx(now["money"], 1e-3)


def test_after_a_reload_a_turn_shows_what_left_until_the_device_forgets(server: Server, page: Page):
    agree(server)
    ask(page)
    page.browser.refresh()
    page.until(lambda: page.browser.find_elements(By.CSS_SELECTOR, ".turn .where summary"))
    turn = page.browser.find_elements(By.CSS_SELECTOR, ".turn")[-1]
    unfold(page, turn)
    assert "<PHONE_" in payload(page, turn).text
    assert server.device.reach is not None
    server.device.reach.forget()
    page.browser.refresh()
    page.until(lambda: page.browser.find_elements(By.CSS_SELECTOR, ".turn .where summary"))
    turn = page.browser.find_elements(By.CSS_SELECTOR, ".turn")[-1]
    body = unfold(page, turn)
    page.until(lambda: "no longer remembered" in body.text)
    assert "Replaced before: phone number" in body.text


def test_a_cloud_that_can_not_be_asked_says_why_and_what_it_lacks(server: Server, page: Page):
    far = page.one("[data-cloud=far]")
    assert far.get_attribute("data-state") == "away"
    assert "EDGEWISE_TEST_FAR_KEY" in far.text
    lacking = [one.text for one in far.find_elements(By.CSS_SELECTOR, ".lacking li")]
    assert any("impact assessment" in one for one in lacking)
    assert any("nobody agreed" in one for one in lacking)


def test_in_chinese_no_word_of_it_is_left_in_english(server: Server, page: Page):
    agree(server)
    turn = ask(page, ASKED_ZH)
    unfold(page, turn)
    page.one("[data-language=zh]").click()
    page.one(".modes summary").click()
    page.one('[data-cloud="home"] .agree summary').click()
    assert page.text("#reach-brief") == "云端优先"
    panel = page.text(".reach")
    for told in (
        "本机与云端",
        "每次先问我",
        "网络",
        "今日费用",
        "就绪",
        "您已同意用于：回答您的问题。",
        "撤回",
        "仅限本次行程",
    ):
        assert told in panel
    keys = "return [...document.querySelectorAll('.reach, .where')].map(n => n.innerText).join(' ')"
    words = page.browser.execute_script(keys)
    assert not re.findall(rf"\b(?:{KEYS})_\w+", words), words
    assert "由 home 回答" in words


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_of_it_is_cut_off_or_scrolls_sideways(server: Server, page: Page, width: int):
    agree(server)
    resize(page, width, 844)
    unfold(page, ask(page))
    page.one(".modes summary").click()
    for name in ("home", "far"):
        page.one(f'[data-cloud="{name}"] .agree summary').click()
    for language in ("zh", "en"):
        page.one(f"[data-language={language}]").click()
        assert page.browser.execute_script("return document.documentElement.scrollWidth") <= width
        wide = page.browser.execute_script(
            "return [...document.querySelectorAll('.reach *, .where *')].filter(n =>"
            " n.clientWidth && n.scrollWidth > n.clientWidth + 1"
            " && !n.closest('.unseen')).map(n => n.outerHTML.slice(0, 90))"
        )
        assert wide == []


def test_every_control_of_it_has_a_name_and_is_reached_by_the_keyboard(server: Server, page: Page):
    agree(server)
    page.browser.refresh()
    page.until(lambda: page.browser.find_elements(By.CSS_SELECTOR, "[data-consent]"), "no consent")
    page.one("#send").click()
    reached: list[str] = []
    for _ in range(12):
        page.browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(page.browser.switch_to.active_element.get_attribute("data-role") or "")
    (back,) = [one for one in reached if one.startswith("back-")]
    assert [one for one in reached if one] == ["modes", "network", back, "agree-home", "agree-far"]
    named = page.one(f'[data-role="{back}"]').get_attribute("aria-label")
    assert named == "Take back what you agreed to with home: answering what you ask"
    assert page.one('[data-role="network"]').get_attribute("role") == "switch"


def test_markup_in_what_left_stays_words(server: Server, page: Page):
    agree(server)
    turn = ask(page, "tell me a joke <img src=x onerror=alert(1)><b>hi</b>")
    unfold(page, turn)
    said = payload(page, turn)
    assert "<img src=x" in said.text
    assert not said.find_elements(By.CSS_SELECTOR, "img, b")
    assert page.complaints() == []
