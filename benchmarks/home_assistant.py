"""Home Assistant's sentence matcher as it is used there, and its own sentences where they lie.

The matcher is `hassil` over the sentences of `home-assistant-intents`, with the lists of names it
needs: for our sentences the car's things under their natural names, for its own sentences the
house that its tests speak of; it always knows in which room it was spoken to. Its sentences are
read from the project's evaluation data beside the checkout ("Intents for Home Assistant", CC BY
4.0); nothing of them is kept here. They are of July 2025 and the patterns are of the installed
release, which has dropped some.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OWN_SENTENCES = Path(__file__).resolve().parents[2] / "shared" / "eval" / "ha_intents"
CAR = {
    "en": {
        "light": ("reading light", "ambient light"),
        "cover": ("window", "sunroof", "sunshade"),
        "climate": ("air conditioning", "air conditioner"),
        "lock": ("doors", "door"),
        "media_player": ("music", "radio"),
        "fan": ("fan",),
        "todo": ("shopping list",),
        "weather": ("weather",),
    },
    "zh-CN": {
        "light": ("阅读灯", "氛围灯"),
        "cover": ("车窗", "窗户", "天窗", "遮阳帘"),
        "climate": ("空调",),
        "lock": ("车门",),
        "media_player": ("音乐",),
        "fan": ("风量", "风扇"),
        "todo": ("购物清单",),
        "weather": ("天气",),
    },
}
QUIET = frozenset(
    {"HassGetState", "HassClimateGetTemperature", "HassGetCurrentTime", "HassGetCurrentDate",
     "HassGetWeather", "HassTimerStatus", "HassNevermind", "HassRespond"}
)  # fmt: skip
"""Intents that change nothing."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a matcher is given: things with what they are, rooms, floors."""

    things: list[tuple[str, str, dict[str, str]]] = field(default_factory=list[Any])
    areas: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """A sentence of its tests, with the intent that is right; `area` is where it was said.

    `names_house`: a room, floor or thing of the house is named in it.
    """

    text: str
    code: str
    intent: str
    area: str
    names_house: bool


class Matcher:
    """Text -> the name of the intent, or none; in one language, over one vocabulary.

    Chinese is handed over without spaces, as its patterns are written.
    """

    def __init__(self, code: str, vocabulary: Vocabulary) -> None:
        from hassil import Intents, SlotList, TextSlotList
        from home_assistant_intents import get_intents

        self._intents = Intents.from_dict(dict(get_intents(code) or {}))
        self._spaced = not code.startswith("zh")
        self._room = vocabulary.areas[0]
        self._slots: dict[str, SlotList] = {
            "name": TextSlotList.from_tuples(vocabulary.things, name="name"),
            "area": TextSlotList.from_strings(vocabulary.areas, name="area"),
            "floor": TextSlotList.from_strings(vocabulary.floors, name="floor"),
        }

    def __call__(self, text: str, area: str = "") -> str | None:
        """The intent's name; `area` is the room of the device that heard the text, or the first."""
        found = self.entities(text, area)
        return found[0] if found is not None else None

    def entities(self, text: str, area: str = "") -> tuple[str, set[str]] | None:
        """The intent's name and the values of its slots in lower case."""
        from hassil import recognize_best

        found = recognize_best(
            text if self._spaced else text.replace(" ", ""),
            self._intents,
            slot_lists=self._slots,
            intent_context={"area": area or self._room},
            best_slot_name="name",
        )
        if found is None:
            return None
        return found.intent.name, {str(e.value).lower() for e in found.entities.values()}


def car_vocabulary(code: str) -> Vocabulary:
    """The car's things, so that the matcher can know what our sentences speak of."""
    return Vocabulary(
        [(name, name, {"domain": what}) for what, names in CAR[code].items() for name in names],
        ("car",) if code == "en" else ("车里",),
    )


def read_own(folder: Path = OWN_SENTENCES) -> tuple[list[OwnSentence], dict[str, Vocabulary]]:
    """Its sentences, and by language the house they speak of. Raises OSError when not there."""
    text = (folder / "data.jsonl").read_text("utf-8")
    rows: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines() if line]
    sentences = [
        OwnSentence(
            row["text"],
            row["lang"],
            row["intent"],
            row.get("context", {}).get("area", ""),
            any(
                slot["name"] in ("name", "area", "floor")
                and str(slot["value"]).lower() in row["text"].lower()
                for slot in row["slots"]
            ),
        )
        for row in rows
    ]
    house = json.loads((folder / "fixtures_en.json").read_text("utf-8"))
    codes = {row["lang"] for row in rows} - {"en"}
    spoken = {code: _spoken_house([r for r in rows if r["lang"] == code]) for code in codes}
    return sentences, {"en": _written_house(house, rows)} | spoken


def _written_house(house: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Vocabulary:
    """The house as its tests declare it, with the things that single tests add."""
    things = [
        (entity["name"], entity["id"].partition(".")[0], entity.get("attributes", {}))
        for entity in house["entities"]
    ]
    things += [
        (entity["name"], entity["domain"], entity.get("attributes", {}))
        for row in rows
        for entity in row.get("entities", ())
    ]
    return Vocabulary(
        [
            (name, name, {"domain": domain} | {k: str(v) for k, v in more.items()})
            for name, domain, more in things
        ],
        tuple(area["name"] for area in house["areas"]),
        tuple(floor["name"] for floor in house["floors"]),
    )


def _spoken_house(rows: Sequence[Mapping[str, Any]]) -> Vocabulary:
    """A house without a declaration: every name that a right answer holds, as what it is there."""
    things: dict[tuple[str, str], dict[str, str]] = {}
    areas: dict[str, None] = {}
    floors: dict[str, None] = {}
    for row in rows:
        slots = {slot["name"]: str(slot["value"]) for slot in row["slots"]}
        context = {key: str(value) for key, value in row.get("context", {}).items()}
        domain = slots.get("domain") or context.get("domain") or str(row["file"]).partition("_")[0]
        if "name" in slots:
            kinds = {k: v for k, v in (context | slots).items() if k == "device_class"}
            things.setdefault((slots["name"], domain), {"domain": domain} | kinds)
        areas |= dict.fromkeys(v for v in (slots.get("area"), context.get("area")) if v)
        floors |= dict.fromkeys(v for v in (slots.get("floor"),) if v)
    named = [(name, name, more) for (name, _), more in things.items()]
    return Vocabulary(named, tuple(areas), tuple(floors))
