import pytest
from msgspec import Struct

from edgewise.cloud.fields import read
from edgewise.cloud.refusal import Refused


class Wheel(Struct, frozen=True, forbid_unknown_fields=True):
    size: int


class Car(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    wheels: list[Wheel] = []
    notes: dict[str, str] = {}


def refusal(body: dict[str, object]) -> Refused:
    with pytest.raises(Refused) as caught:
        read(Car, body, {"wheels[].size": "measure it"})
    return caught.value


def test_a_null_field_counts_as_not_sent():
    assert read(Car, {"name": "a", "wheels": None, "doors": None}) == Car("a")


def test_a_wrong_value_is_named_by_its_path_with_the_remedy():
    refused = refusal({"name": "a", "wheels": [{"size": 1}, {"size": "big"}]})
    assert (refused.status, refused.problem.param) == (400, "wheels[1].size")
    assert refused.problem.code == "invalid_value"
    assert refused.problem.message.startswith("wheels[1].size: expected 'int', got 'str'")
    assert refused.problem.message.endswith("measure it")


def test_a_field_that_is_not_declared_is_refused_not_ignored():
    refused = refusal({"name": "a", "wheels": [{"size": 1, "rim": 2}]})
    assert refused.problem.param == "wheels[0].rim"
    assert refused.problem.code == "unsupported_parameter"


def test_a_missing_field_is_named():
    refused = refusal({})
    assert refused.problem.param == "name"
    assert refused.problem.code == "missing_required_parameter"


def test_a_value_in_a_table_is_named_by_the_table():
    assert refusal({"name": "a", "notes": {"b": 1}}).problem.param == "notes"
