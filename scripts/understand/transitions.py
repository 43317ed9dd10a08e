"""How often one kind of words follows another in the training rows, as the tagger adds it."""

from collections.abc import Sequence

import numpy as np

from edgewise.think.understanding.tagging import kinds_of
from edgewise.think.understanding.word_pieces import WordPieces
from scripts.understand.rows import Row

WEIGHT, PRIOR, SEEN = 0.25, 0.5, 0.1
"""What a transition's log-probability counts beside the model's, how much of the kind's own is
taken off it (the model knows that), and what is added to each count. Chosen on the visible sets:
weights of 0.1 to 0.3 differ by two points of F1, one set's gain being another's loss."""


def transitions(
    rows: Sequence[Row], tokenizer: WordPieces, tags: Sequence[str]
) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """(K + 1, K) weighted log-probabilities over the English rows that mark their spans; the last
    row is for the first piece of a text."""
    kinds = kinds_of(tags)
    number = {kind: i for i, kind in enumerate(kinds)}
    counts = np.full((len(kinds) + 1, len(kinds)), SEEN)
    for row in rows:
        if row.chinese or row.spans is None:
            continue
        before = len(kinds)
        for _, start, _ in tokenizer(row.text):
            kind = next((k for k, first, last in row.spans if first <= start < last), "")
            counts[before, number[kind]] += 1
            before = number[kind]
    each = np.log(counts / counts.sum(axis=1, keepdims=True))
    own = np.log(counts.sum(axis=0) / counts.sum())
    return (WEIGHT * (each - PRIOR * own)).astype(np.float32)
