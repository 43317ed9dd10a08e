"""A device's status as readings: what is missing or odd is no reading."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.act.board_status import (
    BATTERY,
    BRIGHTNESS,
    CHARGING,
    DARK_MODE,
    MOST_SPOKEN,
    TOLD,
    VOLUME,
    decoded,
    says_no,
    spoken,
    states_in,
)

STATUS = {
    "audio_speaker": {"volume": 70},
    "screen": {"brightness": 75, "theme": "light"},
    "battery": {"level": 50, "charging": True},
    "network": {"type": "wifi"},
}
ALL = {VOLUME: 70, BRIGHTNESS: 75, DARK_MODE: False, BATTERY: 50, CHARGING: True}


def test_the_firmware_s_status_is_read_whole():
    assert states_in(json.dumps(STATUS)) == ALL
    assert set(ALL) == set(TOLD)


def test_a_status_that_was_encoded_again_is_read_as_well():
    assert states_in(json.dumps(json.dumps(STATUS))) == ALL


def test_numbers_and_truth_may_come_as_text():
    told = {
        "audio_speaker": {"volume": "70"},
        "screen": {"brightness": "75.0", "theme": "Dark"},
        "battery": {"level": "50", "charging": "false"},
    }
    assert states_in(json.dumps(told)) == {**ALL, DARK_MODE: True, CHARGING: False}


@pytest.mark.parametrize(
    "told",
    [
        "", "true", "[1]", "not JSON", "null", '{"audio_speaker": 3}',
        '{"audio_speaker": {"volume": 101}, "screen": {"theme": "auto"}}',
        '{"audio_speaker": {"volume": true}, "battery": {"level": "full"}}',
        '{"audio_speaker": {"volume": "nan"}, "screen": {"brightness": "inf"}}',
    ],
)  # fmt: skip
def test_what_is_odd_is_no_reading(told: str):
    assert states_in(told) == {}


@given(st.text())
def test_no_text_makes_it_fail(told: str):
    assert set(states_in(told)) <= set(TOLD)
    assert len(spoken(told)) <= MOST_SPOKEN
    says_no(told)


@pytest.mark.parametrize(
    ("text", "no"),
    [
        ("false", True), ('"false"', True), (" False ", True), ('{"success": false}', True),
        ('{"error": "motor stuck"}', True), ("true", False), ("", False), ('{"error": ""}', False),
        ('{"power": false}', False), ("0", False),
    ],
)  # fmt: skip
def test_an_answer_says_no_only_in_so_many_words(text: str, no: bool):
    assert says_no(text) is no


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"power": true, "glow_level": 3, "more": [1]}', "power: yes, glow level: 3"),
        ('"a red\\n cup"', "a red cup"),
        ('{"success": true, "text": "a red cup"}', "a red cup"),
        ("21.5", "21.5"),
        ("plain words", "plain words"),
    ],
)
def test_an_answer_is_said_in_plain_words(text: str, said: str):
    assert spoken(text) == said


def test_a_long_answer_is_cut():
    assert len(spoken("word " * 1000)) == MOST_SPOKEN


def test_json_is_unwrapped_only_so_deep():
    text = '"x"'
    for _ in range(9):
        text = json.dumps(text)
    assert isinstance(decoded(text), str)
