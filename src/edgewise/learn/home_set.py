"""Home Assistant's test sentences as a home device must understand them: function and every slot.

Measured is a desk device in a home: the built-in catalogue without the car's families (`CAR`). It
knows the names of the row's home (areas, floors, things) and in which room it stands where the row
says so. Our calls are told in the set's intents and slots by `home_intents.py`. No intent is left
out. The English home is declared by the set; the Chinese one has the areas and things that all
Chinese rows together name. Set: "Intents for Home Assistant", see its README for the licence.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from edgewise.core.capability import Capability
from edgewise.core.home import Entity, Home
from edgewise.core.thought import Thought
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.learn.evaluate import Miss, Outcome, acts
from edgewise.learn.home_intents import LikeSlots, Slots, alike, heard, same, shown
from edgewise.learn.report import Result, measure

SETS = {"ha_en": Language.ENGLISH, "ha_zh": Language.CHINESE}
FOLDER = "ha_intents"
GOAL = 92.0
CAR = frozenset(
    ["adas", "climate", "door", "drive", "fragrance", "fridge", "light", "mirror", "nav", "roof",
     "route", "seat", "steering_wheel", "trunk", "vehicle", "window", "wiper"]
)  # fmt: skip
"""First parts of the names of capabilities that only a car has."""


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A sentence, what it means, and the home in which it is said. A slot's value is a tuple of
    all that would be right."""

    text: str
    language: Language
    intent: str
    slots: LikeSlots
    home: Home


Understand = Callable[[str, Language, Home], Thought]


@dataclass(slots=True)
class HomeOutcome(Outcome):
    """What one part of the set came to; `exact` counts sentences with all slots right as well."""

    exact: int = 0

    def results(self) -> list[Result]:
        """The figures with their goals."""
        name, rows = self.name, max(1, self.rows)
        return [
            measure(f"{name} sentences", self.rows, "sentences"),
            measure(f"{name} functions", 100 * self.right / rows, "%", at_least=GOAL),
            measure(f"{name} functions and slots", 100 * self.exact / rows, "%", at_least=GOAL),
            measure(f"{name} false acts", 100 * self.acted / max(1, self.quiet), "%", at_most=0),
            *self.trust_and_time(),
        ]


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
    rows = [row for row in rows if (row["lang"] == "en") == english]
    home = _written_home(house) if english else _spoken_home(rows)
    return [
        HomeRow(
            row["text"], SETS[name], row["intent"],
            alike(_wanted(row), row["intent"], SETS[name]), _of_row(home, row),
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
        outcome.took(time.perf_counter() - began, 1)
        intent, slots = heard(thought, row.language)
        right = intent == row.intent
        exact = right and same(row.slots, slots)
        quiet = row.intent == "HassGetState"
        acted = quiet and acts(thought, capabilities)
        outcome.rows += 1
        outcome.right += right
        outcome.exact += exact
        outcome.quiet += quiet
        outcome.acted += acted
        outcome.sure.append((thought.confidence, exact))
        if not exact:
            wanted, got = (row.intent, shown(row.slots)), (intent, shown(slots))
            outcome.misses.append(
                Miss(row.text, row.intent, wanted, got, thought.confidence, acted)
            )
        progress(number)
    return outcome


def _wanted(row: Mapping[str, Any]) -> Slots:
    """The row's slots, lengths of time as seconds."""
    slots: Slots = {slot["name"]: slot["value"] for slot in row["slots"]}
    for ours, prefix in (("duration_s", ""), ("length_s", "start_")):
        parts = [(f"{prefix}hours", 3600), (f"{prefix}minutes", 60), (f"{prefix}seconds", 1)]
        if any(name in slots for name, _ in parts):
            slots[ours] = sum(float(str(slots.pop(name, 0))) * size for name, size in parts)
    return slots


def _written_home(house: Mapping[str, Any]) -> Home:
    """The home that the set declares."""
    areas = {area["id"]: str(area["name"]) for area in house["areas"]}
    return Home(
        tuple(areas.values()),
        tuple(str(floor["name"]) for floor in house["floors"]),
        tuple(
            Entity(
                e["name"], e["id"].partition(".")[0],
                str(_inside(e, "attributes").get("device_class", "")),
                areas.get(str(e.get("area")), ""),
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
    told: dict[str, Any] = _inside(row, "context") | dict(slots)
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
        Entity(e["name"], e["domain"], str(_inside(e, "attributes").get("device_class", "")))
        for e in row.get("entities", ())
    )
    here = str(_inside(row, "context").get("area", ""))
    return Home(home.areas, home.floors, (*more, *home.entities), here)


def _inside(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object of the row, empty when it has none."""
    return cast("dict[str, Any]", row.get(key) or {})
