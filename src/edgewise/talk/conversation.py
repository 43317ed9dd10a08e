"""A conversation by sound: who speaks, what was said, who answers, and who is interrupted.

Everything that comes from outside goes through one inbox in order, sound and orders alike; what
comes of it goes out by `telling.py`. Several conversations share ears, voice and mind, and nothing
else. It does not know what an answer does, nor how words are recognised.

A person who speaks while an answer is played ends it, at once or (`Turns.pauses`) as soon as the
sound is longer than a noise: until then it is held. While an answer is only thought about, sound of
it is held back as long as the person speaks; words said then end it if nothing was begun for it
yet, and both are answered together, for a turn may have been taken as over too soon. What was begun
is never asked again, nor cut off: such an answer falls silent and ends, then the words said behind
it are answered. Urgent words end any answer.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable

from edgewise.answer.speak import Voice
from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError, UserError
from edgewise.perceive.hear import Ears, Heard
from edgewise.talk.attending import Attending, Turn
from edgewise.talk.backchannel import is_backchannel
from edgewise.talk.events import Ended, Failed, ItemAdded, ItemDeleted, TalkEvent, Who
from edgewise.talk.item import Item
from edgewise.talk.listening import Activity
from edgewise.talk.mind import Mind, Question
from edgewise.talk.own_voice import Echo, OwnVoice
from edgewise.talk.patience import Patience
from edgewise.talk.remembering import Memory
from edgewise.talk.replying import Replying
from edgewise.talk.settings import Settings
from edgewise.talk.speaking import Answering
from edgewise.talk.talk import Aside
from edgewise.talk.telling import Telling
from edgewise.talk.waking import Waking

_log = logging.getLogger("edgewise.talk")

TOGETHER_MS = 3000
"""Between two pieces of one request."""
SLICE_BYTES = 16_384
"""Of sound that is looked at before others have their turn: half a second."""
MOST_WAITING = 4096
"""Orders and slices of sound in the inbox."""


class Conversation:
    """One conversation; implements `Talk`. For one event loop; close it in the end."""

    def __init__(
        self,
        ears: Ears,
        voice: Voice | None,
        mind: Mind,
        clock: Clock,
        settings: Settings,
        *,
        activity: Activity,
        waking: Waking | None = None,
        echo: Echo | None = None,
    ) -> None:
        """`echo` is for a microphone that hears the loudspeaker, where nothing cancels that."""
        own_voice = OwnVoice(echo) if echo is not None else None
        self._mind = mind
        self._clock = clock
        self._waking = waking
        self._newest = settings
        self._settings = settings
        self._memory = Memory()
        self._telling = Telling()
        self._replying = Replying(
            mind, voice, clock, self._telling, self._memory, self._reply_ended, own_voice
        )
        self._attending = Attending(
            ears, clock, self._telling, self._memory, self, activity, waking, own_voice, settings
        )
        self._patience = Patience()
        self._inbox: asyncio.Queue[Callable[[], None]] = asyncio.Queue()
        self._asked: tuple[str, ...] = ()
        self._owes_reply = False
        self._work = asyncio.create_task(self._work_off())

    @property
    def settings(self) -> Settings:
        """As they were configured last."""
        return self._newest

    @property
    def items(self) -> tuple[Item, ...]:
        """All that is remembered."""
        return self._memory.items

    def configure(self, settings: Settings) -> None:
        """See `Talk`."""
        if not settings.wake or self._waking is not None:
            self._newest = settings
        self._try(lambda: self._configure(settings), "")

    def hear(self, data: bytes) -> None:
        """See `Talk`."""
        waits = self._attending.is_quiet and not self._replying.is_busy
        self._look_at(self._patience.feed(data, waits=waits))

    def commit(self, cause: str = "") -> None:
        """See `Talk`."""
        self._look_at(self._patience.rest())
        self._try(self._attending.commit, cause)

    def clear(self) -> None:
        """See `Talk`."""
        self._look_at(self._patience.rest())
        self._order(self._attending.clear)

    def add(self, item: Item, previous: str | None = None, cause: str = "") -> None:
        """See `Talk`."""
        self._try(lambda: self._add(item, previous), cause)

    def delete(self, item: str, cause: str = "") -> None:
        """See `Talk`."""
        self._try(lambda: self._delete(item), cause)

    def reply(
        self, settings: Settings | None = None, cause: str = "", aside: Aside | None = None
    ) -> None:
        """See `Talk`."""
        self._try(lambda: self._reply_now(settings or self._settings, cause, aside), cause)

    def cancel(self, reply: str = "", cause: str = "") -> None:
        """See `Talk`."""
        self._try(lambda: self._cancel(reply), cause)

    def truncate(self, item: str, heard_ms: int, cause: str = "") -> None:
        """See `Talk`."""
        self._try(lambda: self._replying.truncate(item, heard_ms), cause)

    def events(self) -> AsyncGenerator[TalkEvent, None]:
        """See `Talk`."""
        return self._telling.read()

    async def close(self) -> None:
        """See `Talk`."""
        self._telling.end()
        self._work.cancel()
        await self._attending.close()
        await self._replying.close()
        await asyncio.gather(self._work, return_exceptions=True)

    def _try(self, order: Callable[[], None], cause: str) -> None:
        def told() -> None:
            try:
                order()
            except UserError as error:
                self._telling.tell(Failed(error.code, str(error), cause))

        self._order(told)

    def _order(self, order: Callable[[], None]) -> None:
        if self._inbox.qsize() >= MOST_WAITING:
            told = f"{MOST_WAITING:,} orders wait; the conversation ends, send more slowly"
            self._telling.tell(Failed("talk_overrun", told))
            self._telling.end()
        if not self._telling.ended:
            self._inbox.put_nowait(order)

    async def _work_off(self) -> None:
        while True:
            order = await self._inbox.get()
            try:
                order()
            except EdgewiseError as error:
                self._telling.tell(Failed(error.code, str(error)))
            except Exception:  # noqa: BLE001 - the outermost loop of a conversation: it must end
                _log.exception("a conversation ended by a fault in Edgewise")
                told = "something in Edgewise failed; the log has the details"
                self._telling.tell(Failed("internal", told))
                self._telling.end()
                return
            await asyncio.sleep(0)

    # Orders

    def _look_at(self, data: bytes) -> None:
        for begin in range(0, len(data), SLICE_BYTES):
            part = data[begin : begin + SLICE_BYTES]
            self._order(lambda part=part: self._attending.hear(part))

    def _configure(self, settings: Settings) -> None:
        self._attending.configure(settings)
        self._settings = settings

    def _add(self, item: Item, previous: str | None) -> None:
        behind = self._memory.add(item, previous)
        self._telling.tell(ItemAdded(item.id, behind))
        self._memory.drop_oldest(self._telling)

    def _delete(self, item: str) -> None:
        self._memory.delete(item)
        self._telling.tell(ItemDeleted(item))

    def _reply_now(self, settings: Settings, cause: str, aside: Aside | None) -> None:
        """As the client wants it."""
        self._asked = ()
        self._reply(settings, cause, aside)

    def _reply(self, settings: Settings, cause: str = "", aside: Aside | None = None) -> None:
        self._owes_reply = False
        items = aside.items if aside is not None else None
        keeps = aside is None or aside.keeps
        self._replying.begin(settings, lambda: self._question(settings, items), cause, keeps=keeps)

    def _cancel(self, reply: str) -> None:
        current = self._replying.current
        if current is None or reply not in ("", current.reply):
            told = f"no answer {reply!r} is in progress" if reply else "no answer is in progress"
            raise UserError(told, code="no_active_reply")
        self._owes_reply = False
        self._replying.cut(Ended.CANCELLED)

    async def _question(self, settings: Settings, items: tuple[Item, ...] | None) -> Question:
        """What there is to answer, when all that was said is known; `items` instead, if given."""
        await self._attending.all_words()
        items = self._memory.items if items is None else items
        said = next((item for item in reversed(items) if item.who is Who.PERSON), None)
        language = settings.language or (said.language if said is not None else None)
        return Question(
            items=items,
            language=language or Language.ENGLISH,
            asked=self._asked,
            zone=settings.zone,
            instructions=settings.instructions,
            tools=settings.tools,
            tool_choice=settings.tool_choice,
            by_sound=said is not None and said.by_sound,
            most_tokens=settings.most_tokens,
            temperature=settings.temperature,
        )

    # The floor (see `Floor`)

    def begins(self, turn: Turn) -> None:
        """Hold what is heard of an answer, or end it at once."""
        if not self._settings.turns.interrupts:
            return
        if self._replying.audible is None:
            self._replying.hold()
        elif self._settings.turns.pauses:
            self._replying.pause()
        else:
            self._interrupt()

    def insists(self, turn: Turn) -> None:
        """End what is heard of an answer."""
        if self._settings.turns.interrupts and self._replying.is_heard:
            self._interrupt()

    def dropped(self) -> None:
        """Go on."""
        self._replying.release()

    async def said(self, turn: Turn, heard: Heard) -> None:
        """Answer, now or behind the answer in progress."""
        is_said = bool(heard.text)
        asked = (turn.item,)
        if is_said and await self._mind.is_urgent(heard.text):
            self._owes_reply = False
            self._replying.cut(Ended.INTERRUPTED)
        elif is_said and self._settings.turns.interrupts and self._replying.is_busy:
            if is_backchannel(heard.text):
                is_said = False
            else:
                asked = self._cut_in(turn)
        if self._attending.turn is None:
            self._replying.release()
        if is_said and self._settings.turns.replies:
            self._asked = asked
            if self._replying.current is None:
                self._reply(self._settings)
            else:
                self._owes_reply = True

    def _cut_in(self, turn: Turn) -> tuple[str, ...]:
        """End the answer in progress unless something was begun for it; the items that are to be
        answered together now."""
        current = self._replying.current
        is_begun = current is None or current.has_acted or current.playing.has_sound
        goes_on = not is_begun and turn.after_ms <= TOGETHER_MS
        if current is None or not current.has_acted:
            self._owes_reply = False
            self._replying.cut(Ended.INTERRUPTED)
        return (*self._asked, turn.item) if goes_on else (turn.item,)

    def _interrupt(self) -> None:
        current = self._replying.current
        if current is not None and current.is_acting:
            self._replying.mute()
        else:
            self._owes_reply = False
            self._replying.cut(Ended.INTERRUPTED)
        self._replying.release()

    def _reply_ended(self, answering: Answering) -> None:
        if answering.awaits:
            self._attending.stay_awake(answering.playing.left_s(self._clock.monotonic()))
        if self._owes_reply and not self._telling.ended:
            self._reply(self._settings)
