"""Ids are random and of one length; names are what a person can read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.identifier import ALPHABET, base62, checked_name, new_id, no_such
from edgewise.errors import UserError


def test_an_id_is_its_prefix_and_24_characters_of_base_62():
    assert re.fullmatch(r"proj_[0-9A-Za-z]{24}", new_id("proj"))


def test_ids_do_not_repeat():
    assert len({new_id("key") for _ in range(1000)}) == 1000


@given(st.binary(min_size=32, max_size=32))
def test_base_62_of_32_bytes_has_43_characters_and_loses_nothing(data: bytes):
    text = base62(data)
    assert len(text) == 43
    number = 0
    for character in text:
        number = number * 62 + ALPHABET.index(character)
    assert number.to_bytes(32) == data


def test_a_name_loses_the_spaces_around_it():
    assert checked_name("a project", "  车机 one ") == "车机 one"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\nb", "a\0b", "\ud800"])
def test_an_empty_long_or_unprintable_name_is_refused(name: str):
    with pytest.raises(UserError, match="1 to 80 printable"):
        checked_name("a project", name)


def test_what_is_missing_is_told_by_its_name_cut_short():
    assert len(str(no_such("key", "k" * 10_000))) < 200
