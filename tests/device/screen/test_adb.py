"""A phone over adb: looked at, touched, typed into; nothing that is typed is run."""

import shutil
from xml.sax.saxutils import quoteattr

import pytest

from edgewise.act.screen import Key, Point, Role
from edgewise.device.screen.adb import PhoneScreen, typed
from edgewise.errors import DeviceError
from tests.device.screen.phone import DUMP, PNG, AdbServer, Phone


def screen_of(phone: Phone, **apps: str) -> PhoneScreen:
    return PhoneScreen(apps, program=phone.stand_in)


async def test_it_tells_what_is_on_it_and_which_app_is_in_front(phone: Phone):
    seen = await screen_of(phone, Shop="com.shop").look()
    assert (seen.app, seen.title, seen.width, seen.height) == ("Shop", "BasketActivity", 1080, 2400)
    assert [e.text for e in seen.elements] == [
        "Basket", "Search: tea", "Password", "立即购买", "立即购买", "Gift: on",
    ]  # fmt: skip
    assert seen.focus is not None
    assert seen.focus.text == "Search: tea"
    assert [e.role for e in seen.elements if e.secret] == [Role.FIELD]
    assert not seen.headless


async def test_a_picture_comes_as_it_was_drawn(phone: Phone):
    assert await screen_of(phone).screenshot() == PNG
    phone.says("screencap", "")
    with pytest.raises(DeviceError, match="no picture"):
        await screen_of(phone).screenshot()


async def test_points_become_pixels_of_the_screen_as_it_is_held(phone: Phone):
    screen = screen_of(phone)
    await screen.tap(Point(500, 1000))
    await screen.tap(Point(0, 0), hold_s=0.8)
    await screen.swipe(Point(500, 800), Point(500, 200))
    phone.says("dumpsys", "SurfaceOrientation: 1\n")
    await screen.tap(Point(500, 1000))
    phone.says("wm", "Physical size: 1080x2400\nOverride size: 720x1600\n")
    await screen.tap(Point(500, 500))
    assert phone.calls("input") == [
        ["tap", "540", "2399"],
        ["swipe", "0", "0", "0", "0", "800"],
        ["swipe", "540", "1920", "540", "480", "300"],
        ["tap", "1200", "1079"],
        ["tap", "800", "360"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "; rm -rf $HOME", "$(reboot)", "`reboot`", "it's", '"quoted"', "a\\b", "a && b | c > d",
        "100% sure", "* ? [a]", "~", "-n", "--help", "#x", "!!", "%s", "%%ss %s",
    ],
)  # fmt: skip
async def test_what_is_typed_is_typed_and_never_run(phone: Phone, text: str):
    holds(phone, text)
    await screen_of(phone).type(text)
    emptied, *calls = phone.calls("input")
    assert emptied[0] == "keyevent"
    assert all(call[0] == "text" and len(call) == 2 for call in calls)
    assert "".join(as_android_types(call[1]) for call in calls) == text


def holds(phone: Phone, text: str) -> None:
    """What the phone tells of its field from now on."""
    phone.says("uiautomator", DUMP.replace('text="tea"', f"text={quoteattr(text)}"))


async def test_what_the_field_held_is_deleted_on_both_sides_of_the_caret(phone: Phone):
    holds(phone, "tea")
    await screen_of(phone).type("tea")
    emptied, typing = phone.calls("input")
    held = len("Search: tea")
    assert emptied == ["keyevent", *["67"] * held, *["112"] * held]
    assert typing == ["text", "tea"]


async def test_a_field_that_does_not_hold_what_was_typed_is_told(phone: Phone):
    with pytest.raises(DeviceError, match="does not hold what was typed") as error:
        await screen_of(phone).type("coffee")
    assert error.value.code == "refused"


async def test_nothing_is_typed_where_no_open_field_has_the_focus(phone: Phone):
    phone.says("uiautomator", DUMP.replace(' focused="true"', ""))
    with pytest.raises(DeviceError, match="tap one first"):
        await screen_of(phone).type("coffee")
    assert not phone.calls("input")


def as_android_types(argument: str) -> str:
    """`input text` of AOSP: "%s" is a blank."""
    return argument.replace("%s", " ")


def test_a_percent_sign_before_an_s_is_typed_apart():
    assert typed("50%s off") == ["50%", "s%soff"]


@pytest.mark.parametrize("text", ["你好", "a\nb", "é; rm"])
async def test_other_letters_go_through_the_keyboard_that_can_or_not_at_all(
    phone: Phone, text: str
):
    with pytest.raises(DeviceError, match="install ADBKeyBoard"):
        await screen_of(phone).type(text)
    assert not phone.calls("am")
    phone.says("settings", "com.android.adbkeyboard/.AdbIME\n")
    holds(phone, text)
    await screen_of(phone).type(text)
    ((*head, letters),) = phone.calls("am")
    assert head == ["broadcast", "-a", "ADB_INPUT_B64", "--es", "msg"]
    import base64

    assert base64.b64decode(letters).decode() == text
    assert [call[0] for call in phone.calls("input")] == ["keyevent"]


async def test_keys_are_androids(phone: Phone):
    for key in Key:
        await screen_of(phone).press(key)
    assert phone.calls("input") == [["keyevent", code] for code in ("4", "3", "66")]


async def test_apps_open_by_the_owners_name_or_the_packages(phone: Phone):
    phone.says("pm", "package:com.android.settings\npackage:org.maps\npackage:net.maps\n")
    screen = screen_of(phone, Shop="com.shop", Mail="com.mail/.Inbox")
    for name in ("shop", "com.shop", "Settings", "Mail"):
        await screen.open(name)
    opened = [call[1] for call in phone.calls("monkey")]
    assert opened == ["com.shop", "com.shop", "com.android.settings"]
    assert phone.calls("am") == [["start", "-n", "com.mail/.Inbox"]]
    for unknown in ("maps", "$(reboot)", "nothing"):
        with pytest.raises(DeviceError) as error:
            await screen.open(unknown)
        assert error.value.code == "unknown_target"
        assert "Shop, Mail" in str(error.value)


async def test_an_app_that_the_phone_does_not_start_is_told(phone: Phone):
    phone.says("monkey", "** No activities found to run, monkey aborted.\n")
    with pytest.raises(DeviceError) as error:
        await screen_of(phone, Shop="com.shop").open("Shop")
    assert error.value.code == "unknown_target"


async def test_a_screen_that_never_rests_says_so(phone: Phone):
    phone.says("uiautomator", "ERROR: could not get idle state.\n")
    with pytest.raises(DeviceError, match="moves") as error:
        await screen_of(phone).look()
    assert error.value.code == "timed_out"
    assert len(phone.calls("uiautomator")) == 2


real_adb = pytest.mark.skipif(shutil.which("adb") is None, reason="there is no adb here")


@real_adb
async def test_the_real_adb_does_the_same(phone: Phone, monkeypatch: pytest.MonkeyPatch):
    server = AdbServer(phone)
    await server.start()
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(server.port))
    screen = PhoneScreen({"Shop": "com.shop"}, serial="PHONE1")
    try:
        assert (await screen.look()).app == "Shop"
        assert await screen.screenshot() == PNG
        holds(phone, 'it\'s; $(reboot) `x` "y" %s')
        await screen.type('it\'s; $(reboot) `x` "y" %s')
        words = "".join(as_android_types(call[1]) for call in phone.calls("input")[1:])
        assert words == 'it\'s; $(reboot) `x` "y" %s'
    finally:
        await server.close()


@real_adb
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("device unauthorized.", "allow USB debugging"),
        ("more than one device/emulator", "screen.serial"),
        ("no devices/emulators found", "connect one"),
        ("device 'PHONE1' not found", "PHONE1 is not connected"),
        ("device offline", "connect it again"),
    ],
)
async def test_what_the_real_adb_complains_of_is_told_with_what_to_do(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, wrong: str, told: str
):
    server = AdbServer(phone, wrong)
    await server.start()
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(server.port))
    try:
        with pytest.raises(DeviceError, match=told) as error:
            await PhoneScreen({}, serial="PHONE1").look()
        assert error.value.code == "no_provider"
    finally:
        await server.close()
