"""A sentence is sure when all of it was likely and no token of it was a guess."""

import math

from edgewise.think.surety import EACH_FLOOR, MEAN_FLOOR, Surety


def surety(*probabilities: float) -> Surety:
    made = Surety()
    for probability in probabilities:
        made.add(math.log(probability))
    return made


def test_likely_tokens_are_sure():
    assert surety(0.9, 0.8, 0.7).sure


def test_one_guessed_token_spoils_a_sentence():
    assert not surety(*[1.0] * 20, EACH_FLOOR - 0.01).sure


def test_many_half_likely_tokens_spoil_a_sentence():
    assert not surety(*[MEAN_FLOOR - 0.01] * 10).sure


def test_nothing_is_not_sure():
    assert not surety().sure
