# ruff: noqa: E501  (a table of cases is read by rows)
import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.fixed import fixed, without_understanding
from tests.each_row import each_row

CONTEXT = Context(Language.ENGLISH, turn="t7", label=label_of(OriginKind.VOICE, "driver"))


@each_row(
    ("text", "kind", "capability", "arguments"),
    [
        ("Stop!", "stop", "dialog.control", {"action": "stop"}),
        ("请停下", "stop", "dialog.control", {"action": "stop"}),
        ("算了", "cancel", "dialog.control", {"action": "cancel"}),
        ("never mind", "cancel", "dialog.control", {"action": "cancel"}),
        ("好的", "confirm", "dialog.control", {"action": "confirm"}),
        ("yes please", "confirm", "dialog.control", {"action": "confirm"}),
        ("no", "deny", "dialog.control", {"action": "deny"}),
        ("不要", "deny", "dialog.control", {"action": "deny"}),
        ("撤销", "undo", "dialog.control", {"action": "undo"}),
        ("undo that", "undo", "dialog.control", {"action": "undo"}),
        ("再说一遍", "repeat", "dialog.control", {"action": "repeat"}),
        ("call 120", "emergency", "call.dial", {"number": "120"}),
        ("call nine one one", "emergency", "call.dial", {"number": "911"}),
        ("打幺二零", "emergency", "call.dial", {"number": "120"}),
        ("turn on the headlights", "safe", "light.exterior.set", {"kind": "low_beam", "state": "on"}),
        ("请帮我打开大灯", "safe", "light.exterior.set", {"kind": "low_beam", "state": "on"}),
        ("開啟大燈", "safe", "light.exterior.set", {"kind": "low_beam", "state": "on"}),
        ("开双闪", "safe", "light.exterior.set", {"kind": "hazard", "state": "on"}),
        ("defrost the windshield", "safe", "climate.set_defrost", {"target": "front", "on": True}),
        ("打开后除霜", "safe", "climate.set_defrost", {"target": "rear", "on": True}),
        ("wipers on", "safe", "wiper.set", {"mode": "on"}),
        ("打开雨刮", "safe", "wiper.set", {"mode": "on"}),
        ("打开示廓灯", "safe", "light.exterior.set", {"kind": "position", "state": "on"}),
        ("turn the fog lights on", "safe", "light.exterior.set", {"kind": "fog", "state": "on"}),
        ("lock the doors", "safe", "door.lock", {"locked": True}),
        ("麻烦把车门锁上，谢谢", "safe", "door.lock", {"locked": True}),
    ],
)  # fmt: skip
def test_a_fixed_word_gives_its_one_call(
    text: str, kind: str, capability: str, arguments: dict[str, object]
):
    thought = fixed(text, CONTEXT)
    assert thought is not None
    assert thought.fixed == kind
    (call,) = thought.calls
    assert (call.capability, call.arguments) == (capability, arguments)
    assert (call.id, call.label) == ("t7.1", CONTEXT.label)


@each_row(
    "text",
    ["别打开大灯", "don't lock", "do not turn on the headlights", "不要锁车", "yes turn on the radio",
     "turn on the headlights and open the window", "cancel the alarm", "unlock the doors",
     "关闭大灯", "right", "Right.", "right please", "left", "turn off the headlights", "停车场在哪", "他说停", "", " ", "x" * 100_000, "\ud800"],
)  # fmt: skip
def test_a_longer_denied_or_opposite_sentence_is_no_fixed_word(text: str):
    assert fixed(text, CONTEXT) is None


@pytest.mark.rule(44)
@each_row("text", ["turn on the lights", "开灯", "请把灯打开", "all lights on"])
def test_without_understanding_lights_on_lights_the_road(text: str):
    assert fixed(text, CONTEXT) is None
    thought = without_understanding(text, CONTEXT)
    assert thought is not None
    (call,) = thought.calls
    assert call.arguments == {"kind": "low_beam", "state": "on"}


@pytest.mark.rule(42)
@each_row(
    ("text", "language", "region", "number"),
    [
        ("call an ambulance", Language.ENGLISH, "", "112"),
        ("call the police", Language.ENGLISH, "US", "911"),
        ("call the police", Language.ENGLISH, "CN", "110"),
        ("叫救护车", Language.CHINESE, "", "120"),
        ("叫救护车", Language.CHINESE, "EU", "112"),
        ("报警", Language.CHINESE, "", "110"),
        ("call the fire brigade", Language.ENGLISH, "JP", "119"),
        ("emergency call", Language.ENGLISH, "GB", "999"),
        ("call 911", Language.ENGLISH, "CN", "911"),
    ],
)
def test_whom_an_emergency_call_reaches_depends_on_where_the_device_is(
    text: str, language: Language, region: str, number: str
):
    thought = fixed(text, Context(language, region=region))
    assert thought is not None
    (call,) = thought.calls
    assert call.arguments == {"number": number}


def test_fixed_words_agree_with_what_capabilities_declare():
    for capability in builtin_catalogue().capabilities:
        for example in (*capability.en, *capability.zh):
            thought = fixed(example.text, CONTEXT)
            if thought is not None:
                (call,) = thought.calls
                assert call.capability == capability.name, example.text
                for name in call.arguments.keys() & example.arguments.keys():
                    assert call.arguments[name] == example.arguments[name], example.text
