"""Chinese syllables, and how far they are apart."""

import pytest

from edgewise.perceive.sounded_zh import distances, spoken, syllables

pytest.importorskip("pypinyin", reason="pypinyin is not installed (extra hear)")


def far(one: str, other: str) -> float:
    return min(float(distances(one)[syllable]) for syllable in spoken(other))


@pytest.mark.parametrize(("one", "other"), [("刀", "到"), ("外", "歪"), ("王", "网")])
def test_tones_do_not_count(one: str, other: str):
    assert spoken(one) == spoken(other)
    assert far(one, other) == 0.0


def test_what_is_often_taken_for_one_another_is_near():
    assert 0.0 < far("是", "四") < far("是", "天")
    assert 0.0 < far("新", "星") < far("新", "果")


def test_a_character_is_heard_in_any_of_its_readings_and_read_by_its_word():
    assert {*spoken("长"), *spoken("成长")} > set(spoken("长"))
    assert set(syllables("长")) >= {spoken("常")[0], spoken("掌")[0]}
    assert far("长", "掌") == far("长", "常") == 0.0


def test_what_is_no_chinese_is_far_from_all():
    assert syllables("a") == ()
    assert far("a", "啊") > far("天", "啊")
