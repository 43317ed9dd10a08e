"""Who speaks: by default a device in a car; what is asked at once is answered by its own words."""

import re
from dataclasses import replace

from edgewise.core.words import Words
from edgewise.think.persona import IN_CAR

YES = Words("Yes.", "是。")


def test_a_device_in_a_car_speaks_of_the_car_and_the_phone():
    for words in (IN_CAR.agent, IN_CAR.program):
        assert "car" in words.en
        assert "手机" in words.zh


def test_what_it_answers_at_once_is_its_own():
    assert IN_CAR.at_once("are you there") is None
    persona = replace(IN_CAR, answers=((re.compile("are you there"), YES),))
    assert persona.at_once("are you there") == YES
    assert persona.at_once("who is there") is None
