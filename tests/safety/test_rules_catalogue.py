"""The built-in catalogue and the policy agree: every example resolves to effects the policy knows.

A capability that writes a target nobody has classified would be refused for ever; this finds it.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.decide import decide
from edgewise.act.driver import Drivers
from edgewise.act.facts import gather
from edgewise.act.function import Function
from edgewise.act.policy import builtin_policy
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Deny, Resolved
from edgewise.core.message import Speaker
from edgewise.core.signal import Snapshot
from edgewise.device.phone.sample import load_sample
from edgewise.device.phone.store import DocumentStore
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.testing.clock import ManualClock
from tests.safety.situation import USER

FUNCTIONS = tuple(builtin_catalogue())
REFUSED_WHEN_PARKED = {"R25-driver-monitoring", "R26-assisted-driving", "R24-not-exposed"}


class Device:
    """A parked simulated car and a phone with sample data."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = DocumentStore(":memory:", self.clock)
        self.drivers = Drivers([SimulatedVehicle(self.clock), *self.store.drivers])

    async def snapshot(self, reads: Sequence[str]) -> Snapshot:
        await load_sample(self.store, self.clock.now())
        readings = await self.drivers.read(["Vehicle", *reads])
        return Snapshot(readings, self.clock.monotonic(), self.clock.now())


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.capability.name)
async def test_every_example_of_a_capability_has_effects_that_the_policy_knows(
    function: Function,
):
    device, catalogue = Device(), builtin_catalogue()
    capability = function.capability
    for example in (*capability.en, *capability.zh):
        arguments: dict[str, Any] = example.arguments
        call = Call("t.1", capability.name, arguments, USER, clause=example.text)
        state = await device.snapshot(function.reads)
        resolution = resolve(call, catalogue, state)
        if not isinstance(resolution, Resolved):
            continue
        facts = gather(call, capability, resolution, state, Speaker())
        assert facts["driving"] == "parked"
        assert facts["declared"], (example.text, resolution.effects)
        assert "unclassified" not in facts["effects"], (example.text, resolution.effects)
        decision = decide(builtin_policy(), facts)
        if isinstance(decision, Deny):
            assert {rule.id for rule in decision.rules} & REFUSED_WHEN_PARKED, example.text
        else:
            assert facts["exposed"], (example.text, resolution.effects)
