"""Chinese words by their sound: what the vocabulary mends, and what it must never touch."""

import pytest

from edgewise.core.words import Language
from edgewise.perceive.opposite import telling_words
from edgewise.perceive.sound_alike import SoundAlike, alike_of

pytest.importorskip("pypinyin", reason="pypinyin is not installed (extra hear)")

WORDS = (
    "导航去外滩",
    "打开空调",
    "关闭空调",
    "儿童锁",
    "李娜",
    "空调设成24度",
    "前挡除霜",
    "音量调到三十",
    "方向盘加热",
)


def mended(text: str) -> str:
    return alike_of(WORDS).best(text).text


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("刀行去外摊", "导航去外滩"),
        ("儿童所", "儿童锁"),
        ("给里那打电话", "给李娜打电话"),
        ("方向盘假热", "方向盘加热"),
    ],
)
def test_a_word_of_the_vocabulary_is_found_by_its_sound(heard: str, said: str):
    assert mended(heard) == said


def test_what_is_right_stays():
    for word in WORDS:
        assert mended(word) == word


@pytest.mark.parametrize("text", ["今天晚上吃什么", "播放周杰伦的歌", "hello world", "", "，。"])
def test_what_sounds_like_nothing_known_stays(text: str):
    assert mended(text) == text


@pytest.mark.parametrize("text", ["打开空调", "关闭空调", "开空调", "关空调", "不要打开空调"])
def test_the_direction_is_never_turned(text: str):
    kept = [c for c in text if c in "开关不"]
    assert [c for c in mended(text) if c in "开关不"] == kept


def test_an_amount_is_never_exchanged():
    assert SoundAlike(["音量调到三十"]).best("音量调到三四").text == "音量调到三四"
    assert SoundAlike(["商城"]).best("上城").text == "上城"
    assert SoundAlike(["打商城"]).best("打上城").text == "打上城"
    assert mended("音量调到四十") == "音量调到四十"
    assert "24" in mended("空调射程24度")


def test_more_of_the_vocabulary_is_worth_more():
    alike = SoundAlike(WORDS)
    assert alike.value("导航去外滩") > alike.value("导航去") > alike.value("今天下雨") == 0.0


def test_what_is_written_for_a_side_by_its_sound_is_mended():
    known = SoundAlike(["打开副驾的阅读灯", "打电话给妈妈"])
    assert known.best("大开附加的阅读灯").text == "打开副驾的阅读灯"
    assert known.best("大电话给妈妈").text == "打电话给妈妈"


NAMES = SoundAlike(["李敏", "王小敏", "打电话给李敏", "虹桥机场"], ["李敏", "王小敏", "虹桥机场"])


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("打电话给李明", "打电话给李明"),
        ("打电话给你敏", "打电话给你敏"),
        ("给王小明打电话", "给王小明打电话"),
        ("给小明打电话", "给小明打电话"),
        ("打电话给里民", "打电话给李敏"),
        ("导航去红桥鸡场", "导航去虹桥机场"),
    ],
)
def test_a_name_comes_in_only_by_exactly_its_sound(heard: str, said: str):
    assert NAMES.best(heard).text == said


def test_a_known_name_is_never_exchanged_for_another_of_its_sound():
    both = ["李敏", "李民", *["打电话给李敏"] * 9]
    assert SoundAlike(both, ["李敏", "李民"]).best("打电话给李民").text == "打电话给李民"


def test_another_text_may_stand_for_what_was_heard_where_it_orders_the_same():
    assert NAMES.may_stand_for("导航去外滩", "刀行去外摊")
    assert NAMES.may_stand_for("打开儿童锁", "打开儿童所")
    assert NAMES.may_stand_for("请打开空调", "打开空调")
    assert not NAMES.may_stand_for("请别打开空调", "打开空调")
    assert not NAMES.may_stand_for("打电话给李敏", "打电话给李明")
    assert not NAMES.may_stand_for("打电话给李明", "打电话给李敏")
    assert not NAMES.may_stand_for("打电话", "打电话给李敏")


def test_the_bolder_proposal_takes_a_longer_way_from_the_sound():
    known = SoundAlike(["打开自动大灯", "打开", "动大灯"])
    cautious, bold = (one.text for one in known.proposals("打开始动大灯"))
    assert (cautious, bold) == ("打开始动大灯", "打开自动大灯")


def test_an_amount_of_one_stays_and_another_one_may_be_a_word():
    known = SoundAlike(["座椅按摩", "关闭座椅按摩", "座椅档"])
    assert known.best("关闭做一按摩").text == "关闭座椅按摩"
    for text in ("做一档", "做一", "一按摩", "做一二"):
        assert "一" in known.best(text).text


def test_texts_of_one_sound_have_one_sound():
    known = SoundAlike([])
    assert known.sound("王方") == known.sound("王芳") != known.sound("李娜")


@pytest.mark.parametrize(
    ("heard", "ordered"),
    [
        ("车窗打开了吗", "车窗打开了"),
        ("谁打开了车窗", "打开了车窗"),
        ("昨天打开车窗", "打开车窗"),
        ("如果打开车窗", "打开车窗"),
        ("放谁的歌单", "放我的歌单"),
    ],
)
def test_a_question_and_what_is_told_never_become_an_order(heard: str, ordered: str):
    known = SoundAlike(
        ["打开车窗", "车窗打开", "放我的歌单", "放睡的歌单", "入歌打开车窗", "座天打开车窗"]
    )
    assert not known.may_stand_for(ordered, heard)
    for one in known.proposals(heard):
        assert telling_words(one.text, Language.CHINESE) == telling_words(heard, Language.CHINESE)
    assert known.may_stand_for(heard, ordered)
