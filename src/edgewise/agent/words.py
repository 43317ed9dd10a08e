"""How the words of an answer are found: by the device, checked, or by a cloud; never in silence.

`route` decides, before the device answers and after; here it is carried out, in that order, and
whatever fails ends in the device's own words, said to be so. Consent and mode are asked again at
the moment of sending. What left and what came back are events; the words themselves are in none.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import msgspec

from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.reach import CloudSaid, Outgoing, Reach
from edgewise.agent.session import Session
from edgewise.core.event import Came, Checked, Event, Left, TextDelta, Weighed
from edgewise.core.message import Message
from edgewise.core.place import Routing, Site, Way
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError
from edgewise.route.question import Question
from edgewise.route.route import decide, decide_after
from edgewise.think.chat import Said

DEADLINE_S = 20.0


@dataclass(slots=True)
class Found:
    """The words so far, and whose they are."""

    text: str = ""
    source: str = ""
    unverified: bool = False
    way: Way = Way.DEVICE


class Finding:
    """One search for words, for one turn."""

    def __init__(self, message: Message, home: Home, session: Session, mark: Marker) -> None:
        self.found = Found()
        self._message = message
        self._home = home
        self._session = session
        self._mark = mark
        self._ends = home.clock.monotonic() + DEADLINE_S

    async def events(self) -> AsyncGenerator[Event, None]:
        """What happens until the words are found; they are in `found` then."""
        reach = self._home.reach
        if reach is None:
            async for event in self._by_device():
                yield event
            return
        exchanges, last = self._session.exchanges, self._session.last_way
        question = reach.question(self._message, exchanges, last=last, deadline_s=self._left_s())
        routing = decide(question, reach.policy)
        recorded = msgspec.to_builtins(question)
        yield self._mark(Weighed, question=recorded, routing=routing, took_ms=self._mark.lap_ms())
        held: Said | None = None
        if routing.way is Way.DEVICE and routing.check:
            held = await self._held()
            score = reach.check(self._message, held, question)
            question = reach.question(
                self._message,
                exchanges,
                last=last,
                deadline_s=self._left_s(),
                score=question.score,
            )
            routing = decide_after(routing, score, question, reach.policy)
            recorded = msgspec.to_builtins(score)
            now = msgspec.to_builtins(question)
            yield self._mark(
                Checked, score=recorded, question=now, routing=routing, took_ms=self._mark.lap_ms()
            )
        self.found.way = routing.way
        async with aclosing(self._by_way(reach, question, routing, held)) as events:
            async for event in events:
                yield event

    async def _by_way(
        self, reach: Reach, question: Question, routing: Routing, held: Said | None
    ) -> AsyncGenerator[Event, None]:
        if routing.way.site is Site.CLOUD:
            async with aclosing(self._by_cloud(reach, question, routing, held)) as events:
                async for event in events:
                    yield event
        elif routing.way is Way.DEVICE and held is None:
            async for event in self._by_device():
                yield event
        elif routing.way is Way.DEVICE and held is not None:
            doubtful = routing.margin is not None and _is_doubted(routing)
            self.found.unverified = doubtful and not held.declined
            yield self._said(held.text)
        elif routing.way is Way.QUEUE:
            yield self._said(self._kept_for_later(reach, question, routing))
        else:
            told = _ASKS if routing.way is Way.ASK else _REFUSED
            why = routing.stages[-1].words
            filled = Words(
                told.en.format(endpoint=routing.endpoint, why=why.en.partition(": ")[2]),
                told.zh.format(endpoint=routing.endpoint, why=why.zh.partition("：")[2]),
            )
            yield self._said(filled.said_in(self._message.language))

    async def _by_device(self) -> AsyncGenerator[Event, None]:
        pieces = self._home.mind.converse(
            self._message, self._session.exchanges, deadline_s=self._left_s()
        )
        async for piece in pieces:
            yield self._said(piece)

    async def _held(self) -> Said:
        """The device's whole answer, before anybody hears of it."""
        told: list[Said] = []
        pieces: list[str] = []
        async for piece in self._home.mind.converse(
            self._message, self._session.exchanges, deadline_s=self._left_s(), note=told.append
        ):
            pieces.append(piece)
        return told[-1] if told else Said("".join(pieces))

    async def _by_cloud(
        self, reach: Reach, question: Question, routing: Routing, held: Said | None
    ) -> AsyncGenerator[Event, None]:
        try:
            outgoing = self._outgoing(reach, question, routing.endpoint)
        except EdgewiseError as error:  # fail closed: nothing left
            yield self._mark(Came, endpoint=routing.endpoint, failed=error.code)
            async for event in self._instead(held):
                yield event
            return
        if not reach.may_leave(question, routing.endpoint):
            yield self._mark(Came, endpoint=routing.endpoint, failed="consent_withdrawn")
            async for event in self._instead(held):
                yield event
            return
        yield self._left(outgoing)
        ended: list[CloudSaid] = []
        sending = reach.send(
            outgoing, turn=self._mark.turn, deadline_s=self._left_s(), note=ended.append
        )
        async with aclosing(sending) as pieces:
            async for piece in pieces:
                self.found.source = routing.endpoint
                yield self._said(piece)
        came = ended[-1] if ended else CloudSaid(failed="cloud_broken")
        broke = bool(came.failed)
        yield self._came(routing.endpoint, came, seam=broke and bool(self.found.text))
        if broke:
            if self.found.text:
                yield self._said(_SEAM.said_in(self._message.language))
            async for event in self._instead(held):
                yield event

    async def _instead(self, held: Said | None) -> AsyncGenerator[Event, None]:
        """The device's own words where no cloud's came: marked, as nobody checked them."""
        if held is None and self._home.mind.chat_name:
            held = await self._held()
        if held is None or (held.declined and not held.text):
            yield self._said(_NO_WORDS.said_in(self._message.language))
            return
        self.found.unverified = not held.declined
        mark = "" if held.declined else _UNVERIFIED.said_in(self._message.language)
        yield self._said(mark + held.text)

    def _kept_for_later(self, reach: Reach, question: Question, routing: Routing) -> str:
        language = self._message.language
        try:
            outgoing = self._outgoing(reach, question, routing.endpoint)
        except EdgewiseError:
            return _NO_WORDS.said_in(language)
        kept = reach.keep_for_later(self._mark.turn, outgoing)
        return (_LATER if kept else _NO_WORDS).said_in(language)

    def _outgoing(self, reach: Reach, question: Question, endpoint: str) -> Outgoing:
        session = self._session
        return reach.outgoing(session.name, self._message, session.exchanges, question, endpoint)

    def _left(self, outgoing: Outgoing) -> Left:
        return self._mark(
            Left,
            endpoint=outgoing.endpoint,
            region=outgoing.region,
            purpose=outgoing.purpose,
            digest=outgoing.digest,
            size_bytes=len(outgoing.body),
            replaced=outgoing.replaced,
        )

    def _came(self, endpoint: str, came: CloudSaid, *, seam: bool) -> Came:
        return self._mark(
            Came,
            endpoint=endpoint,
            attempts=came.attempts,
            input_tokens=came.input_tokens,
            output_tokens=came.output_tokens,
            cost=came.cost,
            failed=came.failed,
            seam=seam,
            took_ms=self._mark.lap_ms(),
        )

    def _said(self, text: str) -> TextDelta:
        self.found.text += text
        return self._mark(TextDelta, text=text)

    def _left_s(self) -> float:
        return max(0.1, self._ends - self._home.clock.monotonic())


def _is_doubted(routing: Routing) -> bool:
    """Whether the last check found the answer in doubt, and it stayed for want of a better one."""
    last = routing.stages[-1]
    wrong = last.values.get("wrong")
    return last.name == "answer" and isinstance(wrong, float) and wrong >= (last.threshold or 0.0)


_SEAM = Words(
    "\n[The cloud broke off here; what follows is from this device.]\n",
    "\n【云端在此中断，以下由本机回答。】\n",
)
_UNVERIFIED = Words("(Not checked by a cloud.) ", "（未经云端核对。）")
_NO_WORDS = Words(
    "I have no answer now: the cloud can not be reached, and this device has none of its own.",
    "现在无法回答：连不上云端，本机也没有答案。",
)
_LATER = Words(
    "There is no network now. I have kept your question and will ask when there is one.",
    "现在没有网络，问题已留存，联网后再问。",
)
_ASKS = Words(
    "That needs {endpoint}, and you have not agreed to that yet: `edgewise consent grant"
    " {endpoint}` or the page's switch.",
    "这需要发给 {endpoint}，您还没有同意：可在页面上同意，或运行"
    " edgewise consent grant {endpoint}。",
)
_REFUSED = Words("I can not answer that: {why}.", "这个问题无法回答：{why}。")
