"""The deterministic policy: facts about a call in, Allow, Ask or Deny out, with the rules' words.

Cedar (through cedarpy) is asked without and, if that is refused, with the person's confirmation.
Default deny; a matching `forbid` always wins. Cedar skips a policy whose evaluation fails and goes
on; here any such error denies, as do facts that do not fit the schema. Policies are parsed and
validated once, by `load_policy`, from texts that somebody else has read (`act/policy`). Why Cedar:
docs/decisions/0003-policy-engine.md.

`action in` groups and risk gates are explained in `policy/policy.cedarschema`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

import cedarpy
import msgspec

from edgewise.core.call import Allow, Ask, Decision, Deny, RuleText
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words
from edgewise.errors import TrustError

SCHEMA_SUFFIX = ".cedarschema"
POLICY_SUFFIX = ".cedar"
NOT_PERMITTED = RuleText(
    "R00-not-permitted",
    Words("No rule allows this now.", "现在没有规则允许这个操作。"),
)
POLICY_ERROR = RuleText(
    "R00-policy-error",
    Words("The rules could not be evaluated, so nothing is done.", "规则无法判定，因此不执行。"),
)

_UNCONFIRMED = '{"confirmed":false'
_CONFIRMED = '{"confirmed":true'
_EFFECTS = {".": {"left": {"Var": "context"}, "attr": "effects"}}
_PARTS_KEPT = 1024
_REQUEST = ("action", "capability", "speaker_zone")
_ANNOTATIONS = ("id", "rule", "source", "says", "says_zh")


class Force(StrEnum):
    """What a rule does where it matches: it allows, asks (forbids until confirmed), or forbids."""

    ALLOWS = "allows"
    ASKS = "asks"
    FORBIDS = "forbids"


@dataclass(frozen=True, slots=True)
class CedarRule:
    """One policy of a `.cedar` file: its annotations, its force, its file, and the actions or
    groups of actions it is scoped to (none: all).

    `looks_for` are the effects of which it demands one before anything else (none: it demands
    none); `document` is the policy as JSON.
    """

    id: str
    number: int
    force: Force
    words: Words
    source: str
    file: str
    actions: tuple[str, ...]
    looks_for: frozenset[str]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A parsed and validated set of rules; `hash` is the SHA-256 of the texts it was made from.

    `firm` are the ids of rules that forbid whether or not the person confirms. `parts` remembers
    the sets of rules that bear on given effects, as they are first needed.
    """

    hash: str
    rules: tuple[CedarRule, ...]
    words: Mapping[str, Words]
    firm: frozenset[str]
    parsed: cedarpy.PolicySet
    actions: cedarpy.Entities
    schema: cedarpy.Schema
    parts: dict[frozenset[str], cedarpy.PolicySet] = field(
        default_factory=dict[frozenset[str], cedarpy.PolicySet]
    )


def load_policy(text_by_file: Mapping[str, str]) -> Policy:
    """Parse and validate `.cedar` texts against the one `.cedarschema` among them.

    Raises TrustError naming the file for anything that does not parse or validate, for a missing
    or empty annotation, and for an id given twice: a device refuses to start on such a policy.
    """
    schema = _the_schema(text_by_file)
    rules: list[CedarRule] = []
    texts: list[str] = []
    for name in sorted(text_by_file):
        if name.endswith(SCHEMA_SUFFIX):
            continue
        if not name.endswith(POLICY_SUFFIX):
            raise _untrusted(name, f"is neither {POLICY_SUFFIX} nor {SCHEMA_SUFFIX}")
        rules += _rules_in(name, text_by_file[name], schema)
        texts.append(text_by_file[name])
    if not rules:
        raise _untrusted("policy", "holds no rule")
    _refuse_twins(rules)
    return Policy(
        _hash(text_by_file),
        tuple(rules),
        {rule.id: rule.words for rule in rules},
        frozenset(rule.id for rule in rules if rule.force is Force.FORBIDS) | {POLICY_ERROR.id},
        cedarpy.PolicySet.from_str("\n".join(texts)),
        cedarpy.Entities.from_json_str("[]", schema),  # pyright: ignore[reportUnknownMemberType]
        schema,
    )


def decide(policy: Policy, facts: Mapping[str, JsonValue], *, confirmed: bool = False) -> Decision:
    """Whether the effects behind `facts` (see `act/facts.gather`) may be performed.

    With `confirmed` the person has said yes to exactly these effects, and the answer is Allow or
    Deny. Deny names the rules that forbid even then; Ask those that a yes would satisfy.

    Two shortcuts, which `decide_plainly` does not take: rules that look for other effects are left
    out of the question, and the second question is spared where a rule forbids that does not look
    at the confirmation.
    """
    rules = _bearing_on(policy, facts)
    request, context = _request(facts)
    if confirmed:
        return _settle(None, _ask(policy, rules, request, _CONFIRMED + context))
    first = _ask(policy, rules, request, _UNCONFIRMED + context)
    if first is None:
        return Allow()
    firm = tuple(rule for rule in first if rule.id in policy.firm)
    if firm:
        return Deny(firm)
    return _settle(first, _ask(policy, rules, request, _CONFIRMED + context))


def decide_plainly(
    policy: Policy, facts: Mapping[str, JsonValue], *, confirmed: bool = False
) -> Decision:
    """What `decide` must answer, without its shortcuts."""
    request, context = _request(facts)
    second = _ask(policy, policy.parsed, request, _CONFIRMED + context)
    if confirmed:
        return _settle(None, second)
    first = _ask(policy, policy.parsed, request, _UNCONFIRMED + context)
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


def _bearing_on(policy: Policy, facts: Mapping[str, JsonValue]) -> cedarpy.PolicySet:
    """The rules that can match at all: all but those that first look for effects not there.

    Cedar evaluates `&&` from the left and stops at the first false, so what is left out could
    neither match nor fail.
    """
    effects: JsonValue = facts.get("effects")
    if not isinstance(effects, list):
        return policy.parsed
    found = frozenset(name for name in cast("list[Any]", effects) if isinstance(name, str))
    known = policy.parts.get(found)
    if known is not None:
        return known
    bearing = [rule for rule in policy.rules if not rule.looks_for or rule.looks_for & found]
    documents = {rule.id: rule.document for rule in bearing}
    plain: dict[str, Any] = {"staticPolicies": documents, "templates": {}, "templateLinks": []}
    part = cedarpy.PolicySet.from_json_str(json.dumps(plain))
    if len(policy.parts) >= _PARTS_KEPT:
        policy.parts.clear()
    policy.parts[found] = part
    return part


def _request(facts: Mapping[str, JsonValue]) -> tuple[dict[str, Any], str]:
    """Cedar's request without a context, and the context's JSON behind `confirmed`."""
    context = {k: v for k, v in facts.items() if k not in _REQUEST and k != "confirmed"}
    request: dict[str, Any] = {
        "principal": {"type": "Person", "id": str(facts.get("speaker_zone", "unknown"))},
        "action": {"type": "Action", "id": str(facts.get("action", "unknown"))},
        "resource": {"type": "Capability", "id": str(facts.get("capability", "unknown"))},
    }
    members = msgspec.json.encode(context).decode()[1:]
    return request, members if members == "}" else "," + members


def _ask(
    policy: Policy, rules: cedarpy.PolicySet, request: dict[str, Any], context: str
) -> tuple[RuleText, ...] | None:
    """None if Cedar allows it, else the rules that forbid (none of them: default deny)."""
    try:
        answer = cedarpy.is_authorized(  # pyright: ignore[reportUnknownMemberType]
            {**request, "context": context}, rules, policy.actions, policy.schema
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


def _the_schema(text_by_file: Mapping[str, str]) -> cedarpy.Schema:
    names = [name for name in text_by_file if name.endswith(SCHEMA_SUFFIX)]
    if len(names) != 1:
        raise _untrusted("policy", f"needs exactly one {SCHEMA_SUFFIX} file, has {len(names)}")
    try:
        return cedarpy.Schema.from_str(text_by_file[names[0]])
    except ValueError as error:
        raise _untrusted(names[0], f"does not parse: {error}") from error


def _rules_in(name: str, text: str, schema: cedarpy.Schema) -> list[CedarRule]:
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(text))
        checked = cedarpy.validate_policies(text, schema)  # pyright: ignore[reportUnknownMemberType]
    except ValueError as error:
        raise _untrusted(name, f"does not parse: {error}") from error
    if not checked:
        raise _untrusted(name, f"does not fit the schema: {checked.errors[0]}")
    if parsed.get("templates"):
        raise _untrusted(name, "holds a template; a rule must be complete")
    policies = cast("Mapping[str, dict[str, Any]]", parsed["staticPolicies"])
    return [_rule_of(name, policies[key]) for key in sorted(policies, key=_position)]


def _position(key: str) -> int:
    return int(key.removeprefix("policy"))


def _rule_of(name: str, policy: Mapping[str, Any]) -> CedarRule:
    notes = cast("dict[str, str | None]", policy.get("annotations", {}))
    missing = [key for key in _ANNOTATIONS if not notes.get(key)]
    label = notes.get("id") or "a rule without @id"
    if missing:
        raise _untrusted(name, f"{label} lacks @{', @'.join(missing)}")
    values = {key: str(notes[key]) for key in _ANNOTATIONS}
    if not values["rule"].isdigit() or not label.startswith(f"R{int(values['rule']):02d}-"):
        raise _untrusted(name, f"{label} must start with R and the two digits of its @rule")
    return CedarRule(
        values["id"],
        int(values["rule"]),
        _force_of(policy),
        Words(values["says"], values["says_zh"]),
        values["source"],
        name,
        _actions_of(policy["action"]),
        _looked_for(policy["conditions"]),
        policy,
    )


def _force_of(policy: Mapping[str, Any]) -> Force:
    if policy["effect"] == "permit":
        return Force.ALLOWS
    return (
        Force.ASKS if '"attr": "confirmed"' in json.dumps(policy["conditions"]) else Force.FORBIDS
    )


def _looked_for(conditions: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The literals of a leading `context.effects.contains(...)` or `containsAny([...])`."""
    if not conditions or conditions[0]["kind"] != "when":
        return frozenset()
    body: Mapping[str, Any] = conditions[0]["body"]
    while "&&" in body:
        body = body["&&"]["left"]
    test: Mapping[str, Any] = body.get("contains") or body.get("containsAny") or {}
    if test.get("left") != _EFFECTS:
        return frozenset()
    right: Mapping[str, Any] = test["right"]
    values: Sequence[Mapping[str, Any]] = right.get("Set") or [right]
    names = frozenset(name for value in values if isinstance(name := value.get("Value"), str))
    return names if len(names) == len(values) else frozenset()


def _actions_of(scope: Mapping[str, Any]) -> tuple[str, ...]:
    entities: Sequence[Mapping[str, str]] = scope.get("entities") or [
        entity for entity in (scope.get("entity"),) if entity
    ]
    return tuple(entity["id"] for entity in entities)


def _refuse_twins(rules: Iterable[CedarRule]) -> None:
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.id in seen:
            raise _untrusted(rule.file, f"{rule.id} is also in {seen[rule.id]}")
        seen[rule.id] = rule.file


def _hash(text_by_file: Mapping[str, str]) -> str:
    plain = msgspec.json.encode(dict(text_by_file), order="deterministic")
    return hashlib.sha256(plain).hexdigest()


def _untrusted(name: str, what: str) -> TrustError:
    return TrustError(
        f"policy file {name} {what}; the device does not start on it", code="policy_refused"
    )
