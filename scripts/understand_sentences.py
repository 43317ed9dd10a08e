"""Makes the sentences on which command understanding is trained: patterns and declared examples.

Seeded, so two runs give the same list. The patterns are in scripts/grammar; the examples are those
that capabilities declare. No sentence of a public set is used.
"""

import importlib
import pkgutil
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import log2
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from edgewise.core.capability import Capability
from edgewise.think.understanding.normalise import is_chinese, normalise
from scripts.sentence_patterns import (
    Expander,
    Grammar,
    Pattern,
    Piece,
    Span,
    grammar_files,
    read_grammar,
)
from scripts.speech_slips import Mark, Slips, mark

SOURCES = (
    *grammar_files(),
    *sorted((Path(__file__).parent / "grammar" / "slips").glob("*.txt")),
    Path(__file__).with_name("sentence_patterns.py"),
    Path(__file__).with_name("speech_slips.py"),
    Path(__file__),
)
"""The files that decide the sentences."""
PER_CLASS = 260
"""Sentences of one language and class; classes with fewer possible ones have fewer."""
SHARES = {"none": 4.0}
"""Classes of more sentences than others: what is no command is wider than any command."""
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is written, the function it asks for, and the typed spans in it.

    `spans` are (type, start, end) in `text`, in order and apart; normalising keeps them. None
    where nobody marked them: a sentence that a capability declares as an example.
    """

    text: str
    language: str
    function: str
    spans: tuple[tuple[str, int, int], ...] | None = ()

    @property
    def plain(self) -> str:
        return normalise(self.text).plain


def read_capabilities() -> list[Capability]:
    """The declarations of the built-in catalogue, by name."""
    package = importlib.import_module("edgewise.act.catalogue")
    found: dict[str, Capability] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for function in getattr(module, "FUNCTIONS", ()):
            found[function.capability.name] = function.capability
    return [found[name] for name in sorted(found)]


def make_sentences(capabilities: Iterable[Capability], seed: int) -> list[tuple[str, str]]:
    """Pairs of a normalised sentence and its class, shuffled."""
    rng = random.Random(seed)
    declared = list(declared_sentences(capabilities))
    slips = Slips(rng)
    made = {(one.plain, one.function): None for one in declared}
    for one in declared:
        marks = mark([Piece(one.text, None)])
        for _ in range(6):
            varied = "".join(char for char, _, _ in slips.vary(marks, one.language, True))
            made[normalise(varied).plain, one.function] = None
    taken = dict(made.keys())
    for one in generate(seed, PER_CLASS):
        if taken.get(one.plain, one.function) == one.function:
            made[one.plain, one.function] = None
    pairs = sorted(pair for pair in made if pair[0])
    rng.shuffle(pairs)
    return pairs


def declared_sentences(capabilities: Iterable[Capability]) -> Iterator[Sentence]:
    """The examples of the declarations; their spans are not known."""
    for capability in capabilities:
        for example in (*capability.en, *capability.zh):
            language = LANGUAGES[is_chinese(example.text)]
            yield Sentence(normalise(example.text).text, language, capability.name, None)


def generate(seed: int, per_class: int) -> list[Sentence]:
    """Up to `per_class` different sentences of each function and language, in a shuffled order.

    The same seed gives the same list. A text that patterns of two functions give is left out.
    """
    rng = random.Random(seed)
    sentences = list(_drawn(read_grammar(), rng, per_class))
    owners: dict[str, set[str]] = {}
    for one in sentences:
        owners.setdefault(one.plain, set()).add(one.function)
    sentences = [one for one in sentences if len(owners[one.plain]) == 1]
    rng.shuffle(sentences)
    return sentences


def doubted(seed: int, per_class: int) -> Counter[tuple[str, ...]]:
    """How many texts `generate` leaves out, by the functions that claim them."""
    owners: dict[str, set[str]] = {}
    for one in _drawn(read_grammar(), random.Random(seed), per_class):
        owners.setdefault(one.plain, set()).add(one.function)
    return Counter(tuple(sorted(names)) for names in owners.values() if len(names) > 1)


def _drawn(grammar: Grammar, rng: random.Random, per_class: int) -> Iterator[Sentence]:
    expander, slips = Expander(grammar, rng), Slips(rng)
    for function, patterns in sorted(grammar.patterns.items()):
        wanted = int(per_class * SHARES.get(function, 1.0))
        for language in LANGUAGES:
            own = [p for p in patterns if is_chinese(p.source) == (language == "zh")]
            seen: set[str] = set()
            for pattern in _turns(own, grammar, rng, wanted):
                marks = mark(list(expander.expand(pattern.node)))
                one = _sentence(slips.vary(marks, language, pattern.order), language, function)
                if one.plain not in seen and is_chinese(one.text) == (language == "zh"):
                    seen.add(one.plain)
                    yield one
                if len(seen) >= wanted:
                    break
    for text in _gibberish(rng, per_class):
        yield Sentence(text, LANGUAGES[is_chinese(text)], "none")


def _turns(
    patterns: list[Pattern], grammar: Grammar, rng: random.Random, wanted: int
) -> Iterator[Pattern]:
    """Every pattern once, then patterns by chance: more often those that say more."""
    if not patterns:
        return
    yield from rng.sample(patterns, len(patterns))
    weights = [1 + min(12.0, log2(grammar.size(pattern.node))) for pattern in patterns]
    for _ in range(8):
        yield from rng.choices(patterns, weights, k=wanted)


def _sentence(marks: list[Mark], language: str, function: str) -> Sentence:
    """The text of the marks, as normalising leaves it, with the spans where they now are."""
    marks = _tidy(marks)
    spans: list[tuple[str, int, int]] = []
    last: Span | None = None
    for at, (_, span, _) in enumerate(marks):
        if span is not None and span is last:
            spans[-1] = (span.type, spans[-1][1], at + 1)
        elif span is not None:
            spans.append((span.type, at, at + 1))
        last = span
    text = "".join(char for char, _, _ in marks)
    trimmed = tuple((type, start, end - (text[end - 1] == " ")) for type, start, end in spans)
    return Sentence(text, language, function, trimmed)


def _tidy(marks: list[Mark]) -> list[Mark]:
    """The marks with single spaces, none outside, and characters as normalising shows them."""
    kept: list[Mark] = []
    for char, span, number in marks:
        shown = _shown(char)
        if shown == " " and (not kept or kept[-1][0] == " "):
            continue
        kept += [(one, span, number) for one in shown]
    while kept and kept[-1][0] == " ":
        kept.pop()
    return kept


@cache
def _shown(char: str) -> str:
    return normalise(char).text if char != " " else char


SYLLABLES = (
    "ba", "ke", "lo", "mi", "nu", "po", "ri", "sa", "ti", "vu", "wib", "zang", "flor", "dra",
    "gle", "snu", "plo", "kri", "tha", "mo", "que", "zi",
)  # fmt: skip
CHARACTERS = "呜噗噜啦咕嘟哔叽呱哩唧吧嗒喵汪哞咩噢哟嘎哐咚乒乓叮当山石田禾木鱼鸟虫"
LINKS = ("the", "a", "to", "of", "and", "my", "is", "on", "with", "it")


def _gibberish(rng: random.Random, count: int) -> list[str]:
    """Made-up words in the form of sentences: they must lead nowhere."""
    made: dict[str, None] = {}
    for number in range(count):
        if number % 3:
            words = [
                "".join(rng.choices(SYLLABLES, k=rng.randint(1, 3)))
                if rng.random() < 0.75
                else rng.choice(LINKS)
                for _ in range(rng.randint(2, 7))
            ]
            made[" ".join(words)] = None
        else:
            made["".join(rng.choices(CHARACTERS, k=rng.randint(3, 9)))] = None
    return list(made)
