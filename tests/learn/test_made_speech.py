"""Sentences are said once by the voice, and kept with their text."""

from collections.abc import AsyncGenerator
from pathlib import Path

from edgewise.act.catalogue import builtin_catalogue
from edgewise.answer.speak import Spoken
from edgewise.core.words import Language
from edgewise.learn.made_speech import Sentence, catalogue_sentences, make_speech
from edgewise.learn.spoken_sets import load_spoken_sets
from edgewise.sound.pcm import silence

CAPABILITIES = builtin_catalogue().capabilities


class Saying:
    """A voice that says a tenth of a second a text, and remembers which."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def speak(
        self, text: str, language: Language, *, voice: str = "", speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:  # fmt: skip
        self.said.append((text, voice))
        yield Spoken(text, silence(0.1, 24_000))

    async def warm(self, language: Language) -> None:
        raise AssertionError

    async def close(self) -> None:
        raise AssertionError


async def test_what_is_said_is_kept_and_not_said_again(tmp_path: Path):
    voice = Saying()
    wanted = [Sentence("call mom", Language.ENGLISH, "call.start"),
              Sentence("open it", Language.ENGLISH)]  # fmt: skip
    assert await make_speech(wanted, voice, tmp_path / "synthetic-x") == 2
    assert await make_speech(wanted, voice, tmp_path / "synthetic-x") == 0
    assert [text for text, _ in voice.said] == ["call mom", "open it"]
    assert len({name for _, name in voice.said}) == 2
    first, second = load_spoken_sets(tmp_path)
    assert (first.text, first.capability, second.capability) == ("call mom", "call.start", "")
    assert first.sound.rate_hz == 16_000


def test_sentences_are_examples_one_a_capability_and_the_same_each_time():
    for language in Language:
        found = catalogue_sentences(CAPABILITIES, language, 20)
        assert found == catalogue_sentences(CAPABILITIES, language, 20)
        assert len({one.capability for one in found}) == len(found) == 20
