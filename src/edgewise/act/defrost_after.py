"""Whether the windshield still clears once a batch of effects has landed (rule 9).

A front defrost works by air: dry, blown at the glass, and enough of it. Whoever takes one of these
away while it is on stops it, whatever the switch of the defroster goes on saying. The rear one is a
heating wire and needs none. Not known here: temperature and recirculation, which only slow it.
"""

from edgewise.act.classify import number
from edgewise.core.call import Effect
from edgewise.core.freshness import FRESH_S, after
from edgewise.core.signal import Snapshot

_HVAC = "Vehicle.Cabin.HVAC."
FRONT_DEFROST = _HVAC + "IsFrontDefrosterActive"
AIR_CONDITIONING = _HVAC + "IsAirConditioningActive"
LEAST_FAN_PERCENT = 20
"""Rule 9 asks for fan level 2 of 10."""
AT_THE_GLASS = "UP"
"""VSS 6.0, AirDistribution."""
_STATION = _HVAC + "Station."
_BEHIND = (".Row2.", ".Row3.", ".Row4.")


def defrost_classes(effects: tuple[Effect, ...], snapshot: Snapshot) -> frozenset[str]:
    """`defrost.off` where the batch takes air from a front defrost that is on, or not known to be
    off."""
    clears = after(FRONT_DEFROST, effects, snapshot) is not False
    stops = clears and any(_takes_air(effect, snapshot) for effect in effects)
    return frozenset({"defrost.off"}) if stops else frozenset()


def _takes_air(effect: Effect, snapshot: Snapshot) -> bool:
    target, value = effect.target, effect.value
    if target == AIR_CONDITIONING:
        return value is not True
    if not target.startswith(_STATION) or any(row in target for row in _BEHIND):
        return False
    if target.endswith(".FanSpeed"):
        wanted, now = number(value), number(snapshot.fresh(target, within_s=FRESH_S))
        weak = wanted is None or wanted < LEAST_FAN_PERCENT
        raised = wanted is not None and now is not None and wanted >= now
        return weak and not raised
    return target.endswith(".AirDistribution") and value != AT_THE_GLASS
