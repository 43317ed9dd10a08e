"""What the ways to an answer's words share: the turn they work for, what is found so far, the
device's own answer as the last resort.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from msgspec.structs import replace

from edgewise.agent.acting import Ledger
from edgewise.agent.asked import Answer, Asked
from edgewise.agent.home import Home
from edgewise.agent.looker import Looker, looker_of
from edgewise.agent.marker import Marker
from edgewise.agent.reach import Reach
from edgewise.agent.reader import Reader, reader_of
from edgewise.agent.session import MadeOf, Session
from edgewise.core.call import Call
from edgewise.core.event import TextDelta
from edgewise.core.label import Label, is_stricter, join
from edgewise.core.message import Message
from edgewise.core.place import Routing, Way
from edgewise.core.thought import Exchange
from edgewise.core.words import Words
from edgewise.route.question import Question
from edgewise.route.recognise import Known, label_of_words
from edgewise.think.chat import Said
from edgewise.think.talk_before import talk_before

DEADLINE_S = 20.0
"""How long a turn's words may take, whichever way they are sought."""
END_S = 0.25
"""What is kept of a request's own deadline, a quarter of it at most, for a turn's end: the memory,
the last events, and a device that has more to do than this turn."""


@dataclass(slots=True)
class Found:
    """The words so far, and whose they are; of a task also what a cloud's agent had the device do:
    its calls, their ledger, and those of them that its own words tell (`untold`). `helped`: the
    agent came to its end, so that what was not understood need not be said. `asked` is what the
    words ask the person about, if so. `own`: words of the device's model or of a document are among
    them. `drawn` is the label of the earlier words that whoever wrote them was told; `clouds` those
    that the question may go to, `narrowed` to those that may have these earlier words, too."""

    text: str = ""
    source: str = ""
    unverified: bool = False
    way: Way = Way.DEVICE
    calls: list[Call] = field(default_factory=list[Call])
    ledger: Ledger | None = None
    untold: set[str] = field(default_factory=set[str])
    helped: bool = False
    asked: Asked | None = None
    own: bool = False
    drawn: Label = field(default_factory=Label)
    clouds: tuple[str, ...] = ()
    narrowed: bool = False

    @property
    def made(self) -> MadeOf:
        """What the words are made of: a phrase where neither a model nor a document gave any."""
        stock = self.asked is not None or not (self.own or self.source)
        return MadeOf(self.drawn, self.clouds, self.narrowed, stock)


class Search:
    """One search for words, for one turn, whose request may have brought a deadline of its own,
    counted from its arrival. `until` is on the device's monotonic clock; `answer` is the person's
    to what they were asked about this question."""

    def __init__(
        self,
        message: Message,
        home: Home,
        session: Session,
        mark: Marker,
        answer: Answer | None = None,
        *,
        deadline_s: float | None = None,
    ) -> None:
        self.found = Found()
        self.answer = answer
        self.message = message
        self.home = home
        self.session = session
        self.mark = mark
        self.done: tuple[str, ...] = ()
        """The capabilities that the device called by itself before words are sought."""
        self.own_calls = 0
        """How many calls it made by then; those of an agent are counted on from there."""
        self.reader = reader_of(message, home.mind)
        self._before: tuple[Exchange, ...] | None = None
        self._own_label: Label | None = None
        self.looker = looker_of(message)
        self.until = home.clock.monotonic() + DEADLINE_S
        if deadline_s is not None:
            within_s = deadline_s - min(END_S, deadline_s / 4)
            self.until = min(self.until, mark.arrived + within_s)

    @property
    def left_s(self) -> float:
        """How much time is left, never less than a tenth of a second: somebody must answer."""
        return max(0.1, self.until - self.home.clock.monotonic())

    @property
    def shown(self) -> Reader | Looker | None:
        """Who answers from what came with the words; `None` where nothing did."""
        return self.reader or self.looker

    @property
    def has_own(self) -> bool:
        """Whether the device has a model, or what came with the words, to find words with."""
        return bool(self.home.mind.chat_name) or self.shown is not None

    def said(self, text: str) -> TextDelta:
        """The event of more words, which are part of the answer from now on."""
        self.found.text += text
        return self.mark(TextDelta, text=text)

    def said_own(self, text: str) -> TextDelta:
        """The same of words of the device's own model that are an answer."""
        if self._own_label is None:
            self._own_label = join(self._label_of(one) for one in self.before)
        self.draw(self._own_label)
        for one in self.before:
            self.narrow(one.clouds)
        self.found.own = True
        return self.said(text)

    def narrow(self, clouds: Sequence[str]) -> None:
        """Note that only these may have what the words are made of."""
        kept = tuple(one for one in self.found.clouds if one in clouds)
        self.found.narrowed |= kept != self.found.clouds
        self.found.clouds = kept

    def draw(self, label: Label) -> None:
        """Note that the words are made of earlier ones with `label`, too."""
        self.found.drawn = join([self.found.drawn, label])

    @property
    def before(self) -> tuple[Exchange, ...]:
        """What the device's own model is told of the talk, the same throughout the turn.

        A private question is understood together with the ones that follow it, which their answers
        make private, too. Where clouds are set up, such answers are not handed on: two turns
        after the private words nothing of them is left in an answer, so that a talk does not stay
        private, and a cloud's answers without their context, for one question long ago.
        """
        if self._before is None:
            self._before = tuple(
                one
                for one in talk_before(self.session.exchanges)
                if self.home.reach is None or not (one.derived and self._is_bound(one))
            )
        return self._before

    def _is_bound(self, exchange: Exchange) -> bool:
        """Whether it may go to fewer than this turn's question."""
        fewer = not set(self.found.clouds) <= set(exchange.clouds)
        return fewer or is_stricter(self._label_of(exchange), self.message.label)

    def _label_of(self, exchange: Exchange) -> Label:
        names = self.home.names()
        known = Known(people=names.get("contact", ()), places=names.get("place", ()))
        return label_of_words(exchange.label, (exchange.text, exchange.answer), known)

    def told(self, words: Words) -> TextDelta:
        """The same of words in the person's language."""
        return self.said(words.said_in(self.message.language))

    async def by_device(
        self, *, marked: bool = False, refusals: list[Said] | None = None
    ) -> AsyncGenerator[TextDelta, None]:
        """The device's own answer as it is written; `marked`: it stands in for a cloud's. One that
        declines at once is put in `refusals` where those are given, and not said."""
        if self.shown is not None:
            held = await self.held()
            if held.declined and refusals is not None:
                refusals.append(held)
            else:
                self.found.own |= not held.declined
                yield self.said(held.text)
            return
        told: list[Said] = []
        async with aclosing(self.own(told)) as pieces:
            async for piece in pieces:
                declined = bool(told) and told[-1].declined
                if declined and not self.found.text and refusals is not None:
                    refusals.append(replace(told[-1], text=piece))
                    return
                if declined:
                    yield self.said(piece)
                    continue
                first = marked and not self.found.text
                yield self.unchecked(piece) if first else self.said_own(piece)

    async def own(self, told: list[Said]) -> AsyncGenerator[str, None]:
        """The device's own answer; what its model tells of it is in `told` when it has ended, and
        before its first piece where it declines. What it took is kept: a cloud that is asked leaves
        that much time."""
        began = self.home.clock.monotonic()
        async for piece in self.home.mind.converse(
            self.message, self.before, deadline_s=self.left_s, note=told.append
        ):
            yield piece
        if self.home.reach is not None and told and told[-1].took_s > 0:
            self.home.reach.took(self.home.clock.monotonic() - began)

    async def held(self) -> Said:
        """The device's whole answer, before anybody hears of it."""
        if (shown := self.shown) is not None:
            return await shown.answer(deadline_s=self.left_s)
        told: list[Said] = []
        pieces: list[str] = []
        async with aclosing(self.own(told)) as own:
            async for piece in own:
                pieces.append(piece)
        text = "".join(pieces)  # of one that broke off, what was told is its last words alone
        return replace(told[-1], text=text) if told else Said(text)

    async def instead(
        self, held: Said | None, *, none: Words | None = None, without: Words | None = None
    ) -> AsyncGenerator[TextDelta, None]:
        """The device's own words where no cloud's came: marked, as nobody checked them. Where the
        device has no answer, `none` is said in place of its refusal, and `without` tells why no
        cloud's came."""
        if held is None and self.has_own:
            held = await self.held()
        if none is not None and (held is None or held.declined):
            yield self.told(none)
            return
        if held is None or (held.declined and not held.text):
            yield self.told(none or NO_WORDS)
            return
        if held.declined:
            yield self.said(held.text)
            if without is not None:
                yield self.told(without)
            return
        yield self.unchecked(held.text)

    def unchecked(self, text: str) -> TextDelta:
        """The event of the first words of the device's own that no cloud has checked: marked."""
        self.found.unverified = True
        return self.said_own(_UNVERIFIED.said_in(self.message.language) + text)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was decided for a search, and what the device had answered by then."""

    reach: Reach
    question: Question
    routing: Routing
    held: Said | None = None


def unreached(endpoint: str, failed: str) -> Words | None:
    """What is said of a cloud that failed so, where it could not be reached."""
    return _UNREACHED.filled(name=endpoint) if failed in _UNREACHABLE else None


NOT_COUNTED = "not_counted"
"""The code of what did not leave, as what it costs could not be written down."""
_UNREACHABLE = frozenset({"cloud_away", "cloud_resting"})
NO_WORDS = Words(
    "I have no answer now: the cloud can not be reached, and this device has none of its own.",
    "现在无法回答：连不上云端，本机也没有答案。",
)
NO_WORDS_REFUSED = Words(
    "I have no answer now: {cloud} refused the key or the model (`edgewise clouds` tells more), and"
    " this device has none of its own.",
    "现在无法回答：{cloud} 拒绝了密钥或模型（详见 edgewise clouds），本机也没有答案。",
)
NO_WORDS_UNCOUNTED = Words(
    "I have no answer now: what clouds cost can not be written down (`edgewise clouds` tells more),"
    " so none is asked, and this device has none of its own.",
    "现在无法回答：云端费用无法记账（详见 edgewise clouds），因此不询问云端，本机也没有答案。",
)
UNCOUNTED = Words(
    " What clouds cost can not be written down, so none is asked: see `edgewise clouds`.",
    "云端费用无法记账，因此不询问云端：见 edgewise clouds。",
)
NO_WORDS_STRANGE = Words(
    "I have no answer now: {cloud} answered in another language than yours, so I left that out, and"
    " this device has none of its own.",
    "现在无法回答：{cloud} 没有用您的语言作答，已略去；本机也没有答案。",
)


def without_words(failed: str) -> Words:
    """What is said where nothing could be sent for that failure and nobody has an answer."""
    return NO_WORDS_UNCOUNTED if failed == NOT_COUNTED else NO_WORDS


_UNREACHED = Words(" {name} can not be reached now.", "现在连不上 {name}。")
_UNVERIFIED = Words("(Not checked by a cloud.) ", "（未经云端核对。）")
