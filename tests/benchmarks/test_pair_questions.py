"""The pair's questions are the same for a seed, have keys that their own answers meet, and say no
answer before it is given."""

from collections import Counter

from benchmarks.pair_check import is_right
from benchmarks.pair_questions import EACH, KINDS, questions

ASKED = questions()


def test_the_same_seed_makes_the_same_questions_and_another_one_others():
    assert questions() == ASKED
    assert questions(1) != ASKED


def test_every_kind_has_questions_of_its_own_and_none_is_asked_twice():
    counts = Counter(one.kind for one in ASKED)
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 10
    assert max(counts.values()) == EACH
    assert len({one.text for one in ASKED}) == len({one.id for one in ASKED}) == len(ASKED)


def test_each_good_answer_is_right_and_another_questions_is_mostly_not():
    assert [one.id for one in ASKED if not is_right(one, one.good)] == []
    others = [
        is_right(one, other.good) for one in ASKED for other in ASKED[::7] if one is not other
    ]
    assert sum(others) / len(others) < 0.05


def test_repeating_the_question_is_no_right_answer():
    said = [one.text for one in ASKED if one.key.yes is None and is_right(one, one.text)]
    assert said == ["What is the plural of “sheep”?"]  # which is its own
