"""The words of one person's turn: looks while they speak, a guess in the first silence, the final.

Looks are taken only while the recogniser keeps up with them. A guess made in a pause is the final
text when nothing was said after it: its work overlaps the wait for the end of the turn. The
language that a look found is expected of what follows, so that it need not be found out again.
"""

import asyncio
from collections.abc import Callable

from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError
from edgewise.perceive.hear import Ears, Heard, Vocabulary
from edgewise.sound.pcm import Pcm
from edgewise.talk.settings import Settings

FIRST_LOOK_MS = 240
LOOK_EVERY_MS = 300
LONGEST_LOOK_MS = 15_000
"""Of speech that is still looked at while it goes on."""
BLIP_MS = 32
"""Of something like speech in a pause that does not end it."""
KEEPS_UP_S = 0.6
"""A look that took longer is the last one of its turn."""


class Share:
    """One conversation's share of ears: its further orders wait here, and hold up nobody
    else. Two are there at once: some words, and whether they are all."""

    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self._words = asyncio.Semaphore(1)
        self._ends = asyncio.Semaphore(1)

    async def transcribe(
        self,
        sound: Pcm,
        *,
        language: Language | None,
        vocabulary: Vocabulary,
        is_final: bool,
        expected: Language | None,
    ) -> Heard:
        """See `Ears`."""
        async with self._words:
            return await self._ears.transcribe(
                sound, language=language, vocabulary=vocabulary, is_final=is_final,
                expected=expected,
            )  # fmt: skip

    async def finished(self, sound: Pcm) -> float:
        """See `Ears`."""
        async with self._ends:
            return await self._ears.finished(sound)


class Transcribing:
    """One turn's words. `show` is given what was heard up to now."""

    def __init__(
        self,
        ears: Share,
        settings: Settings,
        clock: Clock,
        show: Callable[[str], None],
    ) -> None:
        self._ears = ears
        self._settings = settings
        self._clock = clock
        self._show = show
        self._look: asyncio.Task[None] | None = None
        self._looked_at_ms = 0
        self._guess: asyncio.Task[Heard] | None = None
        self._finished: asyncio.Task[float] | None = None
        self._guessed_ms = 0
        self._looks = settings.partials
        self._expected: Language | None = None

    def look(self, spoken_ms: int, sound: Callable[[], Pcm]) -> None:
        """So much speech is there; look at it if it is time."""
        if not self._looks or self._guess is not None or spoken_ms > LONGEST_LOOK_MS:
            return
        busy = self._look is not None and not self._look.done()
        wait_ms = LOOK_EVERY_MS if self._looked_at_ms else FIRST_LOOK_MS
        if not busy and spoken_ms - self._looked_at_ms >= wait_ms:
            self._looked_at_ms = spoken_ms
            self._look = asyncio.create_task(self._take_look(sound()))

    def guess(self, spoke_until_ms: int, sound: Pcm, *, senses: bool) -> None:
        """They are silent since then: the text may be final. One guess a pause; `senses`: whether
        they have finished is asked too, first, for it takes least."""
        self.went_on()
        self._end_look()
        self._guessed_ms = spoke_until_ms
        if senses:
            self._finished = asyncio.create_task(self._ears.finished(sound))
            self._finished.add_done_callback(_noticed)
        self._guess = asyncio.create_task(self._transcribe(sound, is_final=True))
        self._guess.add_done_callback(_noticed)

    def has_guessed(self, spoke_until_ms: int) -> bool:
        """Whether a guess since then is under way."""
        return self._guess is not None and spoke_until_ms <= self._guessed_ms + BLIP_MS

    async def finished(self) -> float:
        """How likely who speaks has finished, by the sound of the last guess; 0 where nobody can
        tell: silence alone decides then."""
        try:
            return 0.0 if self._finished is None else await self._finished
        except EdgewiseError:
            return 0.0

    def spoke(self, until_ms: int) -> None:
        """There was speech until then: a guess from before it is of no use."""
        if self._guess is not None and not self.has_guessed(until_ms):
            self.went_on()

    def went_on(self) -> None:
        """They speak again: a guess is of no use."""
        for task in (self._guess, self._finished):
            if task is not None:
                task.cancel()
        self._guess = self._finished = None

    async def final(self, sound: Pcm) -> Heard:
        """The words of the whole turn. Raises ModelError as the ears do."""
        self._end_look()
        if self._guess is not None:
            return await self._guess
        return await self._transcribe(sound, is_final=True)

    def close(self) -> None:
        """End all work."""
        self.went_on()
        self._end_look()

    def _end_look(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None

    async def _take_look(self, sound: Pcm) -> None:
        began = self._clock.monotonic()
        try:
            heard = await self._transcribe(sound, is_final=False)
        except EdgewiseError:
            self._looks = False  # the final one tells what is wrong
            return
        if self._clock.monotonic() - began > KEEPS_UP_S:
            self._looks = False
        if heard.text:
            self._expected = heard.language
            self._show(heard.text)

    async def _transcribe(self, sound: Pcm, *, is_final: bool) -> Heard:
        settings = self._settings
        return await self._ears.transcribe(
            sound,
            language=settings.language,
            vocabulary=settings.vocabulary,
            is_final=is_final,
            expected=self._expected,
        )


def _noticed(task: asyncio.Task[Heard] | asyncio.Task[float]) -> None:
    """A guess that failed and is not asked for has been seen."""
    if not task.cancelled():
        task.exception()
