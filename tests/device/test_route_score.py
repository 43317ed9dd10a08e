"""The shipped scorer tells hard questions from easy ones, and what it does not know."""

from edgewise.device.route_score import question_score
from edgewise.route.policy import DEFAULT

ALGEBRA = (
    "Find the degree for the given field extension Q(sqrt(2), sqrt(3)) over Q.\n"
    "A. 0\nB. 4\nC. 2\nD. 6\nAnswer:"
)


def test_a_hard_question_scores_above_an_easy_one():
    hard, easy = question_score(ALGEBRA), question_score("What is the capital of France?")
    assert hard is not None
    assert easy is not None
    assert 0 <= easy.wrong < hard.wrong <= 1
    assert hard.neighbours
    assert hard.calibration


def test_what_is_like_nothing_known_is_said_to_be():
    score = question_score("请把这首七言绝句改写成五言")
    assert score is not None
    assert score.likeness < DEFAULT.likeness_floor


def test_the_same_question_has_the_same_score():
    assert question_score(ALGEBRA) == question_score(ALGEBRA)
