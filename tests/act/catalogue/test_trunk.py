"""The trunks."""

import pytest

from edgewise.core.call import Missing


@pytest.mark.parametrize("which", ["Rear", "Front"])
def test_each_trunk_opens_and_closes(writes, which):
    path = f"Vehicle.Body.Trunk.{which}.IsOpen"
    arguments = {"which": which.lower()}
    assert writes("trunk.set", {**arguments, "open": True}) == {path: True}
    assert writes("trunk.set", {**arguments, "open": False}, {path: True}) == {path: False}


def test_the_trunk_is_the_rear_one(writes):
    assert list(writes("trunk.set", {"open": True})) == ["Vehicle.Body.Trunk.Rear.IsOpen"]


def test_open_or_close_is_asked_for(meaning):
    assert isinstance(meaning("trunk.set", {}), Missing)
