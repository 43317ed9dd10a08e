"""The screen of a script: pages, what leads from one to the next, and what was done."""

import io

import pytest

from edgewise.act.screen import Element, Key, Point, Role, Screen
from edgewise.errors import DeviceError
from edgewise.testing.screen import Page, ScriptedScreen, Touch

LOGIN = Element("Log in", (100, 800, 900, 900), Role.BUTTON)
NAME = Element("Name", (100, 100, 900, 200), Role.FIELD)
CODE = Element("Code", (100, 300, 900, 400), Role.FIELD, secret=True)
PAGES = {
    "start": Page("mail", "Welcome", (Element("", (0, 0, 1000, 1000)), NAME, CODE, LOGIN),
                  {"Log in": "inbox", "swipe": "more"}),
    "more": Page("mail", "More"),
    "inbox": Page("mail", "Inbox", (), {"enter": "more"}),
    "clock": Page("clock", "12:00"),
}  # fmt: skip


def screen() -> ScriptedScreen:
    return ScriptedScreen(PAGES, "start", apps={"Clock": "clock"})


async def test_a_tap_leads_where_the_script_says_and_is_kept():
    there: Screen = screen()
    await there.tap(Point(500, 850), hold_s=0.5)
    assert (await there.look()).title == "Inbox"
    assert isinstance(there, ScriptedScreen)
    assert there.done == [Touch("tap", "start", Point(500, 850), length_s=0.5)]


async def test_a_tap_beside_everything_leads_nowhere():
    there = screen()
    await there.tap(Point(500, 950))
    assert there.at == "start"
    there.show("more")
    await there.tap(Point(500, 500))
    assert there.at == "more"


async def test_a_field_takes_the_focus_and_what_is_typed():
    there = screen()
    with pytest.raises(DeviceError, match="no field has the focus") as refused:
        await there.type("Anna")
    assert refused.value.code == "refused"
    await there.tap(NAME.centre)
    await there.type("An")
    await there.type("Anna")
    seen = await there.look()
    assert seen.focus is not None
    assert seen.focus.text == "Anna"


async def test_what_is_typed_into_a_secret_field_is_not_shown():
    there = screen()
    await there.tap(CODE.centre)
    await there.type("1234")
    assert [e.text for e in (await there.look()).elements if e.secret] == ["••••"]


async def test_keys_swipes_and_apps_change_the_page():
    there = screen()
    await there.swipe(Point(500, 700), Point(500, 300))
    assert there.at == "more"
    await there.press(Key.BACK)
    assert there.at == "start"
    await there.open("Clock")
    assert (await there.look()).app == "clock"
    await there.press(Key.HOME)
    assert there.at == "start"
    there.show("inbox")
    await there.press(Key.ENTER)
    assert there.at == "more"
    assert [touch.what for touch in there.done] == ["swipe", "back", "open", "home", "enter"]
    with pytest.raises(DeviceError) as unknown:
        await there.open("Bank")
    assert unknown.value.code == "unknown_target"


async def test_a_screen_that_is_away_does_nothing_and_one_that_was_closed_is_there_again():
    there = screen()
    there.away = True
    for use in (there.look, there.screenshot):
        with pytest.raises(DeviceError) as away:
            await use()
        assert away.value.code == "no_provider"
    with pytest.raises(DeviceError):
        await there.tap(Point(1, 1))
    assert there.done == []
    there.away = False
    await there.close()
    assert (await there.look()).app == "mail"


async def test_a_picture_has_the_size_of_the_screen():
    image = pytest.importorskip("PIL.Image")
    with image.open(io.BytesIO(await screen().screenshot())) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("PNG", (720, 1280))


def test_a_page_that_the_script_does_not_have_is_refused():
    with pytest.raises(AssertionError, match="no page 'x'"):
        screen().show("x")
