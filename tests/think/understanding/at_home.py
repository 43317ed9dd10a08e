"""A home for tests, and what its device makes of a sentence. Names differ from any public set's."""

from functools import cache

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.home import Entity, Home
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, Thought
from edgewise.core.words import Language
from edgewise.learn.home_set import desk_capabilities
from edgewise.think.understand import Understander, load_understander

HOME = Home(
    ("Bathroom", "Kids' Room", "Dining Room", "书房", "浴室"),
    ("Top Floor", "二楼"),
    (
        Entity("Reading Lamp", "light"),
        Entity("Desk Fan", "fan"),
        Entity("Left Blind", "cover", "blind"),
        Entity("Porch Door", "lock"),
        Entity("Garden Valve", "valve"),
        Entity("Speaker", "media_player"),
        Entity("Dusty", "vacuum"),
        Entity("Movie Night", "scene"),
        Entity("Tablet", "binary_sensor", "battery"),
        Entity("Tablet", "binary_sensor", "battery_charging"),
        Entity("Freezer", "sensor", "temperature"),
        Entity("Light", "binary_sensor", "light"),
        Entity("Mia", "person"),
        Entity("Packing", "todo"),
        Entity("Berlin", "weather"),
        Entity("床头灯", "light"),
        Entity("后门", "lock"),
    ),
)
IN_DINING_ROOM = Home(HOME.areas, HOME.floors, HOME.entities, "Dining Room")


@cache
def desk() -> Understander:
    """A device without a car."""
    return load_understander(desk_capabilities(builtin_catalogue().capabilities))


@cache
def car() -> Understander:
    """A car whose owner has a home."""
    return load_understander(builtin_catalogue().capabilities)


def hear(text: str, home: Home | None = HOME, understander: Understander | None = None) -> Thought:
    """What is understood of `text` by a device that belongs to `home`."""
    context = Context(
        Language.ENGLISH, label=label_of(OriginKind.TYPED), turn="t1", now="2026-11-23T09:00",
        home=home,
    )  # fmt: skip
    return (understander or desk()).understand(text, context)


def heard(text: str, home: Home | None = HOME) -> list[tuple[str, dict[str, object]]]:
    """The calls, without their domains where a name tells them."""
    return [(call.capability, dict(call.arguments)) for call in hear(text, home).calls]
