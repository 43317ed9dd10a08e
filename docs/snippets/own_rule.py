"""A rule of one's own, tested the way the shipped ones are: facts from a real call, then decide."""

from pathlib import Path

from edgewise.act.cedar import Policy, load_policy
from edgewise.act.decide import decide
from edgewise.act.facts import gather
from edgewise.act.plugin import capability
from edgewise.act.policy import builtin_texts
from edgewise.core.call import Allow, Call, Decision, Deny, Effect, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Speaker
from edgewise.core.signal import snapshot_of

RULE = Path(__file__).with_name("tools_when_parked.cedar")
SPEED, GEAR = "Vehicle.Speed", "Vehicle.Powertrain.Transmission.SelectedGear"
POLICY = load_policy({**builtin_texts(), RULE.name: RULE.read_text("utf-8")})


@capability("garage.open")
def open_garage() -> None:
    """Open the garage."""


def decision_at(speed_km_h: float, gear: int, policy: Policy = POLICY) -> Decision:
    """What the policy says to the driver's own words at this speed, in this gear (126: park)."""
    call = Call("1", "garage.open", {}, label_of(OriginKind.TYPED))
    means = Resolved((Effect("plugin.garage.open", {}),))
    state = snapshot_of({SPEED: speed_km_h, GEAR: gear})
    return decide(policy, gather(call, open_garage.capability, means, state, Speaker()))


def test_added_functions_wait_until_the_car_is_parked() -> None:
    assert decision_at(0.0, gear=126) == Allow()
    refused = decision_at(30.0, gear=127)
    assert isinstance(refused, Deny)
    assert [rule.id for rule in refused.rules] == ["R45-tools-when-parked"]
