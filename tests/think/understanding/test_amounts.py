"""Numbers, levels in words, and changes."""

from edgewise.think.understanding.amounts import number_of
from tests.each_row import each_row
from tests.think.understanding.conftest import Read, argument_of


@each_row(
    ("capability", "text", "name", "value"),
    [
        ("window.set", "open the window halfway", "percent", 50),
        ("window.set", "车窗开到百分之三十", "percent", 30),
        ("climate.set_temperature", "温度调到二十二度半", "value", 22.5),
        ("climate.set_temperature", "set the temperature to 900 degrees", "value", 900),
        ("climate.set_temperature", "温度调高两度", "delta", 2),
        ("climate.set_temperature", "two degrees cooler", "delta", -2),
    ],
)
def test_an_amount_is_read_as_it_was_said(
    read: Read, capability: str, text: str, name: str, value: float
) -> None:
    reading = read(capability, text)
    assert number_of(reading, argument_of(reading, name)) == value


def test_a_sentence_without_an_amount_gives_none(read: Read) -> None:
    reading = read("climate.set_temperature", "set the temperature")
    assert number_of(reading, argument_of(reading, "value")) is None
