"""A declaration as JSON Schema: what fits it is what the device takes."""

import jsonschema
import pytest

from edgewise.act.argument_schema import described, schema_of
from edgewise.act.arguments import check_arguments
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Impossible
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.words import Words

CAPABILITIES = {capability.name: capability for capability in builtin_catalogue().capabilities}


def made(argument: Argument, *others: Argument) -> Capability:
    return Capability("x.y", Words("do it", "做"), Risk.READ, (argument, *others))


@pytest.mark.parametrize("name", sorted(CAPABILITIES))
def test_every_example_of_the_catalogue_fits_its_schema(name: str) -> None:
    capability = CAPABILITIES[name]
    schema = schema_of(capability)
    jsonschema.Draft202012Validator.check_schema(schema)
    properties = {**schema, "required": []}  # an example may leave out what is asked for
    fits = jsonschema.Draft202012Validator(properties)
    for example in (*capability.en, *capability.zh):
        if not isinstance(check_arguments(capability, example.arguments), Impossible):
            fits.validate(example.arguments)


def test_limits_are_in_the_schema_unless_the_caller_chooses_the_unit() -> None:
    level = Argument("level", Kind.NUMBER, Words("level", "级"), minimum=1, maximum=5, unit="°C")
    unit = Argument(
        "unit", Kind.CHOICE, Words("unit", "单位"), choices=(Choice("f", Words("", "")),)
    )
    bounded = schema_of(made(level))["properties"]["level"]
    assert (bounded["minimum"], bounded["maximum"]) == (1, 5)
    told = schema_of(made(level, unit))["properties"]["level"]
    assert "minimum" not in told
    assert told["description"] == "level (1 to 5 °C)"


def test_a_capability_is_described_with_its_risk_and_its_rules() -> None:
    words = described(CAPABILITIES["window.set"])
    assert "Risk: " in words
    assert "Guarded by rules" in words
