"""Values of a config by their keys."""

import pytest

from edgewise.errors import UserError
from edgewise.plan.hf_values import HfValues


def test_the_first_key_that_is_there_counts():
    values = HfValues({"a": None, "b": 3, "c": 4})
    assert values.size("a", "b", "c") == 3
    assert values.size("a", default=7) == 7
    assert (values.has("a"), values.stands("a"), values.stands("z")) == (False, True, False)


def test_numbers_with_commas_are_a_list():
    values = HfValues({"layers": "4, 5,6,", "wrong": "4,x", "three": [1, 2, 3], "bools": [True]})
    assert values.integers("layers") == [4, 5, 6]
    assert values.integers("three", 2) == [1, 2]
    assert HfValues({"none": []}).integers("none", 4) is None
    with pytest.raises(UserError, match="wrong is '4,x'"):
        values.integers("wrong")
    with pytest.raises(UserError, match="three has 3 entries; there are 4 layers"):
        values.integers("three", 4)
    with pytest.raises(UserError, match="bools is no list"):
        values.integers("bools")


def test_a_last_layer_may_be_minus_one():
    assert HfValues({"end": -1}).last("end", 9) == 8
    assert HfValues({}).last("end", 9) == 8
    assert HfValues({"end": 4}).last("end", 9) == 4


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda values: values.flag("it", False), "it is true or false"),
        (lambda values: values.number("it", 1.0), "it is a number above 0"),
        (lambda values: values.text("it"), "it is a text"),
        (lambda values: values.kinds("it", 1, "full"), "it is a list"),
        (lambda values: values.within("it"), "it is a config of its own"),
    ],
)
def test_a_value_of_another_kind_is_named_by_its_path(read, said: str):
    with pytest.raises(UserError, match=rf"outer\.it is -5; {said}"):
        read(HfValues({"it": -5}, "outer."))
