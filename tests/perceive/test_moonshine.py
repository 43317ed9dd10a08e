"""English by Moonshine: its pieces, its loops, and that it hears a person."""

import pytest

from edgewise.perceive.hear import NO_WORDS
from edgewise.perceive.mel import samples_of
from edgewise.perceive.moonshine import Moonshine, Splitting, read_pieces, spell, without_loop
from edgewise.perceive.recognise import mean_probability
from tests.perceive.sounds import needs_model, recorded


def test_pieces_stand_behind_their_length_which_may_take_two_bytes():
    long = b"x" * 300
    data = b"\x01a" + bytes([300 % 128 + 128, 300 // 128]) + long + b"\x02bc"
    assert read_pieces(data) == [b"a", long, b"bc"]


def test_tokens_are_spelled_with_spaces_and_without_those_of_control():
    pieces = [b"<unk>", b"<s>", b"</s>", "\u2581open".encode(), "\u2581it".encode(), b"<0x21>"]
    assert spell(pieces, [1, 3, 4, 5, 2]) == "open it!"


def test_text_is_split_as_the_table_was_made():
    known = ["\u2581", "o", "p", "e", "n", "en", "\u2581o", "\u2581op", "\u2581open"]
    pieces = [piece.encode() for piece in known] + [bytes([0xC3]), bytes([0xA9])]
    splitting = Splitting(pieces)
    assert splitting.split("open") == [8]
    assert splitting.split("oppen e") == [7, 2, 5, 0, 3]
    assert splitting.split("é") == [0, 9, 10]


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


@pytest.mark.slow
def test_it_tells_how_likely_a_text_is_for_a_sound():
    needs_model("moonshine-tiny-en")
    heard = Moonshine().listen(samples_of(recorded().data), lambda: False)
    own = mean_probability(heard.likely(heard.guesses[0].text))
    assert own == pytest.approx(heard.guesses[0].confidence, abs=0.02)
    assert mean_probability(heard.likely("Go backward ten meters.")) < 0.5 * own
