"""Names that no list holds: spans of training rows are filled anew, so that the model knows a name
by where it stands and not by having met it.

A renewed span gets another value of its kind, or, where its kind is an open one (people, songs,
places ...), words that were never a name: in English words of any rows, in Chinese a cut of any
row or characters alone.
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from scripts.understand.rows import Row, Span

OPEN = frozenset((
    "person", "place_name", "business_name", "song_name", "artist_name", "music_album",
    "playlist_name", "podcast_name", "audiobook_name", "movie_name", "entity_name", "object_name",
    "restaurant_name", "served_dish", "event_name", "list_name", "food_type", "item",
    "definition_word", "message_body", "query",
))  # fmt: skip
EXCHANGED = OPEN | {
    "date", "time", "timeofday", "timeRange", "relation", "cuisine", "restaurant_type",
    "music_genre", "radio_name", "business_type", "facility", "duration",
}  # fmt: skip
ROWS, SPANS, MADE_UP = 0.5, 0.7, 0.5
"""Shares: of rows that are renewed, of their spans, of an open span's made-up values."""
_WORD = re.compile(r"[a-z']{3,}")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")


class Names:
    """Values to fill spans with, taken from rows."""

    def __init__(self, rows: Sequence[Row]) -> None:
        pool: dict[tuple[bool, str], set[str]] = defaultdict(set)
        for row in rows:
            for kind, start, end in row.spans or ():
                pool[row.chinese, kind].add(row.text[start:end])
        self._pool = {key: sorted(values) for key, values in pool.items()}
        self._words = sorted({w for r in rows if not r.chinese for w in _WORD.findall(r.text)})
        self._runs = sorted({run for r in rows if r.chinese for run in _HAN.findall(r.text)})
        self._characters = sorted({char for run in self._runs for char in run})

    def renewed(self, row: Row, rng: random.Random) -> Row:
        """The row, or the same sentence with other names in it."""
        if not row.spans or len(row.parts) != 1 or rng.random() >= ROWS:
            return row
        text, spans = row.text, list[Span]()
        for kind, start, end in reversed(row.spans):
            value = self._value(row.chinese, kind, rng) if rng.random() < SPANS else ""
            value = value if kind in EXCHANGED and value else text[start:end]
            moved = len(value) - (end - start)
            text = text[:start] + value + text[end:]
            spans = [(kind, start, start + len(value))] + [
                (k, s + moved, e + moved) for k, s, e in spans
            ]
        part = replace(row.parts[0], end=row.parts[0].end + len(text) - len(row.text))
        return replace(row, text=text, spans=tuple(spans), parts=(part,))

    def _value(self, chinese: bool, kind: str, rng: random.Random) -> str:
        if kind not in OPEN or rng.random() >= MADE_UP:
            return rng.choice(self._pool.get((chinese, kind), [""]))
        if not chinese:
            return " ".join(rng.choices(self._words, k=rng.choice((1, 1, 2, 2, 3))))
        if rng.random() < 0.5 or not self._runs:
            return "".join(rng.choices(self._characters, k=rng.choice((2, 2, 3, 3, 4))))
        run = rng.choice(self._runs)
        at = rng.randrange(len(run))
        return run[at : at + rng.randint(2, 7)]
