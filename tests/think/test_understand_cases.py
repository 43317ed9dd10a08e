"""Sentences that once came out wrong, each standing for a way of speaking."""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, Exchange, MessageKind
from edgewise.core.words import Language
from edgewise.think.fixed import fixed
from edgewise.think.understand import Understander, load_understander
from tests.each_row import each_row

LABEL = label_of(OriginKind.VOICE, "driver")
CONTEXT = Context(Language.ENGLISH, label=LABEL, turn="t", now="2026-11-23T09:00")


@pytest.fixture(scope="module")
def understander() -> Understander:
    return load_understander(builtin_catalogue().capabilities)


def calls_of(
    understander: Understander, text: str, context: Context = CONTEXT
) -> list[tuple[str, dict[str, object]]]:
    thought = fixed(text, context) or understander.understand(text, context)
    return [(call.capability, call.arguments) for call in thought.calls]


@each_row(
    ("text", "on"),
    [("开灯", True), ("关灯", False), ("turn on the lights", True), ("turn off the lights", False), ("lights off", False),
     ("light off", False), ("switch the light on", True), ("灯打开", True), ("把灯关上", False), ("把灯打开", True), ("关闭车灯", False),
     ("把车灯关了", False), ("关掉所有的灯", False), ("turn all the lights off", False), ("kill the lights", False), ("put the lights on", True),
     ("打开车里的灯", True), ("shut off the lights please", False), ("灯全部关掉", False), ("turn the car lights off", False)],
)  # fmt: skip
def test_lights_not_named_as_outside_are_inside(understander: Understander, text: str, on: bool):
    wanted = ("light.interior.set", {"kind": "all", "on": on})
    assert calls_of(understander, text) == [wanted]
    first = "lock the doors and " if text.isascii() else "锁上车门，"
    assert calls_of(understander, first + text)[1:] == [wanted]


@each_row(
    ("text", "kind", "state"),
    [("打开大灯", "low_beam", "on"), ("关闭大灯", "low_beam", "off"), ("开车灯", "low_beam", "on"), ("打开车灯", "low_beam", "on"),
     ("turn off the headlights", "low_beam", "off"), ("关掉车外的灯", "all", "off"), ("turn off the exterior lights", "all", "off"),
     ("关闭雾灯", "fog", "off"), ("fog lights off", "fog", "off"), ("关掉外部灯光", "all", "off")],
)  # fmt: skip
def test_lights_named_as_outside_are_outside(
    understander: Understander, text: str, kind: str, state: str
):
    assert calls_of(understander, text) == [("light.exterior.set", {"kind": kind, "state": state})]


@each_row(
    ("text", "wanted"),
    [
        ("open the passenger window 30 percent and close mine",
         [("window.set", {"windows": ["passenger"], "percent": 30}), ("window.set", {"windows": ["driver"], "percent": 0})]),
        ("set driver temp to 21 and passenger to 24",
         [("climate.set_temperature", {"zone": "driver", "value": 21}), ("climate.set_temperature", {"zone": "passenger", "value": 24})]),
        ("主驾二十一度副驾二十四度",
         [("climate.set_temperature", {"zone": "driver", "value": 21}), ("climate.set_temperature", {"zone": "passenger", "value": 24})]),
        ("打开左后车窗和空调", [("window.set", {"windows": ["row2_left"], "percent": 100}), ("climate.set_power", {"on": True})]),
        ("turn on the ac and set it to 22", [("climate.set_power", {"on": True}), ("climate.set_temperature", {"value": 22})]),
        ("turn on the seat heating on my side and the fan",
         [("seat.set_heat_vent", {"seat": "driver", "mode": "heat"}), ("climate.set_fan", {"zone": "driver", "level": 3})]),
        ("it's foggy in here", [("climate.set_defrost", {"target": "front", "on": True})]),
        ("导航去外滩，中途加个加油站", [("nav.set_destination", {"place": "外滩"}), ("nav.edit_route", {"op": "add_stop", "place": "加油站"})]),
        ("open Bilibili", [("app.open", {"name": "Bilibili"})]),
        ("start Waze", [("app.open", {"name": "Waze"})]),
        ("play the album Lock the Doors", [("media.play", {"query": "Lock the Doors", "kind": "album"})]),
        ("who sent me a message", [("message.read", {})]),
        ("帮我查一下明天的天气", [("info.weather", {"time": "2026-11-24"})]),
        ("我的购物清单", [("list.manage", {"op": "query", "list": "购物清单"})]),
        ("add eggs, bread and butter to my shopping list", [("list.manage", {"op": "add", "list": "shopping", "item": "eggs, bread, butter"})]),
        ("把牛奶和鸡蛋加到购物清单", [("list.manage", {"op": "add", "list": "购物清单", "item": "牛奶, 鸡蛋"})]),
        ("turn on the heated seat for my wife", [("seat.set_heat_vent", {"mode": "heat"})]),
        ("座椅加热打开", [("seat.set_heat_vent", {"mode": "heat"})]),
        ("crank the fan", [("climate.set_fan", {"level": "max"})]),
        ("关闭车道保持", [("adas.set_feature", {"feature": "lane_departure", "enabled": False})]),
        ("氛围灯亮度调到百分之三十", [("light.interior.set", {"kind": "ambient", "brightness": 30})]),
        ("锁上后备箱", [("trunk.set", {"which": "rear", "open": False})]),
        ("天窗打开一点", [("roof.set", {"target": "roof", "tilt": True})]),
        ("把会议改到下午三点", [("calendar.upsert", {"event": "会议", "start": "15:00"})]),
        ("move the review to 5 pm", [("calendar.upsert", {"event": "review", "start": "17:00"})]),
        ("move my 3 pm review to 5 pm", [("calendar.upsert", {"event": "review", "start": "17:00"})]),
        ("打开 AC", [("climate.set_power", {"on": True})]),
        ("把 volume 调大", [("media.set_volume", {"delta": 10})]),
        ("導航到虹橋站", [("nav.set_destination", {"place": "虹橋站"})]),
        ("關閉空調", [("climate.set_power", {"on": False})]),
        ("ＯＰＥＮ THE WINDWO PLZ", [("window.set", {"percent": 100})]),
    ],
)  # fmt: skip
def test_clauses_and_arguments_come_out_whole(
    understander: Understander, text: str, wanted: list[tuple[str, dict[str, object]]]
):
    assert calls_of(understander, text) == wanted


@pytest.mark.parametrize(
    "text", ["open the window and blorf the snarf", "打开车窗，啵啵叽叽", "make me a sandwich and open the window"]
)  # fmt: skip
def test_a_clause_that_is_not_understood_is_named(understander: Understander, text: str):
    thought = understander.understand(text, CONTEXT)
    assert [call.capability for call in thought.calls] == ["window.set"]
    assert thought.question is not None
    assert any(part in thought.question.en for part in ("snarf", "啵啵", "sandwich"))


@each_row(
    ("text", "kind"),
    [("谢谢", MessageKind.CHAT), ("thanks", MessageKind.CHAT), ("再见", MessageKind.CHAT), ("tell me a joke", MessageKind.CHAT),
     ("why is the sky blue", MessageKind.QUESTION), ("asdf qwer", MessageKind.UNKNOWN), ("blah", MessageKind.UNKNOWN),
     ("wash the car", MessageKind.UNKNOWN), ("给我倒杯水", MessageKind.UNKNOWN), ("xkcd 啵叽 zzqq", MessageKind.UNKNOWN)],
)  # fmt: skip
def test_only_talk_and_open_questions_reach_a_language_model(
    understander: Understander, text: str, kind: MessageKind
):
    thought = understander.understand(text, CONTEXT)
    assert (thought.kind, thought.calls) == (kind, ())
    assert (thought.question is not None) is (kind is MessageKind.UNKNOWN)


@each_row(
    ("first", "then", "wanted"),
    [
        ("open the driver window", "and the passenger's too", ("window.set", {"windows": ["passenger"], "percent": 100})),
        ("把温度调高一点", "再高一点", ("climate.set_temperature", {"delta": 1})),
        ("打开主驾座椅加热", "副驾也要", ("seat.set_heat_vent", {"seat": "passenger", "mode": "heat"})),
        ("turn up the volume", "a bit more", ("media.set_volume", {"delta": 10})),
        ("turn on the ac", "turn it off again", ("climate.set_power", {"on": False})),
        ("open the rear right window", "no, the left one", ("window.set", {"windows": ["row2_left"], "percent": 100})),
        ("打开右后车窗", "不对，是左边的", ("window.set", {"windows": ["row2_left"], "percent": 100})),
        ("play some jazz", "turn it up", ("media.set_volume", {"delta": 10})),
        ("open the window", "play some jazz", ("media.play", {"query": "jazz", "kind": "genre"})),
    ],
)  # fmt: skip
def test_what_leans_on_the_last_exchange(
    understander: Understander, first: str, then: str, wanted: tuple[str, dict[str, object]]
):
    before = understander.understand(first, CONTEXT)
    exchange = Exchange(first, before.calls, "Done.", LABEL)
    context = Context(
        Language.ENGLISH, label=LABEL, turn="t2", now=CONTEXT.now, exchanges=(exchange,)
    )
    assert calls_of(understander, then, context) == [wanted]
