"""What the ways to an answer's words share: the turn they work for, what is found so far, the
device's own answer as the last resort.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.reach import Reach
from edgewise.agent.session import Session
from edgewise.core.event import TextDelta
from edgewise.core.message import Message
from edgewise.core.place import Routing, Way
from edgewise.core.words import Words
from edgewise.route.question import Question
from edgewise.think.chat import Said

DEADLINE_S = 20.0
"""How long a turn's words may take, whichever way they are sought."""


@dataclass(slots=True)
class Found:
    """The words so far, and whose they are."""

    text: str = ""
    source: str = ""
    unverified: bool = False
    way: Way = Way.DEVICE


class Search:
    """One search for words, for one turn. `until` is on the device's monotonic clock."""

    def __init__(self, message: Message, home: Home, session: Session, mark: Marker) -> None:
        self.found = Found()
        self.message = message
        self.home = home
        self.session = session
        self.mark = mark
        self.until = home.clock.monotonic() + DEADLINE_S

    @property
    def left_s(self) -> float:
        """How much time is left, never less than a tenth of a second: somebody must answer."""
        return max(0.1, self.until - self.home.clock.monotonic())

    def said(self, text: str) -> TextDelta:
        """The event of more words, which are part of the answer from now on."""
        self.found.text += text
        return self.mark(TextDelta, text=text)

    def told(self, words: Words) -> TextDelta:
        """The same of words in the person's language."""
        return self.said(words.said_in(self.message.language))

    async def by_device(self) -> AsyncGenerator[TextDelta, None]:
        """The device's own answer as it is written."""
        pieces = self.home.mind.converse(
            self.message, self.session.exchanges, deadline_s=self.left_s
        )
        async for piece in pieces:
            yield self.said(piece)

    async def held(self) -> Said:
        """The device's whole answer, before anybody hears of it."""
        told: list[Said] = []
        pieces: list[str] = []
        async for piece in self.home.mind.converse(
            self.message, self.session.exchanges, deadline_s=self.left_s, note=told.append
        ):
            pieces.append(piece)
        return told[-1] if told else Said("".join(pieces))

    async def instead(self, held: Said | None) -> AsyncGenerator[TextDelta, None]:
        """The device's own words where no cloud's came: marked, as nobody checked them."""
        if held is None and self.home.mind.chat_name:
            held = await self.held()
        if held is None or (held.declined and not held.text):
            yield self.told(NO_WORDS)
            return
        self.found.unverified = not held.declined
        mark = "" if held.declined else _UNVERIFIED.said_in(self.message.language)
        yield self.said(mark + held.text)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was decided for a search, and what the device had answered by then."""

    reach: Reach
    question: Question
    routing: Routing
    held: Said | None = None


NO_WORDS = Words(
    "I have no answer now: the cloud can not be reached, and this device has none of its own.",
    "现在无法回答：连不上云端，本机也没有答案。",
)
_UNVERIFIED = Words("(Not checked by a cloud.) ", "（未经云端核对。）")
