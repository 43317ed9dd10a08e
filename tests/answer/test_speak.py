"""Every voice keeps the contract: its methods take what the protocol's take."""

import inspect

import pytest

from edgewise.answer.speak import Voice
from edgewise.answer.voice import LocalVoice
from edgewise.answer.voice_command import CommandVoice


@pytest.mark.parametrize("kind", [LocalVoice, CommandVoice])
@pytest.mark.parametrize("method", ["speak", "warm", "close"])
def test_a_voice_has_the_methods_of_the_contract(kind: type[object], method: str):
    wanted = inspect.signature(getattr(Voice, method))
    assert inspect.signature(getattr(kind, method)) == wanted


def test_both_can_stand_where_a_voice_is_wanted():
    local: Voice = LocalVoice()
    other: Voice = CommandVoice(["program"])
    assert local is not other
