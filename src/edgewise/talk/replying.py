"""The answers of a conversation: one at a time, each begun, cut, held, ended and remembered.

What is remembered of an answer is what was heard of it. It decides nothing: who speaks when is
`conversation.py`'s.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from edgewise.answer.speak import Voice
from edgewise.core.clock import Clock
from edgewise.errors import UserError
from edgewise.talk.events import (
    Ended,
    ReplyEnded,
    ReplyPaused,
    ReplyResumed,
    ReplyStarted,
    Truncated,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.mind import Mind, Question
from edgewise.talk.own_voice import OwnVoices
from edgewise.talk.remembering import Memory, new_id
from edgewise.talk.settings import Settings
from edgewise.talk.speaking import Answering
from edgewise.talk.telling import Telling

_log = logging.getLogger("edgewise.talk")

PLAYED_KEPT = 16
"""Answers whose sound can still be truncated."""


class Replying:
    """The answers of one conversation; `on_end` is called behind each one's end."""

    def __init__(
        self,
        mind: Mind,
        voice: Voice | None,
        clock: Clock,
        telling: Telling,
        memory: Memory,
        on_end: Callable[[Answering], None],
        own_voice: OwnVoices | None = None,
    ) -> None:
        self._mind = mind
        self._voice = voice
        self._clock = clock
        self._telling = telling
        self._memory = memory
        self._on_end = on_end
        self._own_voice = own_voice or OwnVoices()
        self._tasks: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._played: OrderedDict[str, Answering] = OrderedDict()
        self._may_sound = asyncio.Event()
        self._may_sound.set()
        self.current: Answering | None = None

    @property
    def last(self) -> Answering | None:
        """The newest answer."""
        return next(reversed(self._played.values()), None)

    @property
    def audible(self) -> Answering | None:
        """The answer whose sound is played now, whether it has ended or not."""
        now = self._clock.monotonic()
        last = self.last
        return last if last is not None and last.playing.is_playing(now) else None

    @property
    def is_heard(self) -> bool:
        """Whether the sound of an answer is played, or held in the middle of it."""
        last = self.last
        return self.audible is not None or (last is not None and last.playing.is_held)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is in progress or heard."""
        return self.current is not None or self.is_heard

    def begin(
        self,
        settings: Settings,
        question: Callable[[], Awaitable[Question]],
        cause: str = "",
        *,
        keeps: bool = True,
    ) -> None:
        """Answer what `question` gives; not `keeps`: nothing of it is remembered. Raises UserError
        (`reply_active`)."""
        if self.current is not None:
            told = f"the answer {self.current.reply!r} is in progress; cancel it, or wait"
            raise UserError(told, code="reply_active")
        self._leave_behind()
        behind = self._memory.last

        def keep(item: Item) -> None:
            nonlocal behind
            if not keeps:
                return
            if behind and self._memory.find(behind) is None:
                behind = self._memory.last
            self._memory.add(item, behind)
            behind = item.id

        answering = Answering(
            new_id("resp"), new_id("item"), settings, self._mind, self._voice, self._clock,
            self._telling, self._may_sound, keep, lambda: new_id("item"), cause,
            played=self._own_voice.send,
        )  # fmt: skip
        self.current = answering
        self._played[answering.item] = answering
        while len(self._played) > PLAYED_KEPT:
            self._played.popitem(last=False)
        self._telling.tell(ReplyStarted(answering.reply, answering.item, behind, cause))
        task = asyncio.create_task(self._run(answering, question))
        self._task = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cut(self, ended: Ended) -> None:
        """End the answer in progress, or what is still played of the last one, at this moment."""
        now = self._clock.monotonic()
        if (current := self.current) is not None:
            if self._task is not None:
                self._task.cancel()
            self._end(current, ended)
        elif (audible := self.audible) is not None:
            self._truncate(audible, audible.playing.heard_s(now))

    def mute(self) -> None:
        """No more sound of the answer in progress, which goes on: what it began can not be cut."""
        if (current := self.current) is not None and not current.is_muted:
            current.is_muted = True
            self._truncate(current, current.playing.heard_s(self._clock.monotonic()))

    def hold(self) -> None:
        """No sound from here until `release`."""
        self._may_sound.clear()

    def pause(self) -> None:
        """Who plays is to hold."""
        self.hold()
        self._own_voice.hold()
        if (audible := self.audible) is not None:
            audible.playing.hold(self._clock.monotonic())
            self._telling.tell(ReplyPaused(audible.reply, audible.item))

    def release(self) -> None:
        """Sound may come again, and what was held is played on."""
        self._may_sound.set()
        self._own_voice.resume()
        last = self.last
        if last is not None and last.playing.is_held:
            last.playing.resume(self._clock.monotonic())
            if last.is_over:
                last.settle(self._clock.monotonic())
            self._telling.tell(ReplyResumed(last.reply, last.item))

    def truncate(self, item: str, heard_ms: int) -> None:
        """Only that much of an answer's sound was played. Raises UserError (`unknown_item`)."""
        answering = self._played.get(item)
        if answering is None:
            told = f"{item!r} is none of the last {PLAYED_KEPT} answers; name one of theirs"
            raise UserError(told, code="unknown_item")
        self._truncate(answering, min(max(0, heard_ms) / 1000, answering.playing.length_s))

    async def close(self) -> None:
        """End the answer in progress and wait until nothing works on any."""
        self.cut(Ended.CANCELLED)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _leave_behind(self) -> None:
        """What is said while a question is still spoken is no answer to it."""
        last, now = self.last, self._clock.monotonic()
        if last is not None and not last.playing.is_sent(now):
            last.drop()

    def _stop_playing(self, answering: Answering, heard_s: float) -> None:
        answering.playing.stop(heard_s)
        if answering is self.last:
            self._own_voice.stop()

    def _truncate(self, answering: Answering, heard_s: float) -> None:
        self._stop_playing(answering, heard_s)
        if answering.is_over:
            answering.settle(self._clock.monotonic())
            self._memory.retell(answering.item, answering.heard)
        self._telling.tell(Truncated(answering.item, round(heard_s * 1000)))

    async def _run(self, answering: Answering, question: Callable[[], Awaitable[Question]]) -> None:
        try:
            await answering.run(await question())
        except asyncio.CancelledError:
            self._end(answering, Ended.CANCELLED)
            raise
        except Exception:  # noqa: BLE001 - the outermost loop of an answer: a fault must end it
            _log.exception("answer %s ended by a fault in Edgewise", answering.reply)
            told = "something in Edgewise failed; the log has the details"
            self._end(answering, Ended.FAILED, "internal", told)
            return
        failure = answering.failure
        if failure is not None:
            self._end(answering, Ended.FAILED, failure.code, str(failure))
        else:
            is_cut = answering.counted.is_cut
            self._end(answering, Ended.INCOMPLETE if is_cut else Ended.COMPLETED)

    def _end(self, answering: Answering, ended: Ended, code: str = "", message: str = "") -> None:
        if answering.is_over:
            return
        answering.is_over = True
        if ended in (Ended.INTERRUPTED, Ended.CANCELLED):
            self._stop_playing(answering, answering.playing.heard_s(self._clock.monotonic()))
        if ended is Ended.COMPLETED:
            answering.settle(self._clock.monotonic())
        else:
            answering.drop()
        heard = answering.heard
        if heard or not answering.calls:
            answering.keep(Item(answering.item, Who.AGENT, heard, by_sound=answering.speaks))
        counted = answering.counted
        self._telling.tell(
            ReplyEnded(
                answering.reply, answering.item, ended, answering.text, heard, code, message,
                counted.input_tokens, counted.output_tokens,
            )
        )  # fmt: skip
        self._memory.drop_oldest(self._telling)
        if self.current is answering:
            self.current, self._task = None, None
            self._on_end(answering)
