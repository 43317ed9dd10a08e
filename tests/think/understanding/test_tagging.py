import re

import numpy as np

from edgewise.think.understanding.mentioned import NAMES
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.tagging import Span, Tagger, capitalised, spans_of
from tests.each_row import each_row

TAGS = ["O", "B-date", "I-date", "B-song_name", "I-song_name"]
"""Kinds in the order of `kinds_of`: nothing, date, song_name."""


def places(plain: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\w+|[^\w ]", plain)]


def test_a_span_ends_where_its_kind_ends():
    plain = "next friday the noon it today"
    kinds = ["date", "date", "", "time", "", "date"]
    assert spans_of(kinds, places(plain), plain) == (
        Span("date", 0, 11), Span("time", 16, 20), Span("date", 24, 29),
    )  # fmt: skip


def test_a_word_in_pieces_is_one_word():
    plain = "hips don't lie"
    kinds = ["song_name", "song_name", "", "", "song_name"]
    assert spans_of(kinds, places(plain), plain) == (Span("song_name", 0, 14),)


def test_a_name_goes_on_behind_a_mark():
    plain = "rate halo: ghosts of onyx"
    kinds = ["", *["object_name"] * 5]
    assert spans_of(kinds, places(plain), plain) == (Span("object_name", 5, 25),)


def test_a_gap_inside_a_name_is_closed_by_what_follows_what():
    plain = "like a hurricane"
    scores = np.full((3, 5), -5.0, np.float32)
    scores[0, 3] = scores[2, 4] = 5.0
    scores[1, 0], scores[1, 4] = 1.0, 0.5
    nothing = np.zeros((4, 3), np.float32)
    torn = Tagger(TAGS, nothing)(scores, places(plain), plain)
    assert torn == (Span("song_name", 0, 4), Span("song_name", 7, 16))
    holds = nothing.copy()
    holds[2, 2] = 1.0
    assert Tagger(TAGS, holds)(scores, places(plain), plain) == (Span("song_name", 0, 16),)


@each_row(
    ("text", "marked", "found"),
    [
        ("rate Stop on the Road From Auschwitz 2 stars", "Road From", "Road From Auschwitz"),
        ("play Lord of the Flies now", "Lord", "Lord of the Flies"),
        ("add it to the Urban Hits", "the Urban Hits", "Urban Hits"),
        ("play A.J. Pero on it", "J. Pero", "A.J. Pero"),
        ("find me, Paris, Texas", "Paris", "Paris"),
        ("play like a hurricane", "like a", "like a"),
        ("PLAY LIKE A HURRICANE", "LIKE A", "LIKE A"),
    ],
)
def test_a_name_ends_where_its_capitals_end(text: str, marked: str, found: str):
    said = normalise(text)
    start = said.text.index(marked)
    span = Span("song_name", start, start + len(marked))
    (got,) = capitalised([span], said, NAMES)
    assert said.text[got.start : got.end] == found


def test_a_name_takes_no_word_of_another():
    said = normalise("play Hurt by Johnny Cash")
    spans = [Span("song_name", 5, 9), Span("artist_name", 13, 19)]
    assert capitalised(spans, said, NAMES) == [spans[0], Span("artist_name", 13, 24)]
