"""A catalogue gives each name once, and its hash follows what is added."""

import pytest

from edgewise.act.function import Catalogue, Function
from edgewise.core.call import Call, Resolution, Resolved
from edgewise.core.capability import Capability, Risk, catalogue_hash
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.errors import UserError


def nothing(call: Call, snapshot: Snapshot) -> Resolution:
    del call, snapshot
    return Resolved()


def function(name: str, provider: str = "edgewise") -> Function:
    words = Words(name, name)
    return Function(Capability(name, words, Risk.READ, provider=provider), nothing)


def test_functions_are_found_by_name_in_the_order_added() -> None:
    catalogue = Catalogue([function("b.x"), function("a.x")])
    found = catalogue.get("a.x")
    assert found is not None
    assert found.capability.name == "a.x"
    assert catalogue.get("c.x") is None
    assert [one.capability.name for one in catalogue] == ["b.x", "a.x"]
    assert [one.name for one in catalogue.capabilities] == ["b.x", "a.x"]
    assert len(catalogue) == 2


def test_a_taken_name_is_refused_and_says_by_whom_it_is_taken() -> None:
    catalogue = Catalogue([function("door.lock")])
    with pytest.raises(UserError, match=r"door\.lock.*of evil.*provided by edgewise") as refused:
        catalogue.add([function("door.lock", "evil")])
    assert refused.value.code == "capability_taken"
    kept = catalogue.get("door.lock")
    assert kept is not None
    assert kept.capability.provider == "edgewise"


def test_the_hash_is_of_the_declarations_and_follows_an_addition() -> None:
    catalogue = Catalogue([function("a.x")])
    before = catalogue.hash
    assert before == catalogue_hash(catalogue.capabilities)
    catalogue.add([function("b.x")])
    assert catalogue.hash == catalogue_hash(catalogue.capabilities) != before
