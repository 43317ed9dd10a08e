"""The sound of a conversation that is not committed yet, and where in it somebody speaks.

Sound comes in any length; voice activity looks at frames of it, and turn taking at their
probabilities. Times are milliseconds of sound since the conversation began. It recognises no words
and reads no clock.
"""

from typing import Protocol

from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, Pcm
from edgewise.talk.settings import TurnEnd, Turns
from edgewise.talk.turn_taking import FRAME_MS, Decision, TurnTaking

LONGEST_S = 120.0
"""Of sound that is not committed."""
_BYTES_PER_MS = LISTENING_HZ * BYTES_PER_SAMPLE // 1000


class Activity(Protocol):
    """Tells speech from other sound (`perceive/voice_activity.py`): the probability for each frame
    of FRAME_MS that is whole now; the rest waits for the next call."""

    def feed(self, data: bytes) -> list[float]: ...


class Listening:
    """Sound as it comes. With TurnEnd.CLIENT all of it is kept until it is taken; else that of
    speech, with some before it."""

    def __init__(self, activity: Activity, turns: Turns) -> None:
        self._activity = activity
        self._turns = turns
        self._taking = TurnTaking(turns)
        self._sound = bytearray()
        self.first_ms = 0
        """Since when sound is kept."""
        self._frames = 0
        self.voiced_until_ms = 0
        """The end of the last frame that sounded like speech."""

    @property
    def now_ms(self) -> int:
        """How much sound has come."""
        return self.first_ms + len(self._sound) // _BYTES_PER_MS

    @property
    def length_s(self) -> float:
        """Of the sound that is kept."""
        return len(self._sound) / _BYTES_PER_MS / 1000

    @property
    def is_full(self) -> bool:
        """Whether more sound would be too much."""
        return self.length_s >= LONGEST_S

    def configure(self, turns: Turns) -> None:
        """Take turns by these from now on."""
        self._turns = turns
        self._taking.configure(turns)

    def feed(self, data: bytes) -> list[Decision]:
        """What this sound decides."""
        self._sound += data
        decisions: list[Decision] = []
        for probability in self._activity.feed(data):
            self._frames += 1
            if probability >= self._turns.threshold:
                self.voiced_until_ms = self._frames * FRAME_MS
            decisions += self._taking.feed(probability)
        return decisions

    def answer(self, pause: int, finished: float) -> tuple[Decision, ...]:
        """What the model of turns says of a pause."""
        return self._taking.answer(pause, finished)

    def commit(self) -> tuple[Decision, ...]:
        """The turn that is open is over."""
        return self._taking.commit()

    def sound(self, begin_ms: int = 0, end_ms: int | None = None) -> Pcm:
        """The sound between two times, as far as it is kept."""
        first = max(0, begin_ms - self.first_ms) * _BYTES_PER_MS
        last = None if end_ms is None else max(0, end_ms - self.first_ms) * _BYTES_PER_MS
        return Pcm(bytes(self._sound[first:last]))

    def take(self, begin_ms: int = 0) -> Pcm:
        """The sound since then; none is kept any more."""
        sound = self.sound(begin_ms)
        self.clear()
        return sound

    def clear(self) -> None:
        """Throw away what is kept; what is said at this moment is no part of a later turn."""
        self._taking.clear()
        self._drop(self.now_ms)

    def forget(self) -> None:
        """Drop what no turn can need any more; with TurnEnd.CLIENT nothing."""
        if self._turns.end is not TurnEnd.CLIENT:
            self._drop(self._taking.keep_from_ms)

    def _drop(self, until_ms: int) -> None:
        more_ms = until_ms - self.first_ms
        if more_ms > 0:
            del self._sound[: more_ms * _BYTES_PER_MS]
            self.first_ms += more_ms
