"""Names that the words around them announce."""

from edgewise.route.recognise.person import find_people
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "text, name",
    [
        ("My name is Krisztián Szöllösy", "Krisztián Szöllösy"),
        ("Please ask Dr. Berta Szöllössy?", "Berta Szöllössy"),
        ("I'm Naomi Ryan, originally from Rome", "Naomi Ryan"),
        ("I want to add Ana de la Cruz as a guest", "Ana de la Cruz"),
        ("written by Faina D. Yefremova.", "Faina D. Yefremova"),
        ("我叫王小明，你好", "王小明"),
        ("接张伟先生", "张伟"),
        ("打电话给李雷。", "李雷"),
        ("联系人：欧阳娜娜", "欧阳娜娜"),
    ],
)
def test_an_announced_name_is_found(text: str, name: str):
    assert ("PERSON", name) in read(find_people, text)


@each_row(
    "text",
    ["This is Monday", "the United States of America", "I'm in Berlin", "我是司机", "王府井怎么走",
     "Hello There", "打电话给妈妈", "turn on Cruise Control",
     "联系师傅说明天来", "提醒司机，快到了", "跟老板说", "联系房东。"],
)  # fmt: skip
def test_what_is_no_name_is_left(text: str):
    assert read(find_people, text) == []
