"""A row of the stores is told by its kind and its own name, never by what lies inside."""

from edgewise.answer.entries import entry_said
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from tests.each_row import each_row

MILK = {"id": "l3", "list": "shopping", "item": "milk"}


@each_row(
    ("target", "value", "before", "en", "zh"),
    [
        ("phone.lists.l3", None, MILK, "list entry “milk” removed", "清单项“milk”已删除"),
        ("phone.lists.l3", MILK, None, "list entry “milk” back", "清单项“milk”恢复"),
        ("phone.lists.l3", None, None, "list entry removed", "清单项已删除"),
        ("phone.alarms.a", {"kind": "timer", "duration_s": 60.0}, None, "timer back", "计时器恢复"),
        ("phone.settings.wifi", False, True, "Wi-Fi: off", "无线网络：关闭"),
        ("phone.settings.brightness", 40.0, 60.0, "screen brightness: 40", "屏幕亮度：40"),
        ("Vehicle.Speed", 3, None, "", ""),
    ],
)
def test_an_entry_is_said_in_words(
    target: str, value: JsonValue, before: JsonValue, en: str, zh: str
) -> None:
    assert entry_said(target, value, before, Language.ENGLISH) == en
    assert entry_said(target, value, before, Language.CHINESE) == zh
