"""The public sets that hold how two models did on the same questions, as rows of numbers.

Rows that RouteLLM names as contaminated are dropped. A set's licence and source stand in the README
beside it; what may only be measured with is said there, and `SETS` keeps it.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from edgewise.errors import UserError
from edgewise.route.answer_features import SHAPE, answer_features
from edgewise.route.features import NAMES, ends_of, features_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETS = {"gsm8k": "", "mmlu": "domain", "routerarena": "dataset"}
"""Each set with the field that groups its rows."""
_PLAIN = re.compile(r"[^a-z0-9]")
_STEM = 120


class Row(Struct, frozen=True):
    """A question with the quality (0 to 1) of the weak and of the strong model's answer; `answer`
    is the weak one's text where the set has it."""

    id: str
    text: str
    weak: float
    strong: float
    group: str = ""
    answer: str = ""


class Sample(Struct, frozen=True):
    """Rows as arrays: `features` (N, F) named by `names`, `vectors` (N, V), V = 0 without them."""

    names: tuple[str, ...]
    features: "NDArray[np.float64]"
    vectors: "NDArray[np.float64]"
    weak: "NDArray[np.float64]"
    strong: "NDArray[np.float64]"
    groups: "NDArray[np.str_]"
    ids: tuple[str, ...]

    def at(self, rows: "NDArray[np.int64]") -> "Sample":
        """Some of its rows."""
        return Sample(
            self.names, self.features[rows], self.vectors[rows], self.weak[rows],
            self.strong[rows], self.groups[rows], tuple(self.ids[int(i)] for i in rows),
        )  # fmt: skip


def load_pair(folder: Path, name: str) -> list[Row]:
    """The rows of a set below `folder`. Raises UserError when there is none to read."""
    if name not in SETS:
        raise UserError(f"no set {name}; there are {', '.join(SETS)}")
    path = folder / name / "data.jsonl"
    try:
        lines = path.read_bytes().strip().split(b"\n")  # a text may hold other ends of lines
        rows = [_row(name, i, msgspec.json.decode(line)) for i, line in enumerate(lines)]
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; give --data, the folder of the sets") from error
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise UserError(f"{path} holds no rows of {name}: {error}") from error
    kept = [row for row in rows if row is not None]
    if not kept:
        raise UserError(f"{path} holds no row that is not contaminated")
    return kept


def _row(name: str, number: int, raw: Any) -> Row | None:
    if raw.get("contaminated"):
        return None
    group = raw[SETS[name]] if SETS[name] else ""
    if "weak" in raw:
        weak, strong = float(raw["weak"]["score"]), float(raw["strong"]["score"])
        return Row(raw["id"], raw["text"], weak, strong, group, raw["weak"]["answer"])
    return Row(
        f"{name}-{number}", raw["text"], float(raw["weak_correct"]), float(raw["strong_correct"]),
        group, raw.get("weak_answer", ""),
    )  # fmt: skip


def without(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """The rows whose question stands in none of `others`, not in another wrapping either."""
    told = "\n".join(_PLAIN.sub("", row.text.lower()) for row in others)
    return [row for row in rows if len(stem := _stem(row)) < 20 or stem not in told]


def _stem(row: Row) -> str:
    return _PLAIN.sub("", row.text.partition("\nA.")[0].lower())[:_STEM]


def before_answer(rows: Sequence[Row]) -> Sample:
    """What can be told of the questions: their surface and their vectors."""
    import numpy as np

    from edgewise.think.sentence_vector import load_sentence_vectors

    vectors = load_sentence_vectors()
    found = [features_of(row.text) for row in rows]
    return _sample(
        rows, NAMES, [[each[name] for name in NAMES] for each in found],
        np.array([vectors(ends_of(row.text)) for row in rows], np.float64),
    )  # fmt: skip


def after_answer(rows: Sequence[Row]) -> Sample:
    """What can be told of the weak model's answers; of their texts alone."""
    import numpy as np

    found = [answer_features(row.text, row.answer) for row in rows]
    return _sample(
        rows, SHAPE, [[each[name] for name in SHAPE] for each in found],
        np.zeros((len(rows), 0)),
    )  # fmt: skip


def _sample(
    rows: Sequence[Row],
    names: tuple[str, ...],
    features: list[list[float]],
    vectors: "NDArray[np.float64]",
) -> Sample:
    import numpy as np

    return Sample(
        names, np.array(features), vectors, np.array([row.weak for row in rows]),
        np.array([row.strong for row in rows]), np.array([row.group for row in rows]),
        tuple(row.id for row in rows),
    )  # fmt: skip


def joined(samples: Sequence[Sample]) -> Sample:
    """Several sets as one."""
    import numpy as np

    return Sample(
        samples[0].names,
        np.vstack([each.features for each in samples]),
        np.vstack([each.vectors for each in samples]),
        np.concatenate([each.weak for each in samples]),
        np.concatenate([each.strong for each in samples]),
        np.concatenate([each.groups for each in samples]),
        tuple(name for each in samples for name in each.ids),
    )


def folds_of(
    sample: Sample, count: int, seed: int, *, whole_groups: bool
) -> Iterator[tuple["NDArray[np.int64]", "NDArray[np.int64]"]]:
    """Rows to learn from and rows to judge by, `count` times; with `whole_groups` no group is in
    both, and the groups are dealt out so that the folds are of like size."""
    import numpy as np

    random = np.random.default_rng(seed)
    if whole_groups:
        names, at, sizes = np.unique(sample.groups, return_inverse=True, return_counts=True)
        shuffled = random.permutation(len(names))
        filled, fold_of = np.zeros(count), np.zeros(len(names), np.int64)
        for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
            fold_of[group] = int(filled.argmin())
            filled[fold_of[group]] += sizes[group]
        fold = fold_of[at]
    else:
        fold = random.permutation(len(sample.weak)) % count
    for number in range(count):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)
