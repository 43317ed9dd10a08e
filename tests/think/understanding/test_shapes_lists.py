from edgewise.think.understanding.shapes_lists import list_shape


def test_a_list_has_its_bare_name():
    assert list_shape({"op": "query", "list": "my packing list"}, "what is on my packing list") == {
        "op": "query",
        "list": "packing",
    }


def test_several_things_to_buy_are_one_text_with_commas():
    said = "add milk and some eggs to the shopping list"
    assert list_shape({"op": "add"}, said) == {
        "op": "add",
        "list": "shopping",
        "item": "milk, eggs",
    }


def test_a_task_with_and_in_it_stays_whole():
    said = "add wash and iron the shirts to my todo list"
    assert list_shape({"op": "add"}, said)["item"] == "wash and iron the shirts"
