import pytest

from edgewise.think.understanding.home_lists import read_list
from edgewise.think.understanding.normalise import normalise
from tests.think.understanding.at_home import HOME


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("put Earl Grey on the list", {"op": "add", "list": "shopping", "item": "Earl Grey"}),
        ("add shampoo to my packing list", {"op": "add", "list": "Packing", "item": "shampoo"}),
        ("check shampoo off my packing list",
         {"op": "complete", "list": "Packing", "item": "shampoo"}),
        ("tick off water the plants from the packing list",
         {"op": "complete", "list": "Packing", "item": "water the plants"}),
        ("remove milk from the shopping list",
         {"op": "remove", "list": "shopping", "item": "milk"}),
        ("加茶葉到購物清單", {"op": "add", "list": "shopping", "item": "茶葉"}),
        ("add me to the guest list", None),
        ("what is on the shopping list", None),
    ],
)  # fmt: skip
def test_a_list_is_one_of_the_home_or_the_shopping_list(
    text: str, arguments: dict[str, str] | None
):
    assert read_list(normalise(text), HOME) == arguments
