"""Whose turn it is: when somebody begins to speak, pauses, goes on, and has finished.

Pure: it is fed the probability of speech of one frame after the other, and what the model of turns
answers; its only clock is the frames. Speech begins at `threshold` and lasts until below
`threshold - 0.15` (silero's own hysteresis); less than SPEECH_MS of it is a click, less than
RESUMED_MS within a pause does not end the pause.

A `Paused` comes as early as is useful: from there words may be recognised as if final and, with
TurnEnd.SENSE, the model be asked; `Resumed` says that this was for nothing. With TurnEnd.CLIENT
nothing is told at all. It does not know what a sound says, nor whether the device itself made it.
"""

from math import ceil

from msgspec import Struct

from edgewise.talk.settings import TurnEnd, Turns

FRAME_MS = 32
"""What one probability is of: 512 samples at 16 kHz (perceive/voice_activity.py)."""
SPEECH_MS = 96
"""Of speech before somebody counts as speaking: three frames, so that barge-in is felt at once."""
RESUMED_MS = 64
LOOK_MS = 200
"""Of silence before a look at what was said is worth it, where a turn ends later than that."""
LONGEST_TURN_MS = 60_000
"""A turn is taken as over after that much, so that what is held of its sound is bounded."""
FINISHED = 0.5
"""How likely it must be that who spoke has finished."""
_HYSTERESIS = 0.15


class Started(Struct, frozen=True, tag="started"):
    """Somebody speaks since `at_ms`; the sound of the turn begins at `begin_ms`, padding before
    that."""

    at_ms: int
    begin_ms: int


class Paused(Struct, frozen=True, tag="paused"):
    """Nobody has spoken since `at_ms`. What comes of `pause` is told by its number. `asks`: whether
    the turn is over is to be asked of the model and answered by `answer`."""

    pause: int
    at_ms: int
    asks: bool


class Resumed(Struct, frozen=True, tag="resumed"):
    """The speaker goes on; what was made of `pause` is of no use."""

    pause: int


class Stopped(Struct, frozen=True, tag="stopped"):
    """The turn is over: its sound is from `begin_ms`, its speech up to `end_ms`; that it is over
    was known at `known_ms`. `pause` is the one that it ended in: what was recognised from there
    stands (0: there was none)."""

    begin_ms: int
    end_ms: int
    known_ms: int
    pause: int


Decision = Started | Paused | Resumed | Stopped


class TurnTaking:
    """The state between frames. Times are milliseconds since the first frame it was fed."""

    def __init__(self, turns: Turns | None = None) -> None:
        self._turns = turns or Turns()
        self._frames = 0
        self._ended_ms = 0
        self._pauses = 0
        self._forget()

    @property
    def now_ms(self) -> int:
        """The end of the last frame."""
        return self._frames * FRAME_MS

    @property
    def speaking(self) -> bool:
        """Whether a turn is open, in a pause of it too."""
        return self._begin_ms is not None

    @property
    def keep_from_ms(self) -> int:
        """Sound before this will not be needed for a turn any more."""
        if self._begin_ms is not None:
            return self._begin_ms
        return self._padded(self.now_ms - self._run * FRAME_MS)

    def configure(self, turns: Turns) -> None:
        """From the next frame on by these settings; an open turn goes on."""
        self._turns = turns

    def feed(self, probability: float) -> tuple[Decision, ...]:
        """One more frame, and what it decides."""
        self._frames += 1
        if self._turns.end is TurnEnd.CLIENT:
            self._forget()
            return ()
        self._voiced = probability >= self._floor()
        self._run = self._run + 1 if self._voiced else 0
        if self._begin_ms is None:
            return self._before()
        if self.now_ms - self._begin_ms >= LONGEST_TURN_MS:
            return (self._stop(),)
        return self._within(self._begin_ms)

    def answer(self, pause: int, finished: float) -> tuple[Decision, ...]:
        """What the model says of `pause`; too late, it changes nothing."""
        if pause != self._pause or not self._asked or finished < FINISHED:
            return ()
        return (self._stop(),)

    def commit(self) -> tuple[Decision, ...]:
        """Whoever feeds says that the turn is over now, if one is open."""
        return (self._stop(),) if self.speaking else ()

    def clear(self) -> None:
        """Drop the open turn; what is being said at this moment is no part of a later one."""
        self._ended_ms = self.now_ms
        self._forget()

    def _floor(self) -> float:
        """What the next frame must reach to be speech."""
        threshold = self._turns.threshold
        return max(threshold - _HYSTERESIS, min(threshold, 0.01)) if self._voiced else threshold

    def _before(self) -> tuple[Decision, ...]:
        if self._run < _frames(SPEECH_MS):
            return ()
        at_ms = self.now_ms - self._run * FRAME_MS
        self._begin_ms, self._speech_end_ms = self._padded(at_ms), self.now_ms
        return (Started(at_ms, self._begin_ms),)

    def _within(self, begin_ms: int) -> tuple[Decision, ...]:
        quiet_ms = self.now_ms - self._speech_end_ms
        if self._voiced and (quiet_ms <= FRAME_MS or self._run >= _frames(RESUMED_MS)):
            self._speech_end_ms = self.now_ms
            return self._resume()
        made: tuple[Decision, ...] = ()
        silence_ms = self._turns.silence_ms
        senses = self._turns.end is TurnEnd.SENSE
        look_ms = silence_ms if senses else min(LOOK_MS, silence_ms)
        if not self._pause and quiet_ms >= look_ms:
            self._pauses += 1
            self._pause, self._asked = self._pauses, senses
            made = (Paused(self._pause, self._speech_end_ms, senses),)
        if quiet_ms >= (max(silence_ms, self._turns.longest_ms) if senses else silence_ms):
            return (*made, self._stop())
        return made

    def _resume(self) -> tuple[Decision, ...]:
        if not self._pause:
            return ()
        pause, self._pause, self._asked = self._pause, 0, False
        return (Resumed(pause),)

    def _stop(self) -> Stopped:
        begin_ms = self._begin_ms if self._begin_ms is not None else self.now_ms
        stopped = Stopped(begin_ms, self._speech_end_ms, self.now_ms, self._pause)
        self._ended_ms = self._speech_end_ms
        self._forget()
        return stopped

    def _padded(self, at_ms: int) -> int:
        return max(self._ended_ms, at_ms - self._turns.padding_ms, 0)

    def _forget(self) -> None:
        self._begin_ms: int | None = None
        self._speech_end_ms = 0
        self._voiced = False
        self._run = 0
        self._pause = 0
        self._asked = False


def _frames(length_ms: int) -> int:
    return ceil(length_ms / FRAME_MS)
