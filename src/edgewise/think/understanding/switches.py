"""Arguments that are true or false or one of a few words, from what a clause says.

Directions come from `polarity.py` alone; which words mean which choice is declared, or hinted.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence

from edgewise.core.capability import Argument, Kind, Risk
from edgewise.core.regex import regex
from edgewise.think.understanding.declared import ChoiceFinder, Word
from edgewise.think.understanding.hints import hint, topics_in
from edgewise.think.understanding.reading import Reading
from edgewise.think.understanding.zones import Place

# Arguments whose truth is told by words of their own, not by on and off: (true, false).
_FLAGS: dict[str, tuple[str, str]] = {
    "fold": (
        r"^(?!.*(?:heat|加热|除霜|除雾|雾|defrost)).*(?:(?<!un)\bfold|tuck|retract|折|收|合上|关)",
        r"^(?!.*(?:heat|加热|除霜|除雾|雾|defrost)).*(?:unfold|fold out|\bmirrors? (?:back )?out\b|\bopen|展开|打开|掰出|开(?!始|车))",
    ),
    "heat": (r"heat|warm|defrost|fog|demist|iced|加热|除霜|除雾|雾", r"$^"),
    "tilt": (r"\btilt|vent|crack|翘", r"$^"),
    "voice": (
        r"voice|播报|语音|声音|guidance|instructions",
        r"^(?=.*(?:voice|播报|语音|声音|guidance|instructions|导航音)).*(?:关|\boff\b|\bstop)|\bmute|静音",
    ),
    "unread": (r"\bunread\b|\bnew\b|未读|新", r"$^"),
    "all": (r"\ball\b|every|所有|全部|都|一切", r"$^"),
    "mute": (r"\bmute|silence|静音|安静|关闭声音|关声音", r"unmute|取消静音|打开声音|解除静音"),
    "shuffle": (r"shuffle|random|随机", r"$^"),
}
_POLAR = frozenset({"on", "open", "enabled", "enable", "active"})
_SWITCH_TO = regex(
    r"\b(?:switch|change|go) (?:it )?(?:to|into)\b|切换?到|改成|换成|进入|\blights? please|(?:reading|dome|ceiling) (?:light|lamp) (?:in|for)|\bsome light"
)
_UNDONE = regex(r"\bback down|落下|别翘|放平|not? |un(?:tilt)")


def boolean_of(reading: Reading, argument: Argument) -> bool | None:
    polarity, plain = reading.polarity, reading.clause.plain
    if argument.name == "locked":
        return polarity.lock
    if argument.name in _POLAR:
        return _on_off(reading, argument)
    if argument.name in _FLAGS:
        true, false = _FLAGS[argument.name]
        if re.search(false, plain):
            return False
        if not re.search(true, plain):
            return None
        undone = polarity.on is False and argument.name in ("heat", "voice", "tilt")
        return not (undone or (argument.name == "tilt" and _UNDONE.search(plain)))
    if argument.required:
        return _on_off(reading, argument)
    said = [argument.name.replace("_", " "), argument.words.en, argument.words.zh]
    return True if any(word and word in plain for word in said) else None


def _on_off(reading: Reading, argument: Argument) -> bool | None:
    polarity = reading.polarity
    if polarity.on is not None:
        return polarity.on
    if polarity.lock is not None and "lock" in reading.declared.capability.name:
        return polarity.lock
    if polarity.conflict:
        reading.doubt = "conflict"
        return None
    harmless = reading.declared.capability.risk in (Risk.READ, Risk.REVERSIBLE)
    if argument.required and harmless:
        return True
    return True if harmless and _SWITCH_TO.search(reading.clause.plain) else None


def choice_of(reading: Reading, argument: Argument) -> str | None:
    finder = reading.declared.words.get(argument.name)
    if finder is None:
        return None
    capability = reading.declared.capability
    values = {choice.value for choice in argument.choices}
    on = reading.polarity.on
    hinted = hint(capability.name, argument.name, reading.clause.plain)
    if hinted is not None and (not hinted or hinted in values):
        return "off" if hinted == "on" and on is False else hinted or None
    if {"on", "off"} <= values and not values - {"on", "off", "auto"}:
        word = finder.best(reading.plain)
        named = re.search(r"自动大灯|auto(?:matic)? (?:head)?lights", reading.plain)
        if word is not None and word.value == "auto" and not named:
            return "auto"
        return None if on is None else "on" if on else "off"
    if {"on", "off", "open", "close"} <= values:
        return _verb(reading, finder)
    if "off" in values and on is False:
        return "off"
    has_zone = any(a.kind in (Kind.ZONE, Kind.ZONES) for a in capability.arguments)
    plain = reading.clause.plain if argument.name == "range" else reading.plain
    found = [
        word for word in finder.find(plain)
        if not (has_zone and _inside(word, reading.places))
    ]  # fmt: skip
    word = max(found, key=lambda w: (w.end - w.start, -w.start), default=None)
    if word is None:
        return None
    if on is False and len(values) == 2 and len(capability.arguments) == 1:
        return next(value for value in values if value != word.value)
    return word.value


def _inside(word: Word, places: Sequence[Place]) -> bool:
    return any(place.start <= word.start and word.end <= place.end for place in places)


def _verb(reading: Reading, finder: ChoiceFinder) -> str | None:
    """on, off, open, close, lock or unlock of a thing in the house."""
    if reading.polarity.lock is not None:
        return "lock" if reading.polarity.lock else "unlock"
    on = reading.polarity.on
    shuts = re.search(
        r"\b(?:open|close|shut)\b|门|窗|帘|curtain|blind|garage|gate|door", reading.clause.plain
    )
    if on is None:
        word = finder.best(reading.plain)
        return word.value if word else None
    return ("open" if on else "close") if shuts else ("on" if on else "off")


def choices_of(reading: Reading, argument: Argument) -> list[str] | None:
    finder = reading.declared.words.get(argument.name)
    if finder is None:
        return None
    if argument.name == "topics" and (topics := topics_in(reading.clause.plain)):
        return topics
    found = list(dict.fromkeys(word.value for word in finder.find(reading.plain)))
    return found or None
