"""What the device plays itself, beside what its microphone hears: its own voice is no command.

For a loudspeaker that the microphone hears and no canceller that takes it out. What is sent is
taken as played from then on, in the time of the sound that is heard; `perceive/echo.py` judges.
"""

from collections.abc import Iterable
from typing import Protocol

from edgewise.sound.pcm import LISTENING_HZ, SPEAKING_HZ, Pcm
from edgewise.sound.resample import resample

AFTER_BYTES = 2 * LISTENING_HZ
"""Of sound heard after the last was played in which it may still be heard: a second."""


class Likeness(Protocol):
    """What was judged of what is heard."""

    @property
    def own(self) -> bool: ...


class Echo(Protocol):
    """Compares what is heard and what is played (`perceive/echo.py`)."""

    def feed(self, heard: bytes, played: bytes) -> None: ...
    def judge(self) -> Likeness: ...


class OwnVoice:
    """The sound of the answers of one conversation on its way to the loudspeaker."""

    def __init__(self, echo: Echo) -> None:
        self._echo = echo
        self._coming = bytearray()
        self._quiet_bytes = AFTER_BYTES
        self._held = False

    def send(self, data: bytes) -> None:
        """This sound (at SPEAKING_HZ) is played behind what is on its way."""
        self._coming += resample(Pcm(data, SPEAKING_HZ), LISTENING_HZ).data

    def hold(self) -> None:
        """Nothing is played until `resume`."""
        self._held = True

    def resume(self) -> None:
        """It is played on."""
        self._held = False

    def stop(self) -> None:
        """What is on its way is not played."""
        self._coming.clear()
        self._held = False

    def feed(self, heard: bytes) -> None:
        """So much was heard by now."""
        played = b""
        if not self._held:
            played = bytes(self._coming[: len(heard)])
            del self._coming[: len(heard)]
        self._quiet_bytes = 0 if played else self._quiet_bytes + len(heard)
        if self._quiet_bytes < AFTER_BYTES:
            self._echo.feed(heard, played)

    @property
    def is_heard(self) -> bool:
        """Whether what was heard last is the device alone."""
        return self._quiet_bytes < AFTER_BYTES and self._echo.judge().own


class OwnVoices:
    """The answers' sound on its way to one loudspeaker, as several microphones hear it."""

    def __init__(self, each: Iterable[OwnVoice] = ()) -> None:
        self._each = tuple(each)

    def send(self, data: bytes) -> None:
        """See `OwnVoice`."""
        for one in self._each:
            one.send(data)

    def hold(self) -> None:
        """See `OwnVoice`."""
        for one in self._each:
            one.hold()

    def resume(self) -> None:
        """See `OwnVoice`."""
        for one in self._each:
            one.resume()

    def stop(self) -> None:
        """See `OwnVoice`."""
        for one in self._each:
            one.stop()
