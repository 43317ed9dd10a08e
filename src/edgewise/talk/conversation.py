"""A conversation by sound: who speaks, what was said, who answers, and who is interrupted.

Everything that comes from outside goes through one inbox in order, sound and orders alike; what
comes of it goes out by `telling.py`. Several conversations share ears, voice and mind, and nothing
else. It does not know what an answer does, nor how words are recognised.

A person who speaks while an answer is played ends it, at once or (`Turns.pauses`) as soon as the
sound is longer than a noise: until then it is held. While an answer is only thought about, sound of
it is held back as long as the person speaks; words said then end it if nothing was begun for it
yet, and both are answered together, for a turn may have been taken as over too soon. What was begun
is never asked again, nor cut off: such an answer falls silent and ends, then the words said behind
it are answered. What is said at another microphone, by another person then, is a request of its own
that waits for its turn. Urgent words end any answer.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial

from edgewise.answer.speak import Voice
from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.errors import EdgewiseError, UserError
from edgewise.perceive.hear import Ears, Heard
from edgewise.talk.attending import Attending, Turn
from edgewise.talk.backchannel import is_backchannel
from edgewise.talk.events import Ended, Failed, ItemAdded, ItemDeleted, TalkEvent, Who
from edgewise.talk.item import Item
from edgewise.talk.microphones import Channel, hears_by
from edgewise.talk.mind import Mind, Question
from edgewise.talk.owing import Owed, Owing
from edgewise.talk.own_voice import OwnVoice, OwnVoices
from edgewise.talk.patience import Patience
from edgewise.talk.remembering import Memory
from edgewise.talk.replying import Replying
from edgewise.talk.settings import Settings
from edgewise.talk.speaking import Answering
from edgewise.talk.talk import Aside
from edgewise.talk.telling import Telling

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
        channels: Sequence[Channel],
    ) -> None:
        """`channels` are the microphones, in the order of their samples."""
        echoes = [None if one.echo is None else OwnVoice(one.echo) for one in channels]
        self._mind = mind
        self._clock = clock
        self._channels = tuple(channels)
        self._newest = settings
        self._settings = settings
        self._memory = Memory()
        self._telling = Telling()
        own_voices = OwnVoices(one for one in echoes if one is not None)
        self._replying = Replying(
            mind, voice, clock, self._telling, self._memory, self._reply_ended, own_voices
        )

        def attend(number: int) -> Attending:
            channel = channels[number]
            return Attending(
                ears, clock, self._telling, self._memory, self, channel.activity, channel.waking,
                echoes[number], settings, channel=number, zone=channel.zone,
            )  # fmt: skip

        self._attending = hears_by(channels, attend)
        self._patience = Patience(len(channels))
        self._inbox: asyncio.Queue[Callable[[], None]] = asyncio.Queue()
        self._asked = Owed()
        """What the answer in progress, or else the last, is to."""
        self._owing = Owing()
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
        if not settings.wake or all(one.waking is not None for one in self._channels):
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
        self._owing.drop()
        items = aside.items if aside is not None else None
        keeps = aside is None or aside.keeps
        question = partial(self._question, settings, Owed(), items)
        self._replying.begin(settings, question, cause, keeps=keeps)
        self._asked = Owed()

    def _reply(self, asked: Owed) -> None:
        """To what was said."""
        self._asked = asked
        settings = self._settings
        self._replying.begin(settings, partial(self._question, settings, asked, None))

    def _cancel(self, reply: str) -> None:
        current = self._replying.current
        if current is None or reply not in ("", current.reply):
            told = f"no answer {reply!r} is in progress" if reply else "no answer is in progress"
            raise UserError(told, code="no_active_reply")
        self._owing.drop()
        self._replying.cut(Ended.CANCELLED)

    async def _question(
        self, settings: Settings, asked: Owed, items: tuple[Item, ...] | None
    ) -> Question:
        """What there is to answer, when all that was said is known; `items` instead, if given."""
        await self._attending.all_words()
        items = self._memory.items if items is None else items
        said = _newest(items, asked)
        language = settings.language or (said.language if said is not None else None)
        return Question(
            items=items,
            language=language or Language.ENGLISH,
            asked=asked.items,
            zone=self._zone_of(said, settings),
            instructions=settings.instructions,
            tools=settings.tools,
            tool_choice=settings.tool_choice,
            by_sound=said is not None and said.by_sound,
            most_tokens=settings.most_tokens,
            temperature=settings.temperature,
        )

    def _zone_of(self, said: Item | None, settings: Settings) -> Zone | None:
        if said is None or not said.by_sound or len(self._channels) == 1:
            return settings.zone
        return self._channels[said.channel].zone

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
            self._interrupt(turn)

    def insists(self, turn: Turn) -> None:
        """End what is heard of an answer."""
        if self._settings.turns.interrupts and self._replying.is_heard:
            self._interrupt(turn)

    def dropped(self) -> None:
        """Go on."""
        self._go_on()

    async def said(self, turn: Turn, heard: Heard) -> None:
        """Answer, now or behind the answer in progress."""
        is_said = bool(heard.text)
        asked = Owed((turn.item,), turn.channel)
        if is_said and await self._mind.is_urgent(heard.text):
            self._owing.drop()
            self._replying.cut(Ended.INTERRUPTED)
        elif is_said and self._settings.turns.interrupts and self._replying.is_busy:
            if is_backchannel(heard.text):
                is_said = False
            else:
                asked = self._cut_in(turn)
        if is_said and self._settings.turns.replies:
            self._owing.add(asked)
        self._go_on()

    def _go_on(self) -> None:
        """Somebody has said what they had to say: the others' turn."""
        if not self._attending.open_turns:
            self._replying.release()
        if self._owing and self._replying.current is None:
            self._reply(self._owing.next())

    def _cut_in(self, turn: Turn) -> Owed:
        """End the answer in progress unless something was begun for it; the items that are to be
        answered together now."""
        own = Owed((turn.item,), turn.channel)
        current = self._replying.current
        if current is not None and turn.channel != self._asked.channel:
            return own
        is_begun = current is None or current.has_acted or current.playing.has_sound
        goes_on = not is_begun and turn.after_ms <= TOGETHER_MS
        asked = Owed((*self._asked.items, turn.item), turn.channel) if goes_on else own
        if current is None or not current.has_acted:
            self._cut(turn)
        return asked

    def _cut(self, turn: Turn) -> None:
        """End the answer; what this person said before is not answered any more."""
        self._owing.drop(turn.channel)
        others, self._owing = self._owing, Owing()
        self._replying.cut(Ended.INTERRUPTED)
        self._owing = others

    def _interrupt(self, turn: Turn) -> None:
        current = self._replying.current
        if current is not None and current.is_acting:
            self._replying.mute()
        else:
            self._cut(turn)
        self._replying.release()

    def _reply_ended(self, answering: Answering) -> None:
        if answering.awaits:
            left_s = answering.playing.left_s(self._clock.monotonic())
            self._attending.stay_awake(left_s, self._asked.channel)
        if self._owing and not self._telling.ended:
            self._reply(self._owing.next())


def _newest(items: Sequence[Item], asked: Owed) -> Item | None:
    """The last of what is to be answered: of those asked, of all where none are named."""
    said = (item for item in reversed(items) if item.who is Who.PERSON)
    return next((item for item in said if not asked.items or item.id in asked.items), None)
