"""The model card beside the shipped weights, written by the training itself."""

import hashlib
import importlib.metadata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from scripts.understand.rows import SPLITS, Row
from scripts.understand_sentences import SOURCES

LICENCES = {
    "hwu64": "HWU64, X. Liu et al., IWSDS 2019, CC BY 4.0",
    "snips": "SNIPS 2017-06, A. Coucke et al., 2018, CC0 1.0",
    "clinc150": "CLINC150, S. Larson et al., EMNLP-IJCNLP 2019, CC BY 3.0",
    "own": "sentences that the project's generator makes, Apache-2.0",
}
SHIPPED = (
    "command_model.onnx", "command_words.npy", "command_model.npz", "command_pieces.txt",
)  # fmt: skip
DECIDING = (
    "batches.py",
    "names.py",
    "net.py",
    "pieces.py",
    "rows.py",
    "train.py",
    "transitions.py",
)
"""The scripts here that decide the weights; the others only measure and write."""


def write_card(
    given, rows: Sequence[Row], names, figures, temperature: float, took: float, source: str
) -> None:
    """command_model.md in the folder of the shipped files; `source` is the hash of the sources that
    the rows were made with."""
    counts = Counter(row.source for row in rows)
    data = "\n".join(
        f"| {LICENCES[name]}{_splits(name)} | {count} |" for name, count in sorted(counts.items())
    )
    results = "\n".join(f"| {name} | {value} % |" for name, value in figures.items()) or "| - | - |"
    files = "\n".join(
        f"| `{name}` | {(given.to / name).stat().st_size} | {_sha256(given.to / name)} |"
        for name in SHIPPED
    )
    text = CARD.format(
        layers=given.layers, inner=given.inner, functions=len(names.functions),
        labels=len(names.labels), tags=len(names.tags) // 2,
        start="random weights" if given.scratch else "all-MiniLM-L6-v2 (Apache-2.0)",
        data=data, results=results, files=files, temperature=temperature, epochs=given.epochs,
        rate=given.rate, size=given.size, minutes=took / 60, threads=given.threads, seed=SEED_TEXT,
        torch=importlib.metadata.version("torch"), source=source,
    )  # fmt: skip
    (given.to / "command_model.md").write_text(text, "utf-8")


def source_hash() -> str:
    """SHA-256 over the scripts and patterns that decide the weights."""
    digest = hashlib.sha256()
    deciding = (Path(__file__).with_name(name) for name in DECIDING)
    for path in sorted({*deciding, *SOURCES}):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _splits(name: str) -> str:
    return f", split {' and '.join(SPLITS[name])}" if name in SPLITS else ""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


SEED_TEXT = "20261129"
CARD = """# The command model

Written by `make train-understand`; do not edit. One small encoder that reads a sentence in Chinese
or English and gives, for each stretch of it, the function that it asks for, typed spans (names,
times, messages), and where another order begins. Licence of these weights: Apache-2.0.

| | |
|---|---|
| encoder | {layers} layers, width 384, 12 heads, {inner} feed-forward units; begins with {start}; \
Chinese learnt here |
| outputs | {functions} functions, {labels} labels of the public sets, {tags} kinds of spans, \
beginnings of orders |
| training | {epochs} epochs, rate {rate}, {size} sentences a step, seed {seed}, torch {torch}, \
{threads} threads, {minutes:.0f} minutes |
| calibration | one temperature, {temperature:.2f}, fitted on 1500 rows kept aside |
| weights | 8 bits, of which 7 are used, so that no processor clips the sums of their products |
| sources' hash | {source} |

## What it was trained on

A sentence that equals or nearly equals (overlap of words >= 0.8) one of SLURP's visible ones was
left out, so was every one that equals a test sentence of its own set; of our own sentences also
those that equal a visible test sentence of any set, or nearly equal one of MAC-SLU's (overlap of
pairs of characters). No row of SLURP, of Home Assistant's sentences or of MAC-SLU was trained on;
some patterns of our generator were written with their visible rows in sight.

| data | sentences |
|---|---|
{data}

## What the bare network gets

Visible parts of the public sets, no rule helping: share of sentences whose set of functions is
right; `_f1` is that of the spans. What Edgewise makes of them: `edgewise eval understand`.

| set | |
|---|---|
{results}

## Files

| file | bytes | sha256 |
|---|---|---|
{files}

## What it is not for

Safety decisions (the policy makes them), direction words (rules read them, `polarity.py`), other
languages, texts beyond 96 word pieces.
"""
