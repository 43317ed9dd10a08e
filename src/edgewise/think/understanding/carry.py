"""Answers to the device's own question: the one argument that a waiting call still lacks.

People do not always answer. What is plainly a new command is none, be it asked for a message's
text or for a name; only what is to be done later ("remind you of what?") may sound like an order.
"""

import re

import msgspec

from edgewise.core.call import Call
from edgewise.core.capability import Argument, Kind, Risk
from edgewise.core.label import join as join_labels
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.think.understanding.clauses import begins_with_verb
from edgewise.think.understanding.command_model import NONE
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.durations import find_durations
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.join import make_part, numbered
from edgewise.think.understanding.kind import is_polite, is_question
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.lean import corrected
from edgewise.think.understanding.leaning import names_in
from edgewise.think.understanding.normalise import ENDS, Normal
from edgewise.think.understanding.numbers import find_numbers
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.screen_app import opened_app
from edgewise.think.understanding.screen_heads import SCREEN, STEP
from edgewise.think.understanding.times import find_moments
from edgewise.think.understanding.unnamed import Unnamed, unnamed

SURE = 0.8
"""From here a sentence names another function than the one that waits for an answer."""
SURE_OF_A_NEW_COMMAND = 0.95
"""From here, with an argument found, a sentence is a new command and no free text."""
_TO_DO = frozenset({"alarm.manage", "list.manage", "memory.save", "calendar.upsert", "scene.save"})
"""What is asked for here ("remind you of what?") is often an order in form: "call the bank"."""
_NO_TITLES = frozenset(
    {"nav", "climate", "window", "door", "light", "seat", "roof", "media", "trunk"}
)
"""Families whose orders nobody wants to be reminded of: "navigate to the Bund" is a new one."""
_LED_IN = regex(
    r"^(?:to|for|it'?s|that'?s|the one called) (?=.)|^(?:发?给|是|去|到|叫)(?=..)", re.I
)
"""Words before a name that was asked for: "to mom", 给妈妈."""
_LED_TO = frozenset({"recipient", "contact", "to", "place"})
_DIGITS = regex(
    r"(?:[\d零一二三四五六七八九幺][ -]?){3,}"
    r"|(?:\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b ?){3,}"
)
"""What makes a text a telephone number."""
_OWN_WORDS = frozenset({"body", "fact", "text", "subject"})
"""Arguments that hold a person's own words, kept as they were said; other texts are names."""
_ORDER_ZH = regex(r"记住|记下|记一下|倒计时|充电|定[个一]|设[个一]|删[除掉]|添加|加上|帮我|给我")
"""Openings of orders that are not the openings of clauses within a sentence."""
_AROUND_A_TIME = regex(
    r"\b(?:at|on|in|for|by|the|about|around|maybe|make it|let'?s say|after|from now)\b"
    r"|就|在|改?到|定到|设到|之?后|左右|吧|的"
)
_TIMES = frozenset({Kind.MOMENT, Kind.DURATION})
"""One answers for the other: "at eight" and "in ten minutes"."""


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
    if _is_for_the_screen(known, strip_courtesy(whole, tail=False), arguments, awaiting, context):
        return None
    part = make_part(awaiting.capability, arguments, whole, context, 0.9)
    assert part.call is not None
    kept = {
        name: label
        for name, label in awaiting.labels.items()
        if name in arguments and arguments[name] == awaiting.arguments.get(name)
    }
    both = join_labels((awaiting.label, context.label))
    call = msgspec.structs.replace(part.call, label=both, labels=kept, asked=awaiting.asked)
    return Thought(MessageKind.COMMAND, (numbered(call, 1, context),), confidence=0.9)


def _starts_anew(
    known: Known, bare: Normal, declared: Declared, arguments: dict[str, JsonValue],
    awaiting: Call, context: Context,
) -> bool:  # fmt: skip
    """Whether the words are a new command rather than the answer that was asked for."""
    said = bare.cut(corrected(bare.plain), len(bare.plain))
    best = known.guess(said.plain)[0]
    if best.name == NONE and _orders_something(known, said.plain, declared, arguments, awaiting):
        return True
    given = next((n for n in arguments if arguments[n] != awaiting.arguments.get(n)), "")
    argument = declared.capability.argument(given)
    if argument is not None and argument.kind in _TIMES and _is_only_a_time(said.plain, context):
        return False
    is_name = argument is not None and argument.kind is Kind.TEXT and given not in _OWN_WORDS
    to_do = _is_to_do(awaiting)
    if is_name and not to_do and is_question(said.plain) and not is_polite(said.plain):
        return True
    if best.name == NONE or best.confidence <= SURE:
        return False
    own = known.declared.get(best.name)
    filled = (
        fill(own, said, names_in(context), context.now, context.speaker.zone).arguments
        if own is not None
        else {}
    )
    if best.name == declared.capability.name:
        return given not in _OWN_WORDS and _is_whole(said.plain, filled, awaiting)
    polarity = read_polarity(said.plain)
    ordered = polarity.on is not None or polarity.lock is not None or polarity.negated
    if not (is_name or given in _OWN_WORDS) or ordered or known.example_of(said.plain) == best.name:
        return not to_do or ordered or not is_name
    if is_question(said.plain) and not is_polite(said.plain):
        reads = own is not None and own.capability.risk is Risk.READ
        return reads or not (to_do or given in _OWN_WORDS)
    if to_do and own is not None and own.capability.family in _NO_TITLES:
        return best.confidence >= SURE_OF_A_NEW_COMMAND and _opens_an_order(said.plain)
    if to_do or is_polite(said.plain):
        return False
    return _orders(said.plain, own, filled, best.confidence, own_words=given in _OWN_WORDS)


def _is_for_the_screen(
    known: Known, said: Normal, arguments: dict[str, JsonValue], awaiting: Call, context: Context
) -> bool:
    """Whether a device with a screen is told to touch it or to open an app of its list. Words for
    a message may sound so, and "tap the second" answers which one; what is asked for to be typed
    is more often the next order."""
    if not known.has_screen:
        return False
    given = next((n for n in arguments if arguments[n] != awaiting.arguments.get(n)), "")
    asked_here = awaiting.capability == SCREEN
    if given in (("target",) if asked_here else _OWN_WORDS) or _is_to_do(awaiting):
        return False
    touches = len(said.plain.split()) > 1 or not said.plain.isascii()
    return (touches and STEP.match(said.plain) is not None) or (
        opened_app(known, said, context) is not None
    )


def _is_only_a_time(plain: str, context: Context) -> bool:
    """Whether nothing is said but a time: "at 6:30 tomorrow", also where calendars know one."""
    rest = plain
    for span in (*find_moments(plain, context.now), *find_durations(plain)):
        rest = rest[: span.start] + " " * (span.end - span.start) + rest[span.end :]
    return rest != plain and not _AROUND_A_TIME.sub("", rest).strip(" ,.!?")


def _is_to_do(awaiting: Call) -> bool:
    """Whether what is asked for may sound like an order: what to remind of, not which reminder."""
    setting = awaiting.arguments.get("op", "add") in ("add", "set")
    return awaiting.capability in _TO_DO and setting


def _is_whole(plain: str, filled: dict[str, JsonValue], awaiting: Call) -> bool:
    """Whether words that name the waiting function itself ask for it from the beginning: another
    thing to do with it, or an order that gives what is needed."""
    other = filled.get("op") not in (None, awaiting.arguments.get("op"), "set", "add")
    if "op" in filled and (other or _speaks_of_setting(filled, awaiting)):
        return True
    return len(filled) > ("op" in filled) and _opens_an_order(plain)


def _speaks_of_setting(filled: dict[str, JsonValue], awaiting: Call) -> bool:
    """Whether a thing is set with its time while another one is looked for."""
    at = any(name in filled for name in ("time", "duration", "item"))
    return at and filled["op"] != awaiting.arguments.get("op")


def _orders(
    plain: str, own: Declared | None, filled: dict[str, JsonValue], confidence: float,
    *, own_words: bool,
) -> bool:  # fmt: skip
    """Whether words for another function are its order by themselves: with arguments of its own
    and a verb, or with a value that no name holds."""
    if own is None or not filled:
        return False
    if own_words:
        return confidence >= SURE_OF_A_NEW_COMMAND
    kinds = {a.kind for a in own.capability.arguments if a.name in filled}
    valued = bool(kinds - {Kind.TEXT}) and confidence >= SURE_OF_A_NEW_COMMAND
    return valued or read_polarity(plain).up is not None or _opens_an_order(plain)


def _opens_an_order(plain: str) -> bool:
    return begins_with_verb(plain) or _ORDER_ZH.match(plain) is not None


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
            value: JsonValue = filled.get(argument.name) or own.text.strip(ENDS)
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
    """Arguments that the answer may give: the one asked for and what may stand in its place; when
    that is not known required ones, then those of open groups, then texts."""
    capability, given = declared.capability, awaiting.arguments
    asked = capability.argument(awaiting.asked[-1]) if awaiting.asked else None
    if asked is not None and asked.kind in _TIMES:
        return [asked, *(a for a in capability.arguments if a.kind in _TIMES and a is not asked)]
    if asked is not None and asked.kind is not Kind.TEXT:
        return [asked]
    open_groups = {
        name for group in capability.one_of if not any(n in given for n in group) for name in group
    }
    first = [a for a in capability.arguments if a.required and a.name not in given]
    second = [a for a in capability.arguments if a.name in open_groups]
    if asked is not None and not any(asked.name in group for group in capability.one_of):
        return [asked]
    third = [
        a for a in capability.arguments
        if a.name not in given and a not in first and a not in second and a.kind is Kind.TEXT
    ]  # fmt: skip
    named = [a for a in capability.arguments if a.kind is Kind.TEXT and a.name in given]
    return first or second or [*third, *named]
