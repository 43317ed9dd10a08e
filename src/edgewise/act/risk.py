"""How bad it is to do a class of write wrongly, and which classes are the safe direction."""

from collections.abc import Iterable

from edgewise.act.classify import HOLDS
from edgewise.core.capability import Risk

RISK_OF: dict[str, Risk] = {
    "door.unlock": Risk.SAFETY_CRITICAL,
    **dict.fromkeys(
        ("light.exterior.darken", "door.open", "door.close", "trunk.open", "trunk.close",
         "flap.open", "child_lock.off", "adas.off", "home.security"),
        Risk.SAFETY_CRITICAL,
    ),
    **dict.fromkeys(
        ("light.hazard.off", "light.fog.on", "light.high_beam.on", "window.open", "window.close",
         "roof.open", "roof.close", "shade.open", "shade.close", "driver_seat.move", "seat.move",
         "steering_column.move", "cluster.off", "drive_mode", "charging", "nav.route", "nav.clear",
         "call.control", "device.cut_off", "gui.act", "scene.delete", "scene.write",
         "contact.write", "gui.changed", "gui.unread", "tool", "board.act"),
        Risk.DISRUPTIVE,
    ),
    **dict.fromkeys(
        ("message.send", "call.dial", "phone.delete", "calendar.invite", "memory.forget",
         "file.change", "money", "money.road", "order", "outward", "gui.commit", "gui.secret",
         "software.update", "board.final"),
        Risk.IRREVERSIBLE,
    ),
}  # fmt: skip
"""The least risk of a class; classes not named here are reversible."""
SAFE_DIRECTION = frozenset(
    {"light.exterior.lighten", "light.hazard.on", "defrost.on", "wiper.on", "door.lock",
     HOLDS}
)  # fmt: skip
"""Rule 4. Fog lights and high beam are not among them: they blind others (rules 5, 6, 8)."""
SERVES_DEFROST = frozenset({"climate.set", "climate.ac.on"})
"""What rule 9 adds to a front defrost; it stays in the safe direction together with it."""


def risk_of(classes: Iterable[str]) -> Risk:
    """The highest risk among `classes`; READ for none."""
    order = tuple(Risk)
    return max(
        (RISK_OF.get(name, Risk.REVERSIBLE) for name in classes),
        key=order.index,
        default=Risk.READ,
    )
