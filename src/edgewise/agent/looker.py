"""The device's own answer about pictures: what was read on them, quoted, and what it means.

The device reads text; it does not see. A question that the text answers is answered from it, a sign
or a warning that says its name is explained, and of all else it says so. What stands on a picture
is content of somebody else's: told, never followed.
"""

import asyncio

from edgewise.core.message import Message
from edgewise.core.regex import regex
from edgewise.core.words import Words
from edgewise.perceive.perceive import clean
from edgewise.perceive.signs import meanings
from edgewise.route.pictures import PIXELS_A_TOKEN
from edgewise.route.question import Score
from edgewise.think.chat import Said
from edgewise.think.passages import Passages

MOST_TOLD = 14
MOST_CHARACTERS = 600
"""Of the lines that are told, together: what a person listens to."""
LEAST_WORTH = 0.5
"""Below this a line shares too little with a question to be its answer."""
SURE, UNSURE = 0.1, 0.9
"""How likely an answer misses: lines told to who asked for them; lines told to who asked for more.
By judgement, not measured."""
_READS = regex(
    r"\b(?:say|says|said|read|reads|text|texts|written|writing|words?|letters?|spell|transcribe|"
    r"copy|sign|signs|warning|message|label|title|headline|caption)\b"
    r"|写|读|念|文字|什么字|字样|说(?:的|了)?什么|标志|标识|指示牌|路牌|警告|提示|故障|内容|标题",
    2,  # re.IGNORECASE
)


class Looker:
    """All pictures of one message."""

    def __init__(self, message: Message) -> None:
        self.pictures = message.pictures
        self.tokens = sum(one.width * one.height // PIXELS_A_TOKEN for one in self.pictures)
        self._message = message
        rows = (row for one in self.pictures for row in one.text.splitlines())
        self._lines = tuple(line for line in (clean(row) for row in rows) if line)
        self._worth = 0.0

    async def answer(self, *, deadline_s: float) -> Said:
        """The device's own answer; `score` is of it then. It takes no model and little time."""
        if not self._lines:
            return Said(self._said(_NOTHING), declined=True)
        explained = meanings(self._lines)
        if explained or _READS.search(self._message.text):
            self._worth = 1.0 - SURE
            parts = [self._said(words) for words in explained]
            return Said(self._joined([*parts, self._told(self._lines)]))
        asked = await asyncio.to_thread(_best, self._lines, self._message.text)
        if asked:
            self._worth = 1.0 - SURE
            return Said(self._told(asked))
        self._worth = 1.0 - UNSURE
        return Said(self._joined([self._said(_BLIND), self._told(self._lines)]))

    def score(self, said: Said) -> Score:
        """How likely the answer last given misses what was asked."""
        wrong = 1.0 if said.declined else 1.0 - self._worth
        return Score(wrong, wrong, features={"covered": self._worth}, calibration="read")

    def _told(self, lines: tuple[str, ...]) -> str:
        """Lines as a person is told them: the first ones, and how many more there are."""
        kept: list[str] = []
        for line in lines[:MOST_TOLD]:
            if kept and sum(map(len, kept)) + len(line) > MOST_CHARACTERS:
                break
            kept.append(line[:MOST_CHARACTERS])
        quotes = " / ".join(kept)
        more = len(lines) - len(kept)
        told = self._said(_STANDS.filled(quotes=quotes))
        return self._joined([told, self._said(_MORE.filled(more=more))]) if more else told

    def _said(self, words: Words) -> str:
        return words.said_in(self._message.language)

    def _joined(self, parts: list[str]) -> str:
        return self._said(_SPACE).join(parts)


def looker_of(message: Message) -> Looker | None:
    """The looker of a message's pictures; `None` where there are none."""
    return Looker(message) if message.pictures else None


def _best(lines: tuple[str, ...], question: str) -> tuple[str, ...]:
    """The lines that speak to a question by their words; none where none does."""
    passages = Passages("\n".join(lines))
    chosen = passages.choose(question, 2, LEAST_WORTH)
    return tuple(passages.sentences[one.number].text for one in chosen)


_SPACE = Words(" ", "")
_STANDS = Words("On the picture stands: “{quotes}”.", "图片上写着：“{quotes}”。")
_MORE = Words("And {more} more lines.", "另有 {more} 行。")
_NOTHING = Words(
    "I can read text on pictures, but I found none on this one, and I do not see what it shows.",
    "我能识别图片中的文字，但这张图片上没有找到文字；图片画面本身我看不懂。",
)
_BLIND = Words(
    "I can read text, I do not see what a picture shows.",
    "我只能识别文字，看不懂画面内容。",
)
