"""Typed arguments of a call from the words of its clause, driven by the declaration.

Each kind of argument has one filler. What the words do not say is left out: the declaration's
default holds or the device asks. Values beyond the limits are kept as they were said, so that
whoever resolves the call can name the limit; nothing is silently bent. Directions come from `polarity.py` alone.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from dataclasses import dataclass, field

from edgewise.core.capability import Argument, Kind, Risk
from edgewise.core.signal import JsonValue
from edgewise.core.zone import Zone
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.declared import ChoiceFinder, Declared, Word
from edgewise.think.understanding.direction import direction_of, is_relative, opened_by
from edgewise.think.understanding.hints import hint, topics_in
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import Number, find_numbers
from edgewise.think.understanding.polarity import Polarity, read_polarity
from edgewise.think.understanding.shapes import SHAPES
from edgewise.think.understanding.spans import find_spans
from edgewise.think.understanding.times import Duration, Moment, find_durations, find_moments
from edgewise.think.understanding.zones import Place, find_places, many_zones, one_zone


@dataclass(frozen=True, slots=True)
class Filled:
    """Arguments as far as the words give them; `doubt` says why a person must be asked first."""

    arguments: dict[str, JsonValue]
    doubt: str = ""


@dataclass(slots=True)
class _Reading:
    """What one clause says, read once; `plain` has free text and times blanked out."""

    declared: Declared
    clause: Normal
    plain: str
    polarity: Polarity
    places: list[Place]
    numbers: list[Number]
    durations: list[Duration]
    moments: list[Moment]
    arguments: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    doubt: str = ""


def fill(
    declared: Declared, clause: Normal, names: tuple[str, ...], now: str, speaker: Zone | None
) -> Filled:
    """The arguments that `clause` gives for the capability. Never raises for any text."""
    bare = strip_courtesy(clause)
    for plain in (clause.plain, bare.plain):
        known = declared.exact.get(plain.strip(" .!?"))
        if known is not None:
            return Filled(dict(known))
    reading = _read(declared, clause, bare, names, now, speaker)
    for argument in declared.capability.arguments:
        if argument.name not in reading.arguments:
            _fill_one(reading, argument)
    _settle(reading)
    shape = SHAPES.get(declared.capability.name)
    if shape is not None:
        reading.arguments = shape(reading.arguments, bare.plain)
    ordered = {
        a.name: reading.arguments[a.name]
        for a in declared.capability.arguments
        if a.name in reading.arguments
    }
    return Filled(ordered, reading.doubt)


_VERBATIM = frozenset({"body", "fact"})


def _read(
    declared: Declared, said: Normal, clause: Normal, names: tuple[str, ...], now: str,
    speaker: Zone | None,
) -> _Reading:  # fmt: skip
    early = declared.capability.family == "alarm" and not re.search(r"remind|提醒", clause.plain)
    durations = find_durations(clause.plain) if declared.timed else []
    moments = find_moments(clause.plain, now, early=early) if declared.timed else []
    bare, kept = clause, clause.plain
    if declared.timed:
        bare = _without(clause, [(m.start, m.end) for m in [*moments, *durations]])
        kept = bare.plain
    spans: dict[str, str] = {}
    if declared.slots:
        if declared.slots & _VERBATIM:
            spans = find_spans(declared.templates, strip_courtesy(said, tail=False), names)
        spans = spans or find_spans(declared.templates, bare, names)
    plain = kept
    for value in spans.values():
        low = Normal(value, value.lower()).plain
        at = plain.find(low)
        if at >= 0 and not declared.words:
            plain = plain[:at] + " " * len(low) + plain[at + len(low) :]
    reading = _Reading(
        declared, clause, plain, read_polarity(clause.plain), find_places(clause.plain, speaker),
        find_numbers(plain) if _wants_number(declared) else [], durations, moments,
    )  # fmt: skip
    reading.arguments.update(spans)
    return reading


def _without(clause: Normal, spans: list[tuple[int, int]]) -> Normal:
    """The clause without `spans` and without the small words that led to them."""
    text, plain = clause.text, clause.plain
    for first, last in _merged(spans):
        start, end = first, last
        head = re.search(
            r"(?: ?\b(?:at|on|for|in|by|from|to|until|the|of|around|about|this|after)\b ?)*$",
            plain[:start],
        )
        start = head.start() if head else start
        tail = re.match(r"(?:'s|的|之?后)?", plain[end:])
        end += tail.end() if tail else 0
        text, plain = text[:start] + " " + text[end:], plain[:start] + " " + plain[end:]
    shorter = Normal(re.sub(r" +", " ", text), re.sub(r" +", " ", plain))
    if len(shorter.text) != len(shorter.plain):
        return clause
    return shorter.cut(0, len(shorter.plain))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one, the last first."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged[::-1]


def _wants_number(declared: Declared) -> bool:
    return any(a.kind in (Kind.NUMBER, Kind.INTEGER) for a in declared.capability.arguments)


def _fill_one(reading: _Reading, argument: Argument) -> None:
    match argument.kind:
        case Kind.BOOLEAN:
            value = _boolean(reading, argument)
        case Kind.CHOICE:
            value = _choice(reading, argument)
        case Kind.CHOICES:
            value = _choices(reading, argument)
        case Kind.ZONE:
            zone = one_zone(reading.places)
            value = zone.value if zone else None
        case Kind.ZONES:
            value = [zone.value for zone in many_zones(reading.places)] or None
        case Kind.NUMBER | Kind.INTEGER:
            value = _number(reading, argument)
        case Kind.DURATION:
            value = reading.durations[0].seconds if reading.durations else None
        case Kind.MOMENT:
            value = reading.moments[0].value if reading.moments else None
        case Kind.TEXT | Kind.OBJECT:
            value = None
    if value is not None:
        reading.arguments[argument.name] = value


# Arguments whose truth is told by words of their own, not by on and off: (true, false).
_FLAGS: dict[str, tuple[str, str]] = {
    "fold": (
        r"^(?!.*(?:heat|加热|除霜|除雾|雾|defrost)).*(?:(?<!un)\bfold|tuck|retract|折|收|合上|关)",
        r"^(?!.*(?:heat|加热|除霜|除雾|雾|defrost)).*(?:unfold|fold out|\bopen|展开|打开|开)",
    ),
    "heat": (r"heat|warm|defrost|fog|demist|加热|除霜|除雾|雾", r"$^"),
    "tilt": (r"\btilt|vent|crack|翘", r"$^"),
    "voice": (r"voice|播报|语音|声音|guidance", r"\bmute|关|静音|\boff\b|\bstop"),
    "unread": (r"\bunread\b|\bnew\b|未读|新", r"$^"),
    "all": (r"\ball\b|every|所有|全部|都|一切", r"$^"),
    "mute": (r"\bmute|silence|静音|安静|关闭声音|关声音", r"unmute|取消静音|打开声音|解除静音"),
    "shuffle": (r"shuffle|random|随机", r"$^"),
}
_POLAR = frozenset({"on", "open", "enabled", "enable", "active"})
_SWITCH_TO = re.compile(
    r"\b(?:switch|change|go) (?:it )?(?:to|into)\b|切换?到|改成|换成|进入|\blights? please|(?:reading|dome|ceiling) (?:light|lamp) (?:in|for)|\bsome light"
)
_UNDONE = re.compile(r"\bback down|落下|别翘|放平|not? |un(?:tilt)")


def _boolean(reading: _Reading, argument: Argument) -> bool | None:
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


def _on_off(reading: _Reading, argument: Argument) -> bool | None:
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


def _choice(reading: _Reading, argument: Argument) -> str | None:
    finder = reading.declared.words.get(argument.name)
    if finder is None:
        return None
    capability = reading.declared.capability
    values = {choice.value for choice in argument.choices}
    on = reading.polarity.on
    hinted = hint(capability.name, argument.name, reading.clause.plain)
    if hinted is not None and (not hinted or hinted in values):
        return hinted or None
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


def _inside(word: Word, places: list[Place]) -> bool:
    return any(place.start <= word.start and word.end <= place.end for place in places)


def _verb(reading: _Reading, finder: ChoiceFinder) -> str | None:
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


def _choices(reading: _Reading, argument: Argument) -> list[str] | None:
    finder = reading.declared.words.get(argument.name)
    if finder is None:
        return None
    if argument.name == "topics" and (topics := topics_in(reading.clause.plain)):
        return topics
    found = list(dict.fromkeys(word.value for word in finder.find(reading.plain)))
    return found or None


_MOST = re.compile(
    r"\b(?:max(?:imum)?|highest|full(?:y)?|all the way(?! down)|complete(?:ly)?|as (?:high|warm|hot|bright|loud|far|much) as|wide open|to the top|entire(?:ly)?)\b|"
    r"最(?:大|高|热|强|亮|快|多|响)|到底|全(?:部打)?开|完全|顶格|全打开|满|到头"
)
_LEAST = re.compile(
    r"\b(?:min(?:imum)?|lowest|as (?:low|cold|cool|dim|quiet|dark) as|all the way down|coldest)\b|最(?:小|低|冷|弱|暗|慢|少)"
)
_PART = (
    (re.compile(r"\bhalf(?:way)?\b|一半|半开|开半|(?<!大)半(?=$|关)"), 50),
    (re.compile(r"\bthree quarters\b|四分之三"), 75), (re.compile(r"\ba quarter\b|\bone quarter\b|四分之一"), 25),
    (re.compile(r"\ba third\b|三分之一"), 33), (re.compile(r"\btwo thirds\b|三分之二"), 67),
)  # fmt: skip
_CRACK = re.compile(
    r"\bcrack\b|\ba (?:bit|little|crack|tad)\b|\bslightly\b|缝|一点|一些|一小?点|点儿"
)
_WORD_LEVELS = (
    (re.compile(r"\bhigh\b|(?<!调|升|提|变)高(?:档|挡|级)|强档"), "high"),
    (re.compile(r"\bmedium\b|\bmid\b|中(?:档|挡|等|间|度)|适中"), "mid"),
    (re.compile(r"\blow\b|(?<!调|降)低(?:档|挡|级)|弱档"), "low"),
)  # fmt: skip


def _number(reading: _Reading, argument: Argument) -> float | int | str | None:
    relative = reading.declared.relative
    if relative is not None and "level" in reading.arguments and argument.relative:
        return None
    if argument.relative:
        return _delta(reading, argument)
    main = argument is reading.declared.absolute
    moved = (
        main
        and relative is not None
        and is_relative(
            reading.declared.capability.name, reading.plain, reading.numbers, reading.polarity
        )
    )
    if moved and (reading.numbers or _extreme(reading, argument) is None):
        return None
    if argument.unit == "%" and any(p.search(reading.plain) for p, _ in _PART):
        return _spoken_level(reading, argument)
    for number in reading.numbers:
        if _fits(argument, number) and (main or number.unit or len(reading.numbers) == 1):
            return _typed(argument, number.value)
    return _spoken_level(reading, argument) if main else None


_COUNTED = frozenset({"quantity", "count", "people"})


def _fits(argument: Argument, number: Number) -> bool:
    if number.unit == "count":
        return argument.name in _COUNTED
    match argument.unit:
        case "°C" | "°":
            return number.unit in ("", "degree", "fahrenheit")
        case "%":
            return number.unit in ("", "percent", "level")
        case "":
            return number.unit in ("", "level", "money", "star", "percent", "hertz", "degree") and (
                argument.name != "level" or number.unit != "degree"
            )
        case _:
            return True


def _typed(argument: Argument, value: float) -> float | int:
    whole = argument.kind is Kind.INTEGER or value == int(value)
    return round(value) if whole else value


def _spoken_level(reading: _Reading, argument: Argument) -> float | int | str | None:
    """A level in words: half, most, a crack, high, or on and off where the level is the switch."""
    on = reading.polarity.on
    if on is None:
        on = opened_by(reading.declared.capability.name, reading.plain)
    if argument.unit == "%" and argument.maximum == 100:
        return _spoken_percent(reading, argument, on)
    extreme = _extreme(reading, argument)
    if extreme is not None:
        return extreme
    if argument.minimum != 0 or not argument.maximum or argument.maximum > 10:
        return None
    if on is False:
        return 0
    for pattern, name in _WORD_LEVELS:
        if pattern.search(reading.plain) and not reading.polarity.up:
            return {
                "high": int(argument.maximum),
                "mid": round(argument.maximum / 2 + 0.1),
                "low": 1,
            }[name]
    return None


def _spoken_percent(
    reading: _Reading, argument: Argument, on: bool | None
) -> float | int | str | None:
    """A share in words. Only an argument called `percent` is opened and shut by on and off."""
    plain = reading.plain
    for pattern, percent in _PART:
        if pattern.search(plain):
            closing = on is False and re.search(r"关[一上到]|close|shut|raise|升", plain)
            return 100 - percent if closing and percent != 50 else percent
    extreme = _extreme(reading, argument)
    if argument.name != "percent":
        return None if on is False else extreme
    if extreme is not None:
        return extreme if on is None else 100 if on else 0
    if on is not False and re.search(r"缝|\bcrack\b", plain):
        return 10
    if on and reading.declared.relative is not None and _CRACK.search(plain):
        return 10
    return None if on is None else 100 if on else 0


def _extreme(reading: _Reading, argument: Argument) -> float | int | str | None:
    named = {choice.value for choice in argument.choices}
    for pattern, name, limit in (
        (_LEAST, "min", argument.minimum),
        (_MOST, "max", argument.maximum),
    ):
        if pattern.search(reading.plain):
            if name in named:
                return name
            return None if limit is None else _typed(argument, limit)
    return None


def _delta(reading: _Reading, argument: Argument) -> float | int | None:
    absolute = reading.declared.absolute
    if absolute is not None and absolute.name in reading.arguments:
        return None
    sign = direction_of(reading.declared.capability.name, reading.plain, reading.polarity)
    if sign == 0:
        return None
    for number in reading.numbers:
        if _fits(argument, number):
            return _typed(argument, sign * abs(number.value))
    return _typed(argument, sign * reading.declared.step)


def _settle(reading: _Reading) -> None:
    """Rules between arguments: one of a group, "all" said once, a unit said with a number."""
    found, capability = reading.arguments, reading.declared.capability
    if any(found.get(a.name) == "all" and a.kind is Kind.CHOICE for a in capability.arguments):
        for argument in capability.arguments:
            if argument.kind is Kind.ZONE and found.get(argument.name) == Zone.ALL.value:
                del found[argument.name]
    if "unit" in found or capability.argument("unit") is not None:
        fahrenheit = any(number.unit == "fahrenheit" for number in reading.numbers)
        fahrenheit = fahrenheit or "fahrenheit" in reading.plain
        found.pop("unit", None)
        if fahrenheit:
            found["unit"] = "fahrenheit"
    names = {a.kind: a.name for a in capability.arguments if a.kind in (Kind.MOMENT, Kind.DURATION)}
    moment, duration = names.get(Kind.MOMENT), names.get(Kind.DURATION)
    if moment in found and duration in found and moment and duration:
        ahead = any(
            m.start <= d.start and d.end <= m.end
            for m in reading.moments
            for d in reading.durations
        )
        if ahead:
            del found[moment if capability.family == "alarm" else duration]
    if "range" in found and moment in found and moment:
        del found[moment]
    for group in capability.one_of:
        there = [name for name in _by_weight(group, reading) if name in found]
        for name in there[1:]:
            del found[name]


def _by_weight(group: tuple[str, ...], reading: _Reading) -> list[str]:
    """A group's arguments, numbers before switches: "brightness to 60" is no switching on."""
    order = {Kind.CHOICE: 0, Kind.NUMBER: 1, Kind.INTEGER: 1, Kind.BOOLEAN: 2}
    capability = reading.declared.capability
    return sorted(
        group,
        key=lambda name: order.get(a.kind, 3) if (a := capability.argument(name)) else 9,
    )
