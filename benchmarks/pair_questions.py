"""The questions of our own pair: short, open, each with a key that a program can check.

    python -m benchmarks.pair_questions        prints how many there are of each kind, and examples

Made from the tables of pair_words.py and from a seed: the same seed makes the same questions. A
kind is a group of its own, so that scores can be judged on kinds that they never saw. Nothing is
taken from a public set.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator

from msgspec import Struct

from benchmarks import pair_words as words
from benchmarks.pair_words import pairs_of

SEED = 20261130
EACH, EACH_ZH = 24, 10
"""Questions of a kind."""
CONTINENTS = ("Africa", "Asia", "Europe", "North America", "South America", "Oceania", "Antarctica")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
UNITS = (
    ("minutes", "hour", 60), ("seconds", "minute", 60), ("hours", "day", 24), ("days", "week", 7),
    ("months", "year", 12), ("centimetres", "metre", 100), ("grams", "kilogram", 1000),
    ("metres", "kilometre", 1000), ("millilitres", "litre", 1000), ("inches", "foot", 12),
)  # fmt: skip
ZH_UNITS = (
    ("小时", "分钟", 60), ("天", "小时", 24), ("米", "厘米", 100), ("千克", "克", 1000),
    ("年", "个月", 12),
)  # fmt: skip


class Key(Struct, frozen=True):
    """What a right answer holds: one of `words` and none of `others`, or the one `number`, or
    `yes`, or a word `spelt` letter by letter. `others` are answers that the question does not name
    and that are not right."""

    words: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    number: float | None = None
    yes: bool | None = None
    spelt: str = ""


class Asked(Struct, frozen=True):
    """A question with its key; `good` is a right answer in few words, as a person would say it."""

    id: str
    kind: str
    language: str
    text: str
    key: Key
    good: str


Made = tuple[str, Key, str]


def questions(seed: int = SEED) -> list[Asked]:
    """All questions, kind by kind."""
    found: list[Asked] = []
    for kind, make in KINDS.items():
        language = "zh" if kind.startswith("zh ") else "en"
        drawn = random.Random(f"{seed} {kind}")
        made = list(dict.fromkeys(make(drawn)))
        most = EACH_ZH if language == "zh" else EACH
        chosen = drawn.sample(made, min(most, len(made)))
        for number, (text, key, good) in enumerate(chosen):
            name = f"{kind.replace(' ', '-')}-{number:02}"
            found.append(Asked(name, kind, language, text, key, good))
    return found


def _table(
    table: str, template: str, others: tuple[str, ...] = ()
) -> Callable[..., Iterator[Made]]:
    """Questions of a table of words."""

    def make(_: random.Random) -> Iterator[Made]:
        for asked, right in pairs_of(table):
            wrong = tuple(one for one in others if one not in right)
            yield template.format(asked), Key(right, wrong), right[0]

    return make


def _yes_no(_: random.Random) -> Iterator[Made]:
    for asked, (right,) in pairs_of(words.YES_NO):
        yield asked, Key(yes=right == "yes"), right.capitalize()


def _number(text: str, number: int) -> Made:
    return text, Key(number=number), str(number)


def _sums(draw: random.Random) -> Iterator[Made]:
    for _ in range(40):
        a, b = draw.randint(2, 49), draw.randint(2, 49)
        yield _number(f"What is {a} plus {b}?", a + b)


def _two_steps(draw: random.Random) -> Iterator[Made]:
    for _ in range(40):
        a, b, c = draw.randint(2, 9), draw.randint(2, 9), draw.randint(11, 30)
        yield _number(
            f"A box holds {a} red and {b} blue pencils. How many pencils are in {c} boxes?",
            (a + b) * c,
        )
        yield _number(
            f"Anna has {c} apples, gives {a} away and buys {b + 10} more. How many has she now?",
            c - a + b + 10,
        )


def _conversions(draw: random.Random) -> Iterator[Made]:
    for small, large, factor in UNITS:
        many = "feet" if large == "foot" else f"{large}s"
        yield _number(f"How many {small} are in one {large}?", factor)
        count = draw.randint(2, 9)
        yield _number(f"How many {small} are in {count} {many}?", factor * count)


def _letters(_: random.Random) -> Iterator[Made]:
    for word in words.SPELT.split():
        yield _number(f"How many letters are in the word “{word}”?", len(word))


def _spelling(_: random.Random) -> Iterator[Made]:
    for word in words.SPELT.split():
        letters = "-".join(word.upper())
        yield f"Spell the word “{word}” letter by letter.", Key(spelt=word), letters


def _calendar(_: random.Random) -> Iterator[Made]:
    for names, what in ((DAYS, "day"), (MONTHS, "month")):
        for i, name in enumerate(names):
            after, before = names[(i + 1) % len(names)], names[i - 1]
            rest = [one for one in names if one != name]
            for side, right in (("after", after), ("before", before)):
                wrong = tuple(one for one in rest if one != right)
                yield f"Which {what} comes right {side} {name}?", Key((right,), wrong), right


def _zh_sums(draw: random.Random) -> Iterator[Made]:
    for _ in range(20):
        a, b = draw.randint(2, 49), draw.randint(2, 49)
        yield _number(f"{a}加{b}等于多少？", a + b)


def _zh_conversions(draw: random.Random) -> Iterator[Made]:
    for large, small, factor in ZH_UNITS:
        for count in draw.sample(range(2, 10), 2):
            yield _number(f"{count}{large}等于多少{small}？", factor * count)


KINDS: dict[str, Callable[[random.Random], Iterator[Made]]] = {
    "capital": _table(words.CAPITALS, "What is the capital of {}?"),
    "continent": _table(words.CONTINENTS, "On which continent is {}?", CONTINENTS),
    "language": _table(words.LANGUAGES, "Which language do most people in {} speak?"),
    "everyday": _table(words.EVERYDAY, "{}"),
    "science": _table(words.SCIENCE, "{}"),
    "author": _table(words.AUTHORS, "Who wrote {}?"),
    "symbol": _table(words.SYMBOLS, "What is the chemical symbol of {}?"),
    "purpose": _table(words.USED_FOR, "What is {} used for?"),
    "yes or no": _yes_no,
    "opposite": _table(words.OPPOSITES, "What is the opposite of “{}”?"),
    "plural": _table(words.PLURALS, "What is the plural of “{}”?"),
    "past": _table(words.PASTS, "What is the past tense of “{}”?"),
    "french": _table(words.FRENCH, "What is the French word for “{}”?"),
    "spanish": _table(words.SPANISH, "What is the Spanish word for “{}”?"),
    "spelling": _spelling,
    "letters": _letters,
    "calendar": _calendar,
    "sum": _sums,
    "two steps": _two_steps,
    "conversion": _conversions,
    "zh capital": _table(words.ZH_CAPITALS, "{}的首都是哪里？"),
    "zh opposite": _table(words.ZH_OPPOSITES, "“{}”的反义词是什么？"),
    "zh everyday": _table(words.ZH_EVERYDAY, "{}"),
    "zh sum": _zh_sums,
    "zh conversion": _zh_conversions,
}


if __name__ == "__main__":
    asked = questions()
    examples = {one.kind: one for one in asked}
    for kind, count in Counter(one.kind for one in asked).items():
        print(f"{count:3} {kind:14} {examples[kind].text}  ->  {examples[kind].good}")
    print(f"{len(asked)} questions of seed {SEED}")
