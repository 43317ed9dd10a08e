"""Pieces of a question about a home -> the arguments of `home.get_state`.

A question names a thing of the home, a kind of things or what a sensor senses, and mostly the state
it asks for. It only ever reads. Which of a thing's several sensors is meant, the state tells: a
door's lock is "locked", its opening "open".
"""

from collections.abc import Sequence

import msgspec

from edgewise.core.home import Entity, Home
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.home_names import Piece, cut

Arguments = dict[str, JsonValue]

_KNOWN_KINDS = (
    "entity", "area", "floor", "thing", "sensed", "sign", "state", "measure", "warmth", "people",
    "place", "all", "asking", "asks", "fill", "number",
)  # fmt: skip
_OPENS = frozenset({"door", "window", "opening", "garage_door"})
_OPEN_OR_SHUT = {"on": "open", "off": "closed"}
_SENSED_DOORS = {"door": "door", "window": "window", "garage": "garage_door"}
_EACH = frozenset(
    ["any", "all", "which", "there", "many", "every", "each", "任何", "所有", "全部", "哪", "哪个",
     "哪些", "哪一", "边个", "边一", "几", "几个", "几多", "多少", "有任何"]
)  # fmt: skip
_YES_OR_NO = frozenset(
    [
        "is",
        "are",
        "any",
        "there",
        "吗",
        "嘛",
        "有",
        "有冇",
        "有无",
        "有没有",
        "系唔系",
        "是不是",
        "有任何",
    ]
)


def read_question(pieces: Sequence[Piece], plain: str, home: Home) -> Arguments | None:
    """What shall be told of the home; None when a piece of it is not understood."""
    if not all(piece.has(*_KNOWN_KINDS) for piece in pieces):
        return None
    each = any(word in _EACH for piece in pieces for word in piece.text.split()) or any(
        piece.text.replace(" ", "") in _EACH for piece in pieces
    )
    if each and (every := _of_every(plain, home)) is not None:
        return every
    entity_piece = next(
        (p for p in pieces if p.has("entity") and not (each and p.has("thing", "sensed"))), None
    )
    where = _where(pieces, home)
    places = {piece.value("place") for piece in pieces}
    others = [piece for piece in pieces if piece is not entity_piece]
    if entity_piece is not None:
        named = [home.entities[int(number)] for number in entity_piece.tags["entity"]]
        about: Arguments | None = _of_entity(named, others)
    else:
        about = _of_kind(others, home)
    if about is None:
        return None
    if about == {"device_class": "temperature"} and places.isdisjoint(("everywhere", "house")):
        where["area"] = where["area"] or ("" if where["floor"] else home.here)
    return {key: value for key, value in (where | about).items() if value != ""}


def _of_every(plain: str, home: Home) -> Arguments | None:
    """ "Which bedroom curtains are closed" asks of all there, though one has that very name."""
    pieces = cut(plain, msgspec.structs.replace(home, entities=()))
    if not all(piece.has(*_KNOWN_KINDS) for piece in pieces):
        return None
    about = _of_kind(pieces, home)
    if about is None:
        return None
    return {key: value for key, value in (_where(pieces, home) | about).items() if value != ""}


def _where(pieces: Sequence[Piece], home: Home) -> Arguments:
    area = next((piece.value("area") for piece in pieces if piece.has("area")), "")
    floor = next((piece.value("floor") for piece in pieces if piece.has("floor")), "")
    here = any(piece.value("place") == "here" for piece in pieces)
    return {"area": area or (home.here if here else ""), "floor": "" if area else floor}


def _of_entity(named: Sequence[Entity], others: Sequence[Piece]) -> Arguments:
    """What is asked of one thing: its state, whether it has one, what it measures."""
    signs = [tuple(sign.split("/")) for p in others for sign in p.tags.get("sign", ())]
    state = _state(others)
    for sensed, value in signs:
        for entity in named:
            if entity.domain == "person" and sensed == "presence":
                return _told(entity, "home" if value == "on" else "away")
            if entity.domain == "binary_sensor" and sensed == entity.device_class:
                return _told(entity, value)
    if state:
        entity = next((e for e in named if _may_be(e, state)), named[0])
        return _told(entity, _named_state(entity, state))
    senses = {sensed for p in others for sensed in p.tags.get("sensed", ())}
    measures = {measure for p in others for measure in p.tags.get("measure", ())}
    plain = next((value for sensed, value in signs if not sensed), "")
    binary = [e for e in named if e.domain == "binary_sensor"]
    chosen = next((e for e in binary if e.device_class in senses), None)
    if chosen is not None or (plain and binary):
        asked = chosen is not None and any(p.text in _YES_OR_NO for p in others)
        return _told(chosen or binary[0], plain or ("on" if asked else ""))
    if any(p.has("warmth") for p in others):
        climate = next((e for e in named if e.domain == "climate"), None)
        if climate is not None:
            return _told(climate, "") | {"device_class": "temperature"}
    wide = max((m for p in others for m in [p] if m.has("measure")), key=lambda p: len(p.text),
               default=None)  # fmt: skip
    exact = wide.tags["measure"] if wide is not None else ()
    entity = next((e for e in named if e.device_class in exact), None)
    return _told(entity or next((e for e in named if e.device_class in measures), named[0]), "")


def _told(entity: Entity, state: str) -> Arguments:
    return {"name": entity.name, "domain": entity.domain, "device_class": entity.device_class,
            "state": state}  # fmt: skip


def _state(pieces: Sequence[Piece]) -> str:
    """The state asked for; "on" may be a preposition beside another."""
    states = [piece.value("state") for piece in pieces if piece.has("state")]
    others = [state for state in states if state != "on"]
    return others[0] if others else states[0] if states else ""


def _may_be(entity: Entity, state: str) -> bool:
    """Whether a thing has such a state."""
    if state in ("locked", "unlocked"):
        return "lock" in (entity.domain, entity.device_class)
    if entity.domain == "binary_sensor":
        opens = entity.device_class in _OPENS
        return opens or (state in ("on", "off") and entity.device_class != "lock")
    return entity.domain != "sensor"


def _named_state(entity: Entity, state: str) -> str:
    """开着 is open of a curtain and on of a lamp."""
    opens = entity.domain in ("cover", "valve") or entity.device_class in _OPENS
    return _OPEN_OR_SHUT.get(state, state) if opens else state


def _of_kind(pieces: Sequence[Piece], home: Home) -> Arguments | None:
    """What is asked of a kind of things, of people, of the air."""
    signs = [tuple(sign.split("/")) for p in pieces for sign in p.tags.get("sign", ())]
    state = _state(pieces)
    things = [p.value("thing") for p in pieces if p.has("thing") and not p.has("area")]
    senses = [p.value("sensed") for p in pieces if p.has("sensed")]
    if any(p.has("people") for p in pieces):
        at_home = next((value for sensed, value in signs if sensed == "presence"), "")
        if at_home:
            return {"domain": "person", "state": "home" if at_home == "on" else "away"}
    if things and state and not any(not sensed for sensed, _ in signs):
        return _of_things(things, state, home)
    proper = next((sign for sign in signs if sign[0] and sign[0] not in senses), None)
    classed = next((sign for sign in signs if sign[0] in senses), None) or proper
    if classed is not None and (not senses or classed[0]):
        return _sensed(classed[0], classed[1])
    plain = next((value for sensed, value in signs if not sensed), "")
    if senses and (plain or state):
        return _sensed(senses[0], plain or state)
    if senses and not things and any(p.text in _YES_OR_NO for p in pieces):
        return _sensed(senses[0], "on")
    if any(p.has("warmth") for p in pieces):
        return {"device_class": "temperature"}
    measure = next((p.value("measure") for p in pieces if p.has("measure")), "")
    if measure and not things and any(p.has("area", "floor") for p in pieces):
        return {"domain": "sensor", "device_class": measure}
    return None


def _sensed(device_class: str, state: str) -> Arguments:
    return {"domain": "binary_sensor", "device_class": device_class, "state": state}


def _of_things(things: Sequence[str], state: str, home: Home) -> Arguments | None:
    domain, _, device_class = things[0].partition("/")
    if set(things) == {"door", "lock"}:
        domain = "lock"
    if domain in ("door", "lock") and state in ("locked", "unlocked"):
        return {"domain": "lock", "state": state}
    if domain == "door":
        domain, device_class = "cover", "door"
    if domain == "cover":
        has = any(e.domain == "cover" and e.device_class == device_class for e in home.entities)
        opened = _OPEN_OR_SHUT.get(state, state)
        if opened not in ("open", "closed"):
            return None
        if device_class in _SENSED_DOORS and not has:
            return _sensed(_SENSED_DOORS[device_class], opened)
        return {"domain": domain, "device_class": device_class, "state": opened}
    if domain == "lock":
        return {"domain": "lock", "state": {"on": "unlocked", "off": "locked"}.get(state, state)}
    return {"domain": domain, "device_class": device_class, "state": state}
