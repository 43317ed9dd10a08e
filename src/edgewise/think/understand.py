"""Words -> typed calls, in Chinese and English, in milliseconds and without a language model.

A sentence is cleaned, split into clauses, and each clause goes through: is it a command, a
question or neither (kind) -> which function (classifier; for functions of third parties the
nearest example) -> its arguments (fill) -> which way (polarity). What is doubtful becomes a
question to the person, never a guess. Questions give calls that only read. It sees no state of the
device and decides nothing about safety. Measured in docs/decisions/0004-command-understanding.md.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from edgewise.core.call import Call
from edgewise.core.capability import Capability, Kind, Risk
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Alternative, Context, MessageKind, Thought
from edgewise.core.words import Words
from edgewise.think.understanding import words as say
from edgewise.think.understanding.carry import complete, is_bare_change, repeat_for
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
from edgewise.think.understanding.kind import is_question, is_reported
from edgewise.think.understanding.nearest import Nearest
from edgewise.think.understanding.needs import find_need
from edgewise.think.understanding.normalise import MAX_CHARACTERS, Normal, normalise
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.questions import QUERY_BY_OP, asked_of_list, reading_for

FLOOR = 0.5
"""Below this confidence a clause is not acted on; chosen on hand-written sentences (decision 4)."""


ASKED_ORDERS = frozenset({"device.find"})
"""Orders in a question's form: "where is my phone" makes it ring."""
_SWITCHED = frozenset(
    {"on", "enabled", "state", "level", "locked", "open", "percent", "action", "op"}
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one clause came to."""

    kind: MessageKind
    call: Call | None = None
    question: Words | None = None
    alternatives: tuple[Alternative, ...] = ()
    confidence: float = 0.0


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
            return _unknown(say.fill_words(say.TOO_LONG, size, size))
        whole = normalise(text)
        if not any(char.isalnum() for char in whole.plain):
            return _unknown(say.EMPTY)
        self.warm()
        answered = self._answer(whole, context)
        if answered is not None:
            return answered
        known = self._declared_example(whole, context)
        if known is not None:
            return known
        if is_reported(whole.plain):
            return Thought(MessageKind.CHAT, confidence=0.8)
        clauses = split_clauses(whole)
        if len(clauses) > MAX_CLAUSES:
            limit: dict[str, object] = {"limit": MAX_CLAUSES}
            return _unknown(say.fill_words(say.TOO_MANY, limit, limit))
        parts: list[_Part] = []
        for clause in clauses:
            parts.append(self._read(clause, parts, context, whole))
        return self._join(parts, context)

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
            return self._join(
                [replace(part, kind=MessageKind.QUESTION) if asked else part], context
            )
        return None

    def _read(
        self, clause: Normal, before: Sequence[_Part], context: Context, whole: Normal
    ) -> _Part:
        bare = strip_courtesy(clause)
        carried = self._carried(bare, before, context)
        if carried is not None:
            return carried
        if is_bare_change(bare.plain):
            return _Part(MessageKind.UNKNOWN, question=say.UNCLEAR)
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
        if best.name == NONE:
            kind = MessageKind.QUESTION if asked else MessageKind.CHAT
            if best.confidence < FLOOR and not asked:
                kind = MessageKind.UNKNOWN
            return _Part(kind, alternatives=alternatives, confidence=best.confidence)
        if best.confidence < FLOOR:
            kind = MessageKind.QUESTION if asked else MessageKind.UNKNOWN
            return _Part(
                kind, None, None if asked else self._which(guesses), alternatives, best.confidence
            )
        if best.name == UNEXPOSED and asked:
            return _Part(MessageKind.QUESTION, confidence=best.confidence)
        if best.name == UNEXPOSED:
            return _Part(MessageKind.UNKNOWN, question=say.UNEXPOSED, confidence=best.confidence)
        if (
            read_polarity(bare.plain).negated
            and not asked
            and not self._negation_is_order(best.name, bare.plain)
        ):
            return _Part(MessageKind.CHAT, question=say.NEGATED, confidence=best.confidence)
        name = best.name
        if asked:
            return self._ask(name, bare, clause, context, best.confidence, alternatives)
        if name not in self._declared:
            what: dict[str, object] = {"what": name}
            return _Part(
                MessageKind.UNKNOWN,
                None,
                say.fill_words(say.ABSENT, what, what),
                confidence=best.confidence,
            )
        return self._command(name, bare, clause, context, best.confidence, alternatives)

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
    ) -> _Part:  # fmt: skip
        declared = self._declared[name]
        filled = fill(declared, clause, _names(context), context.now, context.speaker.zone)
        if filled.doubt:
            shown: dict[str, object] = {"clause": clause.text[:80]}
            return _Part(
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
            return _Part(MessageKind.UNKNOWN, None, self._which(guesses), alternatives, confidence)
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
    ) -> _Part:  # fmt: skip
        own = self._declared.get(name)
        target = name if own and own.capability.risk is Risk.READ else reading_for(name, bare.plain)
        if target is None or target not in self._declared:
            return _Part(MessageKind.QUESTION, alternatives=alternatives, confidence=confidence)
        declared = self._declared[target]
        if declared.capability.risk is not Risk.READ and target not in QUERY_BY_OP:
            return _Part(MessageKind.QUESTION, alternatives=alternatives, confidence=confidence)
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
    ) -> _Part:  # fmt: skip
        call = Call(
            id="", capability=name, arguments=arguments, label=context.label,
            confidence=round(confidence, 4), inferred=inferred, clause=clause.text,
            asked_at=context.asked_at,
        )  # fmt: skip
        return _Part(kind, call, None, alternatives, confidence)

    def _carried(self, bare: Normal, before: Sequence[_Part], context: Context) -> _Part | None:
        """A clause that leans on the call before it, in this sentence or in the last exchange."""
        last = next((part.call for part in reversed(before) if part.call is not None), None)
        if last is None and not before and context.exchanges and context.exchanges[-1].calls:
            last = context.exchanges[-1].calls[-1]
        if last is None or last.capability not in self._declared:
            return None
        declared = self._declared[last.capability]
        arguments = repeat_for(declared, last, bare, _names(context), context)
        if arguments is None:
            return None
        return self._part(last.capability, arguments, bare, context, min(0.9, last.confidence))

    def _answer(self, whole: Normal, context: Context) -> Thought | None:
        """The text as the answer to the device's own question about one missing argument."""
        awaiting = context.awaiting
        if awaiting is None or awaiting.capability not in self._declared:
            return None
        declared = self._declared[awaiting.capability]
        bare = strip_courtesy(whole)
        arguments = complete(declared, awaiting, bare, _names(context), context)
        if arguments is None or self._is_own_command(bare, declared):
            return None
        part = self._part(awaiting.capability, arguments, whole, context, 0.9)
        assert part.call is not None
        call = _numbered(part.call, 1, context)
        return Thought(MessageKind.COMMAND, (call,), confidence=0.9)

    def _is_own_command(self, bare: Normal, declared: Declared) -> bool:
        assert self._classifier is not None
        best = self._classifier(bare.plain)[0]
        polarity = read_polarity(bare.plain)
        begins = polarity.on is not None or polarity.lock is not None or polarity.negated
        other = best.name not in (declared.capability.name, NONE) and best.confidence > 0.8
        free = any(a.kind is Kind.TEXT for a in declared.capability.arguments)
        return other and (begins or not free)

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

    def _join(self, parts: Sequence[_Part], context: Context) -> Thought:
        parts = _without_doubles(parts)
        calls = tuple(
            _numbered(part.call, number, context)
            for number, part in enumerate((p for p in parts if p.call is not None), 1)
            if part.call is not None
        )
        question = next((part.question for part in parts if part.question is not None), None)
        alternatives = next((part.alternatives for part in parts if part.alternatives), ())
        kinds = {part.kind for part in parts}
        if calls:
            commands = any(p.call is not None and p.kind is MessageKind.COMMAND for p in parts)
            kind = MessageKind.COMMAND if commands else MessageKind.QUESTION
            return Thought(
                kind, calls, min(call.confidence for call in calls), question, alternatives
            )
        confidence = min((part.confidence for part in parts), default=0.0)
        for kind in (MessageKind.UNKNOWN, MessageKind.QUESTION, MessageKind.CHAT):
            if kind in kinds:
                if kind is MessageKind.UNKNOWN and question is None:
                    question = say.UNCLEAR
                return Thought(kind, (), confidence, question, alternatives)
        return _unknown(say.UNCLEAR)


def load_understander(capabilities: Sequence[Capability]) -> Understander:
    """An understander for these capabilities. Weights load with the first sentence, or `warm()`."""
    return Understander(capabilities)


def _numbered(call: Call, number: int, context: Context) -> Call:
    return Call(
        id=f"{context.turn}.{number}", capability=call.capability, arguments=call.arguments,
        label=call.label, labels=call.labels, confidence=call.confidence, inferred=call.inferred,
        clause=call.clause, asked_at=call.asked_at,
    )  # fmt: skip


def _sure_enough(declared: Declared) -> float:
    """The confidence from which a function is believed although no argument was found for it."""
    capability = declared.capability
    if not capability.arguments:
        return FLOOR
    bare = any(not example.arguments for example in (*capability.en, *capability.zh))
    return 0.7 if bare else 0.9


def _without_doubles(parts: Sequence[_Part]) -> list[_Part]:
    """A need that the next clause spells out ("it's hot, down two degrees") counts once, and the
    same call said twice ("keep the air out, recirculate") is one call."""
    kept: list[_Part] = []
    for part in parts:
        last, call = kept[-1].call if kept else None, part.call
        again = last is not None and call is not None and last.capability == call.capability
        if again and last and call:
            spelt_out = last.inferred and not call.inferred
            if spelt_out or last.arguments == call.arguments:
                kept.pop()
        elif last is not None and call is not None and last.inferred and not call.inferred:
            kept.pop()  # "it's getting dark, put the headlights on": a reason, then the order
        kept.append(part)
    return kept


def _names(context: Context) -> tuple[str, ...]:
    return tuple(name for names in context.names.values() for name in names)


def _unknown(question: Words) -> Thought:
    return Thought(MessageKind.UNKNOWN, (), 0.0, question)
