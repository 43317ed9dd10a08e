"""What hearing is worth: error rates, words invented where nobody speaks, commands obeyed.

Every figure's name tells the set, the language, and whether a voice of a machine or a person
speaks. It is handed the ears and what a sentence is understood as; it knows neither model.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from edgewise.core.call import Call
from edgewise.core.words import Language
from edgewise.learn.noise import noisy, wordless
from edgewise.learn.report import Result, measure
from edgewise.learn.spoken_sets import Utterance
from edgewise.learn.word_errors import NO_ERRORS, Errors, errors_between
from edgewise.perceive.hear import Ears, Heard, Vocabulary

NOISE_DB = (20, 10, 5)
DEADLINE_S = 600.0
MOST_IN_NOISE = 30
GOALS = {
    (Language.ENGLISH, False): 8.0,
    (Language.ENGLISH, True): 2.0,
    (Language.CHINESE, True): 6.0,
}
"""Error rates in percent, by language and whether the speech is made."""
LEAST_OF_TYPED = 90.0

Understand = Callable[[str, Language], Sequence[Call]]
Tell = Callable[[str], None]
Vocabularies = dict[Language, Vocabulary]


@dataclass(frozen=True, slots=True)
class Miss:
    """A sentence that was not heard as it was said."""

    set: str
    said: str
    heard: str
    confidence: float


@dataclass(slots=True)
class Measured:
    """The figures up to now, and every sentence that was not heard right."""

    results: list[Result]
    misses: list[Miss]
    took_ms: dict[Language, list[float]]
    recorded: dict[Language, Errors]


async def evaluate_hearing(
    utterances: Sequence[Utterance],
    ears: Ears,
    vocabularies: Vocabularies,
    understand: Understand,
    tell: Tell,
) -> Measured:
    """All figures of these utterances."""
    measured = Measured(
        [], [], {language: [] for language in Language}, dict.fromkeys(Language, NO_ERRORS)
    )
    groups: dict[tuple[str, Language], list[Utterance]] = {}
    for one in utterances:
        groups.setdefault((one.set, one.language), []).append(one)
    for (name, language), group in groups.items():
        tell(f"{name} {language}: {len(group)} utterances")
        await _evaluate_set(name, language, group, ears, vocabularies, understand, measured)
    for language, errors in measured.recorded.items():
        if errors.of:
            metric = f"all recorded sets | {language} | recorded | {_rate_of(language)}"
            goal = GOALS.get((language, False))
            measured.results.append(measure(metric, errors.percent, "%", at_most=goal))
    for ratio_db in NOISE_DB:
        for (name, language), group in groups.items():
            tell(f"{name} {language} in noise, {ratio_db} dB")
            await _evaluate_noise(name, language, group, ratio_db, ears, vocabularies, measured)
    tell("silence, noise and music")
    await _evaluate_wordless(ears, measured)
    for language, took in measured.took_ms.items():
        if took:
            measured.results += _times(language, took)
    return measured


async def _evaluate_set(
    name: str, language: Language, group: Sequence[Utterance], ears: Ears,
    vocabularies: Vocabularies, understand: Understand, measured: Measured,
) -> None:  # fmt: skip
    kind = "synthetic" if group[0].is_made else "recorded"
    heard = [await _hear(one, ears, vocabularies) for one in group]
    errors = NO_ERRORS
    for one, found in zip(group, heard, strict=True):
        wrong = errors_between(one.text, found.text, language)
        errors += wrong
        if wrong.wrong:
            measured.misses.append(Miss(name, one.text, found.text, found.confidence))
        if one.sound.length_s <= 8:
            measured.took_ms[language].append(found.took_ms)
    if not group[0].is_made:
        measured.recorded[language] += errors
    rate = _rate_of(language)
    head = f"{name} | {language} | {kind}"
    goal = GOALS.get((language, True)) if group[0].is_made and "unseen" not in name else None
    measured.results += [
        measure(f"{head} | utterances", len(group), ""),
        measure(f"{head} | {rate}", errors.percent, "%", at_most=goal),
    ]
    measured.results += _commands(head, language, group, heard, understand)


def _commands(
    head: str, language: Language, group: Sequence[Utterance], heard: Sequence[Heard],
    understand: Understand,
) -> Iterable[Result]:  # fmt: skip
    """Of the sentences that are right when typed, those that are right when heard: the same calls
    with the same arguments, and the same functions."""
    typed = [understand(one.text, language) for one in group]
    right = [
        at
        for at, calls in enumerate(typed)
        if calls and (not group[at].capability or group[at].capability in _names(calls))
    ]
    if len(right) < 5:
        return
    spoken = {at: understand(heard[at].text, language) for at in right}
    same = sum(_said(spoken[at]) == _said(typed[at]) for at in right)
    functions = sum(_names(spoken[at]) == _names(typed[at]) for at in right)
    yield measure(f"{head} | commands right when typed", len(right), "")
    yield measure(
        f"{head} | of them with the same call when heard", 100 * same / len(right), "%",
        at_least=LEAST_OF_TYPED if group[0].is_made and "unseen" not in head else None,
    )  # fmt: skip
    yield measure(
        f"{head} | of them with the same function when heard", 100 * functions / len(right), "%"
    )


async def _evaluate_noise(
    name: str, language: Language, group: Sequence[Utterance], ratio_db: int, ears: Ears,
    vocabularies: Vocabularies, measured: Measured,
) -> None:  # fmt: skip
    errors = NO_ERRORS
    short = [one for one in group if one.sound.length_s <= 30][:MOST_IN_NOISE]
    for seed, one in enumerate(short):
        found = await ears.transcribe(
            noisy(one.sound, ratio_db, seed), language=language,
            vocabulary=vocabularies[language], deadline_s=DEADLINE_S,
        )  # fmt: skip
        errors += errors_between(one.text, found.text, language)
    rate = _rate_of(language)
    kind = "synthetic" if group[0].is_made else "recorded"
    metric = f"{name} | {language} | {kind} | {rate} in noise at {ratio_db} dB"
    measured.results.append(measure(metric, errors.percent, "%"))


async def _evaluate_wordless(ears: Ears, measured: Measured) -> None:
    for kind, clips in wordless().items():
        for language in Language:
            invented = 0
            for clip in clips:
                found = await ears.transcribe(clip, language=language, deadline_s=DEADLINE_S)
                invented += bool(found.text)
                if found.text:
                    measured.misses.append(Miss(kind, "", found.text, found.confidence))
            share = 100 * invented / len(clips)
            metric = f"{kind} | {language} | synthetic | clips with invented words"
            measured.results.append(measure(metric, share, "%", at_most=0))


async def _hear(one: Utterance, ears: Ears, vocabularies: Vocabularies) -> Heard:
    return await ears.transcribe(
        one.sound,
        language=one.language,
        vocabulary=vocabularies[one.language],
        deadline_s=DEADLINE_S,
    )


def _times(language: Language, took: Sequence[float]) -> Iterable[Result]:
    ordered = sorted(took)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    yield measure(f"all | {language} | time p50", statistics.median(ordered), "ms")
    yield measure(f"all | {language} | time p95", late, "ms")


def _rate_of(language: Language) -> str:
    return "character errors" if language is Language.CHINESE else "word errors"


def _names(calls: Sequence[Call]) -> list[str]:
    return [call.capability for call in calls]


def _said(calls: Sequence[Call]) -> list[tuple[str, object]]:
    return [(call.capability, call.arguments) for call in calls]
