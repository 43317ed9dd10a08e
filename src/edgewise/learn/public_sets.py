"""Public sets of labelled sentences, read from a folder of evaluation data.

One folder a set with `data.jsonl`; `intent_map.json` says which capabilities a label may mean. A
row becomes a `Sample`: its text, for each thing it asks for the capabilities that would be right,
its slots by our names of mentions. What a set's label leaves open stays open: a part without a
capability is skipped, never counted as wrong.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgewise.core.signal import as_list
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.think.understanding.normalise import ENDS, normalise

NONE = "none"
"""The label map's name for what no capability answers."""
LABEL_MAP = "intent_map.json"
NOTHING = frozenset({NONE})
MENTION_OF = {
    "artist": "artist_name", "track": "song_name", "album": "music_album",
    "playlist": "playlist_name", "genre": "music_genre",
    "city": "place_name", "state": "place_name", "country": "place_name", "poi": "place_name",
    "geographic_poi": "place_name",
}  # fmt: skip
"""Slots that mean what a mention of another name means; all others have their own name. HWU64 and
SLURP have one name for a city, a country and a spot, SNIPS has five: here they have one."""
MENTION_OF_MAC = {
    "歌曲名": "song_name", "歌手名": "artist_name", "片名": "movie_name", "排行榜": "playlist_name",
    "音乐类型": "music_genre", "音乐风格": "music_genre", "频道": "radio_name",
    "终点名称": "place_name", "途经点名称": "place_name", "poi名称": "place_name",
    "城市": "place_name", "国家": "place_name", "poi类型": "business_type",
    "联系人": "person", "号码": "phone_number", "黄页号码": "business_name",
    "日期": "date", "时间": "time", "气象": "weather_descriptor", "语种": "language_name",
}  # fmt: skip
"""MAC-SLU's slots that hold a name, a time, a person. Its others (thing, operation, value, place
in the car) are told by the call and its arguments, in other words than the set's: left out."""
_NO_NAME = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled sentence. `parts` holds, for each thing asked for and in order, the capabilities
    that would be right; `label` is the set's own, for tables of confusions. `slots` are pairs of a
    mention's name and its words, normalised; None where the set's cannot be compared."""

    text: str
    language: Language
    parts: tuple[frozenset[str], ...]
    label: str
    slots: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class PublicSet:
    """How one set is read: its folder, the rows that count, and whose labels it has."""

    name: str
    folder: str
    counts: Callable[[dict[str, Any]], bool]
    language: Language = Language.ENGLISH
    labels_of: str = ""
    spans: bool = False
    """Whether its slots are words of the text under names that our mentions have."""


SETS: dict[str, PublicSet] = {
    each.name: each
    for each in (
        PublicSet("slurp", "slurp", lambda row: True, spans=True),
        PublicSet("hwu64", "hwu64", lambda row: row["split"] == "test", spans=True),
        PublicSet("snips", "snips", lambda row: row["split"] == "valid", spans=True),
        PublicSet("snips_conj", "snips_conj", lambda row: True, labels_of="snips", spans=True),
        PublicSet("ha_en", "ha_intents", lambda row: row["lang"] == "en"),
        PublicSet("ha_zh", "ha_intents", lambda row: row["lang"] != "en", Language.CHINESE),
        PublicSet("mac_slu", "mac_slu", lambda row: True, Language.CHINESE, spans=True),
        PublicSet("clinc150", "clinc150", lambda row: row["split"] in ("val", "oos_val")),
    )
}


def public_set(name: str) -> PublicSet:
    """How set `name` is read. Raises UserError when there is no such set."""
    if name not in SETS:
        raise UserError(f"there is no set {name!r}; the sets are {', '.join(SETS)}")
    return SETS[name]


def load_set(folder: Path, name: str) -> list[Sample]:
    """The samples of set `name`; a row none of whose parts has a capability is left out.

    Raises UserError when the set is unknown or its files are missing or unreadable.
    """
    public, rows, labels = _read(folder, name)
    samples = (_sample(row, labels, public) for row in rows)
    return [sample for sample in samples if sample is not None]


@dataclass(frozen=True, slots=True)
class Labels:
    """How a set's labels are read: the capabilities each may mean, the number of rows that count,
    and how many rows of a label are left out."""

    mapped: dict[str, frozenset[str]]
    rows: int
    left_out: Counter[str]


def read_labels(folder: Path, name: str) -> Labels:
    """How the labels of set `name` are mapped. Raises UserError as `load_set` does."""
    public, rows, labels = _read(folder, name)
    left_out = Counter(_label(row) for row in rows if _sample(row, labels, public) is None)
    return Labels(labels, len(rows) - left_out.total(), left_out)


def _read(
    folder: Path, name: str
) -> tuple[PublicSet, list[dict[str, Any]], dict[str, frozenset[str]]]:
    """A set, its rows that count, and the capabilities that its labels may mean."""
    public = public_set(name)
    try:
        mapping = json.loads((folder / LABEL_MAP).read_text("utf-8"))
        lines = (folder / public.folder / "data.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} holds no readable set {name!r}: {error}") from error
    labels = label_map(mapping, public.labels_of or public.folder)
    return public, [row for row in rows if public.counts(row)], labels


def label_map(mapping: dict[str, Any], folder: str) -> dict[str, frozenset[str]]:
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
    slots = tuple(_pairs(row["text"], row.get("slots", []))) if public.spans else None
    return Sample(row["text"], public.language, parts, _label(row), slots)


def _label(row: dict[str, Any]) -> str:
    return row["intent"] if isinstance(row["intent"], str) else "+".join(row["intent"])


def _pairs(text: str, slots: list[Any]) -> Iterator[tuple[str, str]]:
    """The slots of a row, of all its parts, as pairs of a mention's name and its words."""
    plain, flat = normalise(text).plain, list(_flat(slots))
    spans, lost = locate(plain, flat)
    yield from ((name, as_said(plain[start:end])) for name, start, end in spans)
    yield from lost


def locate(
    plain: str, slots: Sequence[tuple[str, str]]
) -> tuple[list[tuple[str, int, int]], list[tuple[str, str]]]:
    """Where the words of (name, words) stand in a normalised text, left to right; two of one name
    with nothing but a comma between are one ("Paris, France"). Second those that are not found."""
    found: list[tuple[str, int, int]] = []
    lost: list[tuple[str, str]] = []
    for name, words in slots:
        value = normalise(words).plain
        edges = (r"(?<!\w)", r"(?!\w)") if value.isascii() else ("", "")
        places = re.finditer(re.escape(value).join(edges), plain)
        free = (m for m in places if all(m.end() <= s or m.start() >= e for _, s, e in found))
        match = next(free, None)
        if match is None:
            lost.append((name, as_said(words)))
        else:
            found.append((name, *match.span()))
    return join_neighbours(plain, found), lost


def join_neighbours(
    plain: str, spans: Iterable[tuple[str, int, int]]
) -> list[tuple[str, int, int]]:
    """Spans in their order, those of one name with at most a comma between them as one."""
    joined: list[tuple[str, int, int]] = []
    for name, start, end in sorted(spans, key=lambda span: span[1]):
        if joined and joined[-1][0] == name and not plain[joined[-1][2] : start].strip(" ,"):
            joined.append((name, joined.pop()[1], end))
        else:
            joined.append((name, start, end))
    return joined


def _flat(slots: list[Any]) -> Iterator[tuple[str, str]]:
    for slot in slots:
        if isinstance(slot, list):
            yield from _flat(as_list(slot))
        elif "name" not in slot:
            named = ((MENTION_OF_MAC.get(name), str(value)) for name, value in slot.items())
            yield from ((name, value) for name, value in named if name)
        else:
            name = str(slot["name"])
            yield MENTION_OF.get(name, name), str(slot["value"])


def as_said(words: str) -> str:
    """A mention's words in the one form in which both sides are compared: normalised, without
    the ending of the possessive."""
    return normalise(words).plain.strip(ENDS).removesuffix("'s").rstrip()


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
