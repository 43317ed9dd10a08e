"""What a sentence means to a home that the device knows: orders, questions, players, sayings.

It comes before the trained model and takes only what it reads whole: names of this home, words
of homes, one doing. Anything else it leaves alone, so a device without a home, and a car whose
sentences name none, understand as ever. Questions only read, denials change nothing, and a room
that this home has not is asked for.
"""

from collections.abc import Mapping, Sequence

from edgewise.core.capability import Capability
from edgewise.core.home import Home
from edgewise.core.thought import MessageKind
from edgewise.think.understanding import words as say
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.home_media import read_control, read_play
from edgewise.think.understanding.home_names import Piece, cut
from edgewise.think.understanding.home_orders import read_order
from edgewise.think.understanding.home_questions import read_question
from edgewise.think.understanding.home_sayings import (
    Arguments,
    Meaning,
    delays,
    read_saying,
    read_weather,
)
from edgewise.think.understanding.join import Part
from edgewise.think.understanding.kind import is_polite, is_question
from edgewise.think.understanding.normalise import Normal, is_chinese

CONTROL, GET_STATE = "home.control", "home.get_state"
SURE = 0.97
_TELLING = (
    "entity", "area", "floor", "thing", "doing", "particle", "negation", "number", "color",
    "extreme", "property", "unit", "base", "all",
)  # fmt: skip
"""Kinds of pieces without which an order would be another one."""
_MAX_CHARACTERS = 160
_STRONG = frozenset(
    {"on", "off", "open", "close", "lock", "unlock", "start", "stop", "light", "dim"}
)


def read_home(
    clause: Normal, home: Home | None, capabilities: Mapping[str, Capability], *,
    loosely: bool = False,
) -> list[Meaning] | Part | None:  # fmt: skip
    """Each call that a clause asks of the home, or what to ask or leave; None: it is no such.
    `loosely`: words that mean nothing to a home are passed over, for who knows that it is meant."""
    if home is None or len(clause.plain) > _MAX_CHARACTERS or '"' in clause.plain:
        return None
    bare = strip_courtesy(clause)
    asked = is_question(clause.plain) and not is_polite(clause.plain)
    meant = read_saying(bare, home, asked=asked)
    if meant is None and delays(bare, home):
        return Part(MessageKind.UNKNOWN, None, say.NOT_LATER)
    if meant is None:
        pieces = [p for p in cut(bare.plain, home) if p.tags or not loosely]
        meant = _read_pieces(pieces, clause, bare, home, capabilities, asked=asked)
        if meant is None and loosely and not asked and any(p.has("doing") for p in pieces):
            told = [p for p in pieces if p.has(*_TELLING)]
            meant = _read_pieces(told, clause, bare, home, capabilities, asked=False)
    if isinstance(meant, list) and not all(name in capabilities for _, name, _ in meant):
        return None
    return meant


def _read_pieces(
    pieces: list[Piece], clause: Normal, bare: Normal, home: Home,
    capabilities: Mapping[str, Capability], *, asked: bool,
) -> list[Meaning] | Part | None:  # fmt: skip
    """What the names and words of the home come to: a question, a denial, an order."""
    if not _is_of_home(pieces, home, capabilities):
        return None
    if polite := is_polite(clause.plain):
        pieces = _without_asking_end(pieces)
    asked = not _forbids(pieces) and (asked or (not polite and _asks(pieces, bare.plain)))
    if (weather := read_weather(pieces, home)) is not None:
        return [weather]
    denied = any(piece.has("negation") and not piece.has("measure") for piece in pieces)
    if denied and not asked and not bare.plain.startswith("play "):
        return _denied(pieces)
    if asked:
        told = read_question(pieces, bare.plain, home)
        return None if told is None else [(MessageKind.QUESTION, GET_STATE, told)]
    return _ordered(pieces, bare, home)


def _ordered(pieces: Sequence[Piece], bare: Normal, home: Home) -> list[Meaning] | Part | None:
    """The calls of an order, or the question for a room that this home has not."""
    orders = read_order(pieces, home)
    if orders is not None:
        return [_meant(order) for order in orders]
    control = read_control(pieces, home)
    if control is not None:
        return [(MessageKind.COMMAND, "media.control", control)]
    play = read_play(bare, home)
    if play is not None:
        return [(MessageKind.COMMAND, "media.play", play)]
    return _room_asked_for(pieces)


def _room_asked_for(pieces: Sequence[Piece]) -> Part | None:
    """The question for a room that this home has not, where all else is understood."""
    room = next((p for p in pieces if p.has("room") and not p.has("area", "floor", "thing")), None)
    ordered = any(p.has("thing") for p in pieces) and _strong(pieces)
    if room is None or not ordered or not all(piece.tags for piece in pieces):
        return None
    name = room.text.replace(" ", "") if is_chinese(room.text) else room.text
    shown: dict[str, object] = {"room": name}
    return Part(MessageKind.UNKNOWN, None, say.fill_words(say.NO_SUCH_ROOM, shown, shown))


def _meant(order: Arguments) -> Meaning:
    """A volume is the players' own; the rest is the home's."""
    if "volume" not in order:
        return (MessageKind.COMMAND, CONTROL, order)
    found = {
        "level": order["volume"],
        "player": order.get("name", ""),
        "area": order.get("area", ""),
    }
    return (MessageKind.COMMAND, "media.set_volume", {k: v for k, v in found.items() if v != ""})


def _asks(pieces: Sequence[Piece], plain: str) -> bool:
    """Whether the words ask: in English those at the beginning, in Chinese anywhere."""
    if not pieces:
        return False
    warmth = any(piece.has("warmth") for piece in pieces) and not any(
        piece.has("doing", "number", "particle") for piece in pieces
    )
    chinese = any(piece.has("asks") and is_chinese(piece.text) for piece in pieces)
    return chinese or warmth or pieces[0].has("asks") or plain.endswith("?")


def _is_of_home(
    pieces: Sequence[Piece], home: Home, capabilities: Mapping[str, Capability]
) -> bool:
    """Whether a sentence can mean the home: it names a part of it, or the device has no windows,
    lights and air but the home's. In a car "light" and "here" are the car's, whatever a thing at
    home is called."""
    if not any(is_car_part(capability) for capability in capabilities.values()):
        return True
    return any(
        _names(piece)
        or piece.value("place") == "house"
        or (home.here and piece.value("place") == "here")
        for piece in pieces
    )


def _without_asking_end(pieces: Sequence[Piece]) -> list[Piece]:
    """A polite order without the word that makes it sound like a question: 可以帮我关灯吗."""
    kept = list(pieces)
    while kept and kept[-1].has("asks", "asking") and not kept[-1].has("doing", "thing", "area"):
        kept.pop()
    return kept


def _forbids(pieces: Sequence[Piece]) -> bool:
    """Whether a sentence begins with a "do not", which may look like a question's "do"."""
    first = next((piece for piece in pieces if not piece.has("fill")), None)
    return first is not None and first.has("negation")


def _strong(pieces: Sequence[Piece]) -> bool:
    """Whether something is ordered, and not only a thing named."""
    doings = {value for piece in pieces for value in piece.tags.get("doing", ())}
    return bool(doings & _STRONG) or any(piece.has("particle") for piece in pieces)


def _denied(pieces: Sequence[Piece]) -> Part | None:
    """ "Don't turn off the kitchen light" leaves it as it is."""
    of_home = any(piece.has("entity", "area", "floor", "thing") for piece in pieces)
    known = all(piece.tags for piece in pieces)
    if of_home and known and _strong(pieces):
        return Part(MessageKind.CHAT, question=say.NEGATED, confidence=SURE)
    return None


def is_car_part(capability: Capability) -> bool:
    """Whether a capability moves a part of a car, which has windows and lights of its own."""
    return capability.family != "media" and any(
        target.startswith("Vehicle.Cabin.") or target.startswith("Vehicle.Body.")
        for target in capability.actuators
    )


def names_home(plain: str, home: Home | None) -> bool:
    """Whether a clause names an area, a floor or a thing of the home."""
    if home is None or len(plain) > _MAX_CHARACTERS:
        return False
    return any(_names(piece) for piece in cut(plain, home))


def _names(piece: Piece) -> bool:
    """Whether a piece is a name of this home and of nothing else: a thing called "light" is not."""
    return piece.has("area", "floor") or (piece.has("entity") and not piece.has("thing", "sensed"))
