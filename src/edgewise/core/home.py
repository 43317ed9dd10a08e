"""A home by its names: floors, areas, and the things in it that can be spoken of.

Values only. Who knows a home (a bridge, a household's settings) fills it in; understanding reads
sentences against it. Domains and device classes are those of Home Assistant (its developer
documentation, "Entities"), which every bridge can map to.
"""

from msgspec import Struct


class Entity(Struct, frozen=True):
    """One thing of a home: its `name`, what it is (`domain`, `device_class`), where it stands."""

    name: str
    domain: str
    device_class: str = ""
    area: str = ""


class Home(Struct, frozen=True, cache_hash=True):
    """What a home is made of. `here` is the area in which the device that listens stands, empty
    when it stands in none; it is never the area of a question that names no place."""

    areas: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    here: str = ""
