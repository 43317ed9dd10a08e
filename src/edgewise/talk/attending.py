"""The person's side of a conversation: sound in, turns and their words out.

Tells what goes on (`telling`), keeps what was said (`memory`), and lets the `floor` know of each
turn: when it begins, when it is more than a noise, when its words are there. With a wake word only
what follows it is taken as said to the agent; the words of others are dropped. It decides nothing
about answers.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.errors import EdgewiseError, UserError
from edgewise.perceive.hear import Ears, Heard
from edgewise.sound.pcm import Pcm
from edgewise.talk.events import (
    Cleared,
    Committed,
    Failed,
    Hearing,
    NotTranscribed,
    Overheard,
    SpeechStarted,
    SpeechStopped,
    Transcribed,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.listening import LONGEST_S, Activity, Listening
from edgewise.talk.own_voice import OwnVoice
from edgewise.talk.remembering import Memory, new_id
from edgewise.talk.settings import Settings, TurnEnd
from edgewise.talk.telling import Telling
from edgewise.talk.transcribing import Share, Transcribing
from edgewise.talk.turn_taking import (
    FRAME_MS,
    SPEECH_MS,
    Decision,
    Paused,
    Resumed,
    Started,
    Stopped,
)
from edgewise.talk.waking import WORD_MS, Waking

_log = logging.getLogger("edgewise.talk")

NOISE_MS = 250
"""Sound that is no longer than this is no turn: a cough, a door, "mhm"."""
GUESS_MS = 96
"""Of silence after which the words may be final: sooner than that is known, since it takes time."""
QUIET_MS = 300
"""After the last frame that sounded like speech nobody is taken to begin to speak."""
LEAST_MS = 100
"""Of sound that can be committed, as the realtime API has it."""
FRAME_BYTES = 1024
"""Of sound that is looked at before what it decides is followed: 32 ms."""
BESIDE_ANOTHER = 0.25
"""The most confidence in words said while another microphone heard more: some of them may be
missing, a "not" too. Below what is asked again in any language (`hear.UNSURE_BELOW`)."""
MOST_PENDING = 16
"""Turns whose words are not there yet."""


@dataclass(slots=True)
class Turn:
    """What a person says, after `after_ms` of silence. `addressed`: it is meant for the agent;
    `is_own`: it is the device's own voice; `woke`: the wake word is in it. `pauses`: they are
    silent at this moment; `insists`: it is more than a noise. `channel` is the microphone's number;
    `beside_another`: somebody spoke, or it was louder, at another at the same time."""

    item: str
    begin_ms: int
    at_ms: int
    after_ms: int
    transcribing: Transcribing
    addressed: bool = True
    is_own: bool = False
    woke: bool = False
    pauses: bool = False
    insists: bool = False
    channel: int = 0
    beside_another: bool = False


class Floor(Protocol):
    """Who may speak: told of turns that are meant for the agent."""

    def begins(self, turn: Turn) -> None:
        """Somebody begins to speak."""
        ...

    def insists(self, turn: Turn) -> None:
        """It is no noise, or the agent was called."""
        ...

    def dropped(self) -> None:
        """A turn that had begun is nothing after all."""
        ...

    async def said(self, turn: Turn, heard: Heard) -> None:
        """The words of a turn; no text: nothing was said."""
        ...


class Attending:
    """One conversation's ears."""

    def __init__(
        self,
        ears: Ears,
        clock: Clock,
        telling: Telling,
        memory: Memory,
        floor: Floor,
        activity: Activity,
        waking: Waking | None,
        own_voice: OwnVoice | None,
        settings: Settings,
        *,
        channel: int = 0,
        zone: Zone | None = None,
    ) -> None:
        """`channel` is the number of the microphone, `zone` its seat, where there are several."""
        self._channel = channel
        self._zone = zone
        self._ears = Share(ears)
        self._clock = clock
        self._telling = telling
        self._memory = memory
        self._floor = floor
        self._waking = waking
        self._own_voice = own_voice
        self._settings = settings
        self._listening = Listening(activity, settings.turns)
        self._pending: set[asyncio.Task[None]] = set()
        self._judging: asyncio.Task[None] | None = None
        self._spoke_until_ms = 0
        self._told_full = False
        self.turn: Turn | None = None
        """What is being said."""
        check_waking(settings, waking)

    @property
    def open_turns(self) -> tuple[Turn, ...]:
        """What is being said."""
        return () if self.turn is None else (self.turn,)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody speaks, nor did just now."""
        since_ms = self._listening.now_ms - self._listening.voiced_until_ms
        by_client = self._settings.turns.end is TurnEnd.CLIENT
        return self.turn is None and since_ms > QUIET_MS and not by_client

    def configure(self, settings: Settings) -> None:
        """By these settings from now on. Raises UserError (`no_wake_word`)."""
        check_waking(settings, self._waking)
        if settings.turns.end is not self._settings.turns.end:
            self._drop()
        self._settings = settings
        self._listening.configure(settings.turns)

    def hear(self, data: bytes) -> None:
        """More sound. Raises what the voice's activity and the wake word do."""
        for begin in range(0, len(data), FRAME_BYTES):
            self._hear(data[begin : begin + FRAME_BYTES])

    def commit(self) -> None:
        """What was heard up to now is a turn. Raises UserError (`nothing_heard`)."""
        length_ms = self._listening.length_s * 1000
        if length_ms < LEAST_MS:
            told = f"{length_ms:.0f} ms of sound, at least {LEAST_MS} are needed; send sound first"
            raise UserError(told, code="nothing_heard")
        turn = self.turn or self._new_turn(0, 0)
        turn.addressed = True
        self._end(turn)

    def clear(self) -> None:
        """Throw away the sound that is no item yet."""
        self._drop()
        self._listening.clear()
        self._told_full = False
        self._telling.tell(Cleared())

    def stay_awake(self, after_s: float, channel: int = 0) -> None:
        """What is said then needs no wake word for a while."""
        del channel  # its own
        if self._waking is not None:
            self._waking.stay_awake(self._listening.now_ms + round(after_s * 1000))

    async def all_words(self) -> None:
        """Returns when the words of all that was committed are known."""
        while pending := self._pending - {asyncio.current_task()}:
            await asyncio.wait(pending)

    async def close(self) -> None:
        """End all work."""
        self._drop()
        pending = list(self._pending)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    def _hear(self, data: bytes) -> None:
        by_client = self._settings.turns.end is TurnEnd.CLIENT
        if self._listening.is_full:
            self._tell_full()
            if by_client:
                return
            self._follow(self._listening.commit())
        if self._own_voice is not None:
            self._own_voice.feed(data)
        if by_client and self.turn is None:
            self.turn = self._new_turn(self._listening.first_ms, self._listening.now_ms)
        self._follow(self._listening.feed(data))
        waking = self._waking if self._settings.wake and not self._hears_itself else None
        if waking is not None and waking.feed(data, self._listening.now_ms):
            self._called()
        if self.turn is not None:
            self._goes_on(self.turn)
        self._listening.forget()

    @property
    def _hears_itself(self) -> bool:
        """Whether what is heard now is the device alone, whose own words call nobody."""
        return self._own_voice is not None and self._own_voice.is_heard

    def _tell_full(self) -> None:
        if not self._told_full:
            self._told_full = True
            told = f"more than {LONGEST_S:g} s of sound are not committed; commit or clear it"
            self._telling.tell(Failed("sound_too_long", told))

    def _follow(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Started():
                    self._started(decision)
                case Paused():
                    self._paused(decision)
                case Resumed():
                    self._resumed()
                case Stopped():
                    self._stopped(decision)

    def _started(self, started: Started) -> None:
        turn = self._new_turn(started.begin_ms, started.at_ms)
        turn.is_own = self._hears_itself
        turn.addressed = not turn.is_own and self._is_awake(started.at_ms)
        self.turn = turn
        self._telling.tell(SpeechStarted(turn.item, started.at_ms))
        if turn.addressed:
            self._floor.begins(turn)

    def _is_awake(self, at_ms: int) -> bool:
        """Whether what begins then needs no wake word."""
        awake = self._waking is not None and self._waking.is_awake(at_ms)
        return awake or not self._settings.wake

    def _called(self) -> None:
        """The wake word was said: what follows it is meant for the agent."""
        turn = self.turn
        if turn is None:
            turn = self._new_turn(self._listening.now_ms, self._listening.now_ms)
            self._floor.insists(turn)
            self._floor.dropped()
            return
        turn.begin_ms = max(turn.begin_ms, self._listening.now_ms - WORD_MS)
        turn.woke = turn.addressed = turn.insists = True
        turn.is_own = False
        self._floor.begins(turn)
        self._floor.insists(turn)

    def _goes_on(self, turn: Turn) -> None:
        if turn.is_own and not self._hears_itself:
            turn.is_own = False  # somebody speaks over it
            turn.addressed = self._is_awake(self._listening.now_ms)
            if turn.addressed:
                turn.begin_ms = turn.at_ms = max(turn.at_ms, self._listening.now_ms - SPEECH_MS)
                self._floor.begins(turn)
        if not turn.addressed:
            return
        listening = self._listening
        voiced_ms, now_ms = listening.voiced_until_ms, listening.now_ms
        if not turn.insists and voiced_ms - turn.at_ms >= NOISE_MS:
            turn.insists = True
            self._floor.insists(turn)
        turn.transcribing.spoke(voiced_ms)
        if self._settings.turns.end is not TurnEnd.CLIENT and now_ms - voiced_ms >= GUESS_MS:
            if turn.insists:
                self._guess(turn)
        elif not turn.pauses and now_ms - voiced_ms < FRAME_MS:
            sound_of = partial(listening.sound, turn.begin_ms)
            turn.transcribing.look(now_ms - turn.at_ms, sound_of)

    def _guess(self, turn: Turn) -> None:
        voiced_ms = self._listening.voiced_until_ms
        if not turn.transcribing.has_guessed(voiced_ms):
            senses = self._settings.turns.end is TurnEnd.SENSE
            sound = self._listening.sound(turn.begin_ms)
            turn.transcribing.guess(voiced_ms, sound, senses=senses)

    def _paused(self, paused: Paused) -> None:
        if (turn := self.turn) is None:
            return
        turn.pauses = True
        if turn.addressed:
            self._guess(turn)
        if paused.asks:
            self._judging = asyncio.create_task(self._judge(paused.pause, turn))

    async def _judge(self, pause: int, turn: Turn) -> None:
        """Ask whether the turn is over; of what is not meant for the agent it does not matter."""
        finished = await turn.transcribing.finished() if turn.addressed else 1.0
        self._judging = None
        self._follow(self._listening.answer(pause, finished))

    def _resumed(self) -> None:
        self._end_judging()
        if self.turn is not None:
            self.turn.pauses = False

    def _stopped(self, stopped: Stopped) -> None:
        if self.turn is not None:
            self._spoke_until_ms = stopped.end_ms
            self._telling.tell(SpeechStopped(self.turn.item, stopped.end_ms))
            self._end(self.turn)

    def _end(self, turn: Turn) -> None:
        """What was said is there; its words follow."""
        self.turn = None
        self._told_full = False
        self._end_judging()
        sound = self._listening.take(turn.begin_ms)
        reads = self._waking is not None and self._waking.reads and self._settings.wake
        if turn.is_own or (not turn.addressed and not reads):
            self._overhear(turn)
        elif len(self._pending) >= MOST_PENDING:
            turn.transcribing.close()
            told = f"{MOST_PENDING} turns wait for their words; speak more slowly"
            self._telling.tell(Failed("talk_overrun", told))
            self._floor.dropped()
        else:
            if turn.addressed:
                self._keep(turn, sound.length_s)
            task = asyncio.create_task(self._words_of(turn, sound))
            self._pending.add(task)
            task.add_done_callback(self._words_ended)

    def _keep(self, turn: Turn, length_s: float) -> None:
        item = Item(turn.item, Who.PERSON, by_sound=True, channel=turn.channel)
        behind = self._memory.add(item)
        self._telling.tell(Committed(turn.item, behind, length_s))
        self._memory.drop_oldest(self._telling)

    def _overhear(self, turn: Turn) -> None:
        turn.transcribing.close()
        self._telling.tell(Overheard(turn.item, "own_voice" if turn.is_own else "no_wake_word"))

    async def _words_of(self, turn: Turn, sound: Pcm) -> None:
        try:
            heard = self._meant(turn, await turn.transcribing.final(sound))
            if heard is not None and turn.beside_another:
                heard = replace(heard, confidence=min(heard.confidence, BESIDE_ANOTHER))
        except EdgewiseError as error:
            if turn.addressed:
                self._telling.tell(NotTranscribed(turn.item, error.code, str(error)))
            heard = Heard("", Language.ENGLISH)
        else:
            if heard is None:
                self._overhear(turn)
                return
            if not turn.addressed:
                self._keep(turn, sound.length_s)
            self._memory.hear(_item_of(turn, heard))
            if self._settings.transcribes:
                told = heard.text, heard.language, heard.confidence, sound.length_s, self._zone
                self._telling.tell(Transcribed(turn.item, *told))
        self._pending.discard(asyncio.current_task())  # pyright: ignore[reportArgumentType]
        await self._floor.said(turn, heard)

    def _words_ended(self, task: asyncio.Task[None]) -> None:
        self._pending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("the words of a turn were lost by a fault in Edgewise", exc_info=error)
            self._floor.dropped()

    def _meant(self, turn: Turn, heard: Heard) -> Heard | None:
        """The words without the wake phrase; None where they are not meant for the agent."""
        if self._waking is None or not self._settings.wake or (turn.addressed and not turn.woke):
            return heard
        after = self._waking.words_after(heard.text)
        if after is None:
            return heard if turn.addressed else None
        if not after:
            self._waking.stay_awake(self._listening.now_ms)
        return replace(heard, text=after)

    def _new_turn(self, begin_ms: int, at_ms: int) -> Turn:
        item = new_id("item")

        def show(text: str) -> None:
            if self._settings.transcribes:
                self._telling.tell(Hearing(item, text))

        transcribing = Transcribing(self._ears, self._settings, self._clock, show)
        after_ms = at_ms - self._spoke_until_ms
        return Turn(item, begin_ms, at_ms, after_ms, transcribing, channel=self._channel)

    def _drop(self) -> None:
        self._end_judging()
        if self.turn is not None:
            self.turn.transcribing.close()
            self.turn = None
            self._floor.dropped()

    def _end_judging(self) -> None:
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None


def _item_of(turn: Turn, heard: Heard) -> Item:
    return Item(
        turn.item,
        Who.PERSON,
        heard.text,
        language=heard.language,
        by_sound=True,
        confidence=heard.confidence,
        channel=turn.channel,
    )


def check_waking(settings: Settings, waking: Waking | None) -> None:
    """Whether there is a wake word where one is wanted. Raises UserError (`no_wake_word`)."""
    if settings.wake and waking is None:
        told = "no wake word is set up here; name one as `wake` under [senses] in config.toml"
        raise UserError(told, code="no_wake_word")
