import itertools

import pytest

from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.pairs import pairs
from tests.each_row import each_row
from tests.think.test_newcomers import calls_of


@each_row(
    ("text", "clauses"),
    [
        ("空调关窗户开", ["空调关", "窗户开"]),
        ("开车窗把蓝牙关闭", ["开车窗", "把蓝牙关闭"]),
        ("关座椅按摩开氛围灯", ["关座椅按摩", "开氛围灯"]),
        ("雾灯关掉吧阅读灯开了吧", ["雾灯关掉吧", "阅读灯开了吧"]),
        ("把大灯和雾灯都关掉", ["大灯关掉", "雾灯关掉"]),
        ("打开雨刮和氛围灯关了", ["打开雨刮", "氛围灯关了"]),
        ("窗户开着空调关了", ["窗户开着", "空调关了"]),
        ("window open ac off", ["window open", "ac off"]),
        ("空调打开窗户", []),
        ("打开空调温度", []),
        ("空调调到二十度窗户开", []),
        ("关窗户", []),
    ],
)
def test_each_thing_goes_with_its_own_verb_or_state(text: str, clauses: list[str]):
    assert [clause.plain for clause in pairs(normalise(text))] == clauses


THINGS = {
    "空调": "climate.set_power", "窗户": "window.set", "天窗": "roof.set",
    "大灯": "light.exterior.set", "氛围灯": "light.interior.set", "蓝牙": "device.set_setting",
    "座椅按摩": "seat.set_massage",
}  # fmt: skip
FORMS = ("{a}{s}{b}{t}", "{s}{a}{t}{b}", "把{a}{s}把{b}{t}", "{s}{a}把{b}{t}", "{s}{a}和{t}{b}")


def direction(arguments: dict[str, object]) -> bool:
    """Whether a call opens, or switches on."""
    values = {"percent": 0, "level": 0, "on": False, "state": "off"}
    return not any(arguments.get(name) == value for name, value in values.items())


@pytest.mark.parametrize("form", FORMS)
def test_no_state_slides_to_another_thing(form: str) -> None:
    wrong: list[str] = []
    for (a, one), (b, two) in itertools.permutations(THINGS.items(), 2):
        for first, second in itertools.product((True, False), repeat=2):
            words = {True: "打开", False: "关掉"}
            text = form.format(a=a, b=b, s=words[first], t=words[second])
            found = [(name, direction(arguments)) for name, arguments in calls_of(text)]
            if found != [(one, first), (two, second)]:
                wrong.append(f"{text}: {found}")
    assert wrong == []
