"""Heated and cooled cup holders: a zone, a choice, a range with a unit, words in two languages."""

from typing import Annotated, Literal

from edgewise.act.plugin import Range, capability
from edgewise.core.capability import Risk
from edgewise.core.words import Words
from edgewise.core.zone import Zone
from edgewise.errors import UserError


@capability(
    "cup_holder.set",
    risk=Risk.REVERSIBLE,
    words=Words("set a cup holder", "设置杯架"),
    done=Words("The cup holder is set.", "杯架已设置。"),
    en=[
        ("warm the cup holder", {"mode": "warm"}),
        ("cool the passenger's cup holder", {"mode": "cool", "zone": "passenger"}),
        ("switch the cup holder off", {"mode": "off"}),
    ],
    zh=[
        ("给杯架加热", {"mode": "warm"}),
        ("给副驾杯架制冷", {"mode": "cool", "zone": "passenger"}),
        ("关掉杯架", {"mode": "off"}),
    ],
)
def set_cup_holder(
    mode: Annotated[Literal["warm", "cool", "off"], Words("mode", "模式")],
    zone: Annotated[Zone, Words("place", "位置")] = Zone.DRIVER,
    minutes: Annotated[int, Range(1, 60, "min"), Words("duration", "时长")] = 20,
) -> dict[str, object]:
    """Warm or cool a cup holder for a while."""
    if mode == "warm" and zone not in (Zone.DRIVER, Zone.PASSENGER):
        raise UserError(f"only the front cup holders can warm, not {zone}")
    return {"mode": mode, "zone": zone, "minutes": 0 if mode == "off" else minutes}
