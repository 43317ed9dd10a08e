"""Words -> typed calls, in Chinese and English, in milliseconds and without a language model.

A sentence is cleaned, split into clauses, and each clause goes through: is it a command, a
question or neither (kind) -> which function (classifier; for functions of third parties the
nearest example) -> its arguments (fill) -> which way (polarity). What is doubtful becomes a
question to the person, never a guess. Questions give calls that only read. It sees no state of the
device and decides nothing about safety. Measured in docs/decisions/0004-command-understanding.md.
"""

import re
import threading
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from edgewise.core.call import Call
from edgewise.core.capability import Capability, Kind, Risk
from edgewise.core.label import join as join_labels
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Alternative, Context, MessageKind, Thought
from edgewise.core.words import Words
from edgewise.think.understanding import words as say
from edgewise.think.understanding.carry import complete
from edgewise.think.understanding.classifier import (
    NONE,
    UNEXPOSED,
    Classifier,
    Guess,
    load_classifier,
)
from edgewise.think.understanding.clauses import MAX_CLAUSES, split_clauses
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.cues import correct
from edgewise.think.understanding.declared import Declared, declare
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.guards import guarded
from edgewise.think.understanding.join import Part, join, numbered, unknown
from edgewise.think.understanding.kind import (
    is_conditional,
    is_question,
    is_quoted,
    is_reported,
    under_denial,
)
from edgewise.think.understanding.lean import corrected, is_bare_change, lean_on, twin_of
from edgewise.think.understanding.nearest import Nearest
from edgewise.think.understanding.needs import find_need
from edgewise.think.understanding.normalise import MAX_CHARACTERS, Normal, normalise
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.questions import QUERY_BY_OP, asked_of_list, reading_for
from edgewise.think.understanding.speech import plainly
from edgewise.think.understanding.unnamed import Unnamed, is_social, unnamed

FLOOR = 0.5
"""Below this confidence a clause is not acted on; chosen on hand-written sentences (decision 4)."""


SURE_OF_A_NEW_COMMAND = 0.95
"""From here, with an argument found, a sentence is a new command and no free text that was asked
for."""
_TO_DO = frozenset({"alarm.manage", "list.manage", "memory.save", "calendar.upsert", "scene.save"})
"""What is asked for here ("remind you of what?") is often an order in form: "call the bank"."""
ASKED_ORDERS = frozenset({"device.find"})
"""Orders in a question's form: "where is my phone" makes it ring."""
_SWITCHED = frozenset(
    {"on", "enabled", "state", "level", "locked", "open", "percent", "action", "op"}
)


_LEFT_ALONE = re.compile(r"别(?:再)?(?:把|将|给)|别(?:再)?[^,]{0,6}[开关锁升降调收折]")
"""别把空调关了 wants nothing to happen; 别吹了 wants something to end."""


class Understander:
    """Understands sentences for one list of capabilities; safe to use from several threads."""

    def __init__(self, capabilities: Sequence[Capability]) -> None:
        self._declared = {c.name: declare(c) for c in capabilities}
        self._examples = {
            normalise(example.text).plain.strip(" .!?"): c.name
            for c in capabilities
            for example in (*c.en, *c.zh)
        }
        self._lock = threading.Lock()
        self._classifier: Classifier | None = None
        self._nearest: Nearest | None = None

    def warm(self) -> None:
        """Loads the weights now instead of with the first sentence."""
        with self._lock:
            if self._classifier is None:
                classifier = load_classifier()
                trained = set(classifier.classes)
                added = [
                    d.capability
                    for d in self._declared.values()
                    if d.capability.name not in trained
                ]
                known = [
                    d.capability for d in self._declared.values() if d.capability.name in trained
                ]
                self._nearest = Nearest(classifier.embedder, added, known) if added else None
                self._classifier = classifier

    def understand(self, text: str, context: Context) -> Thought:
        """What the text asks for. Never raises for any text; bad text is an UNKNOWN thought."""
        if len(text) > MAX_CHARACTERS // 2:
            size: dict[str, object] = {"length": len(text), "limit": MAX_CHARACTERS // 2}
            return unknown(say.fill_words(say.TOO_LONG, size, size))
        whole = plainly(normalise(text))
        if not any(char.isalnum() for char in whole.plain):
            return unknown(say.EMPTY)
        self.warm()
        answered = self._answer(whole, context)
        if answered is not None:
            return answered
        known = self._declared_example(whole, context)
        if known is not None:
            return known
        if is_quoted(whole.plain):
            return Thought(MessageKind.CHAT, confidence=0.8)
        bare = self._without_correction(whole, context)
        if isinstance(bare, Thought):
            return bare
        clauses = split_clauses(bare)
        if len(clauses) > MAX_CLAUSES:
            limit: dict[str, object] = {"limit": MAX_CLAUSES}
            return unknown(say.fill_words(say.TOO_MANY, limit, limit))
        parts = self._read_all(clauses, bare, context)
        known = {name: declared.capability for name, declared in self._declared.items()}
        return join(guarded(parts, known), context)

    def _without_correction(self, whole: Normal, context: Context) -> Normal | Thought:
        """ "no, the left one" as the changed call of the turn before; else without the "no"."""
        start = corrected(whole.plain)
        if not start:
            return whole
        rest = whole.cut(start, len(whole.plain))
        part = self._leaning(strip_courtesy(rest), [], context)
        if part is not None:
            return join([part], context)
        return rest if "," in whole.plain[:start] and rest.plain else whole

    def _read_all(self, clauses: Sequence[Normal], whole: Normal, context: Context) -> list[Part]:
        """Every clause in order; somebody's words and an "if" govern all that follows them."""
        parts: list[Part] = []
        for clause in clauses:
            if is_reported(clause.plain):
                parts.append(Part(MessageKind.CHAT, confidence=0.8, clause=clause.text))
                break
            if is_conditional(clause.plain) and not is_question(clause.plain):
                parts = [
                    part for part in parts if part.call is None or not _goes_with(part, clause)
                ]
                parts.append(Part(MessageKind.UNKNOWN, None, say.CONDITION, clause=clause.text))
                break
            part = self._read(clause, parts, context, whole)
            parts.append(replace(part, clause=part.clause or clause.text))
        return parts

    def _declared_example(self, whole: Normal, context: Context) -> Thought | None:
        """A sentence that a declaration gives as an example means that capability, undivided."""
        for plain in (whole.plain, strip_courtesy(whole).plain):
            name = self._examples.get(plain.strip(" .!?"))
            if name is None:
                continue
            asked = is_question(whole.plain) and name not in ASKED_ORDERS
            only_reads = self._declared[name].capability.risk is Risk.READ or name in QUERY_BY_OP
            if asked and not only_reads:
                return None
            part = self._command(name, whole, whole, context, 0.99, ())
            return join([replace(part, kind=MessageKind.QUESTION) if asked else part], context)
        return None

    def _read(
        self, clause: Normal, before: Sequence[Part], context: Context, whole: Normal
    ) -> Part:
        bare = strip_courtesy(clause)
        carried = self._leaning(bare, before, context)
        if carried is not None:
            return carried
        if is_bare_change(bare.plain):
            return Part(MessageKind.UNKNOWN, question=say.UNCLEAR)
        if is_social(clause.plain):
            return Part(MessageKind.CHAT, confidence=0.95, idle=True)
        need = find_need(bare.plain)
        if need is not None and need[0] in self._declared:
            return self._part(need[0], dict(need[1]), clause, context, 0.9, inferred=True)
        guesses = self._guess(bare.plain)
        best = guesses[0]
        asked = is_question(clause.plain) and best.name not in ASKED_ORDERS
        alternatives = tuple(
            Alternative(g.name, round(g.confidence, 3)) for g in guesses[1:4]
            if g.name not in (NONE, UNEXPOSED)
        )  # fmt: skip
        if best.name == NONE or best.confidence < FLOOR:
            return self._unnamed(bare.plain, asked, guesses, alternatives)
        if best.name == UNEXPOSED and asked:
            return Part(MessageKind.QUESTION, confidence=best.confidence)
        if best.name == UNEXPOSED:
            return Part(MessageKind.UNKNOWN, question=say.UNEXPOSED, confidence=best.confidence)
        negated = read_polarity(bare.plain).negated
        denied = negated and not self._negation_is_order(best.name, bare.plain)
        if not asked and (denied or (not negated and under_denial(whole.plain, clause.plain))):
            return Part(MessageKind.CHAT, question=say.NEGATED, confidence=best.confidence)
        name = best.name
        if asked:
            return self._ask(name, bare, clause, context, best.confidence, alternatives)
        if name not in self._declared:
            what: dict[str, object] = {"what": name}
            return Part(
                MessageKind.UNKNOWN,
                None,
                say.fill_words(say.ABSENT, what, what),
                confidence=best.confidence,
            )
        return self._command(name, bare, clause, context, best.confidence, alternatives)

    def _unnamed(
        self, plain: str, asked: bool, guesses: Sequence[Guess],
        alternatives: tuple[Alternative, ...],
    ) -> Part:  # fmt: skip
        """A clause for which no function is likely: talk and open questions go to a language
        model, orders and noise never."""
        assert self._classifier is not None
        best = guesses[0]
        what = unnamed(plain, known_share=self._classifier.embedder.known_share(plain))
        sure = best.confidence
        if what is Unnamed.NOISE:
            return Part(MessageKind.UNKNOWN, None, say.UNCLEAR, alternatives, sure)
        if asked:
            return Part(MessageKind.QUESTION, None, None, alternatives, sure)
        if what is Unnamed.SOCIAL:
            return Part(MessageKind.CHAT, None, None, (), sure, idle=True)
        if best.name != NONE:
            return Part(MessageKind.UNKNOWN, None, self._which(guesses), alternatives, sure)
        if what is Unnamed.ORDER:
            return Part(MessageKind.UNKNOWN, None, say.CANNOT, alternatives, sure)
        if sure < FLOOR:
            return Part(MessageKind.UNKNOWN, None, say.UNCLEAR, alternatives, sure)
        return Part(MessageKind.CHAT, None, None, alternatives, sure, idle=True)

    def _guess(self, plain: str) -> list[Guess]:
        assert self._classifier is not None
        guesses = correct(plain, self._classifier(plain))
        if self._nearest is not None:
            added = self._nearest(plain)
            if added is not None and (
                guesses[0].name == NONE
                or added.confidence > guesses[0].confidence
                or added.confidence > 0.8
            ):
                return [added, *guesses]
        return guesses

    def _command(
        self, name: str, bare: Normal, clause: Normal, context: Context, confidence: float,
        alternatives: tuple[Alternative, ...],
    ) -> Part:  # fmt: skip
        declared = self._declared[name]
        filled = fill(declared, clause, _names(context), context.now, context.speaker.zone)
        if filled.doubt:
            shown: dict[str, object] = {"clause": clause.text[:80]}
            return Part(
                MessageKind.UNKNOWN,
                None,
                say.fill_words(say.CONFLICT, shown, shown),
                alternatives,
                confidence,
            )
        if not filled.arguments and confidence < _sure_enough(declared):
            guesses = [
                Guess(name, confidence),
                *(Guess(a.capability, a.confidence) for a in alternatives),
            ]
            return Part(MessageKind.UNKNOWN, None, self._which(guesses), alternatives, confidence)
        kind = MessageKind.COMMAND
        return self._part(
            name,
            filled.arguments,
            clause,
            context,
            confidence,
            kind=kind,
            alternatives=alternatives,
        )

    def _ask(
        self, name: str, bare: Normal, clause: Normal, context: Context, confidence: float,
        alternatives: tuple[Alternative, ...],
    ) -> Part:  # fmt: skip
        own = self._declared.get(name)
        target = name if own and own.capability.risk is Risk.READ else reading_for(name, bare.plain)
        if target is None or target not in self._declared:
            return Part(MessageKind.QUESTION, alternatives=alternatives, confidence=confidence)
        declared = self._declared[target]
        if declared.capability.risk is not Risk.READ and target not in QUERY_BY_OP:
            return Part(MessageKind.QUESTION, alternatives=alternatives, confidence=confidence)
        filled = fill(declared, bare, _names(context), context.now, context.speaker.zone)
        arguments = asked_of_list(filled.arguments) if target in QUERY_BY_OP else filled.arguments
        return self._part(
            target,
            arguments,
            clause,
            context,
            confidence,
            kind=MessageKind.QUESTION,
            alternatives=alternatives,
        )

    def _part(
        self, name: str, arguments: dict[str, JsonValue], clause: Normal, context: Context,
        confidence: float, *, kind: MessageKind = MessageKind.COMMAND, inferred: bool = False,
        alternatives: tuple[Alternative, ...] = (),
    ) -> Part:  # fmt: skip
        call = Call(
            id="", capability=name, arguments=arguments, label=context.label,
            confidence=round(confidence, 4), inferred=inferred, clause=clause.text,
            asked_at=context.asked_at,
        )  # fmt: skip
        return Part(kind, call, None, alternatives, confidence)

    def _leaning(self, bare: Normal, before: Sequence[Part], context: Context) -> Part | None:
        """A clause that leans on the call before it, in this sentence or in the last exchange."""
        last = next((part.call for part in reversed(before) if part.call is not None), None)
        inside = last is not None
        if last is None and not before and context.exchanges:
            exchange = context.exchanges[-1]
            last = exchange.calls[-1] if exchange.calls and exchange.label.trusted else None
        if last is None:
            return None
        declared = self._declared.get(twin_of(last.capability, bare.plain))
        if declared is None:
            return None
        leaning = lean_on(declared, last, bare, _names(context), context, same_sentence=inside)
        if leaning is None or leaning.capability not in self._declared:
            return None
        part = self._part(
            leaning.capability, leaning.arguments, bare, context, min(0.9, last.confidence)
        )
        assert part.call is not None
        labels = {name: last.label_of(name) for name in leaning.kept}
        foreign = {name: label for name, label in labels.items() if label != context.label}
        return replace(part, call=msgspec.structs.replace(part.call, labels=foreign))

    def _answer(self, whole: Normal, context: Context) -> Thought | None:
        """The text as the answer to the device's own question about one missing argument."""
        awaiting = context.awaiting
        if awaiting is None or awaiting.capability not in self._declared:
            return None
        declared = self._declared[awaiting.capability]
        bare = strip_courtesy(whole)
        arguments = complete(declared, awaiting, bare, _names(context), context)
        if arguments is None or self._is_own_command(bare, declared, context):
            return None
        part = self._part(awaiting.capability, arguments, whole, context, 0.9)
        assert part.call is not None
        kept = {
            name: label
            for name, label in awaiting.labels.items()
            if name in arguments and arguments[name] == awaiting.arguments.get(name)
        }
        both = join_labels((awaiting.label, context.label))
        call = msgspec.structs.replace(part.call, label=both, labels=kept)
        return Thought(MessageKind.COMMAND, (numbered(call, 1, context),), confidence=0.9)

    def _is_own_command(self, bare: Normal, declared: Declared, context: Context) -> bool:
        """Whether the words are a new command rather than the answer that was asked for."""
        assert self._classifier is not None
        best = self._classifier(bare.plain)[0]
        polarity = read_polarity(bare.plain)
        begins = polarity.on is not None or polarity.lock is not None or polarity.negated
        other = best.name not in (declared.capability.name, NONE) and best.confidence > 0.8
        free = any(a.kind is Kind.TEXT for a in declared.capability.arguments)
        if not other or begins or not free:
            return other
        if declared.capability.name in _TO_DO:
            return False
        if self._examples.get(bare.plain.strip(" .!?")) == best.name:
            return True
        own = self._declared.get(best.name)
        if own is None or best.confidence < SURE_OF_A_NEW_COMMAND:
            return False
        return bool(fill(own, bare, _names(context), context.now, context.speaker.zone).arguments)

    def _negation_is_order(self, name: str, plain: str) -> bool:
        """别响了, 不用加热了, "don't avoid": words of denial that ask for something to end."""
        declared = self._declared.get(name)
        if declared is None:
            return False
        if plain.strip(" .!?") in declared.exact or name == "nav.edit_route":
            return True
        if (
            not any(a.name in _SWITCHED for a in declared.capability.arguments)
            and name != "nav.cancel"
        ):
            return False
        if _LEFT_ALONE.search(plain):
            return False
        ends = plain.endswith(("了", "了吧", "了啊", "any more", "anymore")) or name in (
            "nav.cancel",
        )
        return ends and not plain.startswith(("don't", "do not", "never"))

    def _which(self, guesses: Sequence[Guess]) -> Words:
        known = [
            self._declared[g.name].capability.words for g in guesses if g.name in self._declared
        ]
        if len(known) < 2 or guesses[0].confidence < 0.15:
            return say.UNCLEAR
        return say.fill_words(
            say.WHICH,
            {"first": known[0].en, "second": known[1].en},
            {"first": known[0].zh, "second": known[1].zh},
        )


def load_understander(capabilities: Sequence[Capability]) -> Understander:
    """An understander for these capabilities. Weights load with the first sentence, or `warm()`."""
    return Understander(capabilities)


def _sure_enough(declared: Declared) -> float:
    """The confidence from which a function is believed although no argument was found for it."""
    capability = declared.capability
    if not capability.arguments:
        return FLOOR
    bare = any(not example.arguments for example in (*capability.en, *capability.zh))
    return 0.7 if bare else 0.9


def _names(context: Context) -> tuple[str, ...]:
    return tuple(name for names in context.names.values() for name in names)


def _goes_with(part: Part, condition: Normal) -> bool:
    """Whether a trailing condition governs the call before it: "open it, if it rains"."""
    return condition.plain.startswith(("if ", "when ", "once ", "unless ", "as soon as "))
