"""The sentences by which a device's own tools are called: each means one tool and nothing else.

A sentence that a built-in capability of the same catalogue has, or that two tools would have, is
nobody's. What cannot be undone has none. Pure; how a name is said is `board_words.py`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from edgewise.act.board_words import VERBS, Named, numbered, otherwise, phrases
from edgewise.act.catalogue.rows import plain
from edgewise.core.capability import Argument, Capability, Example, Kind, Risk
from edgewise.core.words import Words

Both = tuple[tuple[Example, ...], tuple[Example, ...]]
"""Sentences in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class Own:
    """A tool of the device: its declaration, and its name taken apart."""

    capability: Capability
    name: Named


def with_sentences(own: Sequence[Own], builtin: Iterable[Capability]) -> list[Capability]:
    """The declarations of `own` with the sentences that mean each alone, and with the words by
    which it is asked about."""
    first = [_examples(tool, tool.name) for tool in own]
    free = _Free(builtin, first)
    made: list[Capability] = []
    for tool, (en, zh) in zip(own, first, strict=True):
        other = otherwise(tool.name)
        more_en, more_zh = _examples(tool, other) if other is not None else ((), ())
        made.append(_said(tool, free.of(en, more_en), free.of(zh, more_zh)))
    return made


class _Free:
    """Which sentences no built-in capability and no other tool is called by."""

    def __init__(self, builtin: Iterable[Capability], own: Sequence[Both]) -> None:
        self._given = {
            plain(example.text)
            for capability in builtin
            if capability.available
            for example in (*capability.en, *capability.zh)
        }
        self._claimed = Counter(
            text for en, zh in own for text in {plain(x.text) for x in (*en, *zh)}
        )

    def of(self, said: Sequence[Example], more: Sequence[Example]) -> tuple[Example, ...]:
        """Of a tool's sentences those that are its alone; `more` are its second choice."""
        own = [x for x in said if self._claimed[plain(x.text)] == 1]
        other = [x for x in more if not self._claimed[plain(x.text)]]
        kept = tuple(x for x in (*own, *other) if plain(x.text) not in self._given)
        self._given |= {plain(x.text) for x in kept}
        return kept


def _said(tool: Own, en: tuple[Example, ...], zh: tuple[Example, ...]) -> Capability:
    declared = tool.capability
    if declared.en or declared.zh:
        return msgspec.structs.replace(declared, en=en, zh=zh)
    final = declared.risk is Risk.IRREVERSIBLE
    named_en, named_zh = phrases(tool.name)
    short = _spoken(declared.name.partition(".")[2].split("_"))
    words = Words(
        next(iter(named_en if en or final else ()), short),
        next(iter(named_zh if zh or final else ()), tool.name.chinese or short),
    )
    return msgspec.structs.replace(declared, words=words, en=en, zh=zh)


def _spoken(words: Sequence[str]) -> str:
    """The words of a name as they are said: "stop the chassis", not "chassis stop"."""
    *about, verb = words
    if about and (verb,) in VERBS and (about[0],) not in VERBS:
        return f"{verb} the {' '.join(about)}"
    return " ".join(words)


def _examples(tool: Own, name: Named) -> Both:
    declared = tool.capability
    if declared.risk is Risk.IRREVERSIBLE:
        return (), ()
    if declared.en or declared.zh:
        return declared.en, declared.zh
    en, zh = (tuple(map(Example, texts)) for texts in phrases(name))
    needed = [argument for argument in declared.arguments if argument.required]
    if len(needed) != 1 or needed[0].kind not in (Kind.INTEGER, Kind.NUMBER):
        return en, zh
    argument, value = needed[0], _middle(needed[0])
    given = {argument.name: value}
    with_en, with_zh = numbered(name, argument.words.en, value)
    return (
        (*(Example(text, given) for text in with_en), *en),
        (*(Example(text, given) for text in with_zh), *zh),
    )


def _middle(argument: Argument) -> int:
    low = 0.0 if argument.minimum is None else argument.minimum
    high = low + 100.0 if argument.maximum is None else argument.maximum
    return round((low + high) / 2)
