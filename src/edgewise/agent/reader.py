"""The device as the reader of a turn's documents: it does jobs, and answers alone.

A job is one question of one fact. The sentences that speak to it are found by their words; a model
that can read gets the one piece around the best of them, and what it says counts only as far as it
stands there. Pieces are read one by one: texts that are joined are cut somewhere in silence.
"""

import asyncio

from msgspec import Struct

from edgewise.agent.home import Mind
from edgewise.core.message import Message
from edgewise.core.thought import MessageKind, Thought, Urgency
from edgewise.core.words import Words
from edgewise.route.question import Score
from edgewise.think.chat import Said
from edgewise.think.grounding import is_grounded, missing
from edgewise.think.passages import Found, Passages
from edgewise.think.sentences import tokens_of

PIECE_TOKENS = 600
MOST_QUOTES = 2
MOST_WORDINGS = 4
LEAST_WORTH = 0.3
"""Below this a sentence shares no more with a question than any other does."""
LONGEST_QUOTE = 300
READ_SHARE = 0.25
"""Of the time that is left, for one piece."""


class Finding(Struct, frozen=True):
    """What was found for one job: what the model read, if anything, and the sentences it stands on,
    best first; how much of the job they cover (0 to 1), and how many pieces were looked into."""

    said: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    worth: float = 0.0
    pieces: int = 0


class Reader:
    """All documents of one message, made ready when they are first read."""

    def __init__(self, message: Message, mind: Mind) -> None:
        self.documents = message.documents
        self.size_bytes = sum(one.size_bytes for one in self.documents)
        self.tokens = sum(tokens_of(one.text) for one in self.documents)
        self._message = message
        self._mind = mind
        self._text = "\n\n".join(one.text for one in self.documents)
        self._passages: Passages | None = None
        self._worth = 0.0

    async def do(
        self,
        job: str,
        *,
        deadline_s: float,
        most: int = MOST_QUOTES,
        least: float = LEAST_WORTH,
    ) -> Finding:
        """One job: up to `most` sentences, none if the best is worth less than `least`. Of a job in
        several wordings ("caretaker | janitor") the one that the document speaks to counts."""
        passages = await self._ready()
        wordings = [one.strip() for one in job.split("|") if one.strip()][:MOST_WORDINGS] or [job]
        found = [
            (await asyncio.to_thread(passages.choose, one, most, least), one) for one in wordings
        ]
        chosen, job = max(found, key=lambda each: each[0][0].worth if each[0] else 0.0)
        if not chosen:
            return Finding()
        quotes = tuple(passages.sentences[one.number].text[:LONGEST_QUOTE] for one in chosen)
        pieces = _pieces_with(passages, chosen)
        said: list[str] = []
        for piece in pieces:
            read = await self._mind.read(
                piece, job, self._message.language, deadline_s=max(0.1, deadline_s * READ_SHARE)
            )
            if read and is_grounded(read, piece):
                said.append(read)
        worth = passages.coverage(job, chosen)
        return Finding(tuple(said), quotes, worth, len(pieces))

    async def answer(self, *, deadline_s: float) -> Said:
        """The device's own answer to the message; `score` is of it then."""
        finding = await self.do(self._message.text, deadline_s=deadline_s)
        self._worth = finding.worth
        if not finding.quotes:
            return Said(self._told(_NOTHING), declined=True)
        return Said(self.told(finding))

    def told(self, *findings: Finding) -> str:
        """Findings as a person is told them: what was read, and the words it stands on."""
        said = dict.fromkeys(one for finding in findings for one in finding.said)
        quotes = dict.fromkeys(one for finding in findings for one in finding.quotes)
        marked = (_QUOTED.said_in(self._message.language).format(quote=one) for one in quotes)
        told = _FOUND.said_in(self._message.language).format(
            names=self._names(), quotes=" ".join(marked)
        )
        return " ".join((*said, told))

    def score(self, said: Said) -> Score:
        """How likely the answer last given misses what was asked: the share of the question that
        nothing in the documents was found for."""
        wrong = 1.0 if said.declined else 1.0 - self._worth
        return Score(wrong, wrong, features={"covered": self._worth}, calibration="covered")

    def missing(self, said: str) -> tuple[str, ...]:
        """Numbers and quotes of `said` that stand neither in a document nor in the question."""
        return missing(said, self._text, self._message.text)

    def _told(self, words: Words) -> str:
        return words.said_in(self._message.language).format(names=self._names())

    def _names(self) -> str:
        return ", ".join(one.name for one in self.documents)

    async def _ready(self) -> Passages:
        if self._passages is None:
            self._passages = await asyncio.to_thread(Passages, self._text)
        return self._passages


def reader_of(message: Message, mind: Mind) -> Reader | None:
    """The reader of a message's documents; `None` where there are none."""
    return Reader(message, mind) if message.documents else None


def asks_a_document(message: Message, mind: Mind) -> Thought | None:
    """The thought of words that came with a document or a picture: they ask about it and propose no
    call, what stands in it even less. What must not wait is understood as ever."""
    about = message.documents or message.pictures
    if not about or mind.urgency(message.text) is not Urgency.WAITS:
        return None
    return Thought(MessageKind.QUESTION)


def _pieces_with(passages: Passages, chosen: list[Found]) -> list[str]:
    """The pieces that the chosen sentences stand in, each once."""
    numbers = [one.number for one in chosen]
    return [
        "\n".join(one.text for one in passages.sentences[piece.first : piece.last])
        for piece in passages.pieces(PIECE_TOKENS)
        if any(piece.first <= number < piece.last for number in numbers)
    ]


_FOUND = Words("In {names}: {quotes}", "{names} 中写道：{quotes}")
_QUOTED = Words("“{quote}”", "“{quote}”")
_NOTHING = Words("I found nothing about that in {names}.", "在 {names} 中没有找到相关内容。")
