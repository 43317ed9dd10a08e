"""A screen behind the driver's protocol: looked at, touched while it is what was decided on."""

import asyncio

import pytest
from msgspec import convert, to_builtins
from msgspec.structs import replace

from edgewise.act.driver import Drivers
from edgewise.act.screen import SCREEN, SCREEN_APPS, Element, Point, Role, Seen, seen_of
from edgewise.act.screen_step import Action, Step, place_of
from edgewise.core.call import Effect
from edgewise.core.label import OWNER, OriginKind
from edgewise.core.signal import JsonValue
from edgewise.device.screen.driver import HOLD_S, ScreenDriver
from edgewise.errors import DeviceError
from edgewise.testing.clock import ManualClock
from edgewise.testing.screen import Page, ScriptedScreen

SEARCH = Element("Search", (100, 100, 900, 150), Role.FIELD)
OPEN = Element("Open", (100, 200, 900, 250), Role.BUTTON)
CLOCK = Element("12:00", (0, 0, 100, 30), Role.TEXT)
LATER = replace(CLOCK, text="12:01")


def scripted() -> ScriptedScreen:
    pages = {
        "list": Page("shop", "List", (CLOCK, SEARCH, OPEN), {"Open": "tea", "swipe": "more"}),
        "later": Page("shop", "List", (LATER, SEARCH, OPEN), {"Open": "tea"}),
        "moved": Page("shop", "List", (CLOCK, replace(OPEN, text="Delete"))),
        "other": Page("bank", "List", (CLOCK, SEARCH, OPEN)),
        "secret": Page("shop", "List", (CLOCK, replace(SEARCH, secret=True))),
        "tea": Page("shop", "Tea"),
        "more": Page("shop", "More"),
    }
    return ScriptedScreen(pages, "list", apps={"tea": "tea"}, headless=True)


@pytest.fixture
def screen() -> ScriptedScreen:
    return scripted()


@pytest.fixture
def driver(screen: ScriptedScreen) -> ScreenDriver:
    return ScreenDriver(screen, ManualClock(), fresh_s=1.0)


def step(seen: Seen, action: Action, at: Element | None = None, **more: JsonValue) -> Effect:
    point = {} if at is None else {"x": at.centre.x, "y": at.centre.y}
    made = convert({"action": action.value, **point, **more}, Step)
    decided = replace(made, seen=place_of(made, seen))
    return Effect(SCREEN, to_builtins(decided))


async def test_a_reading_is_the_look_as_plain_values_and_the_owners_alone(driver: ScreenDriver):
    reading = (await driver.read([SCREEN]))[SCREEN]
    seen = seen_of(reading.value)
    assert seen is not None
    assert seen.elements == (CLOCK, SEARCH, OPEN)
    assert isinstance(reading.value, dict)
    assert reading.label is not None
    assert reading.label.origins[0].kind is OriginKind.APP
    assert reading.label.readers == OWNER


async def test_the_prefix_alone_starts_nothing(screen: ScriptedScreen, driver: ScreenDriver):
    screen.away = True
    assert await driver.read(["gui"]) == {}
    screen.away = False
    await driver.read([SCREEN])
    assert SCREEN in await driver.read(["gui"])
    assert await driver.read(["phone.contacts"]) == {}


async def test_a_tap_is_done_and_the_receipt_tells_where_it_led(
    screen: ScriptedScreen, driver: ScreenDriver
):
    receipts = await driver.write([step(await driver.seen(), Action.TAP, OPEN)])
    assert receipts == {SCREEN: {"app": "shop", "title": "Tea"}}
    assert [touch.what for touch in screen.done] == ["tap"]


async def test_each_action_is_a_hands_own(screen: ScriptedScreen, driver: ScreenDriver):
    for action, at, more in (
        (Action.LONG_PRESS, CLOCK, {}),
        (Action.TYPE, SEARCH, {"text": "你好"}),
        (Action.SCROLL, CLOCK, {"x2": 500, "y2": 100}),
        (Action.OPEN, None, {"app": "tea"}),
        (Action.BACK, None, {}),
        (Action.HOME, None, {}),
        (Action.ENTER, None, {}),
    ):
        await driver.write([step(await driver.seen(), action, at, **more)])
    done = [(touch.what, touch.text, touch.length_s) for touch in screen.done]
    assert done[:4] == [
        ("tap", "", HOLD_S),
        ("tap", "", 0.0),
        ("type", "你好", 0.0),
        ("swipe", "", 0.3),
    ]
    assert [touch.what for touch in screen.done[4:]] == ["open", "back", "home", "enter"]


@pytest.mark.parametrize("page", ["moved", "other"])
async def test_another_screen_than_the_one_decided_on_is_not_touched(
    screen: ScriptedScreen, driver: ScreenDriver, page: str
):
    decided = step(await driver.seen(), Action.TAP, OPEN)
    screen.show(page)
    with pytest.raises(DeviceError, match="look again") as error:
        await driver.write([decided])
    assert error.value.code == "refused"
    assert screen.done == []


async def test_what_changes_elsewhere_does_not_matter(screen: ScriptedScreen, driver: ScreenDriver):
    seen = await driver.seen()
    bare = Step(Action.TAP, OPEN.centre.x, OPEN.centre.y)
    screen.show("later")
    decided = replace(bare, seen=place_of(bare, seen))
    await driver.write([Effect(SCREEN, to_builtins(decided))])
    assert screen.at == "tea"


async def test_a_field_that_turns_out_to_be_secret_is_not_typed_into(
    screen: ScriptedScreen, driver: ScreenDriver, monkeypatch: pytest.MonkeyPatch
):
    decided = step(await driver.seen(), Action.TYPE, SEARCH, text="hello")
    tap = screen.tap

    async def tap_and_change(point: Point, *, hold_s: float = 0.0) -> None:
        screen.show("secret")
        await tap(point, hold_s=hold_s)

    monkeypatch.setattr(screen, "tap", tap_and_change)
    with pytest.raises(DeviceError):
        await driver.write([decided])
    assert [touch.what for touch in screen.done] == ["tap"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"action": "tap"}, "wrong_type"),
        ({"action": "fly"}, "wrong_type"),
        ("tap", "wrong_type"),
        (None, "wrong_type"),
        ({"action": "tap", "x": 5, "y": 5}, "refused"),
    ],
)
async def test_what_is_no_step_or_names_no_screen_is_refused(
    screen: ScriptedScreen, driver: ScreenDriver, value: JsonValue, code: str
):
    with pytest.raises(DeviceError) as error:
        await driver.write([Effect(SCREEN, value)])
    assert error.value.code == code
    with pytest.raises(DeviceError) as error:
        await driver.write([Effect("gui.other", value)])
    assert error.value.code == "unknown_target"
    assert screen.done == []


async def test_a_screen_that_is_away_is_told_and_found_when_it_comes(
    screen: ScriptedScreen, driver: ScreenDriver
):
    drivers = Drivers([driver])
    screen.away = True
    assert await drivers.read([SCREEN]) == {}
    words = drivers.away([SCREEN])["gui"]
    assert "screen" in words.en
    assert "屏幕" in words.zh
    screen.away = False
    assert SCREEN in await drivers.read([SCREEN])
    assert drivers.away([SCREEN]) == {}


async def test_a_fresh_look_is_given_again_until_something_is_done(screen: ScriptedScreen):
    clock = ManualClock()
    driver = ScreenDriver(screen, clock, fresh_s=1.0)
    await driver.read([SCREEN])
    screen.show("later")
    assert seen_of((await driver.read([SCREEN]))[SCREEN].value) == await scripted().look()
    clock.advance(1.5)
    later = seen_of((await driver.read([SCREEN]))[SCREEN].value)
    assert later is not None
    assert later.elements[0] == LATER


async def test_who_watches_hears_of_each_change(screen: ScriptedScreen, driver: ScreenDriver):
    heard = driver.watch([SCREEN])
    assert SCREEN in await anext(heard)
    next_one = asyncio.ensure_future(anext(heard))
    await driver.write([step(await driver.seen(), Action.TAP, OPEN)])
    seen = seen_of((await next_one)[SCREEN].value)
    assert seen is not None
    assert seen.title == "Tea"


async def test_a_step_that_has_begun_is_done_though_nobody_waits_any_more(
    screen: ScriptedScreen, driver: ScreenDriver
):
    writing = asyncio.ensure_future(driver.write([step(await driver.seen(), Action.TAP, OPEN)]))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    assert (await driver.seen()).title == "Tea"
    await driver.close()
    assert screen.closed


async def test_a_screen_that_is_put_away_is_used_by_nobody_and_begins_anew_afterwards(
    screen: ScriptedScreen, driver: ScreenDriver
):
    tap = step(await driver.seen(), Action.TAP, OPEN)
    async with driver.put_away():
        assert screen.closed
        using = asyncio.gather(driver.write([tap]), driver.read([SCREEN]))
        await asyncio.sleep(0.01)
        assert screen.done == []
    await using
    assert (await driver.seen()).title == "Tea"


async def test_a_slow_screen_is_waited_for_and_others_are_not(driver: ScreenDriver):
    drivers = Drivers([driver])
    assert drivers.patience_s([SCREEN], 1.0) == driver.read_s
    assert drivers.patience_s(["phone.contacts"], 1.0) == 1.0


async def test_the_list_of_apps_is_told_without_a_look_and_while_the_screen_is_away(
    screen: ScriptedScreen,
):
    driver = ScreenDriver(screen, ManualClock(), apps=("tea", "小店"))
    screen.away = True
    readings = await driver.read([SCREEN_APPS, SCREEN])
    assert [*readings] == [SCREEN_APPS]
    assert readings[SCREEN_APPS].value == [{"name": "tea"}, {"name": "小店"}]
    assert [one async for one in driver.watch([SCREEN_APPS])] != []
