"""The command understanding beside the embedded language model under a grammar, one thread.

The sentences are the everyday ones of `sentences.py`, without those that a declaration gives word
for word. The language model is told the functions that occur in them, each with its description,
is shown one answered sentence of each function and language, and a grammar lets it write nothing
but one of their names: it cannot ramble, only choose. For it the function alone is compared;
Edgewise, which chooses among all its functions, must have the direction right as well. What the
model is told first stays in its cache, so that a sentence costs only its own words.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench_understand import CAPABILITIES, unseen
from benchmarks.meanings import is_right
from benchmarks.sentences import SENTENCES, Sentence
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.hosting.mind import load_thinking
from edgewise.learn.report import Result, measure, report
from edgewise.think.llama_process import load
from edgewise.think.models import find_embedded

CONTEXT_TOKENS = 4096
ASK = "Which function does this sentence ask for? Answer with its name."


def main() -> None:
    """Both sides on every sentence."""
    sentences = unseen(SENTENCES)
    names = sorted({sentence.capability for sentence in sentences})
    results: list[Result] = []
    for side, answer in (("edgewise", edgewise()), ("language model", language_model(names))):
        results += run(side, answer, sentences)
    report("language_model", results)


def run(side: str, answer: Callable[[Sentence], bool], sentences: Sequence[Sentence]):
    """The share that a side has right, and its times, per language."""
    results: list[Result] = []
    answer(sentences[0])  # reads files and the functions' descriptions
    for language in ("en", "zh"):
        some = [sentence for sentence in sentences if sentence.language == language]
        right, times = 0, list[float]()
        for sentence in some:
            started = time.perf_counter()
            right += answer(sentence)
            times.append(1000 * (time.perf_counter() - started))
        title = f"{language} ({len(some)} sentences): {side}"
        results += [
            measure(f"{title} right", 100 * right / len(some), "%"),
            measure(f"{title} latency p50", statistics.median(times), "ms"),
            measure(f"{title} latency p95", statistics.quantiles(times, n=20)[18], "ms"),
        ]
        print(f"{title}: {right} right", flush=True)
    return results


def edgewise() -> Callable[[Sentence], bool]:
    thinking = load_thinking(list(CAPABILITIES.values()))
    thinking.prepare()

    def answer(sentence: Sentence) -> bool:
        context = Context(Language(sentence.language), label=label_of(OriginKind.TYPED))
        calls = thinking.understand(sentence.text, context).calls
        return len(calls) == 1 and is_right(calls[0], sentence.capability, sentence.intents)

    return answer


def language_model(names: Sequence[str]) -> Callable[[Sentence], bool]:
    """Raises RuntimeError when the runtime let the model write anything but a name: it drops a
    grammar that it cannot read without a word."""
    with tempfile.TemporaryDirectory() as folder:
        model = str(find_embedded(Path(folder)))
        socket = tempfile.mkdtemp()  # `load` removes it
        runtime = load(
            model, folder=socket, context_tokens=CONTEXT_TOKENS, threads=1, prompt_threads=1
        )
    grammar = "root ::= " + " | ".join(json.dumps(name) for name in names)
    told = "\n".join(f"{name}: {CAPABILITIES[name].words.en}" for name in names)
    shown = [turn for name in names for turn in shown_of(name)]

    def answer(sentence: Sentence) -> bool:
        request = {
            "messages": [
                {"role": "system", "content": f"The functions of a car:\n{told}\n{ASK}"},
                *shown,
                {"role": "user", "content": sentence.text},
            ],
            "grammar": grammar, "max_tokens": 24, "temperature": 0, "cache_prompt": True,
            "stream": False,
        }  # fmt: skip
        written: list[Any] = []
        runtime.handle_chat_completions(request, written.append)
        name = content_of(written)
        if name not in names:
            raise RuntimeError(f"the grammar did not hold: {name!r}")
        return name == sentence.capability

    return answer


def content_of(written: Sequence[Any]) -> str:
    """The text of a completion as the runtime gives it."""
    found = written[-1]
    found = json.loads(found) if isinstance(found, (str, bytes)) else found
    return str(found["choices"][0]["message"]["content"]).strip()


def shown_of(name: str) -> list[dict[str, str]]:
    """A function's first example of each language as a turn with the right answer."""
    capability = CAPABILITIES[name]
    return [
        turn
        for example in (capability.en[0], capability.zh[0])
        for turn in (
            {"role": "user", "content": example.text},
            {"role": "assistant", "content": name},
        )
    ]


if __name__ == "__main__":
    main()
