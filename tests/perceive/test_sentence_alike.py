"""A whole sentence of the vocabulary by its sound: what is found, and what the sound must tell."""

import pytest

from edgewise.perceive.opposite import GUARDED
from edgewise.perceive.sentence_alike import SentencesAlike, plain, sentences_of

pytest.importorskip("pypinyin", reason="pypinyin is not installed (extra hear)")

WORDS = (
    "关闭座椅通风",
    "手机别响了",
    "音量调高",
    "转20欧元给李娜",
    "风速调到五挡",
    "太晒了，把遮阳帘关上",
    "副驾窗户开条缝",
    "李娜",
)
KNOWN = SentencesAlike(WORDS, ("李娜",))


def found(*heard: str) -> str | None:
    sentence = KNOWN.nearest(heard)
    return sentence and sentence.text


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("官立座椅通访", "关闭座椅通风"),
        ("收集别响了", "手机别响了"),
        ("派晒了把这阳帘关上", "太晒了，把遮阳帘关上"),
        ("太晒了，把遮阳帘关上", "太晒了，把遮阳帘关上"),
    ],
)
def test_a_sentence_of_as_many_syllables_that_sound_nearly_so_is_found(heard: str, said: str):
    assert found(heard) == said


def test_the_nearest_of_all_that_was_heard_counts():
    assert found("富架床户砍条疯", "副架窗户开条缝") == "副驾窗户开条缝"


@pytest.mark.parametrize(
    "heard",
    [
        "手机响了",
        "请把音量调高",
        "不要关闭座椅通风",
        "今天天气怎么样",
        "播放周杰伦的歌",
        "副驾窗户",
        "开条缝",
        "",
        "，。",
    ],
)
def test_a_word_more_or_less_or_another_sound_is_another_sentence(heard: str):
    assert found(heard) is None


@pytest.mark.parametrize(
    "heard", ["转20欧元给林娜", "转30欧元给李娜", "风速调到一挡", "风速调到三挡"]
)
def test_a_name_or_a_number_never_becomes_another(heard: str):
    assert found(heard) is None


def test_a_known_name_never_goes_even_by_its_sound():
    known = SentencesAlike(["打电话给李敏", "打电话给丽敏"], ["李敏", "丽敏"])
    sentence = known.nearest(["打电话给李敏"])
    assert sentence is not None
    assert sentence.text == "打电话给李敏"
    assert SentencesAlike(["打电话给丽敏"], ["李敏"]).nearest(["打电话给李敏"]) is None


def test_what_asks_is_no_order_of_the_same_sound():
    known = SentencesAlike(["给我买水喝吧"])
    assert known.nearest(["给我买睡喝吧"]) is not None
    assert known.nearest(["给我买谁喝吧"]) is None


def test_a_direction_that_was_not_heard_has_its_opposite_for_a_rival():
    sentence = KNOWN.nearest(["官立座椅通访"])
    assert sentence is not None
    assert "打开座椅通风" in sentence.rivals


@pytest.mark.parametrize(("heard", "rival"), [("音量调狗", "音量调低"), ("音量调九", None)])
def test_what_is_heard_for_a_direction_has_rivals_or_none_is_found(heard: str, rival: str | None):
    sentence = KNOWN.nearest([heard])
    assert (rival in sentence.rivals) if sentence and rival else sentence is None


def test_a_direction_that_was_heard_is_a_rival_of_another_one():
    known = SentencesAlike(["音量调高"])
    sentence = known.nearest(["音量调小"])
    assert sentence is None or "音量调小" in sentence.rivals
    near = SentencesAlike(["左边的窗户关上一点"]).nearest(["左边的窗户开上一点"])
    assert near is None or "左边的窗户开上一点" in near.rivals


CAR = (
    *("结束导航", "继续播放", "关闭大灯", "打开顶灯", "打开大灯", "关闭阅读灯", "关闭所有灯"),
    *("解锁车门", "降下副驾的窗户", "打开所有车窗", "音量调大", "删除途经点", "保存路线"),
    *("关闭座椅通风", "所有阅读灯开一下"),
)


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [
        ("继续导航", "结束导航"),
        ("结束车门", "解锁车门"),
        ("关闭顶灯", "关闭大灯"),
        ("减少副驾的窗户", "降下副驾的窗户"),
        ("调大所有车窗", "打开所有车窗"),
    ],
)
def test_what_was_heard_is_a_rival_where_it_is_made_of_words(heard: str, sentence: str):
    found = SentencesAlike(CAR).nearest([heard])
    assert found is not None
    assert found.text == sentence
    assert heard in found.rivals


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [("关闭吊灯", "关闭大灯"), ("关闭调灯", "关闭大灯"), ("激素导航", "结束导航")],
)
def test_of_lights_and_navigation_whatever_was_heard_is_a_rival(heard: str, sentence: str):
    found = SentencesAlike(CAR).nearest([heard])
    assert found is not None
    assert found.text == sentence
    assert heard in found.rivals


def test_all_that_was_heard_may_be_a_rival_whatever_its_length():
    found = SentencesAlike(CAR).nearest(["关闭所有阅读灯", "关闭答灯", "关闭顶灯", ""])
    assert found is not None
    assert found.text == "关闭大灯"
    assert {"关闭所有阅读灯", "关闭顶灯"} <= set(found.rivals)
    assert "" not in found.rivals


@pytest.mark.parametrize("heard", ["官立座椅通访", "关闭作以通风", "官闭座椅通风"])
def test_what_makes_no_sense_or_is_another_spelling_is_no_rival(heard: str):
    found = SentencesAlike(CAR).nearest([heard])
    assert found is not None
    assert found.text == "关闭座椅通风"
    assert heard not in found.rivals


@pytest.mark.parametrize(
    ("heard", "sentence", "rival"),
    [
        ("继素导航", "结束导航", "继续导航"),
        ("关闭踏灯", "关闭大灯", "关闭顶灯"),
        ("关闭踏灯", "关闭大灯", "关闭阅读灯"),
        ("打开兵灯", "打开顶灯", "打开大灯"),
        ("散除途经点", "删除途经点", "保存途经点"),
        ("把存路线", "保存路线", "删除路线"),
    ],
)
def test_what_must_not_be_taken_for_another_has_it_for_a_rival(
    heard: str, sentence: str, rival: str
):
    found = SentencesAlike([sentence]).nearest([heard])
    assert found is not None
    assert found.text == sentence
    assert rival in found.rivals


def test_no_direction_changes_unless_a_rival_says_so():
    words = ("打开座椅通风", "关闭座椅通风", "降下左前窗户", "升起左前窗户", "锁上所有车门")
    for word in words:
        for other in words:
            sentence = SentencesAlike([word]).nearest([other])
            if sentence is not None and word != other:
                assert other in sentence.rivals, (word, other)
            assert any(one in GUARDED for one in word)


def test_a_second_sentence_that_is_near_is_a_rival():
    sentence = SentencesAlike(["打开近光灯光", "打开静光灯光"]).nearest(["打开进光灯光"])
    assert sentence is not None
    assert {sentence.text, *sentence.rivals} == {"打开近光灯光", "打开静光灯光"}


def test_marks_and_digits_are_as_they_are_said():
    assert plain("太晒了，调到20度！") == "太晒了调到二零度"
    assert SentencesAlike([]).nearest(["打开空调吧"]) is None
    assert sentences_of(WORDS) is sentences_of(WORDS)
