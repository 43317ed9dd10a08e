"""Fields are read with the path of what is wrong, and amounts mean the same in both dialects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.talk.realtime.fields import (
    MOST_TOOLS,
    ToolFields,
    TurnDetection,
    by_energy,
    energy_of,
    read,
    tools_of,
    turns_of,
)
from edgewise.talk.realtime.ga import SessionFields
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.session import SERVER_VAD, Offer, Session
from edgewise.talk.settings import TurnEnd


def test_the_path_of_a_field_stands_in_the_error():
    given = {"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcm", "hz": 1}}}}
    with pytest.raises(Problem) as refused:
        read(given, SessionFields, "session")
    assert refused.value.code == "unknown_parameter"
    assert refused.value.param == "session.audio.input.format.hz"


@given(st.integers(0, 5000))
def test_energy_and_probability_are_one_amount(energy: int):
    assert energy_of(by_energy(energy)) == energy


def test_turns_stay_within_what_can_be_told_apart():
    given = TurnDetection(threshold=0.0)
    turns = turns_of(given, "t", SERVER_VAD)
    assert (turns.end, turns.threshold) == (TurnEnd.SILENCE, 0.05)


def test_there_is_a_bound_on_tools():
    given = [ToolFields(name=f"f{number}") for number in range(MOST_TOOLS + 1)]
    with pytest.raises(Problem, match="128 at most"):
        tools_of(given, Session("s", Offer("m")), "tools")
