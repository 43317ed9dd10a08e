"""A declaration finds its parts, and its hash changes with anything it says."""

import msgspec

from edgewise.core.capability import Argument, Capability, Kind, Risk, catalogue_hash
from edgewise.core.words import Words
from tests.each_row import each_row

PERCENT = Argument("percent", Kind.NUMBER, Words("percent", "百分比"), minimum=0, maximum=100)
WINDOW = Capability("window.set", Words("windows", "车窗"), Risk.DISRUPTIVE, (PERCENT,))
INTERIOR = Capability("light.interior.set", Words("lights", "灯"), Risk.REVERSIBLE)


def test_a_family_is_all_before_the_verb() -> None:
    assert (WINDOW.family, INTERIOR.family) == ("window", "light.interior")


def test_an_argument_is_found_by_name_or_not_at_all() -> None:
    assert WINDOW.argument("percent") is PERCENT
    assert WINDOW.argument("speed") is None


def test_the_hash_does_not_depend_on_the_order_of_the_catalogue() -> None:
    assert catalogue_hash([WINDOW, INTERIOR]) == catalogue_hash([INTERIOR, WINDOW])


@each_row(
    "changed",
    [
        msgspec.structs.replace(WINDOW, risk=Risk.READ),
        msgspec.structs.replace(WINDOW, actuators=("Vehicle.*",)),
        msgspec.structs.replace(
            WINDOW, arguments=(msgspec.structs.replace(PERCENT, maximum=101.0),)
        ),
        msgspec.structs.replace(WINDOW, provider="somebody"),
    ],
)
def test_any_change_gives_another_hash(changed: Capability) -> None:
    assert catalogue_hash([changed]) != catalogue_hash([WINDOW])


def test_risks_are_ordered_from_harmless_to_grave() -> None:
    assert list(Risk) == ["read", "reversible", "disruptive", "irreversible", "safety_critical"]
