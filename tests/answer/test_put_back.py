"""What an undo would write is told in words, with the very values."""

from edgewise.answer.put_back import put_back
from edgewise.core.call import Effect
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from tests.each_row import each_row

EN, ZH = Language.ENGLISH, Language.CHINESE
WINDOW = Effect("Vehicle.Cabin.Door.Row1.DriverSide.Window.Position", 30)


def test_a_thing_of_the_car_is_named_with_its_place_and_value() -> None:
    assert put_back([WINDOW], EN) == ["driver's window 30%"]
    assert put_back([WINDOW], ZH) == ["主驾车窗30%"]


def test_states_are_said_and_not_shown_as_flags() -> None:
    locked = Effect("Vehicle.Cabin.Door.Row2.PassengerSide.IsLocked", True)
    assert put_back([locked], EN) == ["rear passenger-side door locked"]
    assert put_back([Effect("Vehicle.Body.Trunk.Rear.IsOpen", False)], ZH) == ["后备箱关上"]


def test_what_has_no_words_is_shown_plainly() -> None:
    assert put_back([Effect("home.lamp.on", True)], EN) == ["lamp.on: on"]


def test_a_setting_is_its_name_and_its_value() -> None:
    wifi, language = Effect("phone.settings.wifi", True), Effect("phone.settings.language", "zh")
    assert put_back([wifi, language], EN) == ["Wi-Fi: on", "language: Chinese"]
    assert put_back([wifi, language], ZH) == ["无线网络：打开", "语言：中文"]


@each_row(
    ("target", "row", "en", "zh"),
    [
        ("phone.lists.l3", {"list": "shopping", "item": "milk"}, "list entry “milk”",
         "清单项“milk”"),
        ("phone.alarms.t1.1", {"kind": "alarm", "time": "2026-11-24T07:00", "label": ""},
         "alarm (2026-11-24 07:00)", "闹钟（2026-11-24 07:00）"),
        ("phone.alarms.t1.1", {"kind": "timer", "duration_s": 300.0}, "timer", "计时器"),
        ("phone.alarms.t1.1", {"kind": "reminder", "label": "call"}, "reminder “call”",
         "提醒“call”"),
        ("phone.calendar.e1", {"title": "lunch", "start": "2026-11-24T12:00"},
         "event “lunch” (2026-11-24 12:00)", "日程“lunch”（2026-11-24 12:00）"),
        ("phone.contacts.c1", {"name": "Bob", "number": "1"}, "contact “Bob”", "联系人“Bob”"),
        ("memory.facts.m1", {"text": "level 3", "owner": "driver"}, "note “level 3”",
         "备忘“level 3”"),
        ("nav.route", {"destination": {"id": "p1", "name": "家"}}, "route “家”", "导航路线“家”"),
    ],
)  # fmt: skip
def test_a_row_is_told_by_its_kind_and_its_own_name(
    target: str, row: dict[str, JsonValue], en: str, zh: str
) -> None:
    back, gone = [Effect(target, row)], [Effect(target, None)]
    assert put_back(back, EN) == [f"{en} back"]
    assert put_back(back, ZH) == [f"{zh}恢复"]
    assert put_back(gone, EN, {target: row}) == [f"{en} removed"]
    assert put_back(gone, ZH, {target: row}) == [f"{zh}已删除"]


def test_a_row_that_nobody_knows_any_more_is_told_by_its_kind() -> None:
    assert put_back([Effect("phone.calendar.t1a22.1", None)], EN) == ["event removed"]
    assert put_back([Effect("phone.calendar.t1a22.1", None)], ZH) == ["日程已删除"]


def test_the_same_words_are_said_once() -> None:
    assert len(put_back([WINDOW, WINDOW], EN)) == 1
