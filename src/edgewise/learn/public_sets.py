"""Public sets of labelled sentences, read from a folder of evaluation data.

One folder a set with `data.jsonl`; `intent_map.json` says which capabilities a label may mean. A
row becomes a `Sample`: its text, for each thing it asks for the capabilities that would be right,
and nothing of its wording. What a set's label leaves open stays open: a part without a capability
is skipped, never counted as wrong.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgewise.core.signal import as_list
from edgewise.core.words import Language
from edgewise.errors import UserError

NONE = "none"
"""The label map's name for what no capability answers."""
NOTHING = frozenset({NONE})
_NO_NAME = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled sentence. `parts` holds, for each thing asked for and in order, the capabilities
    that would be right; `label` is the set's own, for tables of confusions."""

    text: str
    language: Language
    parts: tuple[frozenset[str], ...]
    label: str


@dataclass(frozen=True, slots=True)
class PublicSet:
    """How one set is read: its folder, the rows that count, and whose labels it has."""

    name: str
    folder: str
    counts: Callable[[dict[str, Any]], bool]
    language: Language = Language.ENGLISH
    labels_of: str = ""


SETS: dict[str, PublicSet] = {
    each.name: each
    for each in (
        PublicSet("slurp", "slurp", lambda row: True),
        PublicSet("hwu64", "hwu64", lambda row: row["split"] == "test"),
        PublicSet("snips", "snips", lambda row: row["split"] == "valid"),
        PublicSet("snips_conj", "snips_conj", lambda row: True, labels_of="snips"),
        PublicSet("ha_en", "ha_intents", lambda row: row["lang"] == "en"),
        PublicSet("ha_zh", "ha_intents", lambda row: row["lang"] != "en", Language.CHINESE),
        PublicSet("mac_slu", "mac_slu", lambda row: True, Language.CHINESE),
        PublicSet("clinc150", "clinc150", lambda row: row["split"] in ("val", "oos_val")),
    )
}


def load_set(folder: Path, name: str) -> list[Sample]:
    """The samples of set `name`; a row none of whose parts has a capability is left out.

    Raises UserError when the set is unknown or its files are missing or unreadable.
    """
    if name not in SETS:
        raise UserError(f"there is no set {name!r}; the sets are {', '.join(SETS)}")
    public = SETS[name]
    try:
        mapping = json.loads((folder / "intent_map.json").read_text("utf-8"))
        lines = (folder / public.folder / "data.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} holds no readable set {name!r}: {error}") from error
    labels = _labels(mapping, public.labels_of or public.folder)
    return [
        sample
        for row in rows
        if public.counts(row) and (sample := _sample(row, labels, public)) is not None
    ]


def _labels(mapping: dict[str, Any], folder: str) -> dict[str, frozenset[str]]:
    """A set's labels and the capabilities that each may mean."""
    found: dict[str, set[str]] = {}
    for capability, sets in mapping.items():
        for label in sets.get(folder, {}).get("labels", ()):
            found.setdefault(label, set()).add(capability)
    return {label: frozenset(names) for label, names in found.items()}


def _sample(
    row: dict[str, Any], labels: dict[str, frozenset[str]], public: PublicSet
) -> Sample | None:
    parts = tuple(_parts(row, labels, public))
    if not parts or not all(parts):
        return None
    label = row["intent"] if isinstance(row["intent"], str) else "+".join(row["intent"])
    return Sample(row["text"], public.language, parts, label)


def _parts(
    row: dict[str, Any], labels: dict[str, frozenset[str]], public: PublicSet
) -> Iterator[frozenset[str]]:
    if public.folder == "mac_slu":
        for intent, slots in zip(row["intent"], row["slots"], strict=False):
            yield _by_slots(intent, slots, labels)
    elif isinstance(row["intent"], list):
        for intent in as_list(row["intent"]):
            yield labels.get(intent, _NO_NAME)
    else:
        # What CLINC150 asks beyond the map (banking, travel) is nothing that a device can do.
        yield labels.get(row["intent"], NOTHING if public.folder == "clinc150" else _NO_NAME)


def _by_slots(
    intent: str, slots: dict[str, str], labels: dict[str, frozenset[str]]
) -> frozenset[str]:
    """The capabilities that a part may mean: by its slots where they tell, else by its intent."""
    named = [labels[key] for k, v in slots.items() if (key := f"{k}={v}") in labels]
    if not named:
        return labels.get(intent, frozenset())
    all_mean = named[0].intersection(*named[1:])
    return all_mean or named[0].union(*named[1:])
