"""The lines of a decision are said in both languages, and say what would have changed it."""

import pytest

from edgewise.core.place import Stage, Way
from edgewise.core.words import Language, Words
from edgewise.route import lines


def test_a_reason_is_put_into_a_line_in_its_own_language():
    told = lines.filled(lines.NOBODY, Words("no {model}", "没有{model}"))
    assert told.en == "ability: nobody can answer: no {model}"
    assert told.zh == "能力：无法回答：没有{model}"


def test_the_other_way_is_named_with_the_threshold_as_it_was_compared():
    assert lines.below(0.6125).en == "it would have been the device below 0.6125"
    assert "若达到 0.5，则交给云端" in lines.from_on(0.5, Way.CLOUD).zh
    assert "询问" in lines.from_on(0.5, Way.ASK).zh
    assert "0.35" in lines.believed_from(0.35).zh
    assert lines.without_sample(device=True) != lines.without_sample(device=False)


def test_a_person_reads_the_stages_line_by_line():
    stages = (Stage("rules", lines.NO_CLOUD), Stage("ability", lines.ONLY_DEVICE))
    said = [line.said_in(Language.CHINESE) for line in lines.lines_of(stages)]
    assert said == [lines.NO_CLOUD.zh, lines.ONLY_DEVICE.zh]


@pytest.mark.parametrize("name", [name for name in vars(lines) if name.isupper()])
def test_both_languages_have_the_same_places(name: str):
    words = getattr(lines, name)
    given = {name: f"-{name}-" for name in ("why", "rule", "name", "names", "purpose")}
    for place in given.values():
        filled = (words.en.format(**given), words.zh.format(**given))
        assert (place in filled[0]) is (place in filled[1])
