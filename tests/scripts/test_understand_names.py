"""Names never met: spans are filled anew, and what stands around them stays in its place."""

import random

from scripts.understand.names import Names
from scripts.understand.rows import Part, Row


def row(text: str, *spans: tuple[str, str], chinese: bool = False) -> Row:
    found = tuple((kind, text.index(word), text.index(word) + len(word)) for kind, word in spans)
    return Row(text, chinese, (Part(0, len(text), frozenset("a")),), found, "own")


ROWS = [
    row("call anna at noon", ("person", "anna"), ("time", "noon")),
    row("call bob please", ("person", "bob")),
    row("set zone two to five", ("zone", "two")),
    row("播放晴天", ("song_name", "晴天"), chinese=True),
]


def test_new_words_stand_where_the_old_ones_stood():
    names, seen = Names(ROWS), set[str]()
    for seed in range(200):
        made = names.renewed(ROWS[0], random.Random(seed))
        assert made.spans is not None
        (_, a, b), (_, c, d) = made.spans
        assert made.text[:a] == "call "
        assert made.text[b:c] == " at "
        assert d == len(made.text)
        assert made.parts[0].end == len(made.text)
        seen.add(made.text[a:b])
    assert {"anna", "bob"} < seen, "made-up names as well as those of other rows"


def test_what_rules_read_keeps_its_words():
    names = Names(ROWS)
    assert all(names.renewed(ROWS[2], random.Random(seed)) == ROWS[2] for seed in range(50))


def test_chinese_names_are_of_chinese_words():
    names = Names(ROWS)
    made = {names.renewed(ROWS[3], random.Random(seed)).text for seed in range(100)}
    assert len(made) > 5
    assert all(text.startswith("播放") and not text.isascii() for text in made)
