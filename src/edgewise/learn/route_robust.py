"""What a score is worth beside its rank: does the same question keep its route when it is written a
little differently, and how long does a decision take.

The system prompt is changed too, in whole conversations: what is scored is taken from them as a
turn takes it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from edgewise.core.endpoint import Condition, Consent, Endpoint, Health
from edgewise.core.place import Mode
from edgewise.learn.report import Result, measure
from edgewise.learn.route_fit import Fitted, Plan, fit, raws_of
from edgewise.learn.route_metrics import same_side, threshold_for
from edgewise.learn.route_sets import Row, Sample, before_answer, joined
from edgewise.route.features import asked_in, ends_of, features_of
from edgewise.route.policy import DEFAULT
from edgewise.route.prescore import prescore
from edgewise.route.question import Need, Question, Score
from edgewise.route.route import decide
from edgewise.route.scorer import Near, place_of
from edgewise.think.sentence_vector import SentenceVectors, load_sentence_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

JUDGED = 400
PASSES = 3
SHARE = 0.3
EVERY = 80
"""Letters to one typing mistake: about three in a paragraph, one in a sentence."""
PROMPTS = (
    "You are a helpful assistant.",
    "You are a careful expert. Prove each theorem, explain step by step, and write Python code. "
    * 20,
)


def mistyped(text: str, random: "np.random.Generator") -> str:
    """The text with typing mistakes in its words: letters swapped, left out or doubled."""
    letters = list(text)
    places = [i for i in range(1, len(letters) - 1) if letters[i].isalpha() and
              letters[i + 1].isalpha() and letters[i - 1].isalpha()]  # fmt: skip
    if not places:
        return text
    count = max(1, len(letters) // EVERY)
    for at in sorted({int(random.choice(places)) for _ in range(count)}, reverse=True):
        kind = int(random.integers(3))
        if kind == 0:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif kind == 1:
            del letters[at]
        else:
            letters.insert(at, letters[at])
    return "".join(letters)


def robustness(
    pairs: dict[str, list[Row]], samples: dict[str, Sample], learnt: Sequence[str], plan: Plan
) -> Iterator[Result]:
    """How many questions keep their side when 30 % are sent, by what was changed: of each set some
    rows, judged by one scorer of the other rows of the sets `learnt`."""
    import numpy as np

    judged: dict[str, NDArray[np.int64]] = {}
    rest: list[Sample] = []
    for name, rows in pairs.items():
        order = np.random.default_rng(0).permutation(len(rows))
        judged[name] = order[: min(JUDGED, len(rows) // 2)]
        if name in learnt:
            rest.append(samples[name].at(order[len(judged[name]) :]))
    fitted = fit(joined(rest), plan)
    for name, at in judged.items():
        texts = [pairs[name][int(i)].text for i in at]
        before = raws_of(fitted, samples[name].at(at))
        threshold = threshold_for(before, SHARE)
        for what, change in _changes().items():
            after = raws_of(fitted, before_answer([Row("", change(text), 0, 0) for text in texts]))
            least = 95 if what == "typing mistakes" else 100 if what == "system prompt" else None
            value = 100 * same_side(before, after, threshold)
            yield measure(f"{name} | same route | {what}", value, "%", at_least=least)


def _changes() -> dict[str, Callable[[str], str]]:
    import numpy as np

    random = np.random.default_rng(0)

    def other_prompt(text: str) -> str:
        first = asked_in([("system", PROMPTS[0]), ("user", text)])
        second = asked_in([("system", PROMPTS[1]), ("user", text)])
        return second if first == text else first

    return {
        "typing mistakes": lambda text: mistyped(text, random),
        "question mark": lambda text: text.rstrip("?？ ") if text.endswith("?") else text + "?",
        "lower case": str.lower,
        "blanks doubled": lambda text: text.replace(" ", "  "),
        "system prompt": other_prompt,
    }


def latency(rows: Sequence[Row], fitted: Fitted) -> Iterator[Result]:
    """How long a score and a decision among three clouds take, one question after another. Of three
    passes, none of which knows a word of an earlier one, a question's shortest time counts: what
    else the machine does is not the router's."""
    shortest = [float("inf")] * len(rows)
    for _ in range(PASSES):
        vectors = load_sentence_vectors.__wrapped__()
        score_question(fitted, "What is the capital of France?", vectors)
        for i, row in enumerate(rows):
            start = time.perf_counter()
            score = score_question(fitted, row.text, vectors)
            decide(question_of(row.text, score), DEFAULT)
            shortest[i] = min(shortest[i], 1_000 * (time.perf_counter() - start))
    shortest.sort()
    middle, most = shortest[len(rows) // 2], shortest[int(0.95 * len(rows))]
    yield measure("all | overhead | prescore and rules p50", middle, "ms")
    yield measure("all | overhead | prescore and rules p95", most, "ms", at_most=3)


def score_question(fitted: Fitted, text: str, vectors: SentenceVectors) -> Score:
    """The score of one question, as a turn makes it."""
    features = features_of(text)
    vector = vectors(ends_of(text)).tolist() if fitted.scorer.centre else ()
    place = place_of(fitted.scorer, features, vector)
    near = Near(*fitted.known.nearest(place, fitted.count)) if fitted.known is not None else None
    return prescore(fitted.scorer, features, place, near)


def question_of(text: str, score: Score) -> Question:
    """A question that every stage of a decision has to look at: three clouds that may have it."""
    names = ("near", "far", "third")
    return Question(
        digest="", mode=Mode.PREFER_DEVICE, now=1.0, region="EU", score=score,
        need=Need(input_tokens=len(text) // 4),
        endpoints=tuple(Endpoint(n, f"https://{n}.example/v1", "large", "EU") for n in names),
        consents=tuple(Consent(n, n, "assist", 0.0) for n in names),
        health=tuple(Health(n, p50_s=1.0) for n in names),
        condition=Condition(True, "small", ("en", "zh"), 1_000_000, 20.0),
    )  # fmt: skip
