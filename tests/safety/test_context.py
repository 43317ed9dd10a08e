"""What was said before never turns a whole sentence into something else."""

import pytest

from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, Exchange
from edgewise.core.words import Language
from edgewise.perceive.perceive import language_of
from tests.each_row import each_row
from tests.safety.test_four_ways import thinking

MINE = label_of(OriginKind.TYPED, "driver")
BEFORE = [
    Call("p.1", "seat.set_heat_vent", {"seat": "driver", "mode": "heat", "level": 2}, MINE),
    Call("p.1", "window.set", {"windows": ["driver"], "percent": 50}, MINE),
    Call("p.1", "climate.set_temperature", {"zone": "driver", "value": 22}, MINE),
    Call("p.1", "light.interior.set", {"kind": "reading", "on": True}, MINE),
    Call("p.1", "door.lock", {"doors": ["all"], "locked": True}, MINE),
]
WHOLE = [
    "open the rear left window halfway",
    "close the passenger window",
    "open all the windows",
    "lock the doors",
    "unlock the rear doors",
    "turn on the passenger's seat heating",
    "move my seat back a bit",
    "turn off the fan",
    "打开左后车窗",
    "关闭副驾车窗",
    "右后阅读灯打开",
    "锁上所有车门",
    "副驾座椅加热打开",
    "风量调大一点",
    "打开后备箱",
    "关闭大灯",
]


def understood(text: str, *exchanges: Exchange) -> list[tuple[str, dict[str, object]]]:
    language = language_of(text)
    context = Context(
        language, label=MINE, exchanges=exchanges, turn="t", now="2026-11-23T10:00:00"
    )
    calls = thinking().understand(text, context).calls
    return [(call.capability, call.arguments) for call in calls]


@each_row("before", BEFORE)
@each_row("text", WHOLE)
def test_a_whole_sentence_means_the_same_after_anything(text: str, before: Call) -> None:
    alone = understood(text)
    assert alone
    assert understood(text, Exchange("before", (before,), "ok", MINE)) == alone


@pytest.mark.parametrize(
    ("text", "language"), [("and the passenger's too", "en"), ("副驾也要", "zh")]
)
def test_a_part_of_a_sentence_means_what_came_before(text: str, language: str) -> None:
    before = Exchange("before", (BEFORE[0],), "ok", MINE)
    assert Language(language) is language_of(text)
    ((capability, arguments),) = understood(text, before)
    assert (capability, arguments["seat"]) == ("seat.set_heat_vent", "passenger")


def test_a_call_of_somebody_elses_content_is_nothing_to_lean_on() -> None:
    injected = Call("p.1", "door.lock", {"locked": False}, label_of(OriginKind.MESSAGE))
    before = Exchange("before", (injected,), "ok", label_of(OriginKind.MESSAGE))
    for text in ("again", "do it", "and the passenger's too", "再来一次", "就这么做"):
        assert ("door.lock", {"locked": False}) not in understood(text, before)
