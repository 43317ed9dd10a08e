"""Typed spans of a text from the tag scores of its word pieces.

The likeliest sequence of kinds is taken (Viterbi), not the likeliest kind of each piece: how often
one kind follows another in the training rows is worth a quarter of what the model saw. Where names
are written with capitals, they end where the capitals end. It knows no functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOTHING = ""
"""The kind of words that are of none."""
DATED = frozenset({"date", "time", "timeRange"})
"""Kinds whose words may begin or end with a mark: "sep. the 5th"."""
MARKS = frozenset('.;:!?，。；：！？、"“”《》')
_IN_WORD = regex(r"[a-z0-9']{2}")
_MARK_BETWEEN = regex(r"[ :\-'’.!?&/]*")


@dataclass(frozen=True, slots=True)
class Span:
    """A typed span of a text: "tomorrow" is a `date`."""

    kind: str
    start: int
    end: int


class Tagger:
    """Tag scores of pieces -> typed spans."""

    def __init__(self, tags: Sequence[str], transitions: "NDArray[np.float32]") -> None:
        """`tags` are the model's outputs ("O", "B-date", "I-date", ...); `transitions` (K + 1, K)
        is what it adds that a kind follows another, in the order of `kinds_of`, the last row for
        the first piece."""
        import numpy as np

        self._kinds = kinds_of(tags)
        self._columns = np.array([self._kinds.index(tag[2:]) for tag in tags])
        self._transitions = transitions

    def __call__(
        self, scores: "NDArray[np.float32]", offsets: Sequence[tuple[int, int]], plain: str
    ) -> tuple[Span, ...]:
        """The spans that the scores (T, tags) of the pieces at `offsets` of a text mean."""
        if not len(scores):
            return ()
        return spans_of([self._kinds[i] for i in self._likeliest(scores)], offsets, plain)

    def _likeliest(self, scores: "NDArray[np.float32]") -> list[int]:
        import numpy as np

        each = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = np.zeros((len(scores), len(self._kinds)), np.float32)
        np.add.at(shares.T, self._columns, each.T)
        shares /= shares.sum(axis=1, keepdims=True)
        seen = np.flatnonzero(shares.max(axis=0) > _UNSEEN)
        told = np.log(shares[:, seen] + 1e-9)
        best = told[0] + self._transitions[-1, seen]
        follows = self._transitions[np.ix_(seen, seen)]
        came: list[NDArray[np.int64]] = []
        for piece in told[1:]:
            ways = best[:, None] + follows
            came.append(ways.argmax(axis=0))
            best = ways.max(axis=0) + piece
        path = [int(best.argmax())]
        for back in reversed(came):
            path.append(int(back[path[-1]]))
        return [int(seen[i]) for i in reversed(path)]


_UNSEEN = 1e-3
"""Kinds that no piece has with more than this are not followed."""


def kinds_of(tags: Sequence[str]) -> tuple[str, ...]:
    """The kinds that tags name, NOTHING first."""
    return (NOTHING, *sorted({tag[2:] for tag in tags} - {NOTHING}))


def spans_of(
    kinds: Sequence[str], offsets: Sequence[tuple[int, int]], plain: str
) -> tuple[Span, ...]:
    """The kinds of word pieces as spans. A word has the kind of its first piece ("don't" is one);
    neighbours of one kind are one span, for no training row has two side by side, and so are two
    with nothing but marks between ("halo: ghosts of onyx")."""
    found: list[Span] = []
    last = NOTHING
    for i, (kind, (start, end)) in enumerate(zip(kinds, offsets, strict=True)):
        touches = i > 0 and start == offsets[i - 1][1]
        in_word = touches and _IN_WORD.fullmatch(plain, start - 1, start + 1)
        if not in_word and plain[start:end] == ",":
            continue  # "paris, france" is one place
        mark = plain[start:end] in MARKS and kind not in DATED
        own = last if in_word else NOTHING if mark else kind
        if own and found and found[-1].kind == own and (
            own == last or _MARK_BETWEEN.fullmatch(plain, found[-1].end, start)
        ):  # fmt: skip
            found[-1] = Span(own, found[-1].start, end)
        elif own:
            found.append(Span(own, start, end))
        last = own
    return tuple(found)


_WORD = regex(r"[^\s,;:!?\"()]+")
_PAUSE = regex(r"[,;!?]")
_OF = frozenset({"of", "the", "a", "an", "for", "de", "la", "is", "or"})
"""Small words inside a name: "Lord of the Flies"."""
_BEFORE = frozenset({"the", "a", "an", "by", "in", "on", "at"})
"""Small words before a name: "the Dome"."""
_TITLE_CASE = 0.8
"""Share of capitals from which they tell nothing."""


def capitalised(spans: Sequence[Span], said: Normal, kinds: frozenset[str]) -> list[Span]:
    """The spans of `said`, those of `kinds` that are written with capitals as far as the capitals
    go: to words beside them that no other span has, and not to a small word at either end."""
    text = said.text
    words = [match.span() for match in _WORD.finditer(text)]
    large = [text[start].isupper() for start, _ in words]
    if len(text) != len(said.plain) or text.islower() or sum(large) >= _TITLE_CASE * len(words):
        return list(spans)
    free = [not any(s.start < end and start < s.end for s in spans) for start, end in words]
    return [_as_written(s, text, words, large, free) if s.kind in kinds else s for s in spans]


def _as_written(
    span: Span, text: str, words: Sequence[tuple[int, int]], large: Sequence[bool],
    free: Sequence[bool],
) -> Span:  # fmt: skip
    own = [i for i, (start, end) in enumerate(words) if start < span.end and span.start < end]
    if not any(text[words[i][0]].isupper() for i in own):
        return span
    first, last = own[0], own[-1]

    def goes_on(left: int, right: int, new: int) -> bool:
        inside = left > 0 and right < len(words) and free[new]
        return inside and not _PAUSE.search(text, words[left][1], words[right][0])

    while goes_on(first - 1, first, first - 1) and large[first - 1]:
        first -= 1
    end = last
    while goes_on(end, end + 1, end + 1) and (large[end + 1] or _is(words[end + 1], text, _OF)):
        end += 1
        last = end if large[end] else last
    while first < last and _is(words[first], text, _BEFORE) and large[first + 1]:
        first += 1
    start = words[first][0] if first != own[0] or words[first][0] < span.start else span.start
    return Span(span.kind, start, words[last][1] if last != own[-1] else span.end)


def _is(word: tuple[int, int], text: str, words: frozenset[str]) -> bool:
    return text[word[0] : word[1]] in words
