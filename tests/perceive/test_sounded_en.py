"""How English words sound, roughly."""

import numpy as np
import pytest

from edgewise.perceive.sounded_en import coded, distances, sounds_of


def far(one: str, other: str) -> float:
    a, b = (coded(sounds_of(tuple(text.split()))) for text in (one, other))
    return float(distances(a, b[None], np.array([len(b)], np.int16))[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("favorites", "favourites"), ("by", "buy"), ("lark", "lock"), ("child lock", "childlock"),
     ("week", "weak"), ("seven", "7")],
)  # fmt: skip
def test_words_of_one_sound_are_not_apart(one: str, other: str):
    assert far(one, other) == 0.0


def test_the_more_sounds_differ_the_farther_apart_they_are():
    assert 0 < far("pat", "bat") < far("pat", "lat") < far("pat", "window")
    assert far("mine to", "my to") < far("mine to", "window")
    assert far("", "a") > 0


def test_a_number_is_near_no_other():
    assert far("thirteen", "13") > 1
    assert far("13", "30") > 0.9


def test_the_distance_is_the_same_both_ways_and_among_others():
    words = ["take the route", "take the room", "open"]
    codes = [coded(sounds_of(tuple(word.split()))) for word in words]
    lengths = np.array([len(one) for one in codes], np.int16)
    padded = np.zeros((3, int(lengths.max())), np.int16)
    for row, one in enumerate(codes):
        padded[row, : len(one)] = one
    for at, one in enumerate(codes):
        together = distances(one, padded, lengths)
        assert together[at] == 0
        assert [float(x) for x in together] == pytest.approx([far(words[at], w) for w in words])
