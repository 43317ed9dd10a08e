"""The agent: takes requests, runs their turns in order, records them, and ends what must end.

Turns of one session run one after another; sessions do not wait for each other. A turn that fails
or takes too long ends in `Stopped` with a reason, never in silence. "Stop" does not queue: it ends
the turns of its session first.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass

from edgewise.act.cedar import Policy
from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue
from edgewise.agent.correction import correct
from edgewise.agent.home import Home
from edgewise.agent.judgement import judge
from edgewise.agent.late import Late, ask_late, tell_late
from edgewise.agent.marker import Marker
from edgewise.agent.session import Session
from edgewise.agent.session_files import SessionFiles
from edgewise.agent.sessions import Sessions
from edgewise.agent.trail import Trail
from edgewise.agent.turn import turn as events_of
from edgewise.core.event import (
    Answered,
    CallFinished,
    Corrected,
    End,
    Event,
    Judged,
    NeedsApproval,
    Stopped,
    Understood,
)
from edgewise.core.label import Label
from edgewise.core.message import Message, Proposal, Request, Speaker
from edgewise.core.part import ImagePart
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Urgency
from edgewise.core.words import Language, Words
from edgewise.errors import DeviceError, EdgewiseError, UserError
from edgewise.perceive.perceive import language_of

_log = logging.getLogger("edgewise.agent")

TURN_DEADLINE_S = 60.0
MAX_WAIT_S = 30.0
"""A turn that waited longer for the ones before it is dropped whole: no command lives longer (rule
36). A call that lives shorter, as all of the car's do, is dropped by itself (`act/perform.py`)."""
MAX_WAITING = 16
"""Turns of one session that may wait for each other; one more is refused."""


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[None]
    session: str


class Agent:
    """The one entrance for requests, whoever brings them: command line, page, API, MCP."""

    def __init__(
        self,
        home: Home,
        trail: Trail,
        *,
        files: SessionFiles | None = None,
        deadline_s: float = TURN_DEADLINE_S,
    ) -> None:
        self.home = home
        self._trail = trail
        self._files = files
        self._deadline_s = deadline_s
        self._sessions = Sessions(home.clock, files)
        self._running: dict[str, _Running] = {}

    @property
    def catalogue(self) -> Catalogue:
        """What the device can do."""
        return self.home.catalogue

    @property
    def policy(self) -> Policy:
        """What the device may do."""
        return self.home.policy

    @property
    def drivers(self) -> Drivers:
        """Where effects land."""
        return self.home.drivers

    async def run(self, request: Request) -> AsyncGenerator[Event, None]:
        """The events of one turn; closing the stream early cancels the turn."""
        heard = bool(request.parts) and request.addressed
        urgency = self.home.mind.urgency(request.text) if heard else Urgency.WAITS
        interrupted = urgency is Urgency.STOPS and await self._interrupt(request.session)
        session = self._session(request, urgent=urgency is not Urgency.WAITS)
        mark = Marker(_new_turn_id(), self.home.clock)
        events: asyncio.Queue[Event] = asyncio.Queue()
        task = asyncio.create_task(
            self._drive(request, session, mark, events, urgency, interrupted=interrupted)
        )
        self._running[mark.turn] = _Running(task, session.name)

        def never_began(ended: asyncio.Task[None]) -> None:
            """A turn cancelled before its first step has nobody else to tell that it is over."""
            if ended.cancelled():
                language = self._language_for(request)
                events.put_nowait(_stopped(mark, language, "cancelled", _CANCELLED, {}))

        task.add_done_callback(never_began)
        asked = False
        try:
            while True:
                event = await events.get()
                asked = isinstance(event, NeedsApproval)
                yield event
                if isinstance(event, Answered | NeedsApproval | Stopped):
                    return
        finally:
            task.cancel()
            task.add_done_callback(lambda _: self._running.pop(mark.turn, None))
            await asyncio.wait([task])  # whose reader is cancelled meanwhile stays cancelled
            if not asked and session.withdraw(mark.turn):
                self._keep(session)
            self.home.forget_pictures(
                [part for part in request.parts if isinstance(part, ImagePart)]
            )

    def run_call(
        self,
        call_name: str,
        arguments: dict[str, JsonValue],
        session: str,
        speaker: Speaker,
        language: Language | None = None,
        *,
        label: Label | None = None,
        age_s: float = 0.0,
    ) -> AsyncGenerator[Event, None]:
        """The turn of a call that a program names outright; it is judged like any other. `label`
        and `age_s` are those of `Proposal`."""
        return self.run(
            Request(
                parts=(),
                session=session,
                speaker=speaker,
                language=language,
                proposal=Proposal(call_name, arguments, label, age_s),
            )
        )

    def is_urgent(self, text: str) -> bool:
        """Whether `text` is of the words that wait for nothing: "stop", an emergency call."""
        return self.home.mind.urgency(text) is not Urgency.WAITS

    async def settle(self, within_s: float) -> None:
        """Wait until no turn runs, but no longer than that."""
        if tasks := [running.task for running in self._running.values()]:
            await asyncio.wait(tasks, timeout=within_s)

    async def cancel(self, turn: str) -> bool:
        """End a running turn; whether there was one."""
        running = self._running.get(turn)
        if running is None or running.task.done():
            return False
        running.task.cancel()
        return True

    def told_in(self, session: str, turn: str, left_s: float) -> None:
        """The question of a turn is spoken to its end in `left_s`: the time for its yes begins
        then, within bounds (`pending.py`)."""
        if (asking := self._asking(session, turn)) is not None:
            asking.told_in(turn, left_s, self.home.clock)
            self._keep(asking)

    def withdraw(self, session: str, turn: str) -> None:
        """The question of a turn was not spoken to its end: nothing waits for its yes any more."""
        if (asking := self._asking(session, turn)) is not None and asking.withdraw(turn):
            self._keep(asking)

    def _asking(self, name: str, turn: str) -> Session | None:
        """The session in which the question of a turn waits still, for its other agents too."""
        session = self._sessions.known(name)
        if session is None or self._files is None:
            return session
        kept = self._files.load(name).pending
        return session if kept is not None and kept.turn == turn else None

    async def ask_late(self, late: Late) -> AsyncGenerator[Event, None]:
        """Ask now what waited: a turn of its own, recorded as it goes. Its session learns of the
        answer. Raises DeviceError, before anything leaves, where it can not be recorded."""
        reach = self.home.reach
        if reach is None:
            raise UserError("no cloud is set up: add a [[cloud]] to config.toml", code="no_cloud")
        mark = Marker(_new_turn_id(), self.home.clock)
        async with aclosing(ask_late(late, self.home, reach, mark)) as events:
            async for event in events:
                self._trail.append(event)
                if isinstance(event, Answered) and late.session in self._sessions:
                    channel = late.message.speaker.channel
                    session = self._sessions.find(late.session, channel)
                    outgoing = late.outgoing
                    session.hear(late.message, event.text, outgoing.label, outgoing.recipient)
                yield event

    def tell_late(
        self, session: str, turn: str, message: Message, words: Words, source: str = ""
    ) -> list[Event]:
        """Tell what came of a question that waited; the recorded events of a turn of its own."""
        mark = Marker(_new_turn_id(), self.home.clock)
        events = list(tell_late(session, turn, message, words, source, self.home, mark))
        for event in events:
            self._trail.append(event)
        return events

    async def trail(self, turn: str) -> list[Event] | None:
        """The recorded events of a turn, or `None`."""
        with suppress(UserError):
            return self._trail.read(turn)
        return None

    async def after(self, turn: str) -> dict[str, list[Event]]:
        """The recorded turns that went on with `turn`, in order."""
        return self._trail.after(turn)

    async def correct(self, turn: str, session: str, meant: str) -> Corrected | None:
        """Keep that the words of a turn of `session` meant `meant`; nothing is done by it.

        `None` where the session has no such turn. Raises UserError for one that still runs or in
        which no words were understood, DeviceError when the disk does not take it.
        """
        events = await self.trail(turn) if self._trail.is_of(turn, session) else None
        if not events:
            return None
        if turn in self._running and not isinstance(events[-1], End):
            raise UserError(f"turn {turn!r} still runs; wait for its end", code="turn_running")
        before = self._trail.correction(turn)
        if before is not None and before.meant == meant:
            return before
        said = correct(events, meant, self.catalogue, at=self.home.clock.now(), before=before)
        self._trail.append(said)
        return self._trail.correction(turn)

    async def correction(self, turn: str) -> Corrected | None:
        """What was said last of a turn after it, as the trail keeps it."""
        return self._trail.correction(turn)

    async def judge(self, turn: str, session: str, *, good: bool) -> Judged | None:
        """Keep that a turn's answer was good or bad; nothing is done by it.

        `None` where the session has no such turn. Raises UserError for one that has no answer,
        DeviceError when the disk does not take it.
        """
        if not self._trail.is_of(turn, session):
            return None
        return judge(self._trail, turn, good=good, at=self.home.clock.now())

    async def judgement(self, turn: str) -> Judged | None:
        """What was said last that a turn's answer was worth."""
        return self._trail.judgement(turn)

    async def recent(self, limit: int) -> list[str]:
        """The ids of the newest recorded turns, newest first."""
        return [summary.turn for summary in self._trail.recent(limit)]

    def forget(self) -> None:
        """Forget what was said in all sessions; what runs and what is asked go on (rule P10)."""
        self._sessions.forget()

    async def close(self) -> None:
        """End all turns, the models and the trail."""
        for running in list(self._running.values()):
            running.task.cancel()
        tasks = [running.task for running in self._running.values()]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.home.mind.close()
        self._trail.close()

    async def _drive(
        self,
        request: Request,
        session: Session,
        mark: Marker,
        events: asyncio.Queue[Event],
        urgency: Urgency,
        *,
        interrupted: bool,
    ) -> None:
        changed: dict[str, JsonValue] = {}
        try:
            async with (
                asyncio.timeout(self._deadline_s) as deadline,
                self._turn_of(session, mark.turn, urgency),
            ):
                if self.home.clock.monotonic() - mark.arrived > _longest_wait_s(request):
                    raise UserError("the turn before took too long", code="expired")
                deadline.reschedule(asyncio.get_running_loop().time() + self._deadline_s)
                mark.restart()
                session.interrupted = interrupted
                async for event in events_of(request, self.home, session, mark):
                    if isinstance(event, CallFinished):
                        changed.update(event.result.changed)
                    self._record(event, must=urgency is Urgency.WAITS)
                    events.put_nowait(event)
                    if isinstance(event, Understood):
                        self._keep(session)
                self._keep(session)
            return
        except asyncio.CancelledError:
            code, words = "cancelled", _CANCELLED
        except TimeoutError:
            code, words = "timed_out", _TIMED_OUT
        except EdgewiseError as error:
            code, words = error.code, _words_of(error)
        except Exception:  # noqa: BLE001 - the outermost loop of a turn: a fault must end it
            _log.exception("turn %s ended by a fault in Edgewise", mark.turn)
            code, words = "internal", _INTERNAL
        stopped = _stopped(mark, self._language_for(request), code, words, changed)
        with suppress(DeviceError):
            self._trail.append(stopped)
        events.put_nowait(stopped)

    def _language_for(self, request: Request) -> Language:
        return request.language or language_of(request.text, self.home.language)

    def _record(self, event: Event, *, must: bool) -> None:
        """Append to the trail; what is urgent acts even when that fails (rules 4, 42, 44)."""
        try:
            self._trail.append(event)
        except DeviceError:
            if must:
                raise
            _log.exception("turn %s goes on without its trail", event.turn)

    @asynccontextmanager
    async def _turn_of(
        self, session: Session, turn: str, urgency: Urgency
    ) -> AsyncGenerator[None, None]:
        """The session's turn; what is urgent does not wait for it. A session kept in a file is held
        against other processes and read again."""
        if urgency is not Urgency.WAITS:
            yield
            return
        async with session.in_order(turn):
            if self._files is None:
                yield
                return
            async with self._files.held(session):
                yield

    def _keep(self, session: Session) -> None:
        if self._files is not None:
            self._files.save(session)

    async def _interrupt(self, session: str) -> bool:
        """End the session's running turns; whether there were any."""
        tasks = [r.task for r in self._running.values() if r.session == session]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return bool(tasks)

    def _session(self, request: Request, *, urgent: bool) -> Session:
        name = request.session
        sessions = [running.session for running in self._running.values()]
        if (waiting := sessions.count(name)) >= MAX_WAITING and not urgent:
            raise UserError(
                f"session {name!r} already has {waiting} turns waiting, the limit is"
                f" {MAX_WAITING}; wait for one to end",
                code="too_many_turns",
            )
        return self._sessions.find(name, request.speaker.channel, sessions)


def _longest_wait_s(request: Request) -> float:
    """How long the turn may wait for those before it; past its own deadline it is of no use."""
    return MAX_WAIT_S if request.deadline_s is None else min(MAX_WAIT_S, request.deadline_s)


def _stopped(
    mark: Marker, language: Language, code: str, words: Words, changed: dict[str, JsonValue]
) -> Stopped:
    return mark(
        Stopped,
        code=code,
        words=words,
        text=words.said_in(language),
        changed=changed,
        took_ms=mark.total_ms(),
    )


def _new_turn_id() -> str:
    return f"t{time.time_ns() // 1_000_000:x}{secrets.token_hex(3)}"


def _words_of(error: EdgewiseError) -> Words:
    return Words(str(error), _CHINESE.get(error.code, "出错了：{error}").format(error=error))


_CANCELLED = Words(
    "Stopped. What had already begun may still finish.", "已停止，已经开始的动作可能仍会完成。"
)
_TIMED_OUT = Words("That took too long, so I stopped.", "处理超时，已停止。")
_INTERNAL = Words(
    "Something in Edgewise failed; nothing more was done. The log has the details.",
    "Edgewise 内部出错，未再执行任何操作，详情见日志。",
)
_CHINESE = {
    "expired": "前一个操作太久，这条指令已作废，请再说一遍。",
    "text_too_long": "这段话太长了，请分几次说。（{error}）",
    "trail_unavailable": "无法写入运行记录，为安全起见没有执行。（{error}）",
}
