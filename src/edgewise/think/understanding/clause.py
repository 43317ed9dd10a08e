"""One clause -> one part: a call, a question to the person, or talk.

In this order: does it lean on what came before (lean) -> is it a need -> which function (known) ->
is it denied -> is it a question, which only reads -> its arguments (fill). What is doubtful becomes
a question to the person, never a guess.
"""

# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from collections.abc import Sequence
from dataclasses import replace

from edgewise.core.capability import Capability, Risk
from edgewise.core.regex import regex
from edgewise.core.thought import Alternative, Context, MessageKind
from edgewise.core.words import Words
from edgewise.think.understanding import words as say
from edgewise.think.understanding.at_home import beside_home, home_parts, meant_for_home
from edgewise.think.understanding.back_channel import DIALOG
from edgewise.think.understanding.choice import offers_choice
from edgewise.think.understanding.clauses import holds_free_text
from edgewise.think.understanding.command_model import NONE, UNEXPOSED, Guess
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.denied import is_denied
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.guards import acts_on_car
from edgewise.think.understanding.join import Part, make_part
from edgewise.think.understanding.kind import (
    asks_ability,
    deed_of,
    is_polite,
    is_question,
)
from edgewise.think.understanding.known import FLOOR, Known
from edgewise.think.understanding.lean import is_bare_change, names_nothing
from edgewise.think.understanding.leaning import leaning_part, names_in
from edgewise.think.understanding.mentioned import with_mentions
from edgewise.think.understanding.needs import find_need
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.questions import (
    QUERY_BY_OP,
    asked_of_list,
    asks_state,
    reading_for,
)
from edgewise.think.understanding.seat_memory import names_seat_memory
from edgewise.think.understanding.unnamed import Unnamed, is_social, unnamed
from edgewise.think.understanding.verbatim import for_model, order_of

ASKED_ORDERS = frozenset({"device.find"})
"""Orders in a question's form: "where is my phone" makes it ring."""
STATUS = "vehicle.get_status"
SEARCH = "info.search"
SURE_ORDER, SURE_WHOLE = 0.5, 0.85
_REASON_OR_ADDRESS = regex(
    r"(?:he|she|it|i|we|they|the (?:kids?|children|baby|dog|sun|driver|passengers?)|my [a-z]+)(?:'s|'m|'re| is| are| am| feels?) [a-z' ]+"
    r"|with (?:this|that|the|all this|so much) [a-z]+(?: please)?|(?:i'd|i would) like you to|i (?:can'?t|cannot) hear (?:you|it|anything|a thing)"
    r"|as (?:always|usual)|shall we|finally|it would be (?:great|nice|good|lovely) if you could|i told you to|i said"
    r"|师傅|司机|何不|不如|要不|干脆|那就|(?:孩子|宝宝|他|她|我|外面|里面|车里)[^,说叫喊问提]{1,6}(?:了|着)"
)
"""What stands before an order without changing it."""
_ORDERS = regex(
    r"\b(?:turn|switch|open|close|shut|lock|unlock|skip|set|put|roll|play|pause|lower|raise|start|stop|defrost|fold)\b"
    r"|[把将]|打开|关闭|关掉|关上|开窗|关窗"
)
_PLAYS = regex(
    r"\b(?:play\w*|music|songs?|tracks?|tunes?|listen|hear|radio|audio\w*|sing|watch|put on|shuffle|albums?|movies?|videos?|podcasts?|games?|books?|read|episodes?|shows?|film|chess|stream|song|something|find|work|look up|need|want|creative|picture|novel|called|named|titled?)\b"
    r"|播|放|听|歌|音乐|唱|曲|看|电台|广播|电影|视频|节目|收音机|故事|书|相声|小说|调频|调幅|fm|am\d"
)
"""Words without which nothing is played that has no name."""
_LOOKS_UP = regex(
    r"\b(?:search|google|look(?:ing)? (?:it |that )?up|online|web|internet|news|headlines?)\b|搜|百度|谷歌|上网|网上|查|新闻"
)

_OPEN_DOOR = regex(
    r"(?:open|close|shut)(?: up)? (?:(?:the|my|all|both|car|driver'?s?|(?:front )?passenger'?s?|front|rear|back|left|right|side|of) )*doors?(?: for me| now)?"
    r"|(?:把|将)?(?:打开|开|关上|关闭|关)(?:一下)?(?:左|右|前|后|主驾|副驾|驾驶|驶|员|侧|排|边|的|所有|全部|四个)*车门(?:吧|了)?"
    r"|(?:把|将)?(?:左|右|前|后|主驾|副驾|驾驶|驶|员|侧|排|边|的|所有|全部|四个)*车门(?:打开|开|关上|关闭|关)(?:一下|吧|了)*"
)
"""The door itself is meant, not its lock."""

_NO_NAMES = (NONE, UNEXPOSED)
Alternatives = tuple[Alternative, ...]


def read(
    known: Known, clause: Normal, before: Sequence[Part], context: Context, whole: Normal
) -> Part:
    """What a clause of `whole` comes to, after the parts `before` it."""
    bare = strip_courtesy(clause)
    at_home = home_parts(known, clause, context)
    if len(at_home) == 1:
        return at_home[0]
    leaning = leaning_part(known, bare, before, context)
    if leaning is not None:
        return leaning
    meant = meant_for_home(known, clause, whole, context)
    if meant is not None:
        return meant
    return beside_home(_read_bare(known, bare, clause, before, context, whole), known, context)


def _read_bare(
    known: Known, bare: Normal, clause: Normal, before: Sequence[Part], context: Context,
    whole: Normal,
) -> Part:  # fmt: skip
    """What a clause that leans on nothing comes to without a home's names."""
    open_part = _without_function(known, bare.plain, clause.plain)
    if open_part is not None:
        return _with_candidates(open_part, known.guess(deed_of(for_model(bare.plain)), whole.plain))
    needed = _need(known, bare, clause, before, context)
    if needed is not None:
        return needed
    return _guessed(known, bare, clause, whole, context)


def _guessed(known: Known, bare: Normal, clause: Normal, whole: Normal, context: Context) -> Part:
    """What the likeliest function makes of a clause, or those from which the person may choose."""
    asked = deed_of(for_model(bare.plain))
    if is_polite(clause.plain):
        asked = asked.rstrip("吗么?")
    guesses = known.guess(asked, whole.plain)
    best = guesses[0]
    if best.name == NONE or best.confidence < SURE_WHOLE:
        guesses = _order_at_end(known, asked) or guesses
    return _with_candidates(_likeliest(known, bare, clause, whole, context, guesses), guesses)


def _order_at_end(known: Known, plain: str) -> list[Guess]:
    """What an order asks for that stands behind its reason or an address: "he is hot open his
    window", 师傅把窗户打开. Empty where none does for sure."""
    for order in _ORDERS.finditer(plain):
        lead = plain[: order.start()].strip(" ,")
        if not _REASON_OR_ADDRESS.fullmatch(lead):
            continue
        guesses = known.guess(_HIS.sub("the", plain[order.start() :]))
        if guesses[0].name not in _NO_NAMES and guesses[0].confidence >= SURE_ORDER:
            return guesses
    return []


_HIS = regex(r"\b(?:his|her|their)\b")


def _with_candidates(part: Part, guesses: Sequence[Guess]) -> Part:
    """A part in which no function was settled on with the likeliest as alternatives."""
    if part.call is not None or part.idle:
        return part
    return replace(part, alternatives=_alternatives(guesses))


def _alternatives(guesses: Sequence[Guess]) -> Alternatives:
    """The three likeliest functions; not what is no function of the device."""
    named = [
        Alternative(g.name, round(g.confidence, 3)) for g in guesses if g.name not in _NO_NAMES
    ]
    return tuple(named[:3])


def _likeliest(
    known: Known, bare: Normal, clause: Normal, whole: Normal, context: Context,
    guesses: Sequence[Guess],
) -> Part:  # fmt: skip
    """What the likeliest function makes of a clause: an order, a reading, an honest no."""
    best = guesses[0]
    asked = is_question(order_of(clause.plain)) and best.name not in ASKED_ORDERS
    alternatives = _alternatives(guesses[1:])
    if best.name == NONE or best.confidence < known.floor(best.name):
        if asked and asks_state(bare.plain):
            return _ask(known, STATUS, bare, clause, context, 0.9, alternatives, whole.plain)
        return _unnamed(known, bare.plain, asked, guesses, alternatives)
    if best.name == UNEXPOSED:
        if asked:
            return Part(MessageKind.QUESTION, confidence=best.confidence)
        return Part(MessageKind.UNKNOWN, question=say.UNEXPOSED, confidence=best.confidence)
    said = [clause.plain] if asked else whole.plain.split("?")
    able = any(asks_ability(each) for each in said)
    if able and best.name in known.declared:
        able = _able(known.capabilities[best.name])
        return Part(MessageKind.QUESTION, None, able, alternatives, best.confidence)
    if asked:
        return _ask(
            known, best.name, bare, clause, context, best.confidence, alternatives, whole.plain
        )
    if is_denied(known, best.name, bare, clause, whole):
        return Part(MessageKind.CHAT, question=say.NEGATED, confidence=best.confidence)
    if best.name not in known.declared:
        what: dict[str, object] = {"what": best.name}
        absent = say.CANNOT if context.home else say.fill_words(say.ABSENT, what, what)
        return Part(MessageKind.UNKNOWN, None, absent, confidence=best.confidence)
    if _is_of_the_world(known.declared[best.name].capability, bare.plain):
        return Part(MessageKind.QUESTION, alternatives=alternatives, confidence=best.confidence)
    found = command(
        known, best.name, clause, context, best.confidence, alternatives, within=whole.plain
    )
    if found.call is not None and known.is_made_up(bare.plain, best.name):
        return Part(MessageKind.UNKNOWN, None, say.UNCLEAR, alternatives, best.confidence)
    return found


def _need(
    known: Known, bare: Normal, clause: Normal, before: Sequence[Part], context: Context
) -> Part | None:
    """A need as the call it leads to; as nothing more where it says why something was asked for or
    forbidden before: "turn the wipers off, it's raining"."""
    need = find_need(order_of(bare.plain))
    if need is None or need[0] not in known.declared:
        return None
    if any(p.question is say.NEGATED or _explains(need[0], p) for p in before):
        return Part(MessageKind.CHAT, confidence=0.9, idle=True)
    return make_part(need[0], dict(need[1]), clause, context, 0.9, inferred=True)


def _explains(need: str, part: Part) -> bool:
    """Whether a need is the reason for what was just asked for: of the rain one shuts windows, in
    the dark one asks for headlights."""
    if part.call is None or part.call.inferred:
        return False
    return part.call.capability in (need, *_REASONS.get(need, ()))


_REASONS = {
    "wiper.set": ("window.set", "roof.set", "trunk.set"),
    "light.interior.set": ("light.exterior.set",),
}


def _without_function(known: Known, bare: str, said: str) -> Part | None:
    """A clause that no function can answer: two things offered, nothing named, a greeting, a door
    to be opened by a car that can only lock and unlock it."""
    if offers_choice(said) and not holds_free_text(said) and not is_question(said):
        return Part(MessageKind.UNKNOWN, question=say.WHICH_OF_THESE)
    if names_seat_memory(bare):
        return Part(MessageKind.UNKNOWN, question=say.NO_SEAT_MEMORY)
    if is_bare_change(bare) or names_nothing(bare):
        return Part(MessageKind.UNKNOWN, question=say.NAME_IT)
    if is_social(said):
        return Part(MessageKind.CHAT, confidence=0.95, idle=True)
    doors = [name for name in known.declared if name.startswith("door.")]
    is_own = known.example_of(bare) is not None
    if doors == ["door.lock"] and not is_own and _OPEN_DOOR.fullmatch(bare.strip(" .!?")):
        return Part(MessageKind.UNKNOWN, question=say.NO_DOORS)
    return None


def command(
    known: Known, name: str, clause: Normal, context: Context, confidence: float,
    alternatives: Alternatives, *, within: str = "",
) -> Part:  # fmt: skip
    """The call of `name` that the clause, part of the text `within`, asks for, or the question that
    it leaves open."""
    declared = known.declared[name]
    filled = fill(declared, clause, names_in(context), context.now, context.speaker.zone)
    if filled.doubt:
        shown: dict[str, object] = {"clause": clause.text[:80]}
        conflict = say.fill_words(say.CONFLICT, shown, shown)
        return Part(MessageKind.UNKNOWN, None, conflict, alternatives, confidence)
    mentions = known.mentions(clause.plain, within)
    arguments = with_mentions(declared, filled.arguments, clause, mentions)
    if name == "media.play" and not arguments and not _PLAYS.search(clause.plain):
        confidence = min(confidence, FLOOR)
    if not arguments and confidence < _sure_enough(declared):
        others = [Guess(a.capability, a.confidence) for a in alternatives]
        which = _which(known, [Guess(name, confidence), *others])
        return Part(MessageKind.UNKNOWN, None, which, alternatives, confidence)
    return make_part(name, arguments, clause, context, confidence, alternatives=alternatives)


def _ask(
    known: Known, name: str, bare: Normal, clause: Normal, context: Context, confidence: float,
    alternatives: Alternatives, within: str,
) -> Part:  # fmt: skip
    """A question as a call that only reads; without such a call an open question."""
    own = known.declared.get(name)
    if own is not None and _is_of_the_world(own.capability, bare.plain):
        return Part(MessageKind.QUESTION, alternatives=alternatives, confidence=confidence)
    target = name if own and own.capability.risk is Risk.READ else reading_for(name, bare.plain)
    if target is None or target not in known.declared:
        return Part(MessageKind.QUESTION, alternatives=alternatives, confidence=confidence)
    declared = known.declared[target]
    if declared.capability.risk is not Risk.READ and target not in QUERY_BY_OP:
        return Part(MessageKind.QUESTION, alternatives=alternatives, confidence=confidence)
    filled = fill(declared, bare, names_in(context), context.now, context.speaker.zone)
    given = with_mentions(declared, filled.arguments, bare, known.mentions(bare.plain, within))
    arguments = asked_of_list(given) if target in QUERY_BY_OP else given
    return make_part(
        target, arguments, clause, context, confidence,
        kind=MessageKind.QUESTION, alternatives=alternatives,
    )  # fmt: skip


def _is_of_the_world(capability: Capability, plain: str) -> bool:
    """Whether a language model may answer what this device cannot look up: nobody asked it to."""
    searches = capability.name == SEARCH and not capability.available
    return searches and _LOOKS_UP.search(plain) is None


def _able(capability: Capability) -> Words:
    """Says that the device can do this, and how to ask for it."""
    does = capability.words
    return (
        say.fill_words(
            say.ABLE,
            {"does": does.en[:1].lower() + does.en[1:], "order": capability.en[0].text},
            {"does": does.zh, "order": capability.zh[0].text},
        )
        if capability.en and capability.zh
        else does
    )


def _unnamed(
    known: Known, plain: str, asked: bool, guesses: Sequence[Guess], alternatives: Alternatives
) -> Part:
    """A clause for which no function is likely: talk and open questions go to a language
    model, orders and noise never."""
    best = guesses[0]
    what = unnamed(plain, known_share=known.known_share(plain))
    sure = best.confidence
    if what is Unnamed.NOISE:
        return Part(MessageKind.UNKNOWN, None, say.UNCLEAR, alternatives, sure)
    if asked:
        return Part(MessageKind.QUESTION, None, None, alternatives, sure)
    if what is Unnamed.SOCIAL:
        return Part(MessageKind.CHAT, None, None, (), sure, idle=True)
    if best.name != NONE:
        return Part(MessageKind.UNKNOWN, None, _which(known, guesses), alternatives, sure)
    if what is Unnamed.ORDER:
        return Part(MessageKind.UNKNOWN, None, say.CANNOT, alternatives, sure)
    if sure < FLOOR:
        return Part(MessageKind.UNKNOWN, None, say.UNCLEAR, alternatives, sure)
    return Part(MessageKind.CHAT, None, None, alternatives, sure, idle=True)


def _which(known: Known, guesses: Sequence[Guess]) -> Words:
    likely = [g for g in guesses if g.confidence >= _WORTH_ASKING]
    can = [known.capabilities[g.name] for g in likely if g.name in known.capabilities]
    named = [capability.words for capability in can if capability.available]
    if len(named) < 2 or guesses[0].confidence < 0.15:
        return say.UNCLEAR
    return say.fill_words(
        say.WHICH,
        {"first": named[0].en, "second": named[1].en},
        {"first": named[0].zh, "second": named[1].zh},
    )


_WORTH_ASKING = 0.07
"""From here a function is offered: nobody asked about the glove box means his e-mail."""


def _sure_enough(declared: Declared) -> float:
    """The confidence from which a function is believed although no argument was found for it."""
    capability = declared.capability
    if not capability.arguments or capability.risk is Risk.READ:
        return FLOOR
    if capability.name == DIALOG:
        return 0.9
    bare = any(not example.arguments for example in (*capability.en, *capability.zh))
    return 0.7 if bare or not acts_on_car(capability) else 0.9
