"""English by Moonshine: its pieces, its loops, and that it hears a person."""

import pytest

from edgewise.perceive.hear import NO_WORDS
from edgewise.perceive.mel import samples_of
from edgewise.perceive.moonshine import Moonshine, read_pieces, spell, without_loop
from tests.perceive.sounds import needs_model, recorded


def test_pieces_stand_behind_their_length_which_may_take_two_bytes():
    long = b"x" * 300
    data = b"\x01a" + bytes([300 % 128 + 128, 300 // 128]) + long + b"\x02bc"
    assert read_pieces(data) == [b"a", long, b"bc"]


def test_tokens_are_spelled_with_spaces_and_without_those_of_control():
    pieces = [b"<unk>", b"<s>", b"</s>", "\u2581open".encode(), "\u2581it".encode(), b"<0x21>"]
    assert spell(pieces, [1, 3, 4, 5, 2]) == "open it!"


def test_a_loop_is_cut_to_its_first_round():
    assert without_loop([9, 1, 2, 1, 2, 1, 2, 1, 2]) == [9, 1, 2]
    assert without_loop([5, 5, 5, 5]) == [5]
    assert without_loop([1, 2, 1, 2, 1, 2]) is None


@pytest.mark.slow
def test_it_hears_what_a_person_says():
    needs_model("moonshine-tiny-en")
    sound = recorded()
    guess = Moonshine().recognise(
        samples_of(sound.data), language=None, vocabulary=NO_WORDS, is_final=True,
        is_cancelled=lambda: False,
    )  # fmt: skip
    assert guess.text.lower().startswith("go forward")
    assert 0.5 < guess.confidence <= 1


@pytest.mark.slow
def test_it_stops_where_nobody_wants_it_any_more():
    needs_model("moonshine-tiny-en")
    guess = Moonshine().recognise(
        samples_of(recorded().data), language=None, vocabulary=NO_WORDS, is_final=True,
        is_cancelled=lambda: True,
    )  # fmt: skip
    assert guess.text == ""
