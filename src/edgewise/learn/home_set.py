"""Home Assistant's test sentences as a home device must understand them: function and every slot.

Measured is a desk device in a home: the built-in catalogue without the car's families (`CAR`). It
knows the names of the row's home (areas, floors, things) and in which room it stands where the row
says so. Our calls are told in the set's intents and slots (`INTENTS`, `heard`); both sides are
brought to one form (`alike`). Set: "Intents for Home Assistant", see its README for the licence.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from edgewise.core.call import Call
from edgewise.core.capability import Capability
from edgewise.core.home import Entity, Home
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.learn.evaluate import Miss, acts, calibration_error
from edgewise.learn.report import Result, measure

SETS = {"ha_en": Language.ENGLISH, "ha_zh": Language.CHINESE}
FOLDER = "ha_intents"
GOAL = 92.0
CAR = frozenset(
    "adas climate door drive fragrance fridge light mirror nav roof route seat steering_wheel trunk "
    "vehicle window wiper".split()
)
"""First parts of the names of capabilities that only a car has."""

Slots = dict[str, object]

INTENTS: dict[tuple[str, str], tuple[str, str]] = {
    ("home.control", "on"): ("HassTurnOn", "on, as it is said of lamps, scenes, scripts"),
    ("home.control", "open"): ("HassTurnOn", "the set opens covers and valves by turning on"),
    ("home.control", "lock"): ("HassTurnOn", "the set locks by turning on"),
    ("home.control", "off"): ("HassTurnOff", "off"),
    ("home.control", "close"): ("HassTurnOff", "the set closes covers and valves by turning off"),
    ("home.control", "unlock"): ("HassTurnOff", "the set unlocks by turning off"),
    ("home.control", "set brightness"): ("HassLightSet", "a lamp's value"),
    ("home.control", "set color"): ("HassLightSet", "a lamp's value"),
    ("home.control", "set position"): ("HassSetPosition", "how far a cover or valve is open"),
    ("home.control", "set speed"): ("HassFanSetSpeed", "how fast a fan turns"),
    ("home.control", "set temperature"): ("HassClimateSetTemperature", "a thermostat's value"),
    ("home.control", "on vacuum"): ("HassVacuumStart", "a vacuum cleans once it is on"),
    ("home.control", "dock"): ("HassVacuumReturnToBase", "only vacuums have a base"),
    ("home.control", "announce"): ("HassBroadcast", "said on all speakers"),
    ("home.get_state", ""): ("HassGetState", "any state"),
    ("home.get_state", "temperature"): ("HassClimateGetTemperature", "a room's or thermostat's"),
    ("media.play", ""): ("HassMediaSearchAndPlay", "play by name"),
    ("media.control", "next"): ("HassMediaNext", "one forward"),
    ("media.control", "previous"): ("HassMediaPrevious", "one back"),
    ("media.control", "pause"): ("HassMediaPause", "hold"),
    ("media.control", "play"): ("HassMediaUnpause", "go on"),
    ("media.set_volume", ""): ("HassSetVolume", "a level"),
    ("alarm.manage", "set"): ("HassStartTimer", "a new timer"),
    ("alarm.manage", "cancel"): ("HassCancelTimer", "one timer"),
    ("alarm.manage", "stop"): ("HassCancelTimer", "the set has one word for both"),
    ("alarm.manage", "cancel all"): ("HassCancelAllTimers", "every timer"),
    ("alarm.manage", "extend"): ("HassIncreaseTimer", "longer"),
    ("alarm.manage", "shorten"): ("HassDecreaseTimer", "shorter"),
    ("alarm.manage", "pause"): ("HassPauseTimer", "hold"),
    ("alarm.manage", "resume"): ("HassUnpauseTimer", "go on"),
    ("alarm.manage", "query"): ("HassTimerStatus", "what is left"),
    ("list.manage", "add"): ("HassListAddItem", "a list by name"),
    ("list.manage", "complete"): ("HassListCompleteItem", "done"),
    ("list.manage", "remove"): ("HassListCompleteItem", "the set ticks off what is taken away"),
    ("list.manage", "add shopping"): ("HassShoppingListAddItem", "the shopping list"),
    ("list.manage", "complete shopping"): ("HassShoppingListCompleteItem", "done"),
    ("list.manage", "remove shopping"): ("HassShoppingListCompleteItem", "as above"),
    ("info.weather", ""): ("HassGetWeather", "the weather"),
    ("info.compute", "time"): ("HassGetCurrentTime", "the clock"),
    ("info.compute", "date"): ("HassGetCurrentDate", "the calendar"),
    ("dialog.control", ""): ("HassNevermind", "what is called off"),
    ("", ""): ("HassRespond", "talk is answered with words and no call"),
}
"""Our call and its deed -> the set's intent, and why."""

ARGUMENTS: dict[str, dict[str, str]] = {
    "home.control": {"brightness": "brightness", "color": "color", "position": "position",
                     "temperature": "temperature", "speed": "percentage", "message": "message"},
    "home.get_state": {"state": "state"},
    "media.play": {"query": "search_query", "kind": "media_class", "player": "name"},
    "media.control": {"player": "name"},
    "media.set_volume": {"level": "volume_level", "player": "name"},
    "alarm.manage": {"duration": "duration_s", "length": "length_s", "label": "name"},
    "list.manage": {"item": "item", "list": "name"},
    "info.weather": {"place": "name"},
}  # fmt: skip
"""Arguments that are slots under another or the same name, beside `PLACED`."""
PLACED = ("name", "area", "floor", "domain", "device_class")
MEDIA_CLASSES = {"song": "track", "feature_film": "movie"}
"""Kinds of ours that the set calls otherwise."""
BINARY = {"open": "on", "closed": "off", "locked": "off", "unlocked": "on"}
"""The set tells a yes-or-no sensor's state as on or off; on of a lock sensor is unlocked."""
IMPLIED = frozenset(
    {"HassLightSet", "HassClimateSetTemperature", "HassClimateGetTemperature", "HassSetVolume",
     "HassMediaNext", "HassMediaPrevious", "HassMediaPause", "HassMediaUnpause", "HassVacuumStart",
     "HassVacuumReturnToBase"}
)  # fmt: skip
"""Intents that go to one domain, which the set does not repeat."""
ONE_WORD_ZH = {"blind": "curtain", "shade": "curtain"}
"""窗簾 is all of these; the set calls it blind in Taiwan and curtain in Hong Kong."""
EXCLUDED: dict[str, str] = {}
"""Intents left out, and why: none is."""


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A sentence, what it means, and the home in which it is said. A slot's value is a tuple of
    all that would be right."""

    text: str
    language: Language
    intent: str
    slots: dict[str, tuple[object, ...]]
    home: Home


Understand = Callable[[str, Language, Home], Thought]


@dataclass(slots=True)
class HomeOutcome:
    """What one part of the set came to."""

    name: str
    rows: int = 0
    right: int = 0
    exact: int = 0
    quiet: int = 0
    acted: int = 0
    times_ms: list[float] = field(default_factory=list[float])
    sure: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])
    misses: list[Miss] = field(default_factory=list[Miss])

    def results(self) -> list[Result]:
        """The figures with their goals."""
        times, name = sorted(self.times_ms), self.name
        rows = max(1, self.rows)
        return [
            measure(f"{name} sentences", self.rows, "sentences"),
            measure(f"{name} functions", 100 * self.right / rows, "%", at_least=GOAL),
            measure(f"{name} functions and slots", 100 * self.exact / rows, "%", at_least=GOAL),
            measure(f"{name} false acts", 100 * self.acted / max(1, self.quiet), "%", at_most=0),
            measure(f"{name} calibration error", calibration_error(self.sure), ""),
            measure(f"{name} latency p50", statistics.median(times), "ms"),
            measure(f"{name} latency p95", times[int(0.95 * (len(times) - 1))], "ms", at_most=8),
        ]

    def confusions(self) -> list[tuple[str, str, int]]:
        """What was wanted, what was made of it, how often; the commonest first."""
        pairs = Counter((" ".join(m.wanted), " ".join(m.got)) for m in self.misses)
        return [(wanted, got, count) for (wanted, got), count in pairs.most_common()]


def desk_capabilities(capabilities: Iterable[Capability]) -> list[Capability]:
    """What a device at home can do: all but what only a car has."""
    return [c for c in capabilities if c.name.partition(".")[0] not in CAR]


def load_home_rows(folder: Path, name: str) -> list[HomeRow]:
    """The rows of `ha_en` or `ha_zh`. Raises UserError when their files cannot be read."""
    try:
        lines = (folder / FOLDER / "data.jsonl").read_text("utf-8").splitlines()
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
        house = json.loads((folder / FOLDER / "fixtures_en.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} holds no readable set {name!r}: {error}") from error
    english = SETS[name] is Language.ENGLISH
    rows = [
        row for row in rows if (row["lang"] == "en") == english and row["intent"] not in EXCLUDED
    ]
    home = _written_home(house) if english else _spoken_home(rows)
    return [
        HomeRow(
            row["text"], SETS[name], row["intent"],
            alike(_wanted(row), row["intent"], home, SETS[name]), _of_row(home, row),
        )
        for row in rows
    ]  # fmt: skip


def evaluate_home(
    name: str, rows: Sequence[HomeRow], understand: Understand,
    capabilities: Mapping[str, Capability],
    progress: Callable[[int], None] = lambda done: None,
) -> HomeOutcome:  # fmt: skip
    """Understands every row in its home and compares. `progress` is told how many are done."""
    outcome = HomeOutcome(name)
    for number, row in enumerate(rows, 1):
        began = time.perf_counter()
        thought = understand(row.text, row.language, row.home)
        outcome.times_ms.append(1000 * (time.perf_counter() - began))
        intent, slots = heard(thought, row.home, row.language)
        right = intent == row.intent
        exact = right and _same(row.slots, slots)
        quiet = row.intent == "HassGetState"
        acted = quiet and acts(thought, capabilities)
        outcome.rows += 1
        outcome.right += right
        outcome.exact += exact
        outcome.quiet += quiet
        outcome.acted += acted
        outcome.sure.append((thought.confidence, exact))
        if not exact:
            wanted, got = (row.intent, _shown(row.slots)), (intent, _shown(slots))
            outcome.misses.append(
                Miss(row.text, row.intent, wanted, got, thought.confidence, acted)
            )
        progress(number)
    return outcome


def heard(
    thought: Thought, home: Home, language: Language
) -> tuple[str, dict[str, tuple[object, ...]]]:
    """A thought as the set tells it: one intent and its slots; several calls are no intent."""
    if not thought.calls:
        talk = thought.kind in (MessageKind.CHAT, MessageKind.QUESTION)
        return ("HassRespond" if talk else "", {})
    if len(thought.calls) > 1:
        return "+".join(call.capability for call in thought.calls), {}
    call = thought.calls[0]
    found = INTENTS.get((call.capability, _deed(call)))
    intent = found[0] if found is not None else f"{call.capability} {_deed(call)}".strip()
    return intent, alike(_slots(call, intent), intent, home, language)


def _deed(call: Call) -> str:
    """What distinguishes the intents of one capability."""
    given = call.arguments
    match call.capability:
        case "home.control" if given.get("action") == "set":
            values = ("brightness", "color", "position", "temperature", "speed")
            return f"set {next((name for name in values if name in given), '')}"
        case "home.control" if given.get("action") == "on" and given.get("domain") == "vacuum":
            return "on vacuum"
        case "home.control" | "media.control":
            return str(given.get("action", ""))
        case "home.get_state":
            room = given.get("device_class") == "temperature" and not given.get("domain")
            return "temperature" if room or given.get("domain") == "climate" else ""
        case "alarm.manage":
            every = given.get("op") == "cancel" and given.get("all") is True
            return "cancel all" if every else str(given.get("op", ""))
        case "list.manage":
            return f"{given.get('op', '')}{' shopping' if _is_shopping(given) else ''}"
        case "info.compute":
            return str(given.get("part", ""))
        case _:
            return ""


def _is_shopping(given: Mapping[str, object]) -> bool:
    return str(given.get("list", "shopping")).casefold() in ("shopping", "购物清单", "list", "")


def _slots(call: Call, intent: str) -> Slots:
    names = ARGUMENTS.get(call.capability, {})
    slots: Slots = {slot: call.arguments[name] for name, slot in names.items()
                    if name in call.arguments}  # fmt: skip
    slots |= {name: call.arguments[name] for name in PLACED if name in call.arguments}
    if call.capability == "alarm.manage" and "area" in call.arguments:
        slots["area"] = call.arguments["area"]
    if call.capability == "list.manage" and _is_shopping(call.arguments):
        slots.pop("name", None)
    if call.capability == "home.get_state" and intent == "HassClimateGetTemperature":
        slots.pop("device_class", None)
    return slots


def _wanted(row: Mapping[str, Any]) -> Slots:
    """The row's slots, lengths of time as seconds."""
    slots: Slots = {slot["name"]: slot["value"] for slot in row["slots"]}
    for ours, prefix in (("duration_s", ""), ("length_s", "start_")):
        parts = [(f"{prefix}hours", 3600), (f"{prefix}minutes", 60), (f"{prefix}seconds", 1)]
        if any(name in slots for name, _ in parts):
            slots[ours] = sum(float(str(slots.pop(name, 0))) * size for name, size in parts)
    return slots


def alike(
    slots: Mapping[str, object], intent: str, home: Home, language: Language
) -> dict[str, tuple[object, ...]]:
    """Slots in the form in which both sides are compared.

    Text without case and outer blanks, numbers as numbers. "All" as a name says no more than no
    name. What follows from the rest goes: the domain of a named thing (and its class, unless it is
    a sensor's, which tells what is asked), the domain of an intent that has but one.
    """
    found = {name: _values(value) for name, value in slots.items()}
    if found.get("name") == ("all",):
        del found["name"]
    domain = found.get("domain", ("",))[0]
    senses = domain in ("binary_sensor", "sensor")
    if domain == "binary_sensor" and "state" in found:
        found["state"] = tuple(BINARY.get(str(state), state) for state in found["state"])
    if language is Language.CHINESE and "device_class" in found:
        found["device_class"] = tuple(ONE_WORD_ZH.get(str(c), c) for c in found["device_class"])
    if "media_class" in found:
        found["media_class"] = tuple(MEDIA_CLASSES.get(str(c), c) for c in found["media_class"])
    if "name" in found or intent in IMPLIED:
        found.pop("domain", None)
        if not senses:
            found.pop("device_class", None)
    return {name: values for name, values in found.items() if values and values != ("",)}


def _values(value: object) -> tuple[object, ...]:
    many = cast("list[object]", value) if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(
        float(each) if isinstance(each, int | float) and not isinstance(each, bool)
        else str(each).strip().casefold() for each in many
    ))  # fmt: skip


def _same(wanted: Mapping[str, tuple[object, ...]], got: Mapping[str, tuple[object, ...]]) -> bool:
    return wanted.keys() == got.keys() and all(got[name][0] in wanted[name] for name in wanted)


def _shown(slots: Mapping[str, tuple[object, ...]]) -> str:
    return " ".join(f"{name}={values[0]}" for name, values in sorted(slots.items()))


def _written_home(house: Mapping[str, Any]) -> Home:
    """The home that the set declares."""
    areas = {area["id"]: str(area["name"]) for area in house["areas"]}
    return Home(
        tuple(areas.values()),
        tuple(str(floor["name"]) for floor in house["floors"]),
        tuple(
            Entity(
                e["name"], e["id"].partition(".")[0],
                str(e.get("attributes", {}).get("device_class", "")), areas.get(e.get("area"), ""),
            )
            for e in house["entities"]
        ),
    )  # fmt: skip


def _spoken_home(rows: Sequence[Mapping[str, Any]]) -> Home:
    """A home without a declaration: the areas and things that all rows together name."""
    areas: dict[str, None] = {}
    floors: dict[str, None] = {}
    named: dict[str, dict[tuple[str, str], None]] = {}
    for row in rows:
        slots = {slot["name"]: slot["value"] for slot in row["slots"]}
        if isinstance(area := slots.get("area"), str):
            areas[area] = None
        if isinstance(floor := slots.get("floor"), str):
            floors[floor] = None
        name = slots.get("name")
        if isinstance(name, str) and name != "all" and "Timer" not in row["intent"]:
            named.setdefault(name, {})[_kind_of(row, slots)] = None
    things: list[Entity] = []
    for name, kinds in named.items():
        certain = [kind for kind in kinds if kind[0]]
        things += [Entity(name, *kind) for kind in certain or [(_guessed(kinds), "")]]
    return Home(tuple(areas), tuple(floors), tuple(things))


def _kind_of(row: Mapping[str, Any], slots: Mapping[str, Any]) -> tuple[str, str]:
    """Domain and class of the thing that a row names: said, from its context, by its file."""
    told = row.get("context", {}) | slots
    by_file = str(row["file"]).partition("/")[0].partition("_Hass")[0].removesuffix(".yaml")
    by_file = "" if by_file in ("homeassistant", "HassTurnOn", "HassTurnOff") else by_file
    domain = str(told.get("domain") or by_file)
    return (domain, str(told.get("device_class", ""))) if domain else ("", row["intent"])


def _guessed(kinds: Iterable[tuple[str, str]]) -> str:
    """The domain of a thing of which the set tells none: what is turned on is a switch."""
    turned = any(intent in ("HassTurnOn", "HassTurnOff") for _, intent in kinds)
    return "switch" if turned else "sensor"


def _of_row(home: Home, row: Mapping[str, Any]) -> Home:
    """The home with what the row adds, and where it is said."""
    more = tuple(
        Entity(e["name"], e["domain"], str((e.get("attributes") or {}).get("device_class", "")))
        for e in row.get("entities", ())
    )
    here = str(row.get("context", {}).get("area", ""))
    return Home(home.areas, home.floors, (*more, *home.entities), here)
