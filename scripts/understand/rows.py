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
from itertools import pairwise
from pathlib import Path

from edgewise.learn.public_sets import (
    MENTION_OF,
    SETS,
    join_neighbours,
    label_map,
    load_set,
    locate,
)
from edgewise.think.understanding.normalise import normalise
from scripts.understand_sentences import generate

Span = tuple[str, int, int]
"""Type, start, end (characters of the text)."""
OVERLAP = 0.8
SPLITS = {"hwu64": ("train",), "snips": ("train",), "clinc150": ("train", "oos_train")}


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
        labels = label_map(mapping, name)
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
    slots = [(MENTION_OF.get(s["name"], s["name"]), s["value"]) for s in row.get("slots", ())]
    spans = None if name == "clinc150" else tuple(locate(text, slots)[0])
    part = Part(0, len(text), functions, f"{name}/{label}")
    return Row(text, False, (part,), spans, name)


def unseen(rows: Sequence[Row], folder: Path) -> list[Row]:
    """The rows whose text no visible test sentence of a public set equals, nor nearly equals one of
    SLURP or MAC-SLU: a pattern gives some of them by itself, and some patterns were written with
    them in sight."""
    tests = {name: [normalise(s.text).plain for s in load_set(folder, name)] for name in SETS
             if (folder / SETS[name].folder).is_dir()}  # fmt: skip
    equal = {tight(text) for texts in tests.values() for text in texts}
    near = [*tests.get("slurp", ()), *tests.get("mac_slu", ())]
    far = far_from([row.text for row in rows], near)
    return [row for row, is_far in zip(rows, far, strict=True)
            if is_far and tight(row.text) not in equal]  # fmt: skip


def tight(text: str) -> str:
    """Its letters and digits alone."""
    return "".join(char for char in text.lower() if char.isalnum())


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
    """Its words; of Chinese every two characters that stand together."""
    han = re.findall(r"[\u3400-\u9fff]+", text)
    pairs = {a + b for run in han for a, b in pairwise(run)}
    return pairs | set(re.findall(r"[a-z0-9']+", text.lower()))


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def _read(folder: Path, name: str) -> list[dict]:
    path = folder / name / "data.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


JOINERS_EN = (
    " and ", " and ", " then ", " and also ", ", ", " and then ", ", and ", "; ", " also ", ". ",
    " ",
)  # fmt: skip
JOINERS_ZH = (
    *("",) * 8, "，", "然后", "再", "顺便", "和", "并且", "，然后", "，再", "还有", "，顺便", "。",
    "接着",
)  # fmt: skip
"""Whoever speaks Mandarin in a car puts nothing between two orders as often as not."""


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


UNUSED = frozenset({"number_value", "zone", "setting_name", "mode_name"})
"""Kinds that our generator marks and that rules read better."""
OWN_NAMES = MENTION_OF | {"duration": "time"}


def own_rows(seed: int, per_class: int, public: Sequence[Row] = ()) -> list[Row]:
    """Rows of the project's own generator. It marks nothing in what is no command: such a row
    teaches no spans. Nor does one in English whose function and kinds of spans `public` marks:
    a word belongs to a date or not by the convention of whoever marked it, and one is enough."""
    functions = {f for row in public if row.spans for part in row.parts for f in part.functions}
    kinds = {kind for row in public for kind, _, _ in row.spans or ()}
    found: list[Row] = []
    for one in generate(seed, per_class):
        spans = None if one.function == "none" else _named(one.plain, one.spans)
        known = spans is not None and kinds.issuperset(kind for kind, _, _ in spans)
        if one.language == "en" and known and one.function in functions:
            spans = None
        part = Part(0, len(one.plain), frozenset({one.function}))
        found.append(Row(one.plain, one.language == "zh", (part,), spans, "own"))
    return found


def _named(plain: str, spans: Sequence[Span] | None) -> tuple[Span, ...] | None:
    """Spans by the one name that a kind has here."""
    if spans is None:
        return None
    named = ((OWN_NAMES.get(kind, kind), s, e) for kind, s, e in spans if kind not in UNUSED)
    return tuple(join_neighbours(plain, named))
