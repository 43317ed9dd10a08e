"""Rows as tensors, and batches of rows of like length."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from edgewise.think.understanding.word_pieces import FIRST, WordPieces
from scripts.understand.rows import Row, join

LONGEST = 96
IGNORED = -100


@dataclass(slots=True)
class Vocabulary:
    """Names of the heads' outputs, in their order; `of` gives for each label its function."""

    functions: list[str]
    tags: list[str]
    labels: list[str]
    of: list[int]


@dataclass(slots=True)
class Encoded:
    """One row: pieces, for each part the token range, allowed functions and label; tags."""

    ids: list[int]
    parts: list[tuple[int, int]]
    functions: list[list[int]]
    labels: list[int]
    tags: list[int]
    offsets: list[tuple[int, int]]


@dataclass(slots=True)
class Batch:
    """ids (B, T); mask (B, T); pool (P, B*T) averages a part's tokens; allowed (P, functions);
    labels (P), tags (B, T), starts (B, T), the last three with IGNORED."""

    ids: Tensor
    mask: Tensor
    pool: Tensor
    allowed: Tensor
    labels: Tensor
    tags: Tensor
    starts: Tensor


CAR = frozenset(
    ("adas", "climate", "door", "drive", "fragrance_fridge", "light", "mirror", "roof", "scene",
     "seat", "steering_wheel", "trunk", "window", "wiper")
)  # fmt: skip
"""Families that people name together: every second order on the car is joined to another one."""


def _joined(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Rows two or three at a time as one sentence, each language by itself."""
    found: list[Row] = []
    for chinese in (False, True):
        group = [row for row in rows if row.chinese == chinese]
        of_car = [row for row in group if _is_of_car(row) and rng.random() < 0.5]
        kept = set(map(id, of_car))
        for near in (of_car, [row for row in group if id(row) not in kept]):
            at = 0
            while at < len(near):
                some = near[at : at + (3 if rng.random() < 0.35 else 2)]
                found.append(join(some, rng) if len(some) > 1 else some[0])
                at += len(some)
    return found


def _is_of_car(row: Row) -> bool:
    return all(name.partition(".")[0] in CAR for name in row.parts[0].functions)


def encode(row: Row, tokenizer: WordPieces, names: Vocabulary) -> Encoded:
    """Token 0 is [CLS]; it belongs to no part."""
    coded = tokenizer(row.text)[: LONGEST - 1]
    ids = [FIRST, *(number for number, _, _ in coded)]
    offsets = [(0, 0), *((start, end) for _, start, end in coded)]
    parts, functions, labels = [], [], []
    for part in row.parts:
        inside = [i for i, (s, e) in enumerate(offsets) if i and part.start <= s < part.end]
        if inside:
            parts.append((inside[0], inside[-1] + 1))
            functions.append([names.functions.index(f) for f in sorted(part.functions)])
            labels.append(names.labels.index(part.label) if part.label in names.labels else IGNORED)
    return Encoded(ids, parts, functions, labels, _tags(row, offsets, names), offsets)


def _tags(row: Row, offsets: list[tuple[int, int]], names: Vocabulary) -> list[int]:
    if row.spans is None:
        return [IGNORED] * len(offsets)
    tags = [IGNORED] + [0] * (len(offsets) - 1)
    for kind, start, end in row.spans:
        inside = [i for i, (s, _) in enumerate(offsets) if i and start <= s < end]
        for place, i in enumerate(inside):
            tags[i] = names.tags.index(("I-" if place else "B-") + kind)
    return tags


def collate(rows: Sequence[Encoded], functions: int) -> Batch:
    size, length = len(rows), max(len(row.ids) for row in rows)
    ids = torch.zeros(size, length, dtype=torch.long)
    tags = torch.full((size, length), IGNORED)
    starts = torch.full((size, length), float(IGNORED))
    total = sum(len(row.parts) for row in rows)
    pool = torch.zeros(total, size * length)
    allowed = torch.zeros(total, functions)
    labels: list[int] = []
    for b, row in enumerate(rows):
        n = len(row.ids)
        ids[b, :n], tags[b, :n] = torch.tensor(row.ids), torch.tensor(row.tags)
        starts[b, 1:n] = 0
        for (first, last), may, label in zip(row.parts, row.functions, row.labels, strict=True):
            pool[len(labels), b * length + first : b * length + last] = 1 / (last - first)
            allowed[len(labels), may] = 1
            starts[b, first] = 1
            labels.append(label)
    return Batch(ids, ids != 0, pool, allowed, torch.tensor(labels), tags, starts)


def epoch(
    rows: Sequence[Row], tokenizer: WordPieces, names: Vocabulary, rng: random.Random,
    size: int, joined: float,
) -> Iterator[Batch]:  # fmt: skip
    """All rows once, a share of them joined into sentences of several parts, batches shuffled."""
    order = list(rows)
    rng.shuffle(order)
    cut = int(joined * len(order))
    alone = order[cut:] + _joined(order[:cut], rng)
    coded = [encode(row, tokenizer, names) for row in alone]
    coded = [row for row in coded if row.parts]
    rng.shuffle(coded)
    groups: list[list[Encoded]] = []
    for at in range(0, len(coded), size * 32):
        near = sorted(coded[at : at + size * 32], key=lambda row: len(row.ids))
        groups += [near[i : i + size] for i in range(0, len(near), size)]
    rng.shuffle(groups)
    for group in groups:
        yield collate(group, len(names.functions))
