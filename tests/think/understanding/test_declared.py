from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Choice
from edgewise.core.words import Words
from edgewise.think.understanding.declared import ChoiceFinder, declare

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}


def test_the_longest_word_of_a_choice_wins():
    finder = ChoiceFinder(
        (
            Choice("fog", Words("fog", "雾灯"), ("fog lights",), ("雾灯",)),
            Choice("fog_front", Words("front fog", "前雾灯"), ("front fog lights",), ("前雾灯",)),
        )
    )
    word = finder.best("打开前雾灯")
    assert word is not None
    assert word.value == "fog_front"


def test_an_english_word_is_found_whole_only():
    finder = ChoiceFinder((Choice("red", Words("red", "红"), ("red",)),))
    assert finder.best("make it redder") is None
    assert finder.best("make it red") is not None


def test_the_step_is_what_the_examples_mean_by_a_bit():
    assert declare(CAPABILITIES["climate.set_temperature"]).step == 1
    assert declare(CAPABILITIES["media.set_volume"]).step == 10
    assert declare(CAPABILITIES["window.set"]).step == 10


def test_examples_with_times_are_never_taken_literally():
    assert declare(CAPABILITIES["alarm.manage"]).exact == {}
