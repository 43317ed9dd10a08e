"""What a proposal of the cloud's agent is here: whose call it is, of what, and what is told back.

A proposal is a call without a seat (channel CLOUD). Its arguments and its very choice carry the
model as a source, together with all that was sent up before; leaving an argument out makes nothing
trusted. What it came to is told without what is private, of the state only the car's. Here are
values alone; who performs it is `proposals.py` or `by_agent.py`.
Source: docs/decisions/0008-device-agent-api.md; rules 0, 31, 33 to 36.
"""

from collections.abc import Collection

import msgspec

from edgewise.act.function import Catalogue
from edgewise.core.call import Result, Status
from edgewise.core.capability import HOUSE, Argument, Capability
from edgewise.core.event import End, Stopped
from edgewise.core.exchange import MESSAGE_LIMIT_BYTES, Outcome, Proposed
from edgewise.core.label import OWNER, Label, Origin, OriginKind, join, label_of
from edgewise.core.message import Channel, Speaker
from edgewise.core.words import Words

SPEAKER = Speaker(zone=None, channel=Channel.CLOUD)
PERSONS_OWN = ("dialog.control",)
"""Yes, no, stop and undo are the person's; they are not offered."""
DATA_LIMIT_BYTES = MESSAGE_LIMIT_BYTES - 8_192
_CAR = "Vehicle."


def offered(
    catalogue: Catalogue,
    names: Collection[str] | None = None,
    without: Collection[str] = (),
) -> tuple[Capability, ...]:
    """What may be proposed: all that the device can do now, or of it `names`, but not `without`;
    no example sentences, which only its own understanding needs."""
    return tuple(
        msgspec.structs.replace(capability, en=(), zh=())
        for capability in catalogue.capabilities
        if capability.available and capability.name not in (*PERSONS_OWN, *without)
        and (names is None or capability.name in names)
    )  # fmt: skip


def manifest_of(catalogue: Catalogue, without: Collection[str] = ()) -> tuple[Capability, ...]:
    """`offered`, as short as a cloud's agent can use it: not where a call lands, not by which
    words people mean a choice, not how the device tells of it."""
    return tuple(
        msgspec.structs.replace(
            capability,
            arguments=tuple(map(_short, capability.arguments)),
            actuators=(),
            sinks=(),
            done=None,
            tells=None,
        )
        for capability in offered(catalogue, without=without)
    )


def _short(argument: Argument) -> Argument:
    choices = tuple(msgspec.structs.replace(choice, en=(), zh=()) for choice in argument.choices)
    return msgspec.structs.replace(argument, choices=choices)


def sources_of(proposed: Proposed, read: Label) -> Label:
    """The sources of a proposal: the model, what it says it read, and what it was sent (`read`). Of
    the second the kinds alone: a record holds no words of the cloud's choosing."""
    kinds = tuple(sorted({Origin(origin.kind) for origin in proposed.label.origins}))
    claimed = msgspec.structs.replace(
        proposed.label,
        origins=kinds,
        readers=None if proposed.label.readers is None else OWNER,
        purposes=None,
    )
    return join([label_of(OriginKind.MODEL, "cloud"), claimed, read])


def outcome_of(capability: Capability, result: Result | None, end: End | None = None) -> Outcome:
    """A result as the cloud may know it; without one, how its turn ended. Why a tool of others
    failed may be its own words, a stranger's text: it is left out."""
    if result is None:
        code = end.code if isinstance(end, Stopped) else "no_end"
        words = end.words if isinstance(end, Stopped) else None
        return Outcome(Status.FAILED, code, words)
    foreign = capability.provider != HOUSE and result.status is Status.FAILED
    private = capability.private or (result.label is not None and result.label.private)
    outcome = Outcome(
        result.status,
        result.code,
        None if foreign or (private and not result.rules) else result.words,
        result.rules,
        None if private else result.data,
        result.label is None or result.label.trusted,
        "private" if private and result.data is not None else "",
        {t: v for t, v in result.changed.items() if t.startswith(_CAR)},
    )
    if len(msgspec.json.encode(outcome)) > DATA_LIMIT_BYTES:
        outcome = msgspec.structs.replace(outcome, data=None, withheld="too_large", changed={})
    return outcome


NOT_OFFERED = Outcome(
    Status.IMPOSSIBLE,
    "not_offered",
    Words("The device does not offer this.", "设备没有提供这项功能。"),
)
