from edgewise.think.understanding.hints import hint, topics_in
from tests.each_row import each_row


def test_a_hint_names_a_choice_that_no_word_list_holds():
    assert hint("media.control", "action", "关闭随机播放") == "shuffle_off"
    assert hint("media.control", "action", "skip to the next track") == "next"
    assert hint("vehicle.set_charging", "op", "open the charge port") == "open_port"
    assert hint("alarm.manage", "op", "我设了哪些闹钟") == "query"


def test_no_hint_is_none_and_no_choice_is_empty():
    assert hint("window.set", "percent", "打开车窗") is None
    assert hint("wiper.set", "mode", "雨刮快一点") == ""


def test_topics_come_in_the_order_they_were_said():
    assert topics_in("看看续航和胎压") == ["range", "tyres"]
    assert topics_in("车门锁了吗") == ["locks"]
    assert topics_in("天窗开着吗") == ["sunroof"]


@each_row(
    ("text", "topics"),
    [
        ("what is the mpg of this car", ["consumption"]),
        ("how many miles per gallon do i get", ["consumption"]),
        ("我的油耗是多少", ["consumption"]),
        ("when should i change my oil", ["service"]),
        ("when was my car last looked at", ["service"]),
        ("is olive oil healthy", []),
    ],
)
def test_what_a_car_takes_and_its_care_are_topics(text: str, topics: list[str]):
    assert topics_in(text) == topics
