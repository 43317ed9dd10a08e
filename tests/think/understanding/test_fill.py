# ruff: noqa: E501  (a table of cases is read by rows)


from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Capability
from edgewise.core.zone import Zone
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
NOW = "2026-11-23T09:00"


def filled(capability: Capability, text: str, *, exact: bool = False) -> dict[str, object]:
    declared = declare(capability)
    if not exact:
        vars(declared)["exact"] = {}  # in place of what is made when first needed
    return fill(declared, normalise(text), ("mom", "Alice Chen"), NOW, Zone.DRIVER).arguments


@each_row(
    ("capability", "text", "arguments"),
    [
        ("climate.set_temperature", "把副驾温度调到二十二度半", {"zone": "passenger", "value": 22.5}),
        ("climate.set_temperature", "调高两度", {"delta": 2}),
        ("climate.set_temperature", "set it to 72 fahrenheit", {"value": 72, "unit": "fahrenheit"}),
        ("climate.set_temperature", "温度调到五十度", {"value": 50}),
        ("window.set", "后排车窗开一半", {"windows": ["rear"], "percent": 50}),
        ("window.set", "窗户开条缝", {"percent": 10}),
        ("media.set_volume", "音量加二十", {"delta": 20}),
        ("door.lock", "锁上副驾车门", {"doors": ["passenger"], "locked": True}),
        ("light.interior.set", "turn off all the lights", {"kind": "all", "on": False}),
        ("alarm.manage", "set a timer for an hour and a half",
         {"op": "set", "kind": "timer", "duration": 5400}),
        ("climate.set_airflow", "air to face and feet", {"directions": ["face", "feet"]}),
        ("message.send", "给妈妈发短信说我快到家了",
         {"recipient": "妈妈", "body": "我快到家了", "app": "sms"}),
    ],
)  # fmt: skip
def test_arguments_come_typed_from_the_words(
    capability: str, text: str, arguments: dict[str, object]
):
    assert filled(CAPABILITIES[capability], text) == arguments


def test_what_is_not_said_is_left_out():
    assert filled(CAPABILITIES["window.set"], "车窗") == {}
    assert filled(CAPABILITIES["trunk.set"], "后备箱").get("open") is None


def test_almost_all_declared_examples_are_filled_without_looking_them_up():
    total = right = 0
    for capability in CAPABILITIES.values():
        defaults = {a.name: a.default for a in capability.arguments if a.default is not None}
        for example in (*capability.en, *capability.zh):
            total += 1
            right += {**defaults, **filled(capability, example.text)} == {
                **defaults, **example.arguments,
            }  # fmt: skip
    assert right / total > 0.97


def test_a_declared_example_is_understood_exactly():
    for capability in CAPABILITIES.values():
        declared = declare(capability)
        for text, arguments in declared.exact.items():
            found = fill(declared, normalise(text), (), NOW, Zone.DRIVER).arguments
            assert found == arguments, (capability.name, text)
