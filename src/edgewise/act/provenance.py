"""Whose idea a call and its arguments are, and to whom its words would go (rules 31, 33 to 35).

It reads labels and rows, never wording. Whoever is not known is a stranger.
"""

from collections.abc import Mapping
from typing import Any, cast

from edgewise.act.classify import fields
from edgewise.core.call import Call, Effect, Resolved
from edgewise.core.capability import Capability
from edgewise.core.label import OriginKind
from edgewise.core.message import PERSONAL, Speaker
from edgewise.core.signal import JsonValue, Snapshot

_TO_OTHERS = frozenset({"message.send", "calendar.invite"})
_ADDRESSED = ("number", "email", "address")
_MESSAGE_FIELDS = frozenset(
    {"id", "direction", "to", "number", "email", "address", "subject", "body", "app", "at"}
)
_SHORTEST_NUMBER = 3
"""Digits from which on what stands for a name may be dialled."""


def is_program(call: Call, speaker: Speaker) -> bool:
    """Whether a program asks, or had a hand in the call: who replays its words (a scene, an answer
    to a question) does not make them a person's."""
    labels = (call.label, *call.labels.values())
    kinds = {origin.kind for label in labels for origin in label.origins}
    return speaker.channel not in PERSONAL or OriginKind.CLIENT in kinds


def label_facts(call: Call, capability: Capability, resolved: Resolved) -> dict[str, JsonValue]:
    """Whose idea the call and its arguments are, and whether private words would leave (33-35)."""
    effects = resolved.effects
    private = capability.private or (resolved.label is not None and resolved.label.private)
    kinds: set[str] = set()
    arguments: list[str] = []
    for name in sorted({*call.arguments, *call.labels}):
        label = call.label_of(name)
        if not label.trusted:
            arguments.append(name)
            kinds.update(o.kind.value for o in label.untrusted_origins())
            kinds.update(() if label.origins else ("unknown",))
    return {
        "proposer_trusted": call.label.trusted,
        "tainted": sorted(kinds),
        "tainted_arguments": arguments,
        "private_out": _leaks(call, capability, effects),
        "private_read": private and not effects,
    }


def _leaks(call: Call, capability: Capability, effects: tuple[Effect, ...]) -> bool:
    """Whether a private value flows to somebody who may not read it and whom the user did not
    choose. A tool or a service without declared sinks is taken to send all of its arguments."""
    outside = any(e.target.startswith(("mcp.", "plugin.", "board.", "cloud.")) for e in effects)
    declared = {sink.argument for sink in capability.sinks}
    flows = [(sink.argument, sink.to) for sink in capability.sinks]
    flows += [(name, "") for name in call.arguments if outside and name not in declared]
    return any(
        call.label_of(argument).private and not _may_receive(call, argument, to)
        for argument, to in flows
        if argument in call.arguments
    )


def _may_receive(call: Call, argument: str, to: str) -> bool:
    recipient = call.arguments.get(to)
    readers = call.label_of(argument).readers or ()
    chosen = recipient is not None and to != argument and call.label_of(to).trusted
    return chosen or to in readers or (isinstance(recipient, str) and recipient in readers)


def recipient_facts(
    classes: frozenset[str],
    claimed: frozenset[str],
    effects: tuple[Effect, ...],
    snapshot: Snapshot,
) -> dict[str, JsonValue]:
    """Who would get it, whether the payer has proved who they are, whether there is a route."""
    facts: dict[str, JsonValue] = {}
    if classes & _TO_OTHERS:
        known = _reached_before(snapshot)
        rows = [fields(e.value) for e in effects if e.value is not None]
        strangers = any(row is None or _reaches_strangers(row, known) for row in rows)
        facts["new_recipient"] = "new_recipient" in claimed or strangers
    if classes & {"money", "money.road"}:
        facts["authenticated"] = snapshot.get("session.authenticated") is True
    if classes & {"nav.route", "nav.clear"}:
        facts["route_active"] = bool(snapshot.get("nav.route"))
    return facts


def _reaches_strangers(row: Mapping[str, Any], known: frozenset[str]) -> bool:
    """Whether a row goes to anybody beside known addresses; a field nobody knows (cc, bcc, a list)
    may name somebody."""
    beyond = [key for key, held in row.items() if held and key not in _MESSAGE_FIELDS]
    reached = _addresses(row)
    return bool(beyond) or not reached or not reached <= known


def _reached_before(snapshot: Snapshot) -> frozenset[str]:
    rows = snapshot.get("phone.contacts")
    found: set[str] = set()
    if isinstance(rows, list):
        for row in cast(list[Any], rows):
            found |= _addresses(fields(row) or {})
    return frozenset(found)


def _addresses(row: Mapping[str, Any]) -> set[str]:
    """Numbers (digits only) and mail addresses of a row; a name proves nobody's address."""
    texts = [str(row[key]).strip().casefold() for key in _ADDRESSED if row.get(key)]
    named = str(row.get("to") or "").strip().casefold()
    texts += [named] if "@" in named or len(_digits(named)) >= _SHORTEST_NUMBER else []
    return {text if "@" in text else _digits(text) for text in texts} - {""}


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
