"""Everything that happens in a turn, as one union of frozen values; JSON both ways.

The stream of these feeds the command line, the cockpit, the trail and the loop; nobody keeps a
second account. In a turn `seq` counts from 1 without gaps, `at` is wall time in seconds, and the
last event is one of `Answered`, `NeedsApproval`, `Stopped`. What a person says of a turn afterwards
(`Corrected`, `Judged`) is recorded with it and is no part of its stream.
"""

from enum import StrEnum

import msgspec
from msgspec import Struct

from edgewise.core.call import Call, Decision, Effect, Resolution, Result, RuleText
from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.place import Place, Routing
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Alternative, MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone


class _Event(Struct, frozen=True, kw_only=True, tag_field="event"):
    seq: int
    at: float
    turn: str


class TurnStarted(_Event, frozen=True, kw_only=True, tag="turn_started"):
    """A request was taken; the hashes pin what it is judged by (rule 40) and, in `model_hash`, what
    understood it (empty: no model). `own_car`: the turn acts on a simulated car made for it, which
    is not that of the device that runs."""

    session: str
    speaker: Speaker
    policy_hash: str
    catalogue_hash: str
    resumes: str = ""
    own_car: bool = False
    model_hash: str = ""


class Perceived(_Event, frozen=True, kw_only=True, tag="perceived"):
    """The request as text in a language."""

    message: Message
    took_ms: float


class Routed(_Event, frozen=True, kw_only=True, tag="routed"):
    """Where the turn thinks."""

    place: Place
    took_ms: float


class Understood(_Event, frozen=True, kw_only=True, tag="understood"):
    """What thinking made of it."""

    thought: Thought
    took_ms: float


class CallResolved(_Event, frozen=True, kw_only=True, tag="call_resolved"):
    """What a call means here and now; `state` holds the readings that mattered to the decision,
    `aims` where those of them go that move."""

    call: Call
    resolution: Resolution
    state: dict[str, JsonValue]
    took_ms: float
    aims: dict[str, JsonValue] = {}


class CallDecided(_Event, frozen=True, kw_only=True, tag="call_decided"):
    """What the policy said; `facts` is all it was told, `confirmed` whether it needed a yes and one
    to just these effects and rules was at hand. A call whose state had changed by the time of its
    write has a second one, after `CallStarted`: that one counts, and nothing was written."""

    call: str
    decision: Decision
    confirmed: bool
    facts: dict[str, JsonValue]
    took_ms: float


class CallStarted(_Event, frozen=True, kw_only=True, tag="call_started"):
    """The writes of an allowed call were handed to the drivers."""

    call: str
    effects: tuple[Effect, ...]


class CallFinished(_Event, frozen=True, kw_only=True, tag="call_finished"):
    """How a call ended, read back from the device."""

    result: Result
    took_ms: float


class Weighed(_Event, frozen=True, kw_only=True, tag="weighed"):
    """Where the words of an answer are sought, and why; `question` is all that the decision looked
    at (`route.question`), so that it can be made again. `repeats` is the session's earlier turn
    whose question this one asks again, in other words or the same; empty for a new one."""

    question: dict[str, JsonValue]
    routing: Routing
    took_ms: float
    repeats: str = ""


class Checked(_Event, frozen=True, kw_only=True, tag="checked"):
    """The device's own answer was looked at before it counted; `score` is what was found, and
    `question` how things were by then."""

    score: dict[str, JsonValue]
    question: dict[str, JsonValue]
    routing: Routing
    took_ms: float


class LeftPicture(Struct, frozen=True):
    """A picture as it leaves: which, how large, and how many faces and other places (number plates,
    personal text) were hidden on it before."""

    sha256: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    faces: int = 0
    others: int = 0


class Left(_Event, frozen=True, kw_only=True, tag="left"):
    """Something is about to leave the device: to whom, for what, how much of it, and how many
    values of which kind were replaced. `digest` names the exact payload, which the device can show
    for a while; it is not in the record."""

    endpoint: str
    region: str
    purpose: str
    digest: str
    size_bytes: int
    replaced: dict[str, int] = {}
    pictures: tuple[LeftPicture, ...] = ()


class Attempt(Struct, frozen=True):
    """One try to reach a cloud: `failed` is a code, empty for one that answered. `at_s` counts from
    the beginning of the first."""

    endpoint: str
    at_s: float
    took_s: float
    failed: str = ""
    status: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0


class Came(_Event, frozen=True, kw_only=True, tag="came"):
    """What a cloud's answer took, or why there is none (`failed`, a code). `seam`: it broke off and
    the device went on. `hedged`: it had not begun when it nearly always has, and the device's own
    answer was given leave beside it. `cost` is in units of currency."""

    endpoint: str
    attempts: tuple[Attempt, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    failed: str = ""
    seam: bool = False
    took_ms: float = 0.0
    hedged: bool = False


class Kept(_Event, frozen=True, kw_only=True, tag="kept"):
    """This payload waits for its cloud, sealed, until `until` (wall seconds) at the most. What
    comes of it is a turn of its own, which `resumes` this one."""

    endpoint: str
    region: str
    purpose: str
    digest: str
    size_bytes: int
    until: float
    replaced: dict[str, int] = {}


class Delegated(_Event, frozen=True, kw_only=True, tag="delegated"):
    """A cloud planned while the device read: how many rounds, jobs and pieces that took, how long
    the documents are and how much of their text left, each time counted. `sent_bytes` is all that
    left, `allowed` the share that might; `failed` a code, empty when the cloud came to an end."""

    endpoint: str
    rounds: int
    jobs: int
    pieces: int
    document_bytes: int
    left_bytes: int
    sent_bytes: int
    allowed: float
    failed: str = ""
    took_ms: float = 0.0


class Compared(_Event, frozen=True, kw_only=True, tag="compared"):
    """A cloud answered, and the device's own answer was held beside it, unheard; `score` is what
    the check found of that one. `agreement` is from 0 (they contradict) to 1. `probability` is that
    with which such a turn is compared, `kept` that with which the device's answer would have been
    told instead (`route.sample`): what is learnt of it is weighed by both."""

    agreement: float
    score: dict[str, JsonValue]
    probability: float
    kept: float
    took_ms: float = 0.0


class TextDelta(_Event, frozen=True, kw_only=True, tag="text_delta"):
    """A piece of free text as the model writes it."""

    text: str


class Manner(StrEnum):
    """How an answer may be given: aloud, shown but not spoken, or spoken once the moment allows."""

    ALOUD = "aloud"
    QUIET = "quiet"
    LATER = "later"


class Answered(_Event, frozen=True, kw_only=True, tag="answered"):
    """End: what the person is told, and all that changed. `source` is the cloud whose words it
    holds, empty for the device's own; `unverified`: those are in doubt, and no cloud could help."""

    text: str
    language: Language
    changed: dict[str, JsonValue]
    took_ms: float
    manner: Manner = Manner.ALOUD
    source: str = ""
    unverified: bool = False


class PendingCall(Struct, frozen=True):
    """A call that waits for a yes, with its effects and the rules that ask: a yes is for both."""

    call: Call
    effects: tuple[Effect, ...]
    rules: tuple[RuleText, ...]


class Leaving(Struct, frozen=True):
    """What would leave by a yes, as `Left` tells what does. `lacks_consent`: the yes stands for a
    consent that is good for this once; `sensitive` and `crossing` say what that one is for."""

    endpoint: str
    region: str
    purpose: str
    digest: str
    size_bytes: int
    replaced: dict[str, int] = {}
    lacks_consent: bool = False
    sensitive: bool = False
    crossing: bool = False


class NeedsApproval(_Event, frozen=True, kw_only=True, tag="needs_approval"):
    """End: these calls, exactly, need a yes before `expires_at` (wall seconds); others are done.
    Without calls it is `leaving` that needs one, for the question to be answered.

    `text` asks the person in `zone` (`None`: whoever asked). `payload_hash` is what an approval
    must name.
    """

    approval: str
    payload_hash: str
    calls: tuple[PendingCall, ...]
    expires_at: float
    zone: Zone | None
    text: str
    language: Language
    changed: dict[str, JsonValue]
    took_ms: float
    leaving: Leaving | None = None


class Stopped(_Event, frozen=True, kw_only=True, tag="stopped"):
    """End: the turn could not finish; a stable code, and why in plain words."""

    code: str
    words: Words
    text: str
    changed: dict[str, JsonValue]
    took_ms: float


OTHER = "other"
"""Meant was something that was not offered."""
NOTHING = "nothing"
"""Meant was that nothing should happen."""


class Corrected(_Event, frozen=True, kw_only=True, tag="corrected"):
    """After a turn: what a person says its words meant; the newest of a turn counts.

    It is feedback and asks for nothing: nothing is ever done by it. `meant` is a capability,
    `OTHER` or `NOTHING`; `understood` the calls that were made of the words, each with how sure
    that was. `text` and `label` are as the trail keeps those of the turn; where the words are of
    what is private, only the owner reads them. The hashes are those of the turn.
    """

    text: str
    language: Language
    label: Label
    kind: MessageKind
    understood: tuple[Alternative, ...]
    meant: str
    catalogue_hash: str = ""
    model_hash: str = ""


class Judged(_Event, frozen=True, kw_only=True, tag="judged"):
    """After a turn: what a person says its answer was worth; the newest of a turn counts. It is
    feedback as `Corrected` is, and holds no words."""

    good: bool


Event = (
    TurnStarted
    | Perceived
    | Routed
    | Understood
    | CallResolved
    | CallDecided
    | CallStarted
    | CallFinished
    | Weighed
    | Checked
    | Left
    | Came
    | Kept
    | Delegated
    | Compared
    | TextDelta
    | Answered
    | NeedsApproval
    | Stopped
)
End = Answered | NeedsApproval | Stopped
Afterwards = Corrected | Judged
Recorded = Event | Afterwards
"""A line of the trail."""

_decoder = msgspec.json.Decoder(Event)
_recorded_decoder = msgspec.json.Decoder(Recorded)
_encoder = msgspec.json.Encoder(order="deterministic")


def to_json(event: Recorded) -> bytes:
    """One line of JSON, without a newline."""
    return _encoder.encode(event)


def from_json(line: bytes | str) -> Event:
    """The turn's event that `to_json` wrote. Raises msgspec.ValidationError for anything else."""
    return _decoder.decode(line)


def recorded_from_json(line: bytes | str) -> Recorded:
    """What `to_json` wrote. Raises msgspec.ValidationError for anything else."""
    return _recorded_decoder.decode(line)
