"""A capability's declaration, prepared for filling: choices, templates, steps.

Made once for each capability when understanding is loaded, so that a capability of a third party
gets the same treatment as the built-in ones: nothing here knows a capability by name. What costs
time (normal forms, patterns) is made when first needed: most functions of a catalogue are never
said in a drive.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from edgewise.core.capability import Argument, Capability, Choice, Kind
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.spans import Template, make_templates


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a choice at its place in a clause."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Declared:
    """What filling needs of one capability.

    `step` is what "a bit more" means for the relative argument; `words` finds the choices of each
    argument.
    """

    capability: Capability
    words: dict[str, "ChoiceFinder"]
    step: float
    relative: Argument | None
    absolute: Argument | None
    timed: bool
    slots: frozenset[str] = field(default_factory=frozenset[str])

    @cached_property
    def exact(self) -> dict[str, dict[str, JsonValue]]:
        """Declared examples in normal form, with their arguments; none where one is a moment."""
        if any(a.kind is Kind.MOMENT for a in self.capability.arguments):
            return {}
        examples = (*self.capability.en, *self.capability.zh)
        return {normalise(example.text).plain: example.arguments for example in examples}

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The examples with gaps for what is said freely."""
        return make_templates(self.capability)

    def prepare(self) -> None:
        """Builds now what the first sentence about this capability would wait for."""
        _ = self.exact, self.templates
        for finder in self.words.values():
            finder.prepare()


class ChoiceFinder:
    """Finds the words of an argument's choices in a normalised clause, longest first."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = choices

    def prepare(self) -> None:
        """Builds the pattern now instead of with the first search."""
        _ = self._pattern

    def find(self, plain: str) -> list[Word]:
        """All words in order of place, without overlap."""
        if self._pattern is None:
            return []
        return [
            Word(self._value(m.group()), m.start(), m.end()) for m in self._pattern.finditer(plain)
        ]

    def best(self, plain: str) -> Word | None:
        """The longest word; of two equally long ones the first."""
        return max(self.find(plain), key=lambda w: (w.end - w.start, -w.start), default=None)

    def _value(self, text: str) -> str:
        return self._values.get(text) or self._values[text.removesuffix("s")]

    @cached_property
    def _values(self) -> dict[str, str]:
        """Each word in normal form and the choice it names, the first that has it."""
        values: dict[str, str] = {}
        for choice in self._choices:
            spoken = (*choice.en, *choice.zh, choice.words.en, choice.words.zh)
            for word in (*spoken, choice.value.replace("_", " ")):
                values.setdefault(normalise(word).plain, choice.value)
        values.pop("", None)
        return values

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        latin = _longest(word for word in self._values if word.isascii())
        parts = [rf"(?<![a-z0-9]){re.escape(word)}s?(?![a-z0-9])" for word in latin]
        parts += map(re.escape, _longest(word for word in self._values if not word.isascii()))
        return regex("|".join(parts)) if parts else None


def declare(capability: Capability) -> Declared:
    """Prepares one capability."""
    arguments = capability.arguments
    relative = next((a for a in arguments if a.relative), None)
    numbers = [a for a in arguments if a.kind in (Kind.NUMBER, Kind.INTEGER) and not a.relative]
    has_time = any(a.kind in (Kind.MOMENT, Kind.DURATION) for a in arguments)
    return Declared(
        capability,
        {a.name: ChoiceFinder(a.choices) for a in arguments if a.choices},
        _step(capability, relative),
        relative,
        numbers[0] if numbers else None,
        has_time,
        frozenset(a.name for a in arguments if a.kind is Kind.TEXT),
    )


def _step(capability: Capability, relative: Argument | None) -> float:
    """The change most examples mean when they say no number; else a tenth of the range."""
    if relative is None:
        return 0.0
    steps = Counter(
        abs(float(example.arguments[relative.name]))
        for example in (*capability.en, *capability.zh)
        if isinstance(example.arguments.get(relative.name), int | float)
        and not re.search(
            r"\d|[一二两三四五六七八九十](?!点|下|些)|\b(?:one|two|three|four|five|ten|twenty)\b",
            example.text,
        )
    )
    if steps:
        return steps.most_common(1)[0][0]
    if relative.maximum is None:
        return 1.0
    return max(1.0, round(relative.maximum / 10))


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))
