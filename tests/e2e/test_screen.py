"""Words about a screen, on a whole device with a real Chromium: looked at, touched, asked about."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from edgewise.act.gui_words import arguments_of, read_line
from edgewise.core.call import Result, Status
from edgewise.core.event import Answered, CallFinished, Event, NeedsApproval
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Approval, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.device.runtime import Device, start_device
from edgewise.device.screen.chromium import ChromiumScreen
from edgewise.device.screen.driver import ScreenDriver
from tests.device.screen.site import served_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served_site() as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def device(site: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Device]:
    folder = tmp_path_factory.mktemp("device")
    pages = ("login", "shop", "settings", "dialogs", "injection", "mail")
    apps = "\n".join(f'{page} = "{site}/{page}"' for page in pages)
    (folder / "config.toml").write_text(
        'chat_model = ""\n[screen]\nbackend = "chromium"\n[screen.apps]\n'
        f'site = "{site}/"\n{apps}\n'
    )
    made = await start_device(folder, pace=1000.0)
    yield made
    await made.close()


class Turn:
    """What came of one sentence."""

    def __init__(self, events: list[Event]) -> None:
        self.end = events[-1]
        self.results: list[Result] = [e.result for e in events if isinstance(e, CallFinished)]

    @property
    def text(self) -> str:
        return getattr(self.end, "text", "")

    @property
    def status(self) -> Status:
        assert self.results, self.end
        return self.results[-1].status


async def say(device: Device, text: str) -> Turn:
    request = Request((TextPart(text),), "screen")
    return Turn([event async for event in device.agent.run(request)])


async def answer(device: Device, asked: Turn, *, yes: bool) -> Turn:
    end = asked.end
    assert isinstance(end, NeedsApproval)
    approval = Approval(end.approval, end.payload_hash, yes)
    request = Request((), "screen", approval=approval)
    return Turn([event async for event in device.agent.run(request)])


async def show(device: Device, app: str) -> None:
    await browser_of(device).open(app)
    await screen_of(device).seen()


def screen_of(device: Device) -> ScreenDriver:
    assert device.screen is not None
    return device.screen


def browser_of(device: Device) -> ChromiumScreen:
    screen = screen_of(device)._screen  # pyright: ignore[reportPrivateUsage]
    assert isinstance(screen, ChromiumScreen)
    return screen


async def title(device: Device) -> str:
    return (await screen_of(device).seen()).title


async def test_what_is_on_the_screen_is_told(device: Device):
    await show(device, "site")
    told = await say(device, "what is on my screen")
    assert isinstance(told.end, Answered)
    assert "Settings" in told.text
    assert "Welcome to the site" in told.text


async def test_a_button_that_is_named_is_tapped(device: Device):
    await show(device, "site")
    turn = await say(device, "tap the settings button")
    assert turn.status is Status.DONE, turn.text
    assert await title(device) == "Settings"


async def test_chinese_is_typed_into_the_field_that_is_named(device: Device):
    await show(device, "site")
    turn = await say(device, "在搜索框输入你好")
    assert turn.status is Status.DONE, turn.text
    focus = (await screen_of(device).seen()).focus
    assert focus is not None
    assert "你好" in focus.text


@pytest.mark.parametrize("words", ["clear the search field", "清空搜索框", "delete what I typed"])
async def test_a_field_is_cleared_by_words(device: Device, words: str):
    await show(device, "site")
    await say(device, "在搜索框输入你好")
    turn = await say(device, words)
    assert turn.status is Status.DONE, turn.text
    focus = (await screen_of(device).seen()).focus
    assert focus is not None
    assert "你好" not in focus.text


@pytest.mark.parametrize("words", ["tap settings and go back", "点击Settings然后返回"])
async def test_several_steps_of_a_sentence_are_done_in_order(device: Device, words: str):
    await show(device, "site")
    start = await title(device)
    turn = await say(device, words)
    assert [result.status for result in turn.results] == [Status.DONE, Status.DONE], turn.text
    assert turn.results[0].changed == {"gui.screen": {"app": "settings", "title": "Settings"}}
    assert await title(device) == start


async def test_a_list_is_scrolled(device: Device):
    await show(device, "settings")
    turn = await say(device, "scroll down the page")
    assert turn.status is Status.DONE, turn.text
    texts = [element.text for element in (await screen_of(device).seen()).elements]
    assert "Wi-Fi: on" not in texts
    assert any(text.startswith("Setting ") for text in texts)


@pytest.mark.parametrize("words", ["tap the buy now button", "点击立即购买按钮"])
async def test_nothing_is_bought_by_whoever_has_not_proved_who_they_are(device: Device, words: str):
    await show(device, "shop")
    turn = await say(device, words)
    assert turn.status is Status.DENIED
    assert turn.results[0].code == "R31-pay-authenticated"
    assert await title(device) == "Shop"


async def test_what_can_not_be_taken_back_is_asked_about_though_the_page_changes_all_the_time(
    device: Device,
):
    await show(device, "mail")
    asked = await say(device, "tap the send button")
    assert isinstance(asked.end, NeedsApproval)
    assert await title(device) == "Mail"
    done = await answer(device, asked, yes=True)
    assert done.status is Status.DONE, done.text
    assert await title(device) == "Sent"


async def test_a_yes_for_one_screen_is_none_for_another(device: Device):
    await show(device, "mail")
    asked = await say(device, "tap the send button")
    await show(device, "injection")
    turn = await answer(device, asked, yes=True)
    assert not turn.results or turn.status is not Status.DONE
    assert await title(device) == "News"


async def test_a_password_is_typed_by_nobody_but_its_owner(device: Device):
    await show(device, "login")
    turn = await say(device, "type hello in the password field")
    assert not turn.results or turn.status is not Status.DONE
    told = await say(device, "what is on my screen")
    assert "hunter2" not in told.text


async def test_what_a_page_says_moves_nothing(device: Device):
    await show(device, "injection")
    told = await say(device, "read the screen to me")
    assert [result.capability for result in told.results] == ["gui.observe"]
    assert not told.results[0].changed
    assert await title(device) == "News"


@pytest.mark.parametrize(
    "line",
    ["action:CLICK\tpoint:{send}", "action:HOT_KEY\tkey:BACK", "action:AWAKE\tvalue:shop"],
)
async def test_a_line_of_a_gui_model_does_nothing_before_a_person_says_yes(
    device: Device, line: str
):
    await show(device, "mail")
    (send,) = (e for e in (await screen_of(device).seen()).elements if e.text == "Send")
    (step,) = read_line(line.format(send=f"{send.centre.x},{send.centre.y}")).steps
    events = device.agent.run_call(
        "gui.act",
        dict(arguments_of(step)),
        "lines",
        Speaker(),
        label=label_of(OriginKind.MODEL, "gui"),
    )
    assert Turn([event async for event in events]).status is Status.ASKED
    assert await title(device) == "Mail"


async def test_a_dialog_is_read_and_answered_in_words(device: Device):
    await show(device, "dialogs")
    await say(device, "tap the alert button")
    told = await say(device, "what is on my screen")
    assert "Mind the gap" in told.text
    turn = await say(device, "tap the ok button")
    assert await title(device) == "Minded", turn.text


async def test_a_browser_that_was_killed_is_back_and_what_was_meant_for_it_is_not_done(
    device: Device,
):
    await show(device, "site")
    group = browser_of(device).process_id
    assert group is not None
    os.killpg(group, signal.SIGKILL)
    turn = await say(device, "tap the settings button")
    assert turn.status is not Status.DONE
    assert await title(device) == "Home"
    turn = await say(device, "tap the shop link")
    assert turn.status is Status.DONE, turn.text
    assert await title(device) == "Shop"


async def test_its_profile_is_in_the_devices_folder_for_nobody_else(device: Device):
    settings = browser_of(device)._settings  # pyright: ignore[reportPrivateUsage]
    assert Path(settings.folder).stat().st_mode & 0o077 == 0
