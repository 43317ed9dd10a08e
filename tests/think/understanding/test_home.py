import time

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.home import Home
from edgewise.core.thought import MessageKind
from edgewise.think.understanding import words as say
from edgewise.think.understanding.home import names_home, read_home
from edgewise.think.understanding.normalise import normalise
from tests.think.understanding.at_home import HOME, IN_DINING_ROOM, car, hear, heard

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}


@pytest.mark.parametrize(
    "text",
    [
        "is the door locked",
        "are the bathroom lights off?",
        "should I turn off the bathroom light",
        "who opened the left blind",
        "why is the reading lamp on",
        "can the bathroom light be turned off",
        "后门锁了吗",
        "浴室的灯关咗未",
        "床头灯系唔系开咗",
        "reading lamp on?",
        "bathroom lights off?",
        "浴室燈關咗？",
    ],
)
def test_a_question_changes_nothing(text: str):
    assert hear(text).kind is not MessageKind.COMMAND


@pytest.mark.parametrize(
    "text",
    [
        "don't turn off the bathroom light",
        "please do not unlock the porch door",
        "never open the garden valve",
        "不要打开后门",
        "唔好熄浴室燈",
        "别关床头灯",
    ],
)
def test_a_denial_changes_nothing_and_says_so(text: str):
    thought = hear(text)
    assert thought.calls == ()
    assert thought.question == say.NEGATED


@pytest.mark.parametrize(
    "text",
    [
        "he said turn off the bathroom light",
        'she shouted "unlock the porch door"',
        "the bathroom light is on",
        "if it rains close the left blind",
        "turn off the bathroom light tomorrow",
        "turn off the bathroom light in ten minutes",
        "in five minutes, unlock the porch door",
        "十分钟后打开后门",
        "他说打开后门",
        "turn off everything in the bathroom but the fan",
    ],
)
def test_what_was_said_told_conditioned_or_meant_for_later_changes_nothing(text: str):
    assert hear(text).kind is not MessageKind.COMMAND


def test_a_room_that_this_home_has_not_is_asked_for():
    thought = hear("turn on the attic light")
    assert thought.kind is MessageKind.UNKNOWN
    assert thought.question is not None
    assert "attic" in thought.question.en


def test_an_unknown_place_is_declined_and_nothing_guessed():
    assert hear("turn off the light in the sauna").calls == ()


def test_two_orders_in_one_sentence_are_two_calls():
    first, second = heard("turn on the bathroom light and close the left blind")
    assert first[1]["action"] == "on"
    assert second[1] == {
        "name": "Left Blind", "domain": "cover", "device_class": "blind", "action": "close",
    }  # fmt: skip


def test_a_polite_request_is_an_order():
    assert heard("could you switch off the reading lamp?")[0][1]["action"] == "off"
    assert heard("可以幫我關掉書房的燈嗎")[0][1] == {
        "area": "书房", "domain": "light", "action": "off",
    }  # fmt: skip


def test_a_car_keeps_what_names_no_part_of_the_home():
    for text, name in (
        ("open the window", "window.set"), ("is the window open", "vehicle.get_status"),
        ("set the temperature to 22", "climate.set_temperature"), ("pause", "media.control"),
        ("turn on the light", "light.interior.set"),
    ):  # fmt: skip
        (call,) = hear(text, HOME, car()).calls
        assert call.capability == name
        assert "area" not in call.arguments


def test_a_car_knows_the_home_by_its_names():
    for text in ("open the bathroom window", "turn on the desk fan", "lock the porch door"):
        (call,) = hear(text, HOME, car()).calls
        assert call.capability == "home.control"


def test_a_sentence_that_names_the_home_moves_no_part_of_the_car():
    calls = hear("open the bathroom window a tiny little bit", HOME, car()).calls
    assert not any(call.capability.startswith("window") for call in calls)


def test_without_a_home_nothing_is_read_here():
    assert read_home(normalise("turn on the bathroom light"), None, CAPABILITIES) is None
    assert not names_home("turn on the bathroom light", None)


def test_a_capability_that_the_device_has_not_is_not_named():
    assert read_home(normalise("lock the porch door"), HOME, {}) is None


def test_a_device_that_stands_in_a_room_means_that_room():
    assert heard("lights off", IN_DINING_ROOM) == [
        ("home.control", {"area": "Dining Room", "domain": "light", "action": "off"})
    ]
    everywhere = heard("turn off all the lights in the house", IN_DINING_ROOM)
    assert everywhere == [("home.control", {"domain": "light", "action": "off", "all": True})]


def test_a_sentence_is_read_in_well_under_a_millisecond():
    large = Home(HOME.areas, HOME.floors, HOME.entities * 5)
    clause = normalise("please turn on all of the lights in the dining room")
    read_home(clause, large, CAPABILITIES)
    best = min(_seconds(lambda: read_home(clause, large, CAPABILITIES)) for _ in range(20))
    assert best < 0.001


def _seconds(act: object) -> float:
    assert callable(act)
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
