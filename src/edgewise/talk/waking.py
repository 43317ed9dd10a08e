"""Which speech is meant for the agent where only what follows a wake word is.

A model spots the word in the sound, or its phrase is looked for in the words heard; behind an
answer that waits for something, what is said needs no wake word for a while. Times are milliseconds
of sound. What was not meant for the agent is not kept: `conversation.py` drops it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

AWAKE_MS = 8_000
"""After the wake word alone, or the end of an answer that waits for something."""
WORD_MS = 1_200
"""The longest wake word, with what its model takes to be sure."""


class Spotter(Protocol):
    """Hears wake words in sound (`perceive/wake.py`): the name of one that was just said."""

    def feed(self, data: bytes) -> str | None: ...


AfterPhrase = Callable[[str, Sequence[str]], str | None]
"""What follows one of the phrases at the beginning of a text, None if none is there."""


class Waking:
    """The wake words of one conversation: those of `spotter`, and `phrases` looked for by `after`
    (only those where there is no spotter; else they are what the spotted word looks like)."""

    def __init__(self, spotter: Spotter | None, phrases: Sequence[str], after: AfterPhrase) -> None:
        self._spotter = spotter
        self._phrases = tuple(phrases)
        self._after = after
        self._awake_until_ms = -1

    @property
    def reads(self) -> bool:
        """Whether the words must be known to tell whom they are for."""
        return self._spotter is None and bool(self._phrases)

    def feed(self, data: bytes, now_ms: int) -> bool:
        """Whether a wake word was said by now."""
        if self._spotter is None or self._spotter.feed(data) is None:
            return False
        self.stay_awake(now_ms)
        return True

    def stay_awake(self, now_ms: int) -> None:
        """What is said within a while needs no wake word."""
        self._awake_until_ms = now_ms + AWAKE_MS

    def is_awake(self, now_ms: int) -> bool:
        """Whether what begins now is meant for the agent."""
        return now_ms <= self._awake_until_ms

    def words_after(self, text: str) -> str | None:
        """What follows the wake phrase; None where it was not said."""
        return self._after(text, self._phrases)
