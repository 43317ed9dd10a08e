"""True or false, and one of a few words."""

import pytest

from edgewise.think.understanding.switches import boolean_of, choice_of
from tests.each_row import each_row
from tests.think.understanding.conftest import Read, argument_of


@each_row(
    ("capability", "text", "name", "value"),
    [
        ("climate.set_power", "打开空调", "on", True),
        ("climate.set_power", "turn the ac off", "on", False),
        ("door.lock", "lock the doors", "locked", True),
        ("door.lock", "解锁车门", "locked", False),
        ("trunk.set", "关闭后备箱", "open", False),
    ],
)
def test_a_direction_is_read_and_its_opposite_is_the_other(
    read: Read, capability: str, text: str, name: str, value: bool
) -> None:
    reading = read(capability, text)
    assert boolean_of(reading, argument_of(reading, name)) is value


@pytest.mark.parametrize(
    ("text", "kind"), [("打开远光灯", "high_beam"), ("turn on the hazard lights", "hazard")]
)
def test_a_choice_is_found_by_its_declared_words(read: Read, text: str, kind: str) -> None:
    reading = read("light.exterior.set", text)
    assert choice_of(reading, argument_of(reading, "kind")) == kind
