"""Words of sound while it comes: told when two looks agree, and whole at the end."""

import asyncio
from typing import Any

import pytest
from wyoming.event import Eventable

from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.sound.pcm import Pcm
from edgewise.talk.wyoming_hearing import Hearing

SECOND = bytes(32_000)


class Kept:
    """A wire that keeps what is written."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self._changed = asyncio.Event()

    async def write(self, event: Eventable) -> None:
        sent = event.event()
        self.events.append((sent.type, sent.data.get("text")))
        self._changed.set()

    async def until(self, kind: str) -> None:
        async with asyncio.timeout(5):
            while self.events[-1][0] != kind:
                self._changed.clear()
                await self._changed.wait()


class Script:
    """Ears that hear one text after the other."""

    def __init__(self, *texts: str | ModelError) -> None:
        self.texts = list(texts)
        self.finals: list[bool] = []
        self.vocabulary: Vocabulary | None = None

    async def transcribe(
        self,
        sound: Pcm,
        *,
        language: Language | None = None,
        vocabulary: Vocabulary = NO_WORDS,
        is_final: bool = True,
        expected: Language | None = None,
        deadline_s: float = 20.0,
    ) -> Heard:
        assert sound.samples
        self.finals.append(is_final)
        self.vocabulary = vocabulary
        text = self.texts.pop(0)
        if isinstance(text, ModelError):
            raise text
        return Heard(text, language or Language.CHINESE)

    async def finished(self, sound: Pcm, *, deadline_s: float = 2.0) -> float:
        raise AssertionError("nobody asked for this")

    async def warm(self, language: Language) -> None:
        raise AssertionError("nobody asked for this")

    async def close(self) -> None:
        raise AssertionError("nobody asked for this")


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def hear(ears: Script, language: Language | None, seconds: int) -> list[tuple[str, Any]]:
    kept = Kept()
    hearing = Hearing(kept, ears, language, Vocabulary(("window",)))  # type: ignore[arg-type]
    for _ in range(seconds):
        hearing.add(SECOND)
        await settle()
    await hearing.finish()
    assert not ears.texts
    return kept.events


async def test_words_are_told_as_soon_as_two_looks_agree():
    ears = Script("open", "open the wind", "open the window", "open the window.")
    events = await hear(ears, Language.ENGLISH, 3)
    assert ears.finals == [False, False, False, True]
    assert ears.vocabulary == Vocabulary(("window",))
    chunks = [text for kind, text in events if kind == "transcript-chunk"]
    assert chunks[0] == "open"
    assert "".join(chunks) == "open the window."
    kinds = [kind for kind, _ in events]
    assert kinds[0] == "transcript-start"
    assert events[-2:] == [("transcript", "open the window."), ("transcript-stop", None)]


@pytest.mark.parametrize("language", [Language.CHINESE, None])
async def test_only_english_is_looked_at_before_its_end(language: Language | None):
    ears = Script("打开车窗")
    events = await hear(ears, language, 3)
    assert ears.finals == [True]
    assert ("transcript", "打开车窗") in events


async def test_a_look_that_fails_costs_no_words():
    ears = Script(ModelError("busy", code="model_busy"), "open")
    assert ("transcript", "open") in await hear(ears, Language.ENGLISH, 1)


async def test_silence_is_an_empty_transcript():
    events = await hear(Script(""), None, 1)
    assert [kind for kind, _ in events] == ["transcript-start", "transcript", "transcript-stop"]


async def test_sound_is_bounded():
    hearing = Hearing(Kept(), Script(), None, NO_WORDS)  # type: ignore[arg-type]
    for _ in range(60):
        hearing.add(SECOND)
    with pytest.raises(UserError, match="60 s") as refused:
        hearing.add(b"12")
    assert refused.value.code == "sound_too_long"
