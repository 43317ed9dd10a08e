"""Sentences said by the device's own voice, kept as recordings for `edgewise eval hear`.

`synthetic-catalogue`: examples of capabilities, so sentences that the vocabulary holds.
`synthetic-unseen-*`: sentences of public sets, which it does not. What a voice says is clearer than
what people say in a car; no figure of it stands for theirs.
"""

import random
import wave
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from edgewise.answer.speak import Voice
from edgewise.core.capability import Capability
from edgewise.core.words import Language
from edgewise.learn.public_sets import load_set
from edgewise.sound.pcm import LISTENING_HZ, Pcm
from edgewise.sound.resample import resample

VOICES = {
    Language.ENGLISH: ("af_heart", "am_michael", "bf_emma"),
    Language.CHINESE: ("zf_xiaobei", "zm_yunxi", "zf_xiaoxiao", "zm_yunjian"),
}
CATALOGUE = "synthetic-catalogue"
PUBLIC = {Language.ENGLISH: ("ha_en", "snips"), Language.CHINESE: ("mac_slu",)}
SEED = 6


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is to be said, and the capability that it asks for, where that is known."""

    text: str
    language: Language
    capability: str = ""


def catalogue_sentences(
    capabilities: Iterable[Capability], language: Language, count: int
) -> list[Sentence]:
    """One example of each of `count` capabilities."""
    chosen = random.Random(SEED)
    sentences: list[Sentence] = []
    for capability in sorted(capabilities, key=lambda one: one.name):
        examples = capability.zh if language is Language.CHINESE else capability.en
        sayable = [one.text for one in examples if _is_sayable(one.text, language)]
        if sayable:
            sentences.append(Sentence(chosen.choice(sayable), language, capability.name))
    chosen.shuffle(sentences)
    return sentences[:count]


def public_sentences(folder: Path, language: Language, count: int) -> dict[str, list[Sentence]]:
    """`count` sentences of each public set of a language below `folder`."""
    found: dict[str, list[Sentence]] = {}
    for name in PUBLIC[language]:
        if (folder / "intent_map.json").is_file():
            texts = sorted({one.text for one in load_set(folder, name)})
            sayable = [text for text in texts if _is_sayable(text, language)]
            chosen = random.Random(SEED).sample(sayable, min(count, len(sayable)))
            found[f"synthetic-unseen-{name}"] = [Sentence(text, language) for text in chosen]
    return found


async def make_speech(sentences: Sequence[Sentence], voice: Voice, folder: Path) -> int:
    """Say what is not said yet into `folder`/<language>; how many were made."""
    made = 0
    for number, sentence in enumerate(sentences):
        voices = VOICES[sentence.language]
        name = voices[number % len(voices)]
        path = folder / sentence.language.value / f"{number:03d}-{name}.wav"
        kept = f"{sentence.text}\t{sentence.capability}".rstrip("\t") + "\n"
        beside = path.with_suffix(".txt")
        if path.is_file() and beside.is_file() and beside.read_text("utf-8") == kept:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, await _said(sentence, name, voice))
        beside.write_text(kept, "utf-8")
        made += 1
    return made


async def _said(sentence: Sentence, name: str, voice: Voice) -> Pcm:
    data = b""
    rate_hz = LISTENING_HZ
    stream = voice.speak(sentence.text, sentence.language, voice=name)
    async with aclosing(stream):
        async for spoken in stream:
            data += spoken.sound.data
            rate_hz = spoken.sound.rate_hz
    return resample(Pcm(data, rate_hz), LISTENING_HZ)


def _is_sayable(text: str, language: Language) -> bool:
    """Whether its sounds are in no doubt: no Latin letters in Chinese, no names of files."""
    if language is Language.CHINESE:
        return not any(c.isascii() and c.isalpha() for c in text)
    return text.isascii() and "." not in text and "@" not in text


def _write(path: Path, sound: Pcm) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate_hz)
        file.writeframes(sound.data)
