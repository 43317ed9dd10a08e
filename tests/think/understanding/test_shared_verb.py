from edgewise.act.catalogue import builtin_catalogue
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.shared_verb import other_thing
from tests.each_row import each_row
from tests.think.understanding.test_guards import understood

KNOWN = Known(builtin_catalogue().capabilities)
KNOWN.warm()


@each_row(
    ("text", "read_as", "other"),
    [
        ("turn off massage and sport mode", "seat.set_massage", ("turn off sport mode", False)),
        ("关闭按摩和运动模式", "drive.set_mode", ("关闭按摩", True)),
        ("turn off the ac and the heater", "climate.set_power", None),
        ("open the windows on the left and right", "window.set", None),
        ("tell mom to turn off massage and sport mode", "message.send", None),
    ],
)
def test_the_other_of_two_things_is_an_order_of_its_own(
    text: str, read_as: str, other: tuple[str, bool] | None
):
    found = other_thing(KNOWN, normalise(text), read_as)
    assert (found and (found[0].plain, found[1])) == other


@each_row(
    ("text", "calls"),
    [
        ("turn off massage and wifi",
         [("seat.set_massage", {"level": 0}),
          ("device.set_setting", {"key": "wifi", "on": False})]),
        ("could you turn off massage and the fan",
         [("seat.set_massage", {"level": 0}), ("climate.set_fan", {"level": 0})]),
        ("turn off massage and sport mode", [("seat.set_massage", {"level": 0})]),
        ("turn off the ac and the heater", [("climate.set_power", {"on": False})]),
    ],
)  # fmt: skip
def test_both_things_behind_one_verb_are_done_if_nothing_else_is_needed(
    text: str, calls: list[tuple[str, dict[str, object]]]
):
    assert [(call.capability, call.arguments) for call in understood(text).calls] == calls


def test_a_thing_that_nobody_knows_is_named_as_left_out():
    thought = understood("turn on the heated seats and cruise control")
    assert [call.capability for call in thought.calls] == ["seat.set_heat_vent"]
    assert thought.question is not None
    assert "cruise control" in thought.question.en


def test_what_is_wanted_for_a_second_person_is_named_as_left_out():
    thought = understood("turn my seat heating to two and hers to one")
    assert [call.arguments for call in thought.calls] == [
        {"seat": "driver", "mode": "heat", "level": 2}
    ]
    assert thought.question is not None
    assert "hers to one" in thought.question.en
