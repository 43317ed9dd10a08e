"""What a sentence means to a home that the device knows: orders, questions, players, timers.

It comes before the trained classifier and takes only what it reads whole: names of this home, words
of homes, one doing. Anything else it leaves alone, so a device without a home, and a car whose
sentences name none, understand as ever. Questions only read, denials change nothing, and a room that
this home has not is asked for. What the classifier takes for an order to a home that was not read
here is not carried out (`unread`).
"""

import re
from collections.abc import Mapping, Sequence

from edgewise.core.capability import Capability
from edgewise.core.home import Home
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.thought import MessageKind
from edgewise.think.understanding import home_words as words
from edgewise.think.understanding import words as say
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.home_lists import read_list
from edgewise.think.understanding.home_media import read_control, read_play
from edgewise.think.understanding.home_names import Piece, cut, fold
from edgewise.think.understanding.home_orders import read_order
from edgewise.think.understanding.home_questions import read_question
from edgewise.think.understanding.home_timers import read_timer
from edgewise.think.understanding.join import Part
from edgewise.think.understanding.kind import is_polite, is_question
from edgewise.think.understanding.normalise import Normal, is_chinese

Arguments = dict[str, JsonValue]
Meaning = tuple[MessageKind, str, Arguments]

CONTROL, GET_STATE = "home.control", "home.get_state"
SURE = 0.97
_MAX_CHARACTERS = 160
_LITTLE = ("asking", "asks", "fill")
_ANNOUNCE = regex(r"(?:broadcast|announce|make an announcement)(?: that)? (?P<message>.+)|(?:全屋)?广播[:,说]?(?P<said>.+)")
_LENGTH = r"(?:an? |half an? |[\w-]+ )(?:seconds?|minutes?|mins?|hours?)|[\d一二两三四五六七八九十半]+ ?个?半?(?:秒钟?|分钟|小时|钟头|鐘頭) ?(?:之|以)?[后後]"
_LATE = regex(rf"(?:in |after )?(?:{_LENGTH})[ ,，]*(?P<rest>.+)|(?P<first>.+) (?:in|after) (?:{_LENGTH})")
_CLOCK = regex(r"(?:please )?(?:(?:can you )?tell me|give me|say|what is|what's|do you know|check) (?:the |today's )?(?:current |exact )?(?P<part>time|date)(?: today| now| it is| right now)?")
_NEVER_MIND = frozenset(words.NEVER_MIND.split("|"))
_STRONG = frozenset({"on", "off", "open", "close", "lock", "unlock", "start", "stop", "light", "dim"})


def read_home(
    clause: Normal, home: Home | None, capabilities: Mapping[str, Capability]
) -> list[Meaning] | Part | None:
    """Each call that a clause asks of the home, or what to ask or leave; None: it is no such."""
    if home is None or len(clause.plain) > _MAX_CHARACTERS or '"' in clause.plain:
        return None
    bare = strip_courtesy(clause)
    asked = _is_asked(clause)
    timer = read_timer(bare.plain, home) if "alarm.manage" in capabilities else None
    if timer is not None:
        kind = MessageKind.QUESTION if timer["op"] == "query" else MessageKind.COMMAND
        asks_more = asked and kind is MessageKind.COMMAND
        return None if asks_more else [(kind, "alarm.manage", timer)]
    listed = read_list(bare, home) if "list.manage" in capabilities else None
    if listed is not None and not asked:
        return [(MessageKind.COMMAND, "list.manage", listed)]
    told_all = _ANNOUNCE.fullmatch(bare.plain)
    if told_all is not None and not asked and len(bare.plain) == len(bare.text):
        span = told_all.span("message") if told_all["message"] else told_all.span("said")
        message = bare.cut(*span).text
        return [(MessageKind.COMMAND, CONTROL, {"action": "announce", "message": message})]
    plain = _plain(bare)
    if plain in _NEVER_MIND and "dialog.control" in capabilities:
        return [(MessageKind.COMMAND, "dialog.control", {"action": "cancel"})]
    clock = _CLOCK.fullmatch(plain)
    if clock is not None and "info.compute" in capabilities:
        told = {"kind": "datetime", "part": clock["part"]}
        return [(MessageKind.QUESTION, "info.compute", told)]
    late = _LATE.fullmatch(bare.plain)
    if late is not None and isinstance(_at_once(late, home), list):
        return Part(MessageKind.UNKNOWN, None, say.NOT_LATER)
    pieces = cut(bare.plain, home)
    polite = is_polite(clause.plain)
    asked = not _forbids(pieces) and (asked or (not polite and _asks(pieces, bare.plain)))
    if (place := _weather(pieces, home)) is not None and "info.weather" in capabilities:
        return [(MessageKind.QUESTION, "info.weather", place)]
    denied = any(piece.has("negation") and not piece.has("measure") for piece in pieces)
    if denied and not asked and not bare.plain.startswith("play "):
        return _denied(pieces)
    if asked:
        told = read_question(pieces, bare.plain, home) if GET_STATE in capabilities else None
        return None if told is None else [(MessageKind.QUESTION, GET_STATE, told)]
    return _ordered(pieces, bare, home, capabilities)


def _ordered(
    pieces: Sequence[Piece], bare: Normal, home: Home, capabilities: Mapping[str, Capability]
) -> list[Meaning] | Part | None:
    """The calls of an order, or the question for a room that this home has not."""
    alone = not any(is_car_part(capability) for capability in capabilities.values())
    placed = any(piece.has("entity", "area") for piece in pieces)
    orders = read_order(pieces, home, alone=alone)
    if orders is not None:
        return [_meant(order) for order in orders]
    if (alone or placed) and "media.control" in capabilities:
        control = read_control(pieces, home)
        if control is not None:
            return [(MessageKind.COMMAND, "media.control", control)]
        play = read_play(bare, home) if alone or placed else None
        if play is not None and "media.play" in capabilities:
            return [(MessageKind.COMMAND, "media.play", play)]
    room = next((p for p in pieces if p.has("room") and not p.has("area", "floor", "thing")), None)
    known = all(piece.tags for piece in pieces)
    if room is not None and known and any(p.has("thing") for p in pieces) and _strong(pieces):
        shown: dict[str, object] = {"room": room.text.replace(" ", "") if is_chinese(room.text) else room.text}
        return Part(MessageKind.UNKNOWN, None, say.fill_words(say.NO_SUCH_ROOM, shown, shown))
    return None


def _plain(said: Normal) -> str:
    """As whole sentences are compared: simplified, without marks and Chinese spaces."""
    folded = fold(said.plain).strip(" .!?,")
    return folded.replace(" ", "") if is_chinese(folded) else folded


def _at_once(late: re.Match[str], home: Home) -> list[Arguments] | None:
    """What is ordered for later, as if it were for now."""
    return read_order(cut(late["rest"] or late["first"], home), home, alone=True)


def _weather(pieces: Sequence[Piece], home: Home) -> Arguments | None:
    """The place whose weather is asked for, if the home knows one of that name."""
    said = any("weather" in piece.text or "天 气" in piece.text for piece in pieces)
    if not said or not all(piece.has("entity", "weather", *_LITTLE) for piece in pieces):
        return None
    places = [
        home.entities[int(number)].name
        for piece in pieces
        for number in piece.tags.get("entity", ())
        if home.entities[int(number)].domain == "weather"
    ]
    return {"place": places[0]} if len(set(places)) == 1 else {} if not places else None


def _meant(order: Arguments) -> Meaning:
    """A volume is the players' own; the rest is the home's."""
    if "volume" not in order:
        return (MessageKind.COMMAND, CONTROL, order)
    found = {"level": order["volume"], "player": order.get("name", ""), "area": order.get("area", "")}
    return (MessageKind.COMMAND, "media.set_volume", {k: v for k, v in found.items() if v != ""})


def _is_asked(clause: Normal) -> bool:
    """Whether a clause wants to know something."""
    return is_question(clause.plain) and not is_polite(clause.plain)


def _asks(pieces: Sequence[Piece], plain: str) -> bool:
    """Whether the words ask: in English those at the beginning, in Chinese anywhere."""
    if not pieces:
        return False
    warmth = any(piece.has("warmth") for piece in pieces) and not any(
        piece.has("doing", "number", "particle") for piece in pieces
    )
    chinese = any(piece.has("asks") and is_chinese(piece.text) for piece in pieces)
    return chinese or warmth or pieces[0].has("asks") or plain.endswith("?")


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
    return any(piece.has("entity", "area", "floor") for piece in cut(plain, home))
