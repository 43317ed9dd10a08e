"""Run a recorded turn against today's code and policy, and tell what differs.

As far as the record goes: with the text kept, understanding is run again; with the readings kept,
resolving; deciding always, because all that the policy was told is in the record. Nothing is
performed. What the record hid is reported as not comparable, never guessed.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.act.cedar import Policy
from edgewise.act.decide import decide
from edgewise.act.function import Catalogue
from edgewise.act.resolve import resolve
from edgewise.agent.home import Mind
from edgewise.core.call import Call
from edgewise.core.event import CallDecided, CallResolved, Event, Perceived, TurnStarted, Understood
from edgewise.core.message import Message
from edgewise.core.signal import snapshot_of
from edgewise.core.thought import Context, Thought

HIDDEN = "‹"
"""How `redact.py` marks a hidden text or number."""


class Difference(Struct, frozen=True):
    """One thing that is no longer as recorded: at which step, what it was, what it is."""

    step: str
    what: str
    was: Any
    now: Any


class Replayed(Struct, frozen=True):
    """The differences, how many comparisons were made, and what could not be compared."""

    compared: int
    differences: tuple[Difference, ...]
    not_comparable: tuple[str, ...]


def replay(events: Sequence[Event], catalogue: Catalogue, policy: Policy, mind: Mind) -> Replayed:
    """Compare a recorded turn with what today's code makes of the same input."""
    message: Message | None = None
    found: list[Difference | str | None] = []
    for event in events:
        match event:
            case TurnStarted():
                found.append(_hash("policy", event.policy_hash, policy.hash))
                found.append(_hash("catalogue", event.catalogue_hash, catalogue.hash))
            case Perceived():
                message = event.message
            case Understood():
                found.append(_rethink(event.thought, message, mind))
            case CallResolved():
                found.append(_resolve_again(event, catalogue))
            case CallDecided():
                found.append(_decide_again(event, policy))
            case _:
                pass
    skipped = tuple(item for item in found if isinstance(item, str))
    differences = tuple(item for item in found if isinstance(item, Difference))
    return Replayed(len(found) - len(skipped), differences, skipped)


def _hash(name: str, was: str, now: str) -> Difference | None:
    return None if was == now else Difference("start", f"{name} hash", was, now)


def _rethink(was: Thought, message: Message | None, mind: Mind) -> Difference | str | None:
    if message is None or HIDDEN in message.text or was.fixed in ("confirm", "deny"):
        return "think: the text was not kept, or it answered a question"
    first = was.calls[0] if was.calls else None
    context = Context(
        language=message.language,
        speaker=message.speaker,
        label=message.label,
        turn=first.id.partition(".")[0] if first else "",
        asked_at=first.asked_at if first else 0.0,
    )
    before, after = _plain(was.calls), _plain(mind.understand(message.text, context).calls)
    return None if before == after else Difference("think", message.text, before, after)


def _resolve_again(event: CallResolved, catalogue: Catalogue) -> Difference | str | None:
    if _hides(event):
        return f"resolve {event.call.capability}: private values were not kept"
    now = resolve(event.call, catalogue, snapshot_of(event.state, aims=event.aims))
    if now == event.resolution:
        return None
    return Difference("resolve", event.call.capability, event.resolution, now)


def _decide_again(event: CallDecided, policy: Policy) -> Difference | str | None:
    if _is_hidden(event.facts):
        return f"decide {event.call}: facts were not kept"
    now = decide(policy, event.facts, confirmed=event.confirmed)
    return None if now == event.decision else Difference("decide", event.call, event.decision, now)


def _plain(calls: Sequence[Call]) -> list[tuple[str, dict[str, Any]]]:
    return [(call.capability, call.arguments) for call in calls]


def _hides(event: CallResolved) -> bool:
    call = event.call
    return _is_hidden((call.capability, call.arguments, event.state, event.resolution))


def _is_hidden(told: Any) -> bool:
    return HIDDEN.encode() in msgspec.json.encode(told)
