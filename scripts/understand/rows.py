"""Training rows of the command model: from our own generator and, when present, public sets.

A row is one text with its parts (what is asked for, in order), the functions that each part may
mean, and typed spans. Of the public sets only training splits are read; a row that equals or nearly
equals (token overlap >= 0.8) a sentence of SLURP is left out, as both were made from one list of
prompts. Nothing of the sets is written anywhere but into the weights.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgewise.think.understanding.normalise import normalise
from scripts.understand_sentences import generate

Span = tuple[str, int, int]
"""Type, start, end (characters of the text)."""
OVERLAP = 0.8
SPLITS = {"hwu64": ("train",), "snips": ("train",), "clinc150": ("train", "oos_train")}

SPAN_NAMES = {
    "artist": "artist_name", "track": "song_name", "album": "music_album",
    "playlist": "playlist_name", "genre": "music_genre",
}  # fmt: skip
"""Slots of SNIPS that mean the same as a slot of HWU64 have one name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for: where it stands, what it may mean, the source's own label."""

    start: int
    end: int
    functions: frozenset[str]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    chinese: bool
    parts: tuple[Part, ...]
    spans: tuple[Span, ...] | None
    source: str
    """`spans` is None where the source does not mark them: such a row teaches none."""


def public_rows(folder: Path, without: Iterable[str] = ()) -> list[Row]:
    """Training rows of the public sets in `folder` but those named in `without`."""
    mapping = json.loads((folder / "intent_map.json").read_text("utf-8"))
    forbidden = [row["text"] for row in _read(folder, "slurp")]
    found: list[Row] = []
    for name, splits in SPLITS.items():
        if name in set(without):
            continue
        labels = _labels(mapping, name)
        rows = [row for row in _read(folder, name) if row["split"] in splits]
        kept = far_from([row["text"] for row in rows], forbidden)
        tests = {plain(row["text"]) for row in _read(folder, name) if row["split"] not in splits}
        for row, far in zip(rows, kept, strict=True):
            if far and plain(row["text"]) not in tests:
                found.append(_row(row, name, labels))
    return found


def _row(row: dict, name: str, labels: dict[str, frozenset[str]]) -> Row:
    text, label = normalise(row["text"]).plain, row["intent"]
    functions = labels.get(label, frozenset({"none"}))
    in_house = any(slot["name"] == "house_place" for slot in row.get("slots", ()))
    if in_house and label.startswith("iot_hue"):
        functions = functions - {"light.interior.set"} or functions
    spans = None if name == "clinc150" else locate(text, row["slots"])
    part = Part(0, len(text), functions, f"{name}/{label}")
    return Row(text, False, (part,), spans, name)


def locate(text: str, slots: Sequence[dict[str, str]]) -> tuple[Span, ...]:
    """Where each slot's value stands, left to right; a value that is not found is left out."""
    taken, found = [], []
    for slot in slots:
        value = normalise(slot["value"]).plain
        for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text):
            if all(match.end() <= s or match.start() >= e for s, e in taken):
                taken.append(match.span())
                found.append((SPAN_NAMES.get(slot["name"], slot["name"]), *match.span()))
                break
    return tuple(sorted(found, key=lambda span: span[1]))


def far_from(texts: Sequence[str], others: Sequence[str]) -> list[bool]:
    """For each text, whether its overlap of words with every one of `others` is below 0.8."""
    sets = [words(text) for text in others]
    where: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(sets):
        for word in each:
            where[word].append(number)
    return [_is_far(words(text), sets, where) for text in texts]


def _is_far(own: set[str], sets: list[set[str]], where: dict[str, list[int]]) -> bool:
    shared: dict[int, int] = defaultdict(int)
    for word in own:
        for number in where.get(word, ()):
            shared[number] += 1
    return all(n / len(own | sets[i]) < OVERLAP for i, n in shared.items())


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9']+", text.lower()))


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def _read(folder: Path, name: str) -> list[dict]:
    path = folder / name / "data.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _labels(mapping: dict, name: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for capability, sets in mapping.items():
        for label in sets.get(name, {}).get("labels", ()):
            found[label].add(capability)
    return {label: frozenset(names) for label, names in found.items()}


JOINERS_EN = (" and ", " then ", " and also ", ", ", " and then ", ", and ", "; ", " also ", ". ")
JOINERS_ZH = (
    "",
    "，",
    "然后",
    "再",
    "顺便",
    "和",
    "并且",
    "，然后",
    "，再",
    "还有",
    "，顺便",
    "。",
    "接着",
)


def join(rows: Sequence[Row], rng: random.Random) -> Row:
    """Several rows of one language as one sentence with several parts. The joining word belongs
    to the part that it opens."""
    text, parts, spans = "", [], []
    for number, row in enumerate(rows):
        own = row.text.rstrip(" .!?。！？") if number < len(rows) - 1 else row.text
        joiner = rng.choice(JOINERS_ZH if row.chinese else JOINERS_EN) if number else ""
        begin = len(text) + len(joiner) - len(joiner.lstrip(" ,，;.。"))
        shift = len(text) + len(joiner)
        text += joiner + own
        parts += [Part(begin, len(text), p.functions, p.label) for p in row.parts[:1]]
        spans += [(t, s + shift, e + shift) for t, s, e in row.spans or () if e <= len(own)]
    known = all(row.spans is not None for row in rows)
    return Row(text, rows[0].chinese, tuple(parts), tuple(spans) if known else None, "joined")


def own_rows(seed: int, per_class: int) -> list[Row]:
    """Rows of the project's own generator."""
    return [
        Row(
            one.plain, one.language == "zh",
            (Part(0, len(one.plain), frozenset({one.function})),), _named(one.spans), "own",
        )
        for one in generate(seed, per_class)
    ]  # fmt: skip


def _named(spans: Sequence[Span] | None) -> tuple[Span, ...] | None:
    """Spans by the one name that a kind has here."""
    if spans is None:
        return None
    return tuple((SPAN_NAMES.get(kind, kind), start, end) for kind, start, end in spans)
