"""Sentences at home that follow one pattern: timers, lists, announcements, the clock, the weather.

Each is read whole or not at all. What is ordered for later is found here too, because a home cannot
be told to wait yet.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from collections.abc import Sequence

from edgewise.core.home import Home
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.thought import MessageKind
from edgewise.think.understanding import home_words as words
from edgewise.think.understanding.home_lists import read_list
from edgewise.think.understanding.home_names import Piece, cut, fold
from edgewise.think.understanding.home_orders import read_order
from edgewise.think.understanding.home_timers import read_timer
from edgewise.think.understanding.normalise import Normal, is_chinese

Arguments = dict[str, JsonValue]
Meaning = tuple[MessageKind, str, Arguments]
"""What a clause is, the capability that it names, and its arguments."""

_ANNOUNCE = regex(
    r"(?:broadcast|announce|make an announcement)(?: that)? (?P<en>.+)|(?:全屋)?(?:广播|廣播)[:,说]?(?P<zh>.+)"
)
_LENGTH = r"(?:an? |half an? |[\w-]+ )(?:seconds?|minutes?|mins?|hours?)|[\d一二两三四五六七八九十半]+ ?个?半?(?:秒钟?|分钟|小时|钟头|鐘頭) ?(?:之|以)?[后後]"
_LATE = regex(
    rf"(?:in |after )?(?:{_LENGTH})[ ,，]*(?P<rest>.+)|(?P<first>.+) (?:in|after) (?:{_LENGTH})"
)
_CLOCK = regex(
    r"(?:please )?(?:(?:can you )?tell me|give me|say|what is|what's|do you know|check) (?:the |today's )?(?:current |exact )?(?P<part>time|date)(?: today| now| it is| right now)?"
)
_NEVER_MIND = frozenset(words.NEVER_MIND.split("|"))
_AROUND_WEATHER = ("entity", "weather", "asking", "asks", "fill")


def read_saying(said: Normal, home: Home, *, asked: bool) -> list[Meaning] | None:
    """The one call of a sentence without courtesy around it; None when it is none of these.

    `asked`: it has a question's form, so it orders nothing.
    """
    timer = read_timer(said, home)
    if timer is not None:
        queried = timer["op"] == "query"
        kind = MessageKind.QUESTION if queried else MessageKind.COMMAND
        return None if asked and not queried else [(kind, "alarm.manage", timer)]
    plain = _plain(said)
    clock = _CLOCK.fullmatch(plain)
    if clock is not None:
        told: Arguments = {"kind": "datetime", "part": clock["part"]}
        return [(MessageKind.QUESTION, "info.compute", told)]
    if asked:
        return None
    if plain in _NEVER_MIND:
        return [(MessageKind.COMMAND, "dialog.control", {"action": "cancel"})]
    listed = read_list(said, home)
    if listed is not None:
        return [(MessageKind.COMMAND, "list.manage", listed)]
    announced = _ANNOUNCE.fullmatch(said.plain)
    if announced is None or len(said.plain) != len(said.text):
        return None
    message = said.cut(*announced.span("en" if announced["en"] else "zh")).text
    return [(MessageKind.COMMAND, "home.control", {"action": "announce", "message": message})]


def delays(said: Normal, home: Home) -> bool:
    """Whether something is ordered of the home for later: "in five minutes, open the gate"."""
    late = _LATE.fullmatch(said.plain)
    return (
        late is not None and read_order(cut(late["rest"] or late["first"], home), home) is not None
    )


def read_weather(pieces: Sequence[Piece], home: Home) -> Meaning | None:
    """A question for the weather, at a place that the home knows by name or without a place."""
    about = any("weather" in piece.text or "天 气" in piece.text for piece in pieces)
    if not about or not all(piece.has(*_AROUND_WEATHER) for piece in pieces):
        return None
    named = [home.entities[int(n)] for piece in pieces for n in piece.tags.get("entity", ())]
    places = {entity.name for entity in named if entity.domain == "weather"}
    if len(places) > 1 or len(named) > len([e for e in named if e.name in places]):
        return None
    at: Arguments = {"place": places.pop()} if places else {}
    return MessageKind.QUESTION, "info.weather", at


def _plain(said: Normal) -> str:
    """As whole sentences are compared: simplified, without marks and Chinese spaces."""
    folded = fold(said.plain).strip(" .!?,")
    return folded.replace(" ", "") if is_chinese(folded) else folded
