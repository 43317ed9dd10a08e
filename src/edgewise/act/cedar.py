"""The policy as it is read: `.cedar` texts in, validated rules out.

Policies are parsed and validated once, from texts that somebody else has read (`act/policy`); one
that does not parse, does not fit the schema or lacks a note is refused with the name of its file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

import cedarpy
import msgspec

from edgewise.act.bearing import CONFIRMED, demanded_by, read_by
from edgewise.core.call import RuleText
from edgewise.core.words import Words
from edgewise.errors import TrustError

SCHEMA_SUFFIX = ".cedarschema"
POLICY_SUFFIX = ".cedar"
POLICY_ERROR = RuleText(
    "R00-policy-error",
    Words("The rules could not be evaluated, so nothing is done.", "规则无法判定，因此不执行。"),
)

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

    `demands` are the traits of a call of which it needs one (none: it needs none); `reads` are the
    facts that it names (None: it may read all); `document` is the policy as JSON.
    """

    id: str
    number: int
    force: Force
    words: Words
    source: str
    file: str
    actions: tuple[str, ...]
    demands: frozenset[str]
    reads: frozenset[str] | None
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Rules to ask Cedar about, and the facts that they read (None: they may read all)."""

    rules: cedarpy.PolicySet
    reads: frozenset[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The rules that bear on some calls: the `whole`, and of these the `yielding`, which permit
    or ask."""

    whole: Question
    yielding: Question


Shape = tuple[tuple[str, object], ...]
"""The action, and the names and types of all facts."""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A parsed and validated set of rules; `hash` is the SHA-256 of the texts it was made from.

    `firm` are the ids of rules that forbid whether or not the person confirms; `groups` are, for
    each action, its own name and those of the groups that it is in; `demanded` are all traits that
    any rule demands. What `decide` has found out once it remembers here: `parts` are the rules that
    bear on calls with given groups and demanded traits, `fitting` the shapes of facts that fitted.
    """

    hash: str
    rules: tuple[CedarRule, ...]
    words: Mapping[str, Words]
    firm: frozenset[str]
    everything: Question
    actions: cedarpy.Entities
    schema: cedarpy.Schema
    groups: Mapping[str, frozenset[str]]
    demanded: frozenset[str]
    parts: dict[tuple[frozenset[str], frozenset[str]], Part] = field(
        default_factory=dict[tuple[frozenset[str], frozenset[str]], Part]
    )
    fitting: set[Shape] = field(default_factory=set[Shape])


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
    actions = cedarpy.Entities.from_json_str("[]", schema)  # pyright: ignore[reportUnknownMemberType]
    return Policy(
        _hash(text_by_file),
        tuple(rules),
        {rule.id: rule.words for rule in rules},
        frozenset(rule.id for rule in rules if rule.force is Force.FORBIDS) | {POLICY_ERROR.id},
        Question(cedarpy.PolicySet.from_str("\n".join(texts)), None),
        actions,
        schema,
        _groups_of(actions),
        frozenset[str]().union(*(rule.demands for rule in rules)),
    )


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
    reads = read_by(policy["conditions"])
    return CedarRule(
        values["id"],
        int(values["rule"]),
        _force_of(policy, reads),
        Words(values["says"], values["says_zh"]),
        values["source"],
        name,
        _actions_of(policy["action"]),
        demanded_by(policy["conditions"]),
        reads,
        policy,
    )


def _force_of(policy: Mapping[str, Any], reads: frozenset[str] | None) -> Force:
    if policy["effect"] == "permit":
        return Force.ALLOWS
    return Force.ASKS if reads is None or CONFIRMED in reads else Force.FORBIDS


def _groups_of(actions: cedarpy.Entities) -> dict[str, frozenset[str]]:
    """For each action itself and its groups; Cedar lists a group's groups too."""
    known = cast("list[dict[str, Any]]", json.loads(str(actions)))
    return {
        each["uid"]["id"]: frozenset(
            (each["uid"]["id"], *(parent["id"] for parent in each["parents"]))
        )
        for each in known
    }


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
