"""Run a recorded turn against today's code and policy, and tell what differs.

As far as the record goes: with the text kept, understanding is run again; with the readings kept,
resolving; deciding always, because all that the policy was told is in the record. Nothing is
performed. What the record hid is reported as not comparable, never guessed.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.act.decide import Policy, decide
from edgewise.act.resolve import resolve
from edgewise.act.function import Catalogue
from edgewise.core.call import Call
from edgewise.core.event import CallDecided, CallResolved, Event, Perceived, TurnStarted, Understood
from edgewise.core.signal import snapshot_of
from edgewise.core.thought import Context, Thought
from edgewise.agent.home import Mind

HIDDEN = "‹"
"""How `redact.py` marks a hidden text."""


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
    compared = 0
    differences: list[Difference] = []
    skipped: list[str] = []
    message = None
    for event in events:
        match event:
            case TurnStarted():
                for name, was, now in (
                    ("policy", event.policy_hash, policy.hash),
                    ("catalogue", event.catalogue_hash, catalogue.hash),
                ):
                    compared += 1
                    if was != now:
                        differences.append(Difference("start", f"{name} hash", was, now))
            case Perceived():
                message = event.message
            case Understood() if message is not None:
                if HIDDEN in message.text or event.thought.fixed in ("confirm", "deny"):
                    skipped.append("think: the text was not kept (or it answered a question)")
                    continue
                compared += 1
                differences += _rethink(event.thought, message.text, message.language, mind)
            case CallResolved():
                if _hides(event):
                    skipped.append(f"resolve {event.call.capability}: private values not kept")
                    continue
                compared += 1
                now = resolve(event.call, catalogue, snapshot_of(event.state))
                if now != event.resolution:
                    differences.append(
                        Difference("resolve", event.call.capability, event.resolution, now)
                    )
            case CallDecided():
                compared += 1
                decision = decide(policy, event.facts, confirmed=event.confirmed)
                if decision != event.decision:
                    differences.append(Difference("decide", event.call, event.decision, decision))
            case _:
                pass
    return Replayed(compared, tuple(differences), tuple(skipped))


def _rethink(was: Thought, text: str, language: Any, mind: Mind) -> list[Difference]:
    first = was.calls[0] if was.calls else None
    context = Context(
        language=language,
        label=first.label if first else Context(language).label,
        turn=first.id.partition(".")[0] if first else "",
        asked_at=first.asked_at if first else 0.0,
    )
    now = mind.understand(text, context)
    before, after = _plain(was.calls), _plain(now.calls)
    return [] if before == after else [Difference("think", text, before, after)]


def _plain(calls: Sequence[Call]) -> list[tuple[str, dict[str, Any]]]:
    return [(call.capability, call.arguments) for call in calls]


def _hides(event: CallResolved) -> bool:
    return HIDDEN.encode() in msgspec.json.encode((event.call.arguments, event.state))
