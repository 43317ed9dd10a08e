"""Voices are known by name; each language has one of its own."""

import pytest

from edgewise.answer.voices import DEFAULTS, checked, voice_names
from edgewise.core.words import Language
from edgewise.errors import UserError


def test_each_language_has_a_voice_of_its_own():
    assert set(DEFAULTS) == set(Language)
    assert all(name in voice_names() for name in DEFAULTS.values())
    assert DEFAULTS[Language.CHINESE].startswith("z")


def test_an_unknown_voice_is_told_with_those_there_are():
    with pytest.raises(UserError, match="af_heart") as raised:
        checked("../../etc/passwd")
    assert raised.value.code == "unknown_voice"
    assert checked("af_heart") == "af_heart"
