"""Pieces of an order to a home -> the arguments of `home.control` or of a volume.

An order is read only when every piece of it is understood: a thing or a place, what shall be done,
and the value where one is said. Anything else gives None, and nothing is guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from edgewise.core.home import Entity, Home
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.home_names import Piece

Arguments = dict[str, JsonValue]

ONLY_TOLD = frozenset({"sensor", "binary_sensor", "person", "weather", "todo", "zone", "sun"})
"""Domains that tell something and can be told nothing."""
_ORDER_OF_KINDS = (
    "entity", "area", "floor", "number", "color", "extreme", "property", "doing", "particle",
    "thing", "place", "all", "base", "unit", "fill",
)  # fmt: skip
_WEAK = frozenset({"turn", "set", "go", "amount", "want", "dim"})
_TO = frozenset({"to", "到", "至", "成", "为"})
_OPENINGS = frozenset({"cover", "valve", "door"})
_STARTED_BY_NAME = frozenset({"light", "scene", "script"})
"""What a bare name starts: its name is all that one says of it."""
_ACTIONS = {
    "lock": {"on": "unlock", "open": "unlock", "off": "lock", "close": "lock", "lock": "lock",
             "unlock": "unlock"},
    "opening": {"on": "open", "open": "open", "off": "close", "close": "close"},
    "vacuum": {"on": "on", "start": "on", "clean": "on", "off": "off", "stop": "off"},
    "other": {"on": "on", "open": "on", "start": "on", "light": "on", "off": "off",
              "close": "off", "stop": "off"},
}  # fmt: skip
"""What a doing means for a kind of thing: 打开 unlocks a lock, opens a curtain, starts a lamp."""


@dataclass(slots=True)
class Said:
    """What the pieces of an order say, by kind."""

    entities: list[Entity] = field(default_factory=list[Entity])
    areas: list[str] = field(default_factory=list[str])
    floors: list[str] = field(default_factory=list[str])
    things: list[str] = field(default_factory=list[str])
    doings: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    particles: list[str] = field(default_factory=list[str])
    places: set[str] = field(default_factory=set[str])
    properties: set[str] = field(default_factory=set[str])
    colors: list[str] = field(default_factory=list[str])
    numbers: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    every: bool = False
    base: bool = False
    degrees: bool = False
    percent: bool = False
    towards: bool = False

    @property
    def whole(self) -> bool:
        """Whether the whole house is meant."""
        return not self.places.isdisjoint(("everywhere", "house"))

    def does(self, *values: str) -> bool:
        """Whether one of these is said to be done."""
        return any(value in doing for doing in self.doings for value in values)


def read_order(pieces: Sequence[Piece], home: Home) -> list[Arguments] | None:
    """The arguments of each call that the pieces order: a volume has `volume`, all others have
    `action`. None when they are not wholly understood."""
    said = _gather(pieces, home)
    if said is None:
        return None
    if len(said.entities) > 1 and (len(said.areas) > 1 or said.things):
        return None
    made: list[Arguments] = []
    for entity in said.entities or (None,):
        for area in said.areas or ("",):
            one = _order(said, entity, area, home)
            if one is None:
                return None
            made.append(one)
    return made


def _gather(pieces: Sequence[Piece], home: Home) -> Said | None:
    """The pieces sorted by what they say; None when one says nothing that an order may hold."""
    said = Said()
    sure = [p for p in pieces if p.has("doing") and not p.has("thing", "fill")]
    ensured = any("want" in p.tags.get("doing", ()) for p in pieces)
    for place, piece in enumerate(pieces):
        kind = _kind_of(piece, place, home, acted=bool(sure))
        if kind is None and not (ensured and piece.text in ("is", "are")):
            return None
        if kind is not None:
            _add(said, piece, kind, home)
    if _lights_up(pieces):
        said.doings, said.particles, said.things = [("light",)], [], []
    return said


def _kind_of(piece: Piece, place: int, home: Home, *, acted: bool) -> str | None:
    """As what a piece is taken: the first kind that it may be, doing or thing by what else is."""
    for kind in _ORDER_OF_KINDS:
        if not piece.has(kind):
            continue
        if kind == "entity" and not _told(piece, home):
            continue
        if kind == "doing" and piece.has("thing") and (acted or (place and piece.text == "vacuum")):
            continue
        if kind == "doing" and piece.has("fill") and acted and piece.text in ("着", "著"):
            continue
        return kind
    return None


def _told(piece: Piece, home: Home) -> list[Entity]:
    """The things of that name that can be told something."""
    named = [home.entities[int(number)] for number in piece.tags["entity"]]
    return [entity for entity in named if entity.domain not in ONLY_TOLD]


def _add(said: Said, piece: Piece, kind: str, home: Home) -> None:
    match kind:
        case "entity":
            said.entities.append(_told(piece, home)[0])
        case "area":
            said.areas.append(piece.value(kind))
        case "floor":
            said.floors.append(piece.value(kind))
        case "color":
            said.colors.append(piece.value(kind))
        case "thing":
            said.things.append(piece.value(kind))
        case "particle":
            said.particles.append(piece.value(kind))
        case "doing":
            said.doings.append(piece.tags[kind])
        case _:
            _add_word(said, piece, kind)


def _add_word(said: Said, piece: Piece, kind: str) -> None:
    match kind:
        case "number":
            assert piece.number is not None
            said.numbers.append((piece.number, piece.unit))
        case "extreme":
            said.numbers.append((float(piece.value(kind)), "percent"))
        case "property":
            said.properties.add(piece.value(kind))
        case "place":
            said.places.add(piece.value(kind))
        case "unit":
            said.degrees |= piece.value(kind) == "degree"
            said.percent |= piece.value(kind) == "percent"
        case "all" | "base":
            said.every |= kind == "all"
            said.base |= kind == "base"
        case _:
            said.towards |= piece.text in _TO


def _lights_up(pieces: Sequence[Piece]) -> bool:
    """ "Light this room up": the verb's two parts around the place."""
    return len(pieces) > 2 and pieces[0].text == "light" and pieces[-1].text == "up"


def _order(said: Said, entity: Entity | None, area: str, home: Home) -> Arguments | None:
    """One call's arguments; None when something is missing or does not fit."""
    domain, device_class = _target(said, entity)
    if domain is None:
        return None
    where: Arguments = {}
    if entity is not None:
        where["name"] = entity.name
    if area:
        where["area"] = area
    elif said.floors:
        where["floor"] = said.floors[0]
    elif entity is None and home.here and not said.whole:
        where["area"] = home.here
    every = said.whole or (said.every and not where)
    more: Arguments = {"all": True} if every else {}
    if said.numbers or said.colors:
        value = _value(said, domain, located=bool(where))
        if value is None:
            return None
        domain = domain or _DOMAIN_OF.get(next(iter(value)), "")
        kind: Arguments = {"domain": domain, "device_class": device_class}
        action: Arguments = {} if "volume" in value else {"action": "set"}
        return {k: v for k, v in (where | kind | action | value | more).items() if v != ""}
    action_name = _action(said, entity, domain)
    if action_name is None or said.properties:
        return None
    domain, device_class = _settled(domain, device_class, action_name)
    more = {} if action_name == "dock" else more  # "send it home" names no whole house
    found = where | {"domain": domain, "device_class": device_class, "action": action_name} | more
    return {key: value for key, value in found.items() if value != ""}


_DOMAIN_OF = {
    "brightness": "light", "color": "light", "temperature": "climate", "volume": "media_player"
}  # fmt: skip


def _target(said: Said, entity: Entity | None) -> tuple[str | None, str]:
    """Domain and device class of what is meant; an empty domain where a value must tell it, None
    where the words contradict each other."""
    things = list(dict.fromkeys(said.things))
    if entity is not None:
        fits = all(_fits(thing, entity) for thing in things)
        return (entity.domain, entity.device_class) if fits else (None, "")
    if len(things) == 2 and "switch" in things[0]:
        things = things[:1]
    if len(things) > 1:
        return ("lock", "") if set(things) == {"door", "lock"} else (None, "")
    if things:
        domain, _, device_class = things[0].partition("/")
        return domain, device_class
    if said.does("light"):
        return "light", ""
    if said.does("clean"):
        return "vacuum", ""
    if said.does("lock", "unlock") and (said.areas or said.floors or said.places):
        return "lock", ""
    return "", ""


def _fits(thing: str, entity: Entity) -> bool:
    domain = thing.partition("/")[0]
    if domain == "door":
        return entity.domain in ("lock", "cover")
    return domain == entity.domain or (domain == "light" and entity.domain == "switch")


def _settled(domain: str, device_class: str, action: str) -> tuple[str, str]:
    """A door is a lock where it is locked, else a cover."""
    if domain != "door":
        return domain, device_class
    return ("lock", "") if action in ("lock", "unlock") else ("cover", "door")


def _action(said: Said, entity: Entity | None, domain: str) -> str | None:
    """What shall be done with the thing; None when nothing, or two different things, are said."""
    if domain == "vacuum" and (said.does("dock") or (said.base and said.doings)):
        return "dock"
    wanted = {value for doing in said.doings for value in doing[:1] if value not in _WEAK}
    wanted |= {particle for particle in said.particles if particle in ("on", "off")}
    if wanted == {"on", "off"} and not said.does("on"):
        wanted = {"off"}  # "turn off the lights on floor two": a place's "on"
    if not wanted and entity is not None:
        started = domain in _STARTED_BY_NAME and not said.doings
        return "on" if started or (domain == "scene" and said.does("go", "set")) else None
    if not domain or not wanted or (said.does("amount") and domain not in _OPENINGS):
        return None
    locks = domain == "lock" or not wanted.isdisjoint(("lock", "unlock"))
    if locks and domain not in ("lock", "door"):
        return None
    group = "lock" if locks else "opening" if domain in _OPENINGS else domain
    meant = {_ACTIONS.get(group, _ACTIONS["other"]).get(word) for word in wanted}
    return meant.pop() if len(meant) == 1 else None


def _value(said: Said, domain: str, *, located: bool) -> Arguments | None:
    """The value that shall be set, under the argument it belongs to."""
    if said.does("amount") and not said.towards:
        return None  # "up by ten" is no "to ten"
    if _other_doings(said.doings, said.particles):
        return None
    if said.colors:
        fits = domain in ("", "light") and not said.numbers and (located or domain)
        return {"color": said.colors[0]} if fits and len(said.colors) == 1 else None
    if len(said.numbers) != 1:
        return None
    number, unit = said.numbers[0]
    if unit not in ("", "percent", "degree", "fahrenheit"):
        return None  # "in five minutes" sets nothing to five
    percent = unit == "percent" or said.percent
    name = _measured(said, domain, degrees=unit in ("degree", "fahrenheit") or said.degrees,
                     percent=percent, located=located)  # fmt: skip
    if name is None:
        return None
    shown: JsonValue = int(number) if number == int(number) else number
    return {name: shown}


def _measured(
    said: Said, domain: str, *, degrees: bool, percent: bool, located: bool
) -> str | None:
    """Which argument a number fills."""
    asked = said.properties
    if "volume" in asked or domain == "media_player":
        return "volume" if domain in ("", "media_player") else None
    if "temperature" in asked or domain == "climate" or (degrees and not asked and not domain):
        return "temperature" if domain in ("", "climate") and not percent else None
    if "brightness" in asked or domain == "light":
        return "brightness" if domain in ("", "light") else None
    if domain in ("cover", "valve"):
        return "position"
    if domain == "fan":
        return "speed"
    return "brightness" if not domain and percent and located and not asked else None


def _other_doings(doings: Iterable[tuple[str, ...]], particles: Iterable[str]) -> bool:
    """Whether something is done that sets no value: "lock the bedroom at fifty percent"."""
    set_by = _WEAK | {"open", "close", "on", "off"}
    return any(not set_by.intersection(doing) for doing in doings) or "off" in set(particles)
