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
from edgewise.agent.reader import asks_a_document
from edgewise.core.call import Call
from edgewise.core.event import (
    CallDecided,
    CallResolved,
    Checked,
    Event,
    Perceived,
    TurnStarted,
    Understood,
    Weighed,
)
from edgewise.core.message import Message
from edgewise.core.place import Routing
from edgewise.core.signal import snapshot_of
from edgewise.core.thought import Context, Thought
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score
from edgewise.route.route import decide as decide_way
from edgewise.route.route import decide_after

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


def replay(
    events: Sequence[Event],
    catalogue: Catalogue,
    policy: Policy,
    mind: Mind,
    route_policy: RoutePolicy | None = None,
) -> Replayed:
    """Compare a recorded turn with what today's code makes of the same input; with `route_policy`
    also where its words would be sought under that one."""
    message: Message | None = None
    weighed: Weighed | None = None
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
            case Weighed() if route_policy is not None:
                weighed = event
                found.append(_weigh_again(event, route_policy))
            case Checked() if route_policy is not None and weighed is not None:
                found.append(_check_again(event, weighed, route_policy))
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
    now = asks_a_document(message, mind) or mind.understand(message.text, context)
    before, after = _plain(was.calls), _plain(now.calls)
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


def _weigh_again(event: Weighed, policy: RoutePolicy) -> Difference | str | None:
    now = decide_way(msgspec.convert(event.question, Question), policy)
    return _other_way("words", event.routing, now)


def _check_again(event: Checked, weighed: Weighed, policy: RoutePolicy) -> Difference | str | None:
    before = decide_way(msgspec.convert(weighed.question, Question), policy)
    if not before.check:
        return None  # told already: it would not have been checked
    then = msgspec.convert(event.question, Question)
    now = decide_after(before, msgspec.convert(event.score, Score), then, policy)
    return _other_way("check", event.routing, now)


def _other_way(step: str, was: Routing, now: Routing) -> Difference | None:
    """Whether another way is taken, or the same is left unchecked; lines and margins may differ."""
    before, after = _taken(was), _taken(now)
    return None if before == after else Difference(step, was.endpoint or was.way, before, after)


def _taken(routing: Routing) -> dict[str, Any]:
    return {"way": routing.way, "endpoint": routing.endpoint, "check": routing.check}


def _plain(calls: Sequence[Call]) -> list[tuple[str, dict[str, Any]]]:
    return [(call.capability, call.arguments) for call in calls]


def _hides(event: CallResolved) -> bool:
    call = event.call
    return _is_hidden((call.capability, call.arguments, event.state, event.resolution))


def _is_hidden(told: Any) -> bool:
    return HIDDEN.encode() in msgspec.json.encode(told)
