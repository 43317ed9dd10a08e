"""A session: what one conversation remembers between turns.

It holds the last exchanges with their labels, the one pending approval, what the last change can be
undone to, and the order of turns. It stores nothing outside the process by itself: `to_json` and
`from_json` are for whoever keeps it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from msgspec import Struct

from edgewise.act.perform import shows
from edgewise.agent.acting import Ledger
from edgewise.agent.asked import Asked
from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.pending import Pending, is_closed, to_do, to_send, told_in
from edgewise.agent.repeats import Earlier
from edgewise.answer.answer import Outcome, Reply
from edgewise.core.call import Call, Missing, Status
from edgewise.core.clock import Clock
from edgewise.core.label import OWNER, Label, Residency, is_stricter, join
from edgewise.core.message import PERSONAL, Approval, Message, Request, Speaker
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.thought import Context, Exchange, Thought
from edgewise.core.words import Words

MAX_EXCHANGES = 8

_RECALLED = Label(residency=Residency.DEVICE)
"""Of words that tell what the device did: no cloud is told of that."""
_IN_DIALOGUE = (Status.ASKED, Status.MISSING)


class MadeOf(Struct, frozen=True):
    """What an answer's words are made of: the label of the earlier ones that whoever wrote them was
    told, the clouds that may have the exchange (`Exchange.clouds`), fewer than might have had its
    question if so. `stock`: they are a phrase of the device's, and made of nothing."""

    label: Label = Label()
    clouds: tuple[str, ...] = ()
    narrowed: bool = False
    stock: bool = False


_NOTHING = MadeOf(stock=True)


class Undo(Struct, frozen=True):
    """What the last change was and the values before it."""

    capability: str
    before: dict[str, JsonValue]


class _Kept(Struct, frozen=True):
    exchanges: tuple[Exchange, ...] = ()
    pending: Pending | None = None
    undo: Undo | None = None
    awaiting: Call | None = None
    last_answer: str = ""
    last_label: Label = Label()


@dataclass(slots=True)
class Session:
    """The memory of one conversation; its turns run one after another, in order of arrival.

    The next turn begins as soon as only motors are waited for in the one before: a command is not
    held back, and would grow too old (rule 36), because a roof takes its time. `interrupted`: the
    turn that runs now cut another one short.
    """

    name: str
    exchanges: tuple[Exchange, ...] = ()
    pending: Pending | None = None
    undo: Undo | None = None
    awaiting: Call | None = None
    last_answer: str = ""
    last_label: Label = field(default_factory=Label)
    last_way: str = ""
    earlier: tuple[Earlier, ...] = ()
    interrupted: bool = False
    _order: asyncio.Lock = field(default_factory=asyncio.Lock)
    _running: str = ""
    _begun: list[str] = field(default_factory=list[str])
    _moving: dict[str, tuple[Exchange, asyncio.Event]] = field(
        default_factory=dict[str, tuple[Exchange, asyncio.Event]]
    )
    """Turns that only wait for motors, with what is remembered of them until they end."""
    _undo_of: str = ""
    _asked: tuple[str, Asked] | None = None
    """The approval that a question waits for, and its words: in memory alone (`asked.py`)."""

    @asynccontextmanager
    async def in_order(self, turn: str) -> AsyncGenerator[None, None]:
        """Hold the session's order from its turn on to its end, or `let_next_begin`."""
        await self._order.acquire()
        self._running = turn
        self._begun = [*self._begun, turn][-MAX_EXCHANGES:]
        try:
            yield
        finally:
            self._let_go(turn)
            if turn in self._moving:
                self._moving.pop(turn)[1].set()

    def let_next_begin(self, turn: str, message: Message, thought: Thought, ledger: Ledger) -> None:
        """Let the next turn begin if only motors are waited for, and nothing is asked."""
        if self._running != turn or not ledger.moving or ledger.pending or ledger.missing:
            return
        before = Exchange(message.text, thought.calls, "", message.label)
        self.awaiting = None
        self.exchanges = (*self.exchanges, before)[-MAX_EXCHANGES:]
        self._moving[turn] = (before, asyncio.Event())
        self._let_go(turn)

    def _let_go(self, turn: str) -> None:
        if self._running == turn:
            self._running = ""
            self._order.release()

    async def settled_for(self, thought: Thought) -> None:
        """Wait for the motors of earlier turns where `thought` is about what they did: undoing and
        repeating."""
        if any(
            call.capability == "dialog.control"
            and call.arguments.get("action") in ("undo", "repeat")
            for call in thought.calls
        ):
            for _, ended in list(self._moving.values()):
                await ended.wait()

    def _remember(self, turn: str, exchange: Exchange) -> None:
        if turn in self._moving:
            before, _ = self._moving[turn]
            self.exchanges = tuple(exchange if e is before else e for e in self.exchanges)
        else:
            self.exchanges = (*self.exchanges, exchange)[-MAX_EXCHANGES:]
        self.last_answer = exchange.answer
        self.last_label = exchange.label

    def hear(self, message: Message, answer: str, drawn: Label, recipient: str = "") -> None:
        """Remember an answer that came after its turn, made of what is labelled `drawn`, from the
        cloud that is that `recipient`."""
        late = _exchange(message, (), answer, Label(), MadeOf(drawn, clouds=(recipient,)))
        self.exchanges = (*self.exchanges, late)[-MAX_EXCHANGES:]

    def forget(self) -> None:
        """Forget what was said; what is asked and what can be undone stay. A question that waits
        for a yes to send it is words that were said, so it goes."""
        self.exchanges, self.last_answer, self.last_label = (), "", Label()
        self.earlier, self._asked = (), None
        if self.pending is not None and self.pending.leaving is not None:
            self.pending = None

    def resumed_by(self, request: Request) -> str:
        """The turn whose pending request this approval answers, or an empty string."""
        pending = self.pending
        wanted = request.approval.id if request.approval else ""
        return pending.turn if pending and pending.approval == wanted else ""

    def close(
        self,
        turn: str,
        outcome: Outcome,
        ledger: Ledger,
        reply: Reply,
        clock: Clock,
        answered: Pending | None = None,
        made: MadeOf = _NOTHING,
    ) -> Pending | None:
        """Remember the turn; the request for approval it leaves open, if it leaves one. `answered`
        is the one that the turn was a yes to, `made` what the words of a model or a document are
        made of; without such words the answer is a phrase of the device's (`Exchange.stock`)."""
        message, thought = outcome.message, outcome.thought
        if turn not in self._moving:
            self.awaiting = _asked_for(*ledger.missing[-1]) if ledger.missing else None
        if thought.fixed != "overheard":
            done = join(r.label for r in ledger.results if r.label)
            if reply.private:
                done = join([done, Label(readers=OWNER)])
            if thought.recalls:
                drawn = join([made.label, _RECALLED, *(one.label for one in self.exchanges)])
                made = msgspec.structs.replace(made, label=drawn)
            self._remember(turn, _exchange(message, thought.calls, reply.text, done, made))
        if ledger.pending:
            by_person = message.speaker.channel in PERSONAL and not ledger.by_program
            foreign = answered.by_program if answered else not by_person
            self.pending = to_do(turn, ledger.pending, message.speaker, clock, by_program=foreign)
            return self.pending
        return None

    def ask_to_send(self, turn: str, asked: Asked, clock: Clock) -> Pending:
        """Let the question of `turn` wait for a yes to what would leave."""
        self.pending = to_send(turn, asked, clock)
        self._asked = (self.pending.approval, asked)
        return self.pending

    def asked_by(self, pending: Pending) -> Asked | None:
        """The words that `pending` asks to send; `None` when another process had them."""
        approval, asked = self._asked or ("", None)
        return asked if approval == pending.approval else None

    def note_changes(self, turn: str, ledger: Ledger) -> None:
        """Keep what the turn's changes can be undone to: of each target the value before them all.
        A turn that ends behind a later one leaves that one's.

        A turn that changed anything else, or was to change something and changed nothing (it was
        so already, it failed, it was refused), leaves nothing to undo: undoing something older
        than the last command would surprise.
        """
        tried = any(result.status not in _IN_DIALOGUE for result in ledger.undoable)
        if not ledger.changed and not ledger.cut_off and not tried:
            return
        if turn in self._begun and self._undo_of in self._begun[self._begun.index(turn) + 1 :]:
            return
        self._undo_of = turn
        before: dict[str, JsonValue] = {}
        for result in ledger.undoable:
            for target in result.changed:
                before.setdefault(target, result.before.get(target))
        before = {t: v for t, v in before.items() if not shows(ledger.changed.get(t), v)}
        names = ",".join(result.capability for result in ledger.undoable if result.changed)
        self.undo = Undo(names, before) if before and not ledger.cut_off else None

    def take_pending(
        self, approval: Approval | None, speaker: Speaker, clock: Clock
    ) -> Pending | Words:
        """The pending request that a yes is for, taken out so that it works once; or why not.

        `approval` is `None` for a spoken yes. A yes from another zone, too late, or to other
        content than was shown is refused, and the request stays void (rules 31 and 32).
        """
        pending, self.pending = self.pending, None
        if pending is None:
            return _NOTHING_PENDING
        if is_closed(pending, clock):
            return _TOO_LATE
        if approval is None and pending.by_program:
            self.pending = pending
            return _BY_PROGRAM
        if pending.zone is not None and speaker.zone is not pending.zone:
            self.pending = pending
            return _WRONG_ZONE
        if approval is not None and (
            approval.id != pending.approval or approval.payload_hash != pending.payload_hash
        ):
            return _OTHER_CONTENT
        return pending

    def withdraw(self, turn: str) -> bool:
        """Take back the question of a turn, which nobody was shown; whether there was one."""
        found = self.pending is not None and self.pending.turn == turn
        if found:
            self.pending = None
        return found

    def told_in(self, turn: str, left_s: float, clock: Clock) -> None:
        """The question of a turn, if it waits still, is spoken to its end in `left_s`."""
        if self.pending is not None and self.pending.turn == turn:
            self.pending = told_in(self.pending, left_s, clock)

    def asks(self, clock: Clock) -> bool:
        """Whether a question of it is still open."""
        pending = self.pending
        return pending is not None and not is_closed(pending, clock)

    def to_json(self) -> bytes:
        """All that the session remembers, as JSON."""
        pending = self.pending and msgspec.structs.replace(self.pending, until=None, asked_s=None)
        return msgspec.json.encode(
            _Kept(
                self.exchanges,
                pending,
                self.undo,
                self.awaiting,
                self.last_answer,
                self.last_label,
            )
        )

    def restore(self, kept: bytes) -> None:
        """Remember what `to_json` wrote. Raises msgspec.MsgspecError for anything else."""
        k = msgspec.json.decode(kept, type=_Kept)
        self.exchanges, self.pending, self.undo = k.exchanges, k.pending, k.undo
        self.awaiting, self.last_answer, self.last_label = k.awaiting, k.last_answer, k.last_label


def context_of(session: Session, message: Message, home: Home, mark: Marker) -> Context:
    """What thinking may know in this session besides the message."""
    local = datetime.fromtimestamp(home.clock.now())
    return Context(
        language=message.language,
        speaker=message.speaker,
        label=message.label,
        exchanges=session.exchanges,
        awaiting=session.awaiting,
        names=dict(home.names()),
        now=local.isoformat(timespec="seconds"),
        turn=mark.turn,
        asked_at=mark.arrived,
        interrupts=session.interrupted,
        region=home.region,
    )


def readings_of(session: Session, message: Message, now: float) -> dict[str, Reading]:
    """What functions may read of the session: `session.undo`, `last_answer`, `zone`, `language`."""
    values: dict[str, JsonValue] = {
        "session.zone": message.speaker.zone,
        "session.language": message.language,
    }
    if session.undo is not None:
        values["session.undo"] = msgspec.to_builtins(session.undo)
    readings = {target: Reading(value, now) for target, value in values.items()}
    readings["session.last_answer"] = Reading(session.last_answer, now, label=session.last_label)
    return readings


def from_json(name: str, kept: bytes) -> Session:
    """The session that `to_json` wrote. Raises msgspec.MsgspecError for anything else."""
    session = Session(name)
    session.restore(kept)
    return session


def _exchange(
    message: Message, calls: tuple[Call, ...], answer: str, done: Label, made: MadeOf
) -> Exchange:
    """What is remembered of a turn: its answer is made of the message, of what was done, and of
    the earlier words that whoever gave it was told."""
    derived = made.narrowed or is_stricter(made.label, message.label)
    label = join([message.label, done, made.label])
    return Exchange(message.text, calls, answer, label, derived, made.stock, made.clouds)


def _asked_for(call: Call, missing: Missing) -> Call:
    return msgspec.structs.replace(call, asked=(*call.asked, missing.argument))


_NOTHING_PENDING = Words("There is nothing waiting for your yes", "现在没有等待确认的操作")
_BY_PROGRAM = Words(
    "What waits was asked by a program, not by you; please look at it and press yes there.",
    "正在等待确认的是程序发起的操作，请在屏幕上查看后再确认。",
)
_TOO_LATE = Words(
    "That question is no longer open; please ask again", "这次确认已超时，请重新说一遍"
)
_WRONG_ZONE = Words("The yes must come from the person I asked", "需要由我询问的那位乘员来确认")
_OTHER_CONTENT = Words(
    "The yes was for something else, so I did nothing", "确认的内容与待办不一致，我没有执行"
)
