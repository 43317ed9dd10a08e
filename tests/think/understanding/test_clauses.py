import pytest

from edgewise.think.understanding.clauses import MAX_CLAUSES, split_clauses
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row
from tests.think.understanding.test_guards import understood


@each_row(
    ("text", "clauses"),
    [
        ("关闭空调关闭所有车窗关闭大灯", ["关闭空调", "关闭所有车窗", "关闭大灯"]),
        ("车窗打开空调关闭", ["车窗打开", "空调关闭"]),
        ("开空调关窗户放点音乐", ["开空调", "关窗户", "放点音乐"]),
        ("把空调调到22度然后把车窗关上", ["把空调调到22度", "把车窗关上"]),
        ("turn on the ac and open the window", ["turn on the ac", "open the window"]),
        ("set temperature to 22.5 degrees", ["set temperature to 22.5 degrees"]),
        ("play rock and roll", ["play rock and roll"]),
        ("打开主驾和副驾的座椅加热", ["打开主驾和副驾的座椅加热"]),
        ("call dr. patel", ["call dr. patel"]),
        ("明天早上八点，提醒我开会", ["明天早上八点, 提醒我开会"]),
        ("don't open the window open the sunroof", ["don't open the window", "open the sunroof"]),
        ("别锁 解锁", ["别锁", "解锁"]),
        ("don't you dare open the window", ["don't you dare open the window"]),
        ("don't open the window or close it", ["don't open the window or close it"]),
        ("不要把蓝牙断了 我在打电话", ["不要把蓝牙断了 我在打电话"]),
        ("fragrance off it's giving me a headache", ["fragrance off"]),
        ("香氛关了 太冲了", ["香氛关了"]),
        (
            "turn it off i'm cold and close the window",
            ["turn it off", "i'm cold", "close the window"],
        ),
        (
            "please help me find, the long way home",
            ["please help me find, the long way home"],
        ),
    ],
)
def test_a_sentence_falls_into_its_requests(text: str, clauses: list[str]):
    assert [clause.plain for clause in split_clauses(normalise(text))] == clauses


def test_a_sentence_is_cut_where_the_model_saw_an_order_begin():
    said = normalise("find me a novel and book a table")
    at = said.plain.index("and book")
    assert [c.plain for c in split_clauses(said, [at])] == ["find me a novel", "book a table"]


def test_two_places_of_one_thing_are_one_order_whatever_the_model_saw():
    said = normalise("打开主驾和副驾的座椅加热")
    assert len(split_clauses(said, [said.plain.index("和")])) == 1


def test_nothing_is_cut_inside_a_name():
    said = normalise("play open the door, close the window")
    names = [(5, len(said.plain))]
    assert [clause.plain for clause in split_clauses(said, (), names)] == [said.plain]
    assert len(split_clauses(said)) > 1


def test_a_message_is_not_cut_apart_but_what_follows_it_is():
    said = "text mom I bought milk and bread, and turn on the ac"
    found = [clause.plain for clause in split_clauses(normalise(said))]
    assert found == ["text mom i bought milk and bread", "turn on the ac"]


def test_a_hundred_parts_stop_one_past_the_limit():
    found = split_clauses(normalise("打开车窗，" * 100))
    assert len(found) == MAX_CLAUSES + 1


@each_row(
    ("text", "capability"),
    [
        ("吹脸别吹脚", "climate.set_airflow"),
        ("把空调调到二十四度但是不要开风", "climate.set_temperature"),
        ("turn on the AC but don't open the windows", "climate.set_power"),
        ("set the AC to 24 but don't touch the fan", "climate.set_temperature"),
    ],
)
def test_a_denial_behind_an_order_voids_nothing_but_itself(text: str, capability: str):
    thought = understood(text)
    assert [call.capability for call in thought.calls] == [capability]
    assert thought.question is not None


@pytest.mark.parametrize("text", ["空调别关", "打开的窗户别关", "don't open it and lock it"])
def test_a_denial_of_the_order_itself_voids_it(text: str):
    assert understood(text).calls == ()


def test_a_second_place_with_its_own_value_is_not_lost():
    calls = understood("set rear temperature to 20 and front to 24").calls
    assert [call.arguments for call in calls] == [
        {"zone": "rear", "value": 20},
        {"zone": "front", "value": 24},
    ]


def test_a_verb_is_not_cut_from_its_thing():
    text = "我想关了副驾的座椅通风"
    assert [c.plain for c in split_clauses(normalise(text), (text.index("副"),))] == [text]
