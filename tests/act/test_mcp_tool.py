"""A tool is declared by its name and schema; its hints make nothing harmless."""

import pytest
from mcp_types import Tool, ToolAnnotations

from edgewise.act.function import Catalogue
from edgewise.act.mcp_tool import declaration, function_of, plain_name
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Effect, Resolved
from edgewise.core.capability import Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.errors import UserError


def tool(schema: dict[str, object], *, hints: ToolAnnotations | None = None) -> Tool:
    return Tool(name="t", input_schema={"type": "object", **schema}, annotations=hints)


def test_a_required_argument_without_a_counterpart_leaves_the_tool_out():
    schema = {"properties": {"rows": {"type": "array", "items": {"type": "number"}}},
              "required": ["rows"]}  # fmt: skip
    with pytest.raises(UserError, match="'rows'"):
        declaration("mcp.s.t", "s", tool(schema))


def test_limits_and_choices_come_from_the_schema():
    schema = {
        "properties": {
            "level": {"type": "number", "minimum": 1, "maximum": 5},
            "modes": {"type": "array", "items": {"enum": ["a", "b"]}},
            "odd name!": {"type": "string"},
        }
    }
    made = declaration("mcp.s.t", "s", tool(schema))
    assert [(a.name, a.kind, a.minimum, a.maximum) for a in made.arguments] == [
        ("level", Kind.NUMBER, 1.0, 5.0),
        ("modes", Kind.CHOICES, None, None),
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": ["x"]}, {"properties": {"x": "string"}}, {"required": "x"},
        {"properties": {"x": {"type": {}}}, "required": [["x"], 3]},
        {"properties": {"x": {"type": "array", "items": 3}}},
        {"properties": {"x": {"anyOf": [None, 3, "x"]}}},
        {"properties": {"x": {"enum": 3}}},
    ],
)  # fmt: skip
def test_what_is_no_schema_gives_no_argument(schema: dict[str, object]):
    assert declaration("mcp.s.t", "s", tool(schema)).arguments == ()


def test_limits_that_are_no_numbers_and_long_defaults_are_left_out():
    level = {"type": "integer", "minimum": True, "maximum": "9", "default": "x" * 501}
    made = declaration("mcp.s.t", "s", tool({"properties": {"level": level}})).arguments[0]
    assert (made.minimum, made.maximum, made.default) == (None, None, None)


def test_a_tool_with_more_arguments_than_anybody_can_give_is_left_out():
    schema = {"properties": {f"a{n}": {"type": "string"} for n in range(33)}}
    with pytest.raises(UserError, match="33 arguments"):
        declaration("mcp.s.t", "s", tool(schema))


def test_a_destructive_tool_is_not_made_harmless_by_saying_it_only_reads_too():
    hints = ToolAnnotations(read_only_hint=True, destructive_hint=True)
    assert declaration("mcp.s.t", "s", tool({}, hints=hints)).risk is Risk.IRREVERSIBLE


def test_a_tool_has_one_effect_which_is_the_call_and_what_it_answers_is_not_trusted():
    made = function_of(
        declaration("mcp.s.t", "s", tool({"properties": {"n": {"type": "integer"}}}))
    )
    call = Call("t1", "mcp.s.t", {"n": 3}, label_of(OriginKind.VOICE, "driver"))
    resolved = resolve(call, Catalogue([made]), snapshot_of({}))
    assert isinstance(resolved, Resolved)
    assert resolved.effects == (Effect("mcp.s.t", {"n": 3}),)
    assert resolved.label is not None
    assert not resolved.label.trusted


@pytest.mark.parametrize(
    ("name", "plain"), [("Heat Oven!", "heat_oven"), ("烤箱", "tool"), ("a" * 99, "a" * 64)]
)
def test_a_name_becomes_a_part_of_a_target(name: str, plain: str):
    assert plain_name(name) == plain
