"""Answers to the device's own question: the one argument that a waiting call still lacks.

People do not always answer. What is plainly a new command is none, be it asked for a message's
text or for a name; only what is to be done later ("remind you of what?") may sound like an order.
"""

import re

import msgspec

from edgewise.core.call import Call
from edgewise.core.capability import Argument, Kind, Risk
from edgewise.core.label import join as join_labels
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.think.understanding.classifier import NONE
from edgewise.think.understanding.clause import make_part, names_in
from edgewise.think.understanding.clauses import begins_with_verb
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.join import numbered
from edgewise.think.understanding.kind import is_polite, is_question
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import find_numbers
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.unnamed import Unnamed, unnamed

SURE = 0.8
"""From here a sentence names another function than the one that waits for an answer."""
SURE_OF_A_NEW_COMMAND = 0.95
"""From here, with an argument found, a sentence is a new command and no free text."""
_TO_DO = frozenset({"alarm.manage", "list.manage", "memory.save", "calendar.upsert", "scene.save"})
"""What is asked for here ("remind you of what?") is often an order in form: "call the bank"."""
_LED_IN = re.compile(
    r"^(?:to|for|it'?s|that'?s|the one called) (?=.)|^(?:发?给|是|去|到|叫)(?=..)", re.I
)
"""Words before a name that was asked for: "to mom", 给妈妈."""
_LED_TO = frozenset({"recipient", "contact", "to", "place"})
_DIGITS = re.compile(
    r"(?:[\d零一二三四五六七八九幺][ -]?){3,}"
    r"|(?:\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b ?){3,}"
)
"""What makes a text a telephone number."""
_OWN_WORDS = frozenset({"body", "fact", "text", "subject"})
"""Arguments that hold a person's own words, kept as they were said; other texts are names."""


def answered(known: Known, whole: Normal, context: Context) -> Thought | None:
    """The text as the answer to the device's own question about one missing argument; `None`
    when nothing is asked, or when it is a new command."""
    awaiting = context.awaiting
    if awaiting is None or awaiting.capability not in known.declared:
        return None
    declared = known.declared[awaiting.capability]
    bare = strip_courtesy(whole)
    arguments = complete(declared, awaiting, bare, names_in(context), context, said=whole)
    if arguments is None or _starts_anew(known, bare, declared, arguments, awaiting, context):
        return None
    part = make_part(awaiting.capability, arguments, whole, context, 0.9)
    assert part.call is not None
    kept = {
        name: label
        for name, label in awaiting.labels.items()
        if name in arguments and arguments[name] == awaiting.arguments.get(name)
    }
    both = join_labels((awaiting.label, context.label))
    call = msgspec.structs.replace(part.call, label=both, labels=kept)
    return Thought(MessageKind.COMMAND, (numbered(call, 1, context),), confidence=0.9)


def _starts_anew(
    known: Known, bare: Normal, declared: Declared, arguments: dict[str, JsonValue],
    awaiting: Call, context: Context,
) -> bool:  # fmt: skip
    """Whether the words are a new command rather than the answer that was asked for."""
    best = known.guess(bare.plain)[0]
    if best.name == NONE and _orders_something(known, bare.plain, declared, arguments, awaiting):
        return True
    if best.name in (declared.capability.name, NONE) or best.confidence <= SURE:
        return False
    given = next((n for n in arguments if arguments[n] != awaiting.arguments.get(n)), "")
    argument = declared.capability.argument(given)
    polarity = read_polarity(bare.plain)
    ordered = polarity.on is not None or polarity.lock is not None or polarity.negated
    if argument is None or argument.kind is not Kind.TEXT or ordered:
        return True
    if declared.capability.name in _TO_DO:
        return False
    if known.example_of(bare.plain) == best.name:
        return True
    if is_polite(bare.plain):
        return False
    if is_question(bare.plain):
        reads = known.capabilities.get(best.name)
        return given not in _OWN_WORDS or (reads is not None and reads.risk is Risk.READ)
    own = known.declared.get(best.name)
    if own is None:
        return False
    filled = fill(own, bare, names_in(context), context.now, context.speaker.zone).arguments
    if given in _OWN_WORDS:
        return bool(filled) and best.confidence >= SURE_OF_A_NEW_COMMAND
    return bool(filled) and (polarity.up is not None or begins_with_verb(bare.plain))


def _orders_something(
    known: Known, plain: str, declared: Declared, arguments: dict[str, JsonValue], awaiting: Call
) -> bool:
    """Whether a name was asked for and an order came that no function takes: "do what it says"."""
    given = next((n for n in arguments if arguments[n] != awaiting.arguments.get(n)), "")
    short = len(plain.split()) < 3 if plain.isascii() else len(plain) < 4
    if short or given in _OWN_WORDS or declared.capability.name in _TO_DO:
        return False
    return unnamed(plain, known_share=known.known_share(plain)) is Unnamed.ORDER


def complete(
    declared: Declared, awaiting: Call, bare: Normal, names: tuple[str, ...], context: Context,
    *, said: Normal | None = None,
) -> dict[str, JsonValue] | None:  # fmt: skip
    """`awaiting`'s arguments with the one that the answer gives; `None` when it gives none.

    `said` is the answer with its courtesy, which belongs to a message's text.
    """
    missing = _missing(declared, awaiting)
    if not missing:
        return None
    filled = fill(declared, bare, names, context.now, context.speaker.zone).arguments
    for argument in missing:
        if argument.kind is Kind.TEXT:
            own = said if said is not None and argument.name in _OWN_WORDS else bare
            value: JsonValue = filled.get(argument.name) or own.text.strip(" .!?,")
            if argument.name in _LED_TO:
                value = _LED_IN.sub("", str(value))
            if argument.name == "number" and not _DIGITS.search(bare.plain):
                value = None
        else:
            value = filled.get(argument.name)
            if value is None and argument.kind in (Kind.NUMBER, Kind.INTEGER):
                numbers = find_numbers(bare.plain)
                value = numbers[0].plain if numbers else None
            if value is None and argument.choices and argument.name in declared.words:
                word = declared.words[argument.name].best(bare.plain)
                value = word.value if word else None
        if value is not None and value != "":
            return _instead(declared, awaiting.arguments, argument.name) | {argument.name: value}
    return None


def _instead(declared: Declared, given: dict[str, JsonValue], name: str) -> dict[str, JsonValue]:
    """`given` without what `name` stands for: a number said in place of an unknown contact."""
    rivals = {n for group in declared.capability.one_of if name in group for n in group}
    return {n: value for n, value in given.items() if n not in rivals}


def _missing(declared: Declared, awaiting: Call) -> list[Argument]:
    """Arguments that the answer may give: required ones, then those of open groups, then texts."""
    capability, given = declared.capability, awaiting.arguments
    open_groups = {
        name for group in capability.one_of if not any(n in given for n in group) for name in group
    }
    first = [a for a in capability.arguments if a.required and a.name not in given]
    second = [a for a in capability.arguments if a.name in open_groups]
    third = [
        a for a in capability.arguments
        if a.name not in given and a not in first and a not in second and a.kind is Kind.TEXT
    ]  # fmt: skip
    named = [a for a in capability.arguments if a.kind is Kind.TEXT and a.name in given]
    return first or second or [*third, *named]
