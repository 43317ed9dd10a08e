"""What of an answer was heard, by the clock and by what the client tells."""

import pytest

from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.talk.playing import Playing

SECOND = SPEAKING_HZ


def played(*pieces: str) -> Playing:
    """Each piece lasts a second; all were sent at 10 s."""
    playing = Playing()
    for piece in pieces:
        playing.send(piece, SECOND, 10.0)
    return playing


def test_sound_that_was_sent_ahead_is_heard_in_its_time():
    playing = played("one ", "two ", "three")
    assert playing.heard_s(10.0) == 0
    assert playing.heard_s(11.5) == pytest.approx(1.5)
    assert playing.heard_s(99.0) == 3
    assert playing.is_playing(12.9)
    assert not playing.is_playing(13.0)


def test_sound_that_comes_late_is_heard_from_when_it_came():
    playing = played("one ")
    playing.send("two", SECOND, 15.0)
    assert playing.heard_s(14.9) == 1
    assert playing.heard_s(15.5) == pytest.approx(1.5)


def test_what_is_held_is_heard_later():
    playing = played("one ", "two")
    playing.hold(10.5)
    assert playing.heard_s(18.0) == pytest.approx(0.5)
    assert playing.is_playing(18.0)
    playing.resume(20.5)
    assert playing.heard_s(21.0) == pytest.approx(1.0)
    assert playing.left_s(21.0) == pytest.approx(1.0)


def test_sound_sent_while_held_begins_behind_the_hold():
    playing = played("one ")
    playing.hold(11.0)
    playing.resume(14.0)
    playing.send("two", SECOND, 14.0)
    assert playing.heard_s(14.5) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("heard_s", "words"),
    [
        (0.0, ""),
        (0.5, "open"),  # half of the nine characters: "open" and a space begins
        (1.0, "open the "),
        (1.99, "open the window "),
        (5.0, "open the window now"),
    ],
)
def test_only_whole_words_count_as_heard(heard_s: float, words: str):
    playing = played("open the ", "window now")
    playing.stop(heard_s)
    assert playing.heard_words == words


def test_a_han_character_is_a_word():
    playing = played("主驾车窗已打开")
    playing.stop(4 / 7)
    assert playing.heard_words == "主驾车窗"


def test_words_without_sound_count_with_what_stands_before_them():
    playing = played("one ")
    playing.show("shown", 10.0)
    playing.stop(0.9)
    assert playing.heard_words == "one"
    playing.stop(1.0)
    assert playing.heard_words == "one shown"


def test_what_was_stopped_is_not_played():
    playing = played("one")
    playing.stop(0.2)
    assert not playing.is_playing(10.5)
    assert playing.left_s(10.5) == 0


def test_what_a_client_has_and_has_not_played_was_sent():
    playing = played("one ", "two ")
    assert not playing.is_sent(11.6)
    assert playing.is_sent(11.8)
    playing.hold(11.0)
    assert not playing.is_sent(99.0)


def test_it_is_cut_where_it_was_stopped_before_its_last_words_were_sent():
    playing = played("one ", "two ")
    assert not playing.is_cut
    playing.stop(1.8)
    assert not playing.is_cut
    playing.send("three", SECOND, 12.0)
    assert playing.is_cut
