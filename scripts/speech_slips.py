"""Puts around and into a sentence what speech and its recognition add: courtesy, fillers, slips.

Works on marked characters, so that the spans of a sentence stay where their words are. The tables
of misheard words and of traditional characters are in scripts/grammar/slips.
"""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.sentence_patterns import Piece, Span

FOLDER = Path(__file__).with_name("grammar") / "slips"

Mark = tuple[str, Span | None, int]
"""A character, the span it belongs to, and the number of the piece it came from."""

HEADS = {
    "en": (
        "please ", "can you ", "could you please ", "hey ", "I want you to ", "would you ",
        "um ", "ok ", "now ", "I'd like you to ", "go ahead and ", "can we ", "could you ",
        "I need you to ", "let's ", "just ", "hey can you ", "uh please ", "can you please ",
        "would you please ", "will you ", "quickly ", "hi there ", "you should ", "so ",
        "I would like you to ", "why don't you ", "kindly ", "okay now ", "hello please ",
    ),
    "zh": (
        "帮我", "请", "麻烦", "给我", "请帮我", "我想", "我要", "能不能", "可以帮我", "嗯",
        "你帮我", "快", "那个", "再", "麻烦你", "能帮我", "可不可以", "劳驾", "帮忙",
        "替我", "赶紧", "先", "现在", "我想让你", "请你", "能不能帮我", "麻烦帮我", "你给我",
        "能给我", "呃帮我", "你能", "快点", "嗯请", "来帮我", "可以", "我需要", "那就",
        "顺便", "马上", "立刻",
    ),
}  # fmt: skip
TAILS = {
    "en": (
        " please", " now", " for me", " thanks", " right away", " will you", " quickly",
        " would you", " if you can", " thank you", " ok", " right now", " can you",
    ),
    "zh": (
        "吧", "一下", "好吗", "谢谢", "可以吗", "啊", "呗", "好不好", "行吗", "哈", "呀", "行不行",
        "嘛", "谢谢你", "麻烦了", "快点", "好了", "啦",
    ),
}  # fmt: skip
SOFT_HEADS = {
    "en": ("um ", "uh ", "so ", "well ", "hey ", "oh ", "ok ", "you know ", "hmm ", "I mean "),
    "zh": ("嗯", "那个", "呃", "哎", "啊", "就是", "诶", "哎呀", "那", "话说"),
}
"""What may stand before anything, an order or not."""
FILLERS = {
    "en": (" um ", " uh ", " like ", " you know ", " er "),
    "zh": ("嗯", "那个", "呃", "就是", "啊", "这个"),
}
ENDS = {"en": (".", "?", "!", "."), "zh": ("。", "？", "！", "。", "，")}


def mark(pieces: Sequence[Piece]) -> list[Mark]:
    """The characters of the pieces, without double and outer spaces."""
    marks: list[Mark] = []
    for number, piece in enumerate(pieces):
        for char in piece.text:
            if char == " " and (not marks or marks[-1][0] == " "):
                continue
            marks.append((char, piece.span, number))
    while marks and marks[-1][0] == " ":
        marks.pop()
    return marks


class Slips:
    """Draws what happens to a sentence between the mind and the text."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._misheard = _read_misheard()
        self._traditional = _read_traditional()

    def vary(self, marks: list[Mark], language: str, order: bool) -> list[Mark]:
        """The sentence with courtesy or noise, or neither; `order` tells whether it is one."""
        draw = self._rng.random()
        marks = self._courtesy(marks, language) if order else self._soft(marks, language)
        if draw < 0.12:
            marks = self._noise(marks, language)
        if self._rng.random() < 0.08:
            marks = [*marks, (self._end(marks, language, order), None, -1)]
        if language == "zh" and self._rng.random() < 0.03:
            marks = [(self._traditional.get(char, char), span, n) for char, span, n in marks]
        return marks

    def _courtesy(self, marks: list[Mark], language: str) -> list[Mark]:
        draw = self._rng.random()
        text = "".join(char for char, _, _ in marks)
        if draw < 0.2 and not text.startswith(("帮", "给", "请", "我", "你", "please", "can ")):
            return [*_plain(self._rng.choice(HEADS[language])), *marks]
        if draw < 0.24:
            return self._soft(marks, language, 1.0)
        if draw < 0.34 and not text.endswith(("一下", "吧", "吗", "了", "please", "点")):
            return [*marks, *_plain(self._rng.choice(TAILS[language]))]
        return marks

    def _soft(self, marks: list[Mark], language: str, share: float = 0.08) -> list[Mark]:
        if self._rng.random() < share:
            return [*_plain(self._rng.choice(SOFT_HEADS[language])), *marks]
        return marks

    def _noise(self, marks: list[Mark], language: str) -> list[Mark]:
        kinds: list[Callable[[list[Mark], str], list[Mark]]] = [
            self._fill, self._repeat, self._drop,
        ]  # fmt: skip
        if language == "zh":
            kinds += [self._mishear, self._mishear, self._mishear]
        return self._rng.choice(kinds)(marks, language)

    def _fill(self, marks: list[Mark], language: str) -> list[Mark]:
        """A filler between two pieces."""
        joints = _joints(marks, language)
        if not joints:
            return marks
        at = self._rng.choice(joints)
        return [*marks[:at], *_plain(self._rng.choice(FILLERS[language])), *marks[at:]]

    def _repeat(self, marks: list[Mark], language: str) -> list[Mark]:
        """The first word said twice."""
        joints = [at for at in _joints(marks, language) if at < 8]
        if not joints or any(span for _, span, _ in marks[: joints[0]]):
            return marks
        head = marks[: joints[0]]
        gap = _plain(" ") if language == "en" and head[-1][0] != " " else []
        return [*head, *gap, *marks]

    def _drop(self, marks: list[Mark], language: str) -> list[Mark]:
        """A word (en) or a character (zh) that is no part of a span goes missing."""
        if language == "zh":
            free = [at for at, (_, span, _) in enumerate(marks) if span is None]
            if len(marks) < 7 or len(free) < 5:
                return marks
            at = self._rng.choice(free)
            return [*marks[:at], *marks[at + 1 :]]
        words = _free_words(marks)
        if len(words) < 4:
            return marks
        start, end = self._rng.choice(words)
        return [*marks[:start], *marks[end:]]

    def _mishear(self, marks: list[Mark], language: str) -> list[Mark]:
        """A word of the same sound; it stays within its span or outside all."""
        text = "".join(char for char, _, _ in marks)
        there = [word for word in self._misheard if word in text]
        if not there:
            return marks
        word = self._rng.choice(there)
        at = text.index(word)
        span, number = marks[at][1:]
        if any(other is not span for _, other, _ in marks[at : at + len(word)]):
            return marks
        heard = self._rng.choice(self._misheard[word])
        return [*marks[:at], *((char, span, number) for char in heard), *marks[at + len(word) :]]

    def _end(self, marks: list[Mark], language: str, order: bool) -> str:
        if not order and marks[-1][0] in "吗呢么没":
            return "？"
        return self._rng.choice(ENDS[language])


def _plain(text: str) -> list[Mark]:
    return [(char, None, -1) for char in text]


def _joints(marks: list[Mark], language: str) -> list[int]:
    """Places between two pieces, in English between two words, that are inside no span."""
    return [
        at
        for at in range(1, len(marks))
        if (marks[at][1] is None or marks[at][1] is not marks[at - 1][1])
        and (marks[at - 1][0] == " " if language == "en" else marks[at][2] != marks[at - 1][2])
    ]


def _free_words(marks: list[Mark]) -> list[tuple[int, int]]:
    """Words outside of spans, each with the space behind it."""
    words: list[tuple[int, int]] = []
    start = 0
    for at, (char, _, _) in enumerate(marks):
        if char == " ":
            if all(span is None for _, span, _ in marks[start:at]):
                words.append((start, at + 1))
            start = at + 1
    return words


def _read_misheard() -> dict[str, list[str]]:
    lines = (FOLDER / "misheard_zh.txt").read_text(encoding="utf-8").splitlines()
    return {word: heard for word, *heard in map(str.split, lines)}


def _read_traditional() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in (FOLDER / "traditional.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            now, before = line.split()
            table |= dict(zip(now, before, strict=True))
    return table
