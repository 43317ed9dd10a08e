"""A call and what becomes of it: effects, a decision, a result."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from edgewise.core.label import Label
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words


class Call(Struct, frozen=True):
    """A proposed use of a capability.

    `label` says who proposed it; `labels` gives the label of each argument that differs from it.
    `inferred` marks a need guessed from the words ("I'm cold") rather than asked for. `clause` is
    the part of the sentence it was read from. `asked_at` is `Clock.monotonic` of the request.
    `asked` are the arguments that the person was asked for, in order, once for each time.
    """

    id: str
    capability: str
    arguments: dict[str, JsonValue]
    label: Label
    labels: dict[str, Label] = {}
    confidence: float = 1.0
    inferred: bool = False
    clause: str = ""
    asked_at: float = 0.0
    asked: tuple[str, ...] = ()

    def label_of(self, argument: str) -> Label:
        """The label of one argument."""
        return self.labels.get(argument, self.label)


class EffectKind(StrEnum):
    """What an effect is: a value to be written, or a motor to be stopped where it is."""

    SET = "set"
    HOLD = "hold"


class Effect(Struct, frozen=True):
    """One write: a target (see `core.signal`) and the value it shall have.

    `because` is the number of the rule that added it to what was asked, or 0. A value of `None`
    removes the target's entry from a store. A HOLD names the position of a motor and has no value:
    where it stops is where it is by then.
    """

    target: str
    value: JsonValue
    because: int = 0
    kind: EffectKind = EffectKind.SET


def hold(target: str) -> Effect:
    """The effect that stops the motor of `target` where it is."""
    return Effect(target, None, kind=EffectKind.HOLD)


class Note(Struct, frozen=True):
    """Something the person should be told beside the result, and the rule that says so."""

    words: Words
    rule: int = 0


class Resolved(Struct, frozen=True, tag="resolved"):
    """What a call means on this device now: writes in order, or data that was read.

    With `atomic` all effects land or none stays. `data` has `label`; `facts` are names that
    policies read besides what is derived from the effects (see `act/facts.py`). `already` is what
    was asked for where all of it is so: nothing is written, and what is forbidden is still refused.
    """

    effects: tuple[Effect, ...] = ()
    data: JsonValue = None
    label: Label | None = None
    notes: tuple[Note, ...] = ()
    atomic: bool = False
    facts: tuple[str, ...] = ()
    already: tuple[Effect, ...] = ()


class Missing(Struct, frozen=True, tag="missing"):
    """The call lacks something only the person can tell: what to ask, and likely answers."""

    argument: str
    question: Words
    choices: tuple[str, ...] = ()


class Impossible(Struct, frozen=True, tag="impossible"):
    """The call can not be done here: a stable code, and why in plain words."""

    code: str
    words: Words


Resolution = Resolved | Missing | Impossible


class RuleText(Struct, frozen=True):
    """A rule that took part in a decision: its id (`R02-...`) and what it says."""

    id: str
    words: Words


class Allow(Struct, frozen=True, tag="allow"):
    """The effects may be performed now."""


class Ask(Struct, frozen=True, tag="ask"):
    """The effects may be performed once the person has confirmed exactly these."""

    rules: tuple[RuleText, ...]


class Deny(Struct, frozen=True, tag="deny"):
    """The effects may not be performed, confirmed or not; the rules that forbid."""

    rules: tuple[RuleText, ...]


Decision = Allow | Ask | Deny


class Status(StrEnum):
    """How a call ended."""

    DONE = "done"
    DENIED = "denied"
    ASKED = "asked"
    FAILED = "failed"
    EXPIRED = "expired"
    MISSING = "missing"
    IMPOSSIBLE = "impossible"


class Result(Struct, frozen=True):
    """How one call ended, from the ledger of what really happened.

    `changed` holds targets and the values read back; `before` what they were, for undo. `code`
    and `words` explain every status but DONE. `data` carries `label`.
    """

    call: str
    capability: str
    status: Status
    changed: dict[str, JsonValue] = {}
    before: dict[str, JsonValue] = {}
    data: JsonValue = None
    label: Label | None = None
    notes: tuple[Note, ...] = ()
    code: str = ""
    words: Words | None = None
    rules: tuple[RuleText, ...] = ()


def payload_hash(calls: Sequence[tuple[Call, Sequence[Effect], Sequence[RuleText]]]) -> str:
    """SHA-256 of exactly what would be done and why it asks: capability, arguments and effects of
    each call, and the ids of the rules that ask.

    A confirmation names this hash, so it can not be used for anything else (rule 31). Effects
    hold no clock time (stores stamp their own rows), so resolving again gives the same hash
    unless the world changed.
    """
    plain = [
        (
            call.id,
            call.capability,
            call.arguments,
            [(effect.target, effect.value, effect.kind) for effect in effects],
            sorted(rule.id for rule in asking),
        )
        for call, effects, asking in calls
    ]
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()
