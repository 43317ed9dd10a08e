"""The figures of hearing, with ears that were told what to hear."""

from collections.abc import Sequence

from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.words import Language
from edgewise.learn.hear_eval import Measured, evaluate_hearing
from edgewise.learn.spoken_sets import Utterance
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.sound.pcm import Pcm

TEXTS = ("open the window", "close the window", "lock the car", "play jazz", "call mom", "stop it")


def sound_of(number: int) -> Pcm:
    return Pcm(bytes([number, 0]) * 8000)


class Parrot:
    """Hears what it was told to hear, by the first sample; all else as nothing but `invents`."""

    def __init__(self, heard: Sequence[str], invents: str = "") -> None:
        self._heard = {sound_of(n).data: text for n, text in enumerate(heard, 1)}
        self._invents = invents

    async def transcribe(
        self, sound: Pcm, *, language: Language | None = None, vocabulary: Vocabulary = NO_WORDS,
        is_final: bool = True, expected: Language | None = None, deadline_s: float = 20.0,
    ) -> Heard:  # fmt: skip
        assert language is not None
        return Heard(self._heard.get(sound.data, self._invents), language, 0.9, 5.0)

    async def finished(self, sound: Pcm, *, deadline_s: float = 2.0) -> float:
        raise AssertionError

    async def warm(self, language: Language) -> None:
        raise AssertionError

    async def close(self) -> None:
        raise AssertionError


def understand(text: str, language: Language) -> list[Call]:
    return [Call("1", text.partition(" ")[0], {"words": text.lower()}, Label())] if text else []


async def measured(name: str, heard: Sequence[str], invents: str = "") -> Measured:
    utterances = [
        Utterance(name, f"{n}", text, Language.ENGLISH, sound_of(n), text.partition(" ")[0])
        for n, text in enumerate(TEXTS, 1)
    ]
    vocabularies = dict.fromkeys(Language, NO_WORDS)
    ears = Parrot(heard, invents)
    return await evaluate_hearing(utterances, ears, vocabularies, understand, lambda _: None)


def figures(found: Measured) -> dict[str, tuple[float, bool | None]]:
    return {one.metric: (one.value, one.met) for one in found.results}


async def test_all_heard_right_meets_every_goal():
    found = await measured("synthetic-x", TEXTS)
    told = figures(found)
    assert told["synthetic-x | en | synthetic | word errors"] == (0.0, True)
    assert told["synthetic-x | en | synthetic | of them with the same call when heard"] == (
        100,
        True,
    )
    assert not [one for one in found.results if one.met is False]
    assert not found.misses


async def test_what_is_misheard_is_counted_and_kept():
    found = await measured("car", ["open a window", *TEXTS[1:]])
    told = figures(found)
    assert told["all recorded sets | en | recorded | word errors"][0] == 100 / 15
    same = told["car | en | recorded | of them with the same call when heard"][0]
    functions = told["car | en | recorded | of them with the same function when heard"][0]
    assert (round(same, 1), functions) == (83.3, 100.0)
    assert [(one.said, one.heard) for one in found.misses] == [(TEXTS[0], "open a window")]


async def test_invented_words_are_counted_by_kind():
    told = figures(await measured("car", TEXTS, invents="thank you"))
    for kind in ("silence", "noise", "music"):
        assert told[f"{kind} | en | synthetic | clips with invented words"] == (100.0, False)
    assert told["car | en | recorded | word errors in noise at 5 dB"][0] > 50
