"""Text as sound, while it comes: the first clause is heard before the text is whole."""

import asyncio

import pytest
from wyoming.tts import SynthesizeVoice

from edgewise.core.words import Language
from edgewise.talk.wyoming_saying import Saying
from tests.talk.fakes import FakeVoice
from tests.talk.test_wyoming_hearing import Kept, settle


class Remembering(FakeVoice):
    """Remembers which language and voice it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Language, str]] = []

    def speak(self, text: str, language: Language, *, voice: str = "", **others: float):  # type: ignore[override]
        self.asked.append((language, voice))
        return super().speak(text, language, voice=voice, **others)


def saying(voice: FakeVoice, wanted: SynthesizeVoice | None = None) -> tuple[Saying, Kept]:
    kept = Kept()
    return Saying(kept, voice, wanted, None), kept  # type: ignore[arg-type]


async def test_the_first_clause_is_spoken_while_the_rest_is_still_written():
    voice = FakeVoice()
    said, kept = saying(voice)
    running = asyncio.create_task(said.run(streams=True))
    said.add("The window is open. Any")
    await settle()
    assert [kind for kind, _ in kept.events][:2] == ["audio-start", "audio-chunk"]
    assert voice.spoken == ["The window is open. "]
    said.add("thing else?")
    said.end()
    await running
    assert voice.spoken[1:] == ["Anything else?"]
    assert [kind for kind, _ in kept.events][-2:] == ["audio-stop", "synthesize-stopped"]
    assert said.characters == len("The window is open. Anything else?")


async def test_no_text_is_no_sound_and_yet_an_end():
    said, kept = saying(FakeVoice())
    said.add("")
    said.end()
    await said.run(streams=False)
    assert [kind for kind, _ in kept.events] == ["audio-start", "audio-stop"]


@pytest.mark.parametrize(
    ("text", "wanted", "language", "name"),
    [
        ("你好。", None, Language.CHINESE, ""),
        ("Hello.", SynthesizeVoice(name="am_michael"), Language.ENGLISH, "am_michael"),
        ("22", SynthesizeVoice(language="zh-CN"), Language.CHINESE, ""),
        ("Hello.", SynthesizeVoice(language="fr"), Language.ENGLISH, ""),
    ],
)
async def test_the_language_is_what_is_asked_else_that_of_the_text(
    text: str, wanted: SynthesizeVoice | None, language: Language, name: str
):
    voice = Remembering()
    said, _ = saying(voice, wanted)
    said.add(text)
    said.end()
    await said.run(streams=False)
    assert voice.asked == [(language, name)]
