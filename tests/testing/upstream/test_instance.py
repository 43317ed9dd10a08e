from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.testing.upstream.instance import instance_of

TREE: dict[str, Any] = {
    "$defs": {
        "Node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
                "parent": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
            },
            "required": ["name", "children"],
            "additionalProperties": False,
        }
    },
    "$ref": "#/$defs/Node",
}

leaves = st.one_of(
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.just({"type": ["string", "null"]}),
    st.builds(lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
              st.integers(-50, 50), st.integers(0, 9)),
    st.builds(lambda low: {"type": "number", "exclusiveMinimum": low}, st.integers(-9, 9)),
    st.builds(lambda least: {"type": "string", "minLength": least, "maxLength": least + 3},
              st.integers(0, 80)),
    st.just({"enum": ["red", 3, None]}),
    st.just({"const": {"a": [1]}}),
    st.just({"type": "string", "pattern": "^[A-Z]{2}-\\d{3}$"}),
    st.just({"type": "integer", "multipleOf": 5, "minimum": 1}),
    st.sampled_from(["date", "date-time", "email", "uuid", "ipv4"]).map(
        lambda form: {"type": "string", "format": form}),
)  # fmt: skip


def nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    properties = st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    arrays = st.builds(
        lambda items, least, more: {
            "type": "array", "items": items, "minItems": least, "maxItems": least + more},
        inner, st.integers(0, 3), st.integers(0, 3))  # fmt: skip
    return st.one_of(
        properties.map(lambda p: {"type": "object", "properties": p, "required": sorted(p),
                                  "additionalProperties": False}),
        arrays,
        st.lists(inner, min_size=1, max_size=3).map(lambda some: {"anyOf": some}),
    )  # fmt: skip


@given(st.recursive(leaves, nested, max_leaves=8), st.text(max_size=40))
def test_an_instance_is_valid_by_its_schema_whatever_the_text(schema: dict[str, Any], text: str):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    value = instance_of(schema, text)
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(value)
    assert value == instance_of(schema, text)


ENDLESS: dict[str, dict[str, Any]] = {
    "lists": TREE,
    "optional": {"type": "object", "properties": {"next": {"$ref": "#"}}},
    "null": {
        "type": ["object", "null"],
        "properties": {"next": {"$ref": "#"}},
        "required": ["next"],
    },
    "null by choice": {
        "type": "object",
        "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
        "required": ["next"],
    },
}


@pytest.mark.parametrize("schema", ENDLESS.values(), ids=ENDLESS)
def test_a_schema_that_holds_itself_ends(schema: dict[str, Any]):
    value = instance_of(schema, "a tree")
    jsonschema.validate(value, schema)
    assert str(value).count("{") < 100


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "the value of magic(3)", 3),
        ({"type": "number"}, "21.5 degrees", 21.5),
        ({"type": "array", "items": {"type": "integer"}}, "add 4, 5 and -6", [4, 5, -6]),
        ({"type": "string"}, 'call it "Bo Peep" please', "Bo Peep"),
        ({"type": "string"}, "the weather in San Francisco", "San Francisco"),
        ({"type": "string"}, "tell a joke", "tell a joke"),
        ({"enum": ["celsius", "fahrenheit"]}, "in Fahrenheit", "fahrenheit"),
        ({"enum": ["celsius", "fahrenheit"]}, "in kelvin", "celsius"),
        ({"type": "boolean"}, "turn it off", False),
        ({"type": ["null", "integer"]}, "7", 7),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "7", 7),
    ],
)
def test_what_the_user_said_is_taken_up(schema: dict[str, Any], text: str, value: Any):
    assert instance_of(schema, text) == value


def test_numbers_go_to_the_properties_in_order():
    schema = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
    assert instance_of(schema, "what is 12 plus 30?") == {"a": 12, "b": 30}


def test_parts_of_all_of_are_laid_together():
    part = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    other = {"properties": {"b": {"const": "x"}}, "required": ["b"]}
    assert instance_of({"allOf": [part, other]}, "5") == {"a": 5, "b": "x"}


def test_items_that_must_differ_do():
    items = {"enum": ["x", "y", "z"]}
    schema = {"type": "array", "items": items, "minItems": 3, "uniqueItems": True}
    assert sorted(instance_of(schema, "")) == ["x", "y", "z"]


def test_a_reference_to_nothing_is_told():
    with pytest.raises(ValueError, match="no '#/x'"):
        instance_of({"$ref": "#/x"}, "")
