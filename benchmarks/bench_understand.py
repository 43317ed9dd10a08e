"""Share understood and latency, side by side with Home Assistant's sentence matcher.

Same sentences (`sentences.py`), one thread, one process. Home Assistant's matcher (`hassil` over
`home-assistant-intents`) is given the car's things as entities with their natural names, so that it
can know them. Right means the right function; arguments are not compared, as the two name them
differently. Sentences that a declaration of ours gives as an example, word for word, are left out
for both: they would be known by heart.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.report import Result, measure, report
from benchmarks.sentences import SENTENCES, Sentence
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.device.mind import load_thinking
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.normalise import normalise

ENTITIES = {
    "en": {
        "light": ("reading light", "ambient light"),
        "cover": ("window", "sunroof", "sunshade"),
        "climate": ("air conditioning", "air conditioner"),
        "lock": ("doors", "door"),
        "media_player": ("music", "radio"),
        "fan": ("fan",),
        "todo": ("shopping list",),
        "weather": ("weather",),
    },
    "zh": {
        "light": ("阅读灯", "氛围灯"),
        "cover": ("车窗", "窗户", "天窗", "遮阳帘"),
        "climate": ("空调",),
        "lock": ("车门",),
        "media_player": ("音乐",),
        "fan": ("风量", "风扇"),
        "todo": ("购物清单",),
        "weather": ("天气",),
    },
}
ROUNDS = 5


def main() -> None:
    """Run both sides on every sentence and report."""
    results: list[Result] = []
    sides = (("edgewise", _edgewise()), ("home assistant", _home_assistant()))
    for language in ("en", "zh"):
        written = [s for s in SENTENCES if s.language == language]
        sentences = unseen(written)
        print(
            f"{language}: {len(written) - len(sentences)} of {len(written)} sentences are declared"
            f" examples and are left out; {len(sentences)} are compared"
        )
        results.append(measure(f"{language} sentences compared", len(sentences), "sentences"))
        for name, understood in sides:
            right, times_ms, missed = _run(sentences, understood)
            print(f"{name} {language}: {right} of {len(sentences)}; missed: {missed}")
            share = 100 * right / len(sentences)
            results.append(measure(f"{name} {language} right function", share, "%"))
            results.append(
                measure(f"{name} {language} latency p50", statistics.median(times_ms), "ms")
            )
            p95 = statistics.quantiles(times_ms, n=20)[18]
            results.append(measure(f"{name} {language} latency p95", p95, "ms"))
    report("understand", results)


def unseen(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those that equal no example of a declaration, once normalised, courtesy apart."""
    examples = {
        _plain(example.text)
        for capability in builtin_catalogue().capabilities
        for example in (*capability.en, *capability.zh)
    }
    return [sentence for sentence in sentences if _plain(sentence.text) not in examples]


def _plain(text: str) -> str:
    return strip_courtesy(normalise(text)).plain.strip(" .!?,")


def _run(
    sentences: list[Sentence], understood: Callable[[Sentence], bool]
) -> tuple[int, list[float], list[str]]:
    right = 0
    times_ms: list[float] = []
    missed: list[str] = []
    for sentence in sentences:
        for _ in range(ROUNDS):
            started = time.perf_counter()
            is_right = understood(sentence)
            times_ms.append((time.perf_counter() - started) * 1000)
        right += is_right
        if not is_right:
            missed.append(sentence.text)
    return right, times_ms, missed


def _edgewise() -> Callable[[Sentence], bool]:
    thinking = load_thinking(builtin_catalogue().capabilities)

    def understood(sentence: Sentence) -> bool:
        context = Context(Language(sentence.language), label=label_of(OriginKind.TYPED))
        thought = thinking.understand(sentence.text, context)
        return [call.capability for call in thought.calls] == [sentence.capability]

    return understood


def _home_assistant() -> Callable[[Sentence], bool]:
    from hassil import Intents, TextSlotList, recognize_best
    from home_assistant_intents import get_intents

    packs: dict[str, tuple[Any, Any]] = {}
    for language, code in (("en", "en"), ("zh", "zh-CN")):
        names = [
            (name, name, {"domain": domain})
            for domain, known in ENTITIES[language].items()
            for name in known
        ]
        slots = {
            "name": TextSlotList.from_tuples(names, name="name"),
            "area": TextSlotList.from_tuples([], name="area"),
            "floor": TextSlotList.from_tuples([], name="floor"),
        }
        packs[language] = (Intents.from_dict(dict(get_intents(code) or {})), slots)

    def understood(sentence: Sentence) -> bool:
        intents, slots = packs[sentence.language]
        found = recognize_best(sentence.text, intents, slot_lists=slots, best_slot_name="name")
        return found is not None and found.intent.name in sentence.intents

    return understood


if __name__ == "__main__":
    main()
