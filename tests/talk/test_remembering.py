"""What a conversation remembers."""

import pytest

from edgewise.errors import UserError
from edgewise.talk.events import ItemDeleted, Who
from edgewise.talk.item import Item
from edgewise.talk.remembering import ITEM_CHARACTERS, MOST_ITEMS, Memory
from edgewise.talk.telling import Telling


def item(name: str, text: str = "") -> Item:
    return Item(name, Who.PERSON, text)


def names(memory: Memory) -> list[str]:
    return [item.id for item in memory.items]


def test_items_stand_behind_the_one_that_is_named():
    memory = Memory()
    assert memory.add(item("a")) == ""
    assert memory.add(item("c")) == "a"
    assert memory.add(item("b"), "a") == "a"
    assert memory.add(item("first"), "") == ""
    assert names(memory) == ["first", "a", "b", "c"]
    assert memory.last == "c"


def test_one_id_is_used_once():
    memory = Memory()
    memory.add(item("a"))
    with pytest.raises(UserError) as raised:
        memory.add(item("a"))
    assert raised.value.code == "item_exists"


@pytest.mark.parametrize("previous", ["b", "a "])
def test_nothing_stands_behind_what_is_not_there(previous: str):
    memory = Memory()
    memory.add(item("a"))
    with pytest.raises(UserError) as raised:
        memory.add(item("c"), previous)
    assert raised.value.code == "unknown_item"
    assert names(memory) == ["a"]


def test_what_is_deleted_is_gone_and_no_other():
    memory = Memory()
    for name in "abc":
        memory.add(item(name))
    memory.delete("b")
    assert names(memory) == ["a", "c"]
    with pytest.raises(UserError) as raised:
        memory.delete("b")
    assert raised.value.code == "unknown_item"


def test_an_item_that_is_too_long_is_refused():
    with pytest.raises(UserError) as raised:
        Memory().add(item("a", "x" * (ITEM_CHARACTERS + 1)))
    assert raised.value.code == "item_too_long"


def test_the_oldest_go_when_there_are_too_many():
    memory, telling = Memory(), Telling()
    for number in range(MOST_ITEMS + 2):
        memory.add(item(f"i{number}"))
    memory.drop_oldest(telling)
    assert len(memory.items) == MOST_ITEMS
    assert names(memory)[0] == "i2"
    assert telling.waiting == (ItemDeleted("i0"), ItemDeleted("i1"))


def test_an_item_that_was_taken_out_is_not_retold():
    memory = Memory()
    memory.add(item("a", "old"))
    memory.retell("a", "new")
    memory.retell("b", "nothing")
    assert [one.text for one in memory.items] == ["new"]
