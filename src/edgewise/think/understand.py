"""Words -> typed calls, in Chinese and English, in milliseconds and without a language model.

A sentence is cleaned; it may be the answer to the device's own question, a declared example, or
somebody's words in quotation marks. Else it is split where the speaker corrects himself
(correction) and into clauses (clauses), and each clause becomes a part (clause): a call, a question
to the person, or talk. What is doubtful becomes a question, never a guess; questions give calls
that only read. It sees no state of the device and decides nothing about safety. Measured in
docs/decisions/0004-command-understanding.md.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from edgewise.core.call import Call
from edgewise.core.capability import Capability, Risk
from edgewise.core.regex import compile_all
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Context, Mention, MessageKind, Thought
from edgewise.think.halt import is_halt, speaks_of_stopping
from edgewise.think.understanding import words as say
from edgewise.think.understanding.at_home import home_parts
from edgewise.think.understanding.back_channel import back_channel
from edgewise.think.understanding.carry import answered
from edgewise.think.understanding.clause import ASKED_ORDERS, STATUS, command, read
from edgewise.think.understanding.clauses import MAX_CLAUSES, holds_free_text, split_clauses
from edgewise.think.understanding.correction import (
    called_off,
    corrected_parts,
    pieces,
    with_number_meant,
)
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.exceptions import (
    left_out,
    of_another_thing,
    without_exception,
)
from edgewise.think.understanding.guards import acts_on_car, for_another, guarded
from edgewise.think.understanding.join import Part, join, make_part, unknown
from edgewise.think.understanding.kind import (
    is_conditional,
    is_question,
    is_quoted,
    is_reported,
    under_denial,
)
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.language import is_foreign
from edgewise.think.understanding.lean import corrected
from edgewise.think.understanding.leaning import leaning_part
from edgewise.think.understanding.measured import is_only_measured
from edgewise.think.understanding.mentioned import NAMES
from edgewise.think.understanding.needs import find_need
from edgewise.think.understanding.normalise import MAX_CHARACTERS, Normal, normalise
from edgewise.think.understanding.on_screen import (
    ScreenOrder,
    begins_on_screen,
    is_of_page,
    screen_order,
    step_within,
)
from edgewise.think.understanding.pairs import pairs
from edgewise.think.understanding.pronoun import with_thing
from edgewise.think.understanding.questions import QUERY_BY_OP
from edgewise.think.understanding.screen_app import opened_app
from edgewise.think.understanding.screen_heads import SCREEN
from edgewise.think.understanding.shared_verb import for_somebody_else, is_sure, other_thing
from edgewise.think.understanding.speech import plainly
from edgewise.think.understanding.tagging import capitalised
from edgewise.think.understanding.task import is_task
from edgewise.think.understanding.titled import titled
from edgewise.think.understanding.undivided import undivided


class Understander:
    """Understands sentences for one list of capabilities; safe to use from several threads."""

    def __init__(self, capabilities: Sequence[Capability]) -> None:
        self._known = Known(capabilities)

    def warm(self) -> None:
        """Loads the weights now instead of with the first sentence."""
        self._known.warm()

    def prepare(self) -> None:
        """Builds all that first sentences would wait for: weights, patterns, examples."""
        self.warm()
        self._known.prepare()
        compile_all()

    def understand(self, text: str, context: Context) -> Thought:
        """What the text asks for. Never raises for any text; bad text is an UNKNOWN thought."""
        if len(text) > MAX_CHARACTERS // 2:
            size: dict[str, object] = {"length": len(text), "limit": MAX_CHARACTERS // 2}
            return unknown(say.fill_words(say.TOO_LONG, size, size))
        said = normalise(text)
        whole = plainly(said)
        if not any(char.isalnum() for char in whole.plain):
            return unknown(say.EMPTY)
        self.warm()
        answer = answered(self._known, whole, context)
        if answer is not None:
            return answer
        on_screen = self._on_screen(said, context)
        if on_screen is not None:
            return on_screen
        another = for_another(whole.plain)
        at_home = [] if another else home_parts(self._known, whole, context)
        if at_home:
            return join(at_home, context)
        if is_foreign(strip_courtesy(said).plain):
            return unknown(say.FOREIGN)
        example = None if another else self._declared_example(whole, context)
        if example is not None:
            return example
        touches = self._known.has_screen and begins_on_screen(whole)
        if is_quoted(whole.plain):
            return unknown(say.UNCLEAR) if touches else Thought(MessageKind.CHAT, confidence=0.8)
        bare = self._without_correction(titled(whole), context)
        if isinstance(bare, Thought):
            return bare
        thought = self._read_sentence(bare, context)
        if touches and not thought.calls:
            return unknown(say.UNCLEAR)
        return msgspec.structs.replace(thought, mentions=self._mentions(whole))

    def goes_back(self, text: str, context: Context) -> bool:
        """Whether `text` means the page before on the device's screen and not the state before:
        the last turn changed nothing else."""
        order = screen_order(normalise(text)) if self._known.has_screen else None
        if order is None or order.arguments != {"action": "back"}:
            return False
        last = context.exchanges[-1].calls if context.exchanges else ()
        return is_of_page(order, [call.capability for call in last if not self._only_read(call)])

    def _only_read(self, call: Call) -> bool:
        capability = self._known.capabilities.get(call.capability)
        return capability is not None and capability.risk is Risk.READ

    def _on_screen(self, said: Normal, context: Context) -> Thought | None:
        """A message with an order on a screen: each step is one call, and what is to be typed
        orders nothing. It is read as it was written, with every word of a text; other clauses are
        read as ever."""
        if SCREEN not in self._known.declared:
            return None
        parts = list[Part]()
        while said.plain and len(parts) < MAX_CLAUSES:
            order = self._screen_order(said, behind=bool(parts))
            if order is not None and is_of_page(order, _called(parts, context)):
                parts.append(_step(order, said, context))
                said = order.rest
                continue
            at = step_within(said, typed=not self._known.has_screen)
            before = said.cut(0, at[0]) if at is not None else said
            clauses = split_clauses(before)
            if at is not None and any(holds_free_text(clause.plain) for clause in clauses):
                at, clauses = None, split_clauses(said)
            if at is None and not parts:
                return None
            if at is not None and clauses and is_conditional(clauses[-1].plain):
                waits = Part(MessageKind.UNKNOWN, question=say.CONDITION, clause=said.text)
                return join([*parts, waits], context)
            more = self._read_all(clauses, (), said, context)
            parts += guarded(more, self._known.capabilities, said.plain)
            if at is None:
                return join(parts, context)
            said = said.cut(at[1], len(said.plain))
            if (clauses and more[-1].call is None) or self._screen_order(said) is None:
                break
        return join([*parts, _unread(said)] if said.plain else parts, context)

    def _screen_order(self, said: Normal, *, behind: bool = False) -> ScreenOrder | None:
        """An order on a screen, unless another capability is declared to be asked for so. Without a
        screen only what would be typed is one, for that orders nothing else."""
        declared = SCREEN in self._known.declared
        order = screen_order(said, behind=behind) if declared else None
        if order is None:
            return None
        is_typed = "text" in order.arguments or order.arguments["action"] == "type"
        if not (is_typed or self._known.has_screen):
            return None
        example = self._known.example_of(strip_courtesy(said).plain)
        return order if example in (None, SCREEN) else None

    def _mentions(self, whole: Normal) -> tuple[Mention, ...]:
        """The typed words of the message, as they were written."""
        return tuple(
            Mention(found.kind, whole.text[found.start : found.end])
            for found in capitalised(self._known.model.see(whole.plain).mentions, whole, NAMES)
        )

    def _declared_example(self, whole: Normal, context: Context) -> Thought | None:
        """A sentence that a declaration gives as an example means that capability, undivided."""
        for plain in (whole.plain, strip_courtesy(whole).plain):
            name = self._known.example_of(plain)
            if name is None:
                continue
            asked = is_question(whole.plain) and name not in ASKED_ORDERS
            risk = self._known.capabilities[name].risk
            if asked and risk is not Risk.READ and name not in QUERY_BY_OP:
                return None
            part = command(self._known, name, whole, context, 0.99, ())
            return join([replace(part, kind=MessageKind.QUESTION) if asked else part], context)
        return None

    def _without_correction(self, whole: Normal, context: Context) -> Normal | Thought:
        """ "no, the left one" as the changed call of the turn before; else without the "no"."""
        start = corrected(whole.plain)
        if not start:
            return whole
        rest = whole.cut(start, len(whole.plain))
        part = leaning_part(self._known, strip_courtesy(rest), [], context)
        if part is not None:
            last = context.exchanges[-1].calls[-1]
            declared = self._known.declared.get(last.capability)
            return join([with_number_meant(part, last, declared)], context)
        return rest if "," in whole.plain[:start] and rest.plain else whole

    def _read_sentence(self, whole: Normal, context: Context) -> Thought:
        """All clauses as one thought; what the speaker corrects on the way counts as corrected."""
        talk = back_channel(self._known, whole, context)
        if talk is not None:
            return join([talk], context)
        if called_off(whole):
            return join([Part(MessageKind.CHAT, question=say.NEGATED)], context)
        first, *corrections = pieces(whole)
        sight = self._known.model.see(first.plain)
        begins = () if is_reported(first.plain) else sight.begins
        spans = [(m.start, m.end) for m in capitalised(sight.mentions, first, NAMES)]
        clauses = undivided(self._known, first, split_clauses(first, begins, spans))
        if len(clauses) > 1 and find_need(first.plain):
            clauses = [first]
        if len(clauses) + len(corrections) > MAX_CLAUSES:
            limit: dict[str, object] = {"limit": MAX_CLAUSES}
            return unknown(say.fill_words(say.TOO_MANY, limit, limit))

        def read_more(piece: Normal, before: Sequence[Part]) -> list[Part]:
            return self._read_all(split_clauses(piece), before, whole, context)[len(before) :]

        parts = self._read_all(clauses, (), whole, context)
        for correction in corrections:
            parts = corrected_parts(parts, correction, read_more)
        parts = guarded(parts, self._known.capabilities, whole.plain)
        thought = join(parts, context)
        return msgspec.structs.replace(thought, task=is_task(whole.plain, parts))

    def _read_all(
        self, clauses: Sequence[Normal], before: Sequence[Part], whole: Normal, context: Context
    ) -> list[Part]:
        """The parts `before` and those of every clause in order; somebody's words and an "if"
        govern all that follows them. Where the text is all pairs, each is read by itself."""
        parts = list(before)
        alone = bool(pairs(whole))
        for said in clauses:
            order = self._screen_order(said)
            denied = under_denial(whole.plain, said.plain)
            whole_step = order is not None and not order.rest.plain and not denied
            if order and whole_step and is_of_page(order, _called(parts, context)):
                parts.append(_step(order, said, context))
                continue
            if is_only_measured(said.plain):
                told = Part(MessageKind.CHAT, confidence=0.9, clause=said.text, idle=True)
                parts.append(told)
                continue
            clause = with_thing(said, _remark(parts))
            if clause is not said:
                parts[-1] = replace(parts[-1], idle=True)
            if is_reported(clause.plain):
                parts.append(Part(MessageKind.CHAT, confidence=0.8, clause=clause.text))
                break
            if is_conditional(clause.plain) and not self._only_reads(clause):
                parts = [p for p in parts if p.call is None or not _goes_with(p, clause)]
                parts.append(Part(MessageKind.UNKNOWN, None, say.CONDITION, clause=clause.text))
                break
            part = self._read_clause(clause, parts, context, clause if alone else whole)
            if is_halt(clause.plain) or (_moves(part) and speaks_of_stopping(clause.plain)):
                stop: dict[str, JsonValue] = {"action": "stop"}
                part = make_part("dialog.control", stop, clause, context, 0.95)
            parts.append(replace(part, clause=part.clause or clause.text))
            if part.call is not None:
                other, first = self._other(clause, part.call.capability, parts, context)
                at = len(parts) - first
                parts[at:at] = other
        return parts

    def _other(
        self, clause: Normal, read_as: str, before: Sequence[Part], context: Context
    ) -> tuple[list[Part], bool]:
        """What the other of two things behind the verb of a clause comes to, if there is one, and
        whether it is the first of the two."""
        whose = for_somebody_else(clause)
        if whose is not None and acts_on_car(self._known.capabilities[read_as]):
            return [Part(MessageKind.UNKNOWN, question=say.WHOSE, clause=whose.text)], False
        found = other_thing(self._known, clause, read_as)
        if found is None:
            return [], False
        more, first = found
        part = self._read_clause(more, before, context, more)
        done = is_sure(self._known, more) and part.call and self._is_complete(part.call)
        if not done:
            part = Part(MessageKind.UNKNOWN, question=say.UNCLEAR)
        return [replace(part, clause=more.text)], first

    def _is_complete(self, call: Call) -> bool:
        """Whether a call has all that it needs: of a second thing nothing is asked."""
        capability = self._known.capabilities[call.capability]
        needed = [(a.name,) for a in capability.arguments if a.required]
        return all(set(group) & set(call.arguments) for group in (*needed, *capability.one_of))

    def _only_reads(self, clause: Normal) -> bool:
        """Whether a clause asks something, so that its "if" holds up nothing."""
        best = self._known.guess(clause.plain)[0]
        capability = self._known.capabilities.get(best.name)
        reads = capability is not None and capability.risk is Risk.READ
        return is_question(clause.plain) or (reads and best.confidence >= _SURE_TO_READ)

    def _read_clause(
        self, clause: Normal, before: Sequence[Part], context: Context, whole: Normal
    ) -> Part:
        """One clause; what an order on the car excepts is left out of its call."""
        opened = opened_app(self._known, clause, context)
        if opened is not None:
            return opened
        main, exception = without_exception(clause)
        if not exception or not main.plain or holds_free_text(clause.plain):
            return read(self._known, clause, before, context, whole)
        part = read(self._known, main, before, context, whole)
        if part.call is None:
            part, exception = read(self._known, clause, before, context, whole), ""
        if part.call is not None and of_another_thing(main.plain, exception):
            return replace(part, clause=clause.text)
        capability = part.call and self._known.capabilities[part.call.capability]
        if not capability or not acts_on_car(capability):
            return read(self._known, clause, before, context, whole)
        return replace(
            left_out(part, exception, capability, context.speaker.zone), clause=clause.text
        )


def load_understander(capabilities: Sequence[Capability]) -> Understander:
    """An understander for these capabilities. Weights load with the first sentence, or `warm()`."""
    return Understander(capabilities)


def _step(order: ScreenOrder, said: Normal, context: Context) -> Part:
    clause = said.cut(0, len(said.plain) - len(order.rest.plain))
    return replace(
        make_part(SCREEN, dict(order.arguments), clause, context, 0.95), clause=clause.text
    )


def _called(parts: Sequence[Part], context: Context) -> list[str]:
    """The capabilities that a sentence has called so far; before the first, what plays, if the
    turn before was about that."""
    if parts:
        return [part.call.capability for part in parts if part.call is not None]
    last = context.exchanges[-1].calls if context.exchanges else ()
    return [call.capability for call in last if call.capability.startswith("media.")]


def _unread(said: Normal) -> Part:
    return Part(MessageKind.UNKNOWN, question=say.UNCLEAR, clause=said.text)


def _remark(parts: Sequence[Part]) -> str:
    """The words just before, if they ordered nothing: a remark, a state asked for, a "stop"."""
    last = parts[-1] if parts else None
    if last is None or (last.call is not None and last.call.capability not in _NO_THING):
        return ""
    return normalise(last.clause).plain


_SURE_TO_READ = 0.8
_NO_THING = frozenset({STATUS, "dialog.control"})


def _moves(part: Part) -> bool:
    """Whether a part would set a motor going, for which "stop" is not "close"."""
    return part.call is not None and part.call.capability in _MOTORS


_MOTORS = frozenset({"window.set", "roof.set", "trunk.set", "seat.move", "mirror.set"})


def _goes_with(part: Part, condition: Normal) -> bool:
    """Whether a trailing condition governs the call before it: "open it, if it rains"."""
    return condition.plain.startswith(("if ", "when ", "once ", "unless ", "as soon as "))
