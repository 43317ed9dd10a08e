"""After a list was spoken of, things without a word of their own are things on it."""

from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from edgewise.think.understanding.list_talk import of_list
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row

TYPED = label_of(OriginKind.TYPED)
LAST = Call("t.1", "list.manage", {"op": "add", "list": "shopping", "item": "milk"}, TYPED)


@each_row(
    ("text", "op", "item"),
    [
        ("remove the eggs", "remove", "eggs"),
        ("take off the Milk", "remove", "Milk"),
        ("put bread on it too", "add", "bread"),
        ("and add some butter", "add", "butter"),
        ("tick off bread", "complete", "bread"),
        ("再加个面包", "add", "面包"),
        ("把牛奶删掉", "remove", "牛奶"),
        ("划掉鸡蛋", "remove", "鸡蛋"),
    ],
)
def test_a_thing_is_put_on_the_list_or_taken_off(text: str, op: str, item: str) -> None:
    assert of_list(LAST, normalise(text)) == {"op": op, "item": item, "list": "shopping"}


@each_row(
    "text",
    ["remove the alarm", "delete all my messages", "add a stop at the airport", "remove it",
     "open the window", "再加一度", "把闹钟删掉", "删掉它", "put the heating on",
     "drop the temperature", "put the sunroof down",
     "put the seat back", "put the phone down", "加大风量", "加速", "把遮阳帘去掉",
     "delete the route"],
)  # fmt: skip
def test_what_has_a_word_of_its_own_is_on_no_list(text: str) -> None:
    assert of_list(LAST, normalise(text)) is None


def test_after_anything_else_nothing_is_a_thing_on_a_list() -> None:
    other = Call("t.1", "calendar.query", {}, TYPED)
    assert of_list(other, normalise("remove the eggs")) is None
