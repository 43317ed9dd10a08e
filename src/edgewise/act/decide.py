"""The deterministic policy: facts about a call in, Allow, Ask or Deny out, with the rules' words.

Cedar (through cedarpy) is asked without and, if that is refused, with the person's confirmation.
Default deny; a matching `forbid` always wins. Cedar skips a policy whose evaluation fails and goes
on; here any such error denies, as do facts that do not fit the schema. How a policy is read and
validated: `act/cedar.py`. Why Cedar: docs/decisions/0003-policy-engine.md.

`action in` groups and risk gates are explained in `policy/policy.cedarschema`.
"""

import json
from collections.abc import Mapping
from typing import Any, cast

import cedarpy
import msgspec

from edgewise.act.bearing import traits_of
from edgewise.act.cedar import POLICY_ERROR, CedarRule, Force, Part, Policy, Question, Shape
from edgewise.core.call import Allow, Ask, Decision, Deny, RuleText
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words

NOT_PERMITTED = RuleText(
    "R00-not-permitted",
    Words("No rule allows this now.", "现在没有规则允许这个操作。"),
)

_KEPT = 1024
_REQUEST = ("action", "capability", "speaker_zone")
_PLAIN = frozenset({bool, int, str})
_LEAST = -(2**63)


def decide(policy: Policy, facts: Mapping[str, JsonValue], *, confirmed: bool = False) -> Decision:
    """Whether the effects behind `facts` (see `act/facts.gather`) may be performed.

    With `confirmed` the person has said yes to exactly these effects, and the answer is Allow or
    Deny. Deny names the rules that forbid even then; Ask those that a yes would satisfy.

    Shortcuts, which `decide_plainly` does not take: rules that cannot match (`act/bearing.py`) are
    left out of the questions; the second question leaves out the rules that do not look at the
    confirmation, and is spared where one of them forbids; facts are held against the schema once
    for each shape they have, and told after that only as far as the rules read them.
    """
    part, shape = _bearing_on(policy, facts), _shape(facts)
    if part is None or shape is None:
        return decide_plainly(policy, facts, confirmed=confirmed)
    first = _ask_fitting(policy, part.whole, facts, shape, confirmed=confirmed)
    if confirmed:
        return _settle(None, first)
    if first is None:
        return Allow()
    firm = tuple(rule for rule in first if rule.id in policy.firm)
    if firm:
        return Deny(firm)
    return _settle(first, _ask(policy, part.yielding, facts, confirmed=True, fits=True))


def decide_plainly(
    policy: Policy, facts: Mapping[str, JsonValue], *, confirmed: bool = False
) -> Decision:
    """What `decide` must answer, without its shortcuts.

    Where a rule of one's own looks at the confirmation in an unusual way, a Deny may name more
    rules here; that it is a Deny is the same.
    """
    second = _ask(policy, policy.everything, facts, confirmed=True)
    if confirmed:
        return _settle(None, second)
    first = _ask(policy, policy.everything, facts, confirmed=False)
    return Allow() if first is None else _settle(first, second)


def would_allow(policy: Policy, facts: Mapping[str, JsonValue]) -> bool:
    """Whether `facts` are allowed without anybody's confirmation, as a roll-back must be."""
    return isinstance(decide(policy, facts), Allow)


def _settle(first: tuple[RuleText, ...] | None, second: tuple[RuleText, ...] | None) -> Decision:
    """The decision from who forbids without (None: not asked) and with confirmation."""
    if first is not None and POLICY_ERROR in first:
        return Deny((POLICY_ERROR,))
    if second is None:
        return Allow() if first is None else Ask(first or (NOT_PERMITTED,))
    return Deny(second or (NOT_PERMITTED,))


def _bearing_on(policy: Policy, facts: Mapping[str, JsonValue]) -> Part | None:
    """The rules that can match at all: those for this action of whose demanded traits (see
    `act/bearing.py`) one is there. None for an action that no rule knows."""
    groups = policy.groups.get(str(facts.get("action")))
    if groups is None:
        return None
    traits = traits_of(facts) & policy.demanded
    known = policy.parts.get((groups, traits))
    if known is not None:
        return known
    bearing = [
        rule
        for rule in policy.rules
        if (not rule.demands or rule.demands & traits)
        and (not rule.actions or groups.intersection(rule.actions))
    ]
    yielding = [rule for rule in bearing if rule.force is not Force.FORBIDS]
    if len(policy.parts) >= _KEPT:
        policy.parts.clear()
    part = Part(_question(bearing), _question(yielding))
    policy.parts[groups, traits] = part
    return part


def _question(rules: list[CedarRule]) -> Question:
    documents = {rule.id: rule.document for rule in rules}
    plain: dict[str, Any] = {"staticPolicies": documents, "templates": {}, "templateLinks": []}
    reads = [rule.reads for rule in rules]
    everything = None in reads
    return Question(
        cedarpy.PolicySet.from_json_str(json.dumps(plain)),
        None if everything else frozenset[str]().union(*(read for read in reads if read)),
    )


def _ask_fitting(
    policy: Policy,
    question: Question,
    facts: Mapping[str, JsonValue],
    shape: Shape,
    *,
    confirmed: bool,
) -> tuple[RuleText, ...] | None:
    """`_ask`, which holds facts against the schema only if none of their shape has fitted it."""
    if shape in policy.fitting:
        return _ask(policy, question, facts, confirmed=confirmed, fits=True)
    forbidding = _ask(policy, question, facts, confirmed=confirmed)
    if forbidding is None or POLICY_ERROR not in forbidding:
        if len(policy.fitting) >= _KEPT:
            policy.fitting.clear()
        policy.fitting.add(shape)
    return forbidding


def _shape(facts: Mapping[str, JsonValue]) -> Shape | None:
    """What a schema looks at: the action, and the names and types of facts. None if there is a fact
    that no schema holds: of another kind, or a whole number beyond Cedar's 64 bits."""
    shape: list[tuple[str, object]] = [("action", facts.get("action"))]
    for name, value in facts.items():
        kind = type(cast("object", value))
        if kind is list:
            if not all(type(item) is str for item in cast("list[object]", value)):
                return None
        elif kind not in _PLAIN or (kind is int and not _LEAST <= value < -_LEAST):
            return None
        shape.append((name, kind))
    return tuple(shape)


def _ask(
    policy: Policy,
    question: Question,
    facts: Mapping[str, JsonValue],
    *,
    confirmed: bool,
    fits: bool = False,
) -> tuple[RuleText, ...] | None:
    """None if Cedar allows it, else the rules that forbid (none of them: default deny).

    Facts that are known to fit the schema are told as far as the rules read them.
    """
    reads = question.reads if fits else None
    context = {
        name: value
        for name, value in facts.items()
        if name not in _REQUEST and (reads is None or name in reads)
    }
    request: dict[str, Any] = {
        "principal": {"type": "Person", "id": str(facts.get("speaker_zone", "unknown"))},
        "action": {"type": "Action", "id": str(facts.get("action", "unknown"))},
        "resource": {"type": "Capability", "id": str(facts.get("capability", "unknown"))},
    }
    schema = None if fits else policy.schema
    try:
        request["context"] = msgspec.json.encode(context | {"confirmed": confirmed}).decode()
        answer = cedarpy.is_authorized(  # pyright: ignore[reportUnknownMemberType]
            request, question.rules, policy.actions, schema
        )
    except (ValueError, TypeError):
        return (POLICY_ERROR,)
    diagnostics = answer.diagnostics
    if diagnostics.errors or answer.decision is cedarpy.Decision.NoDecision:
        return (POLICY_ERROR,)
    if answer.allowed:
        return None
    ids = cast("dict[str, str]", diagnostics.id_annotations_by_reason)
    named = sorted(ids.values(), key=_by_relevance)
    return tuple(RuleText(name, policy.words[name]) for name in named)


def _by_relevance(name: str) -> tuple[bool, str]:
    """The rules that say something particular before the general gates, by number."""
    return (name.startswith(("R00", "R24-not-exposed")), name)
