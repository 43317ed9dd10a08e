"""Makes the sentences on which command understanding is trained: patterns and declared examples.

Seeded, so two runs give the same list. The patterns are in understand_grammar.txt; the examples
are those that capabilities declare. Politeness is put around some, words are dropped or doubled in
some, as speech recognition does. No sentence of a public set is used.
"""

import importlib
import pkgutil
import random
import re
from collections.abc import Iterable
from pathlib import Path

from edgewise.core.capability import Capability
from edgewise.think.understanding.normalise import is_chinese, normalise

GRAMMAR = Path(__file__).with_name("understand_grammar.txt")
PER_CLASS = 260
"""Sentences of one language and class; classes with fewer possible ones have fewer."""

HEADS_EN = (
    "please ",
    "can you ",
    "could you please ",
    "hey ",
    "I want you to ",
    "would you ",
    "um ",
    "ok ",
    "now ",
    "I'd like to ",
    "go ahead and ",
    "can we ",
)
TAILS_EN = (" please", " now", " for me", " thanks", " right away", " will you", " quickly")
HEADS_ZH = (
    "帮我",
    "请",
    "麻烦",
    "给我",
    "请帮我",
    "我想",
    "我要",
    "能不能",
    "可以帮我",
    "嗯",
    "你帮我",
    "快",
    "那个",
    "再",
)
TAILS_ZH = ("吧", "一下", "好吗", "谢谢", "可以吗", "啊", "呗", "好不好", "了")


def read_capabilities() -> list[Capability]:
    """The declarations of the built-in catalogue, by name."""
    package = importlib.import_module("edgewise.act.catalogue")
    found: dict[str, Capability] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for function in getattr(module, "FUNCTIONS", ()):
            found[function.capability.name] = function.capability
    return [found[name] for name in sorted(found)]


def read_grammar() -> dict[str, list[str]]:
    """Patterns by class name."""
    patterns: dict[str, list[str]] = {}
    current = ""
    for line in GRAMMAR.read_text(encoding="utf-8").splitlines():
        if re.match(r"# [\w.]+$", line):
            current = line[2:]
            patterns[current] = []
        elif current and line.strip():
            patterns[current].append(line)
    return patterns


def read_words() -> dict[str, list[str]]:
    """The named word lists of the grammar."""
    words: dict[str, list[str]] = {}
    for line in GRAMMAR.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            name, *rest = (part.strip() for part in line[2:].split("|"))
            words[name] = rest
    return words


def make_sentences(capabilities: Iterable[Capability], seed: int) -> list[tuple[str, str]]:
    """Pairs of a normalised sentence and its class, shuffled."""
    rng = random.Random(seed)
    words, made = read_words(), dict[tuple[str, str], None]()
    for name, patterns in sorted(read_grammar().items()):
        for chinese in (False, True):
            own = [p for p in patterns if is_chinese(p) == chinese]
            for sentence in _expand_all(own, words, rng, PER_CLASS * (4 if name == "none" else 1)):
                made[_vary(sentence, rng), name] = None
    for sentence in _gibberish(rng, 500):
        made[sentence, "none"] = None
    for capability in capabilities:
        for example in (*capability.en, *capability.zh):
            for _ in range(6):
                made[_vary(example.text, rng), capability.name] = None
            made[normalise(example.text).plain, capability.name] = None
    pairs = sorted(pair for pair in made if pair[0])
    rng.shuffle(pairs)
    return pairs


SYLLABLES = [
    "ba",
    "ke",
    "lo",
    "mi",
    "nu",
    "po",
    "ri",
    "sa",
    "ti",
    "vu",
    "wib",
    "zang",
    "flor",
    "dra",
    "gle",
    "snu",
    "plo",
    "kri",
    "tha",
    "mo",
    "que",
    "zi",
]
CHARACTERS = "呜噗噜啦咕嘟哔叽呱哩唧吧嗒喵汪哞咩噢哟嘎哐咚乒乓叮当山石田禾木鱼鸟虫"
LINKS = ("the", "a", "to", "of", "and", "my", "is", "on", "with", "it")


def _gibberish(rng: random.Random, count: int) -> list[str]:
    """Made-up words in the form of sentences: they must lead nowhere."""
    made: list[str] = []
    for number in range(count):
        if number % 3:
            words = [
                "".join(rng.choices(SYLLABLES, k=rng.randint(1, 3)))
                if rng.random() < 0.75
                else rng.choice(LINKS)
                for _ in range(rng.randint(2, 7))
            ]
            made.append(" ".join(words))
        else:
            made.append("".join(rng.choices(CHARACTERS, k=rng.randint(3, 9))))
    return made


def _expand_all(
    patterns: list[str], words: dict[str, list[str]], rng: random.Random, limit: int
) -> list[str]:
    """Up to `limit` expansions, spread over the patterns by the number of their alternatives."""
    made: dict[str, None] = {}
    if not patterns:
        return []
    weights = [min(60, 2 + pattern.count("|") * 2) for pattern in patterns]
    for pattern in patterns:
        for branch in _branches(pattern):
            made[_expand(branch, words, rng)] = None
    for pattern in rng.choices(patterns, weights, k=limit):
        made[_expand(pattern, words, rng)] = None
    return list(made)


def _branches(pattern: str) -> list[str]:
    """The pattern once with each of its alternatives fixed, so that no word is left out."""
    found: list[str] = []
    for match in re.finditer(r"\[([^\]]*)\]", pattern):
        for choice in match[1].split("|"):
            found.append(pattern[: match.start()] + choice + pattern[match.end() :])
    return found or [pattern]


def _expand(pattern: str, words: dict[str, list[str]], rng: random.Random) -> str:
    text = re.sub(r"\[([^\]]*)\]", lambda m: rng.choice(m[1].split("|")), pattern)
    text = re.sub(r"\{(\w+)\}", lambda m: rng.choice(words[m[1]]), text)
    return re.sub(r" +", " ", text).strip()


def _vary(sentence: str, rng: random.Random) -> str:
    """The sentence with politeness around it, a slip in it, or neither."""
    draw = rng.random()
    chinese = is_chinese(sentence)
    if draw < 0.18:
        sentence = rng.choice(HEADS_ZH if chinese else HEADS_EN) + sentence
    elif draw < 0.28:
        sentence = sentence + rng.choice(TAILS_ZH if chinese else TAILS_EN)
    elif draw < 0.33 and not chinese and sentence.count(" ") > 3:
        parts = sentence.split(" ")
        del parts[rng.randrange(len(parts))]
        sentence = " ".join(parts)
    elif draw < 0.36 and chinese and len(sentence) > 6:
        at = rng.randrange(len(sentence))
        sentence = sentence[:at] + sentence[at + 1 :]
    return normalise(sentence).plain
