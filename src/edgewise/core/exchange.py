"""The words of the device Agent API: what a device and the cloud's agent say to each other.

A device opens an exchange with what it can do (`Opening`), says what its person asks (`Say`), and
performs what the cloud proposes (`Proposed`) by its own policy, telling what became of it
(`Report`). No message of the cloud is an approval, and none is a command: there is no such type.
Frames carry the messages with numbers, so that a lost connection loses and doubles none. How it is
meant: docs/decisions/0008-device-agent-api.md. It knows no transport.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from edgewise.core.call import RuleText, Status
from edgewise.core.capability import Capability
from edgewise.core.label import Label
from edgewise.core.part import TextPart
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language, Words

MESSAGE_LIMIT_BYTES = 65_536
"""Longest message either side sends, as JSON in UTF-8."""
MOST_CAPABILITIES = 256

Key = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:\-]+$")]
"""A name that one side gives: of a turn (the device's, and its idempotency key) or of a call."""
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Meta(ge=0, le=2**53)]


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device says to open a session: what it can do, and what will judge it.

    `catalogue_hash` is that of the whole catalogue, of which `capabilities` are what it offers. The
    cloud keeps both hashes for the record; they give no rights. An empty `model` leaves the choice
    to the cloud. `resume_window_s` is how long the session outlives a lost connection at most.
    """

    capabilities: Annotated[tuple[Capability, ...], Meta(max_length=MOST_CAPABILITIES)]
    catalogue_hash: Hash
    policy_hash: Hash
    locale: Language = Language.ENGLISH
    model: Annotated[str, Meta(max_length=128)] = ""
    resume_window_s: Annotated[float, Meta(ge=1, le=3600)] = 300.0


class Bounds(Struct, frozen=True):
    """What a session takes at most; the cloud tells them, and both sides keep to them.

    `unacknowledged` messages, together of `unacknowledged_bytes`, may wait for the other side on
    each side. A turn has `deadline_s` seconds, `calls` proposed calls of which `calls_at_once` may
    be open, `steps` questions to the model and `text_bytes` of answer. After `approval_s` without
    the person's answer the model is told that the device still asks.
    """

    message_bytes: int = MESSAGE_LIMIT_BYTES
    unacknowledged: int = 64
    unacknowledged_bytes: int = 1_048_576
    messages_a_second: float = 50.0
    burst: int = 100
    turns_at_once: int = 4
    turns_remembered: int = 64
    calls: int = 16
    calls_at_once: int = 8
    steps: int = 8
    text_bytes: int = 16_384
    history_bytes: int = 262_144
    deadline_s: float = 120.0
    approval_s: float = 20.0


class Opened(Struct, frozen=True):
    """A session: its name, the path of its channel (no secret in it), and its bounds."""

    session: str
    channel: str
    model: str
    resume_window_s: float
    bounds: Bounds


class Say(Struct, frozen=True, tag="say"):
    """A turn: what the person asks, with content to go with it.

    `turn` is the device's and its idempotency key: said again, it is the same turn. A part is the
    person's words if its label is trusted; any other part (a page, a message; also one without a
    label) is content, which the model may read and must not obey.
    """

    turn: Key
    parts: Annotated[tuple[TextPart, ...], Meta(min_length=1, max_length=32)]
    locale: Language | None = None
    deadline_s: Annotated[float, Meta(gt=0, le=600)] = 60.0


class Outcome(Struct, frozen=True):
    """What became of a proposed call on the device.

    `ASKED` is in between: the person is being asked, and another outcome of the call follows.
    `trusted` is whether `data` is the device's own; else it is content. `withheld` says why data
    that was read did not leave the device. `changed` holds targets and the values read back.
    `later` goes with `ASKED`: the person is asked once the turn is over, so it is not to be waited
    for.
    """

    status: Status
    code: str = ""
    words: Words | None = None
    rules: tuple[RuleText, ...] = ()
    data: JsonValue = None
    trusted: bool = False
    withheld: str = ""
    changed: dict[str, JsonValue] = {}
    later: bool = False


class Report(Struct, frozen=True, tag="report"):
    """The outcome of a proposed call; after the turn's end too, for what a person approved late."""

    turn: Key
    call: Key
    outcome: Outcome


class Cancel(Struct, frozen=True, tag="cancel"):
    """The turn is to end; calls of it that the device performs go on or end on the device."""

    turn: Key


DeviceMessage = Say | Report | Cancel


class Started(Struct, frozen=True, tag="started"):
    """The turn was taken. `again`: it had been before, and this is the same one."""

    turn: str
    model: str
    again: bool = False


class Text(Struct, frozen=True, tag="text"):
    """A piece of the answer."""

    turn: str
    text: str


class Proposed(Struct, frozen=True, tag="proposed"):
    """A call that the cloud's model would like the device to make.

    `label` says where it comes from: always the model, and what it had read that is nobody's order.
    A device joins it with what it knows itself, so it can take rights away and give none. `pulse`
    is the newest `Pulse` that the cloud had when it proposed: the device tells the age by it.
    """

    turn: str
    call: str
    capability: str
    arguments: dict[str, JsonValue]
    label: Label
    pulse: int = 0


class Withdrawn(Struct, frozen=True, tag="withdrawn"):
    """These calls are not wanted any more; what has begun is the device's to end or to finish."""

    turn: str
    calls: tuple[str, ...]


class How(StrEnum):
    """How a turn ended in the cloud."""

    ANSWERED = "answered"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    FAILED = "failed"


class Ended(Struct, frozen=True, tag="ended"):
    """The last message of a turn. `code` and `message` explain every `how` but ANSWERED."""

    turn: str
    how: How
    code: str = ""
    message: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


class NotTaken(Struct, frozen=True, tag="not_taken"):
    """A message of the device that changed nothing: why. `call` is empty unless it was a report."""

    turn: str
    code: str
    message: str
    call: str = ""


CloudMessage = Started | Text | Proposed | Withdrawn | Ended | NotTaken


class FromDevice(Struct, frozen=True, tag="message", tag_field="frame"):
    """A numbered message of the device; `ack` is the last of the cloud's it has, in order."""

    seq: Annotated[int, Meta(ge=1, le=2**53)]
    ack: Number
    message: DeviceMessage


class FromCloud(Struct, frozen=True, tag="message", tag_field="frame"):
    """A numbered message of the cloud; `ack` is the last of the device's it has, in order."""

    seq: Annotated[int, Meta(ge=1, le=2**53)]
    ack: Number
    message: CloudMessage


class Ack(Struct, frozen=True, tag="ack", tag_field="frame"):
    """All messages up to this one have arrived."""

    ack: Number


class Pulse(Struct, frozen=True, tag="pulse", tag_field="frame"):
    """The device is there, its number drawn at random; `Proposed.pulse` names the newest, so that
    a proposal which was held up on its way is known to be old by the device's own clock."""

    pulse: Number


class Welcome(Struct, frozen=True, tag="welcome", tag_field="frame"):
    """The first frame of a connection: the last message of the device that the cloud has."""

    session: str
    ack: int


class Fault(Struct, frozen=True, tag="fault", tag_field="frame"):
    """The last frame before the cloud closes the connection: why."""

    code: str
    message: str


DeviceFrame = FromDevice | Ack | Pulse
CloudFrame = Welcome | FromCloud | Ack | Fault

_device_frames = msgspec.json.Decoder(DeviceFrame)
_cloud_frames = msgspec.json.Decoder(CloudFrame)


def device_frame(text: str | bytes) -> DeviceFrame:
    """A frame of a device. Raises msgspec.MsgspecError or RecursionError for anything else."""
    return _device_frames.decode(text)


def cloud_frame(text: str | bytes) -> CloudFrame:
    """A frame of the cloud. Raises msgspec.MsgspecError or RecursionError for anything else."""
    return _cloud_frames.decode(text)


def numbered(seq: int, ack: int, message: bytes) -> bytes:
    """The frame (either side's) around a message that is JSON already."""
    return b'{"frame":"message","seq":%d,"ack":%d,"message":%b}' % (seq, ack, message)
