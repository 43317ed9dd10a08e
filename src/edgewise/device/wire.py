"""What crosses the device API: request bodies, replies, errors, and their OpenAPI schemas.

The same structs validate the bodies and describe them, so the document at `/openapi.json` can not
drift from what is accepted. It knows nothing of routes or of who may call (see `api.py`,
`security.py`). Limits: a text holds at most 2,000 characters; a body 64 KB, one with documents
2 MB, one with pictures 28 MB more (`security.py`).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.act.rules import Rule
from edgewise.core.capability import Capability
from edgewise.core.event import Corrected, Event, Judged
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language, Words
from edgewise.device.cloud_told import Reply
from edgewise.device.sight import MOST_PICTURES
from edgewise.device.vehicle.faults import (
    Fault,
    MissingValue,
    ProviderGone,
    SlowBus,
    Stale,
    Stuck,
    Swallowed,
)
from edgewise.perceive.document import MOST_BYTES, MOST_DOCUMENTS

TEXT_LIMIT = 2000
SPEED_LIMIT_KM_H = 300.0
LONGEST_DEADLINE_S = 600.0

Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:\-]+$")]
Seat = Literal["driver", "passenger", "row2_left", "row2_right", "row3"]
Gear = Literal["P", "R", "N", "D"]
FaultKind = Literal["stuck", "swallowed", "slow_bus", "provider_gone", "stale", "missing"]


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """A request body; a field that it does not name is refused."""


class DocumentBody(Body, frozen=True):
    """A text that the words ask about; the ending of its name says what it is (txt, md, csv, json,
    html), unless it is to be read `as_it_is`. It stays on the device; short answers from it may be
    given to a cloud, under a consent for that, but not if it is `private`."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    text: Annotated[str, Meta(min_length=1, max_length=MOST_BYTES)]
    private: bool = False
    as_it_is: bool = False


class PictureBody(Body, frozen=True):
    """A picture that the words ask about: the bytes of its file (PNG, JPEG, WebP, GIF, BMP) in
    base64. It is kept in memory for the turn alone; it may be given to a cloud that sees pictures,
    under a consent for that and with faces and number plates hidden, but not if it is `private`."""

    data: Annotated[bytes, Meta(min_length=1)]
    name: Annotated[str, Meta(max_length=200)] = ""
    private: bool = False


class TurnBody(Body, frozen=True):
    """Words for the agent. `zone` is the seat of the person who speaks, the driver's when it is
    left out; null: not known. A program has no seat: a zone in its body is refused. `deadline_s` is
    within how long the answer is of use; the header `x-edgewise-deadline-ms` says the same, and the
    shorter of the two counts. `documents` or `pictures` are what the words ask about, 1 MB and 20
    MB together; words that come with one propose no call."""

    text: Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT)]
    session: Name = "default"
    zone: Seat | UnsetType | None = UNSET
    language: Language | None = None
    deadline_s: Annotated[float, Meta(gt=0, le=LONGEST_DEADLINE_S)] | None = None
    documents: Annotated[tuple[DocumentBody, ...], Meta(max_length=MOST_DOCUMENTS)] = ()
    pictures: Annotated[tuple[PictureBody, ...], Meta(max_length=MOST_PICTURES)] = ()


class ApprovalBody(Body, frozen=True):
    """A person's yes or no to exactly what was shown, by the two values of `needs_approval`."""

    approval: Name
    payload_hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    approved: bool
    zone: Seat | UnsetType | None = UNSET


class CallBody(Body, frozen=True):
    """A typed call of one capability; it is resolved, decided and performed like any other."""

    capability: Annotated[str, Meta(min_length=1, max_length=128)]
    arguments: dict[str, JsonValue] = {}
    session: Name = "default"
    zone: Seat | UnsetType | None = UNSET
    language: Language | None = None


class FeedbackBody(Body, frozen=True):
    """What the person meant by the words of a turn: `meant` is a capability, `other` (one that was
    not offered) or `nothing` (nothing should have happened). `session` is that of the turn. It is
    kept, and nothing is done by it; the last word about a turn counts."""

    meant: Annotated[str, Meta(min_length=1, max_length=128)]
    session: Name = "default"


class JudgementBody(Body, frozen=True):
    """What the answer of a turn was worth to the person: good or bad. `session` is that of the
    turn. It is kept, and nothing is done by it; the last word about a turn counts."""

    good: bool
    session: Name = "default"


class DriveBody(Body, frozen=True):
    """Drive the simulated car: a speed in km/h, a gear, or both."""

    speed_km_h: Annotated[float, Meta(ge=0, le=SPEED_LIMIT_KM_H)] | None = None
    gear: Gear | None = None


class SensorBody(Body, frozen=True):
    """Set what a sensor of the simulated car reports, or a lever that only a hand moves; null takes
    the value away. The value is there at once, and no policy is asked. An actuator is refused
    (`not_a_sensor`): nothing moves one but the agent, after the policy."""

    path: Annotated[str, Meta(min_length=1, max_length=160, pattern=r"^Vehicle(\.[A-Za-z0-9]+)+$")]
    value: JsonValue = None


class FaultBody(Body, frozen=True):
    """Put a fault into the simulated car (see `vehicle/faults.py` for what each kind does).

    `target` is a signal or a branch; `at` is the position where a `stuck` motor jams; `delay_s`
    belongs to `slow_bus`.
    """

    kind: FaultKind
    target: Annotated[str, Meta(max_length=160, pattern=r"^Vehicle(\.[A-Za-z0-9]+)*$")] = "Vehicle"
    at: float | None = None
    delay_s: Annotated[float, Meta(ge=0, le=10)] = 0.5


class LaunchBody(Body, frozen=True):
    """The one-time code of the cockpit's address."""

    code: Annotated[str, Meta(min_length=1, max_length=128)]


class NoBody(Body, frozen=True):
    """An empty JSON object."""


class PageKey(Struct, frozen=True):
    """A key for one browser page, and when it ends (wall seconds)."""

    key: str
    expires_at: float


class Launch(Struct, frozen=True):
    """A fresh one-time code, and the path that opens the cockpit with it."""

    code: str
    path: str


class Trail(Struct, frozen=True):
    """All events of one turn, in order, and what the person said last that its words meant and that
    its answer was worth."""

    turn: str
    events: list[Event]
    feedback: Corrected | None = None
    judgement: Judged | None = None


class Feedback(Struct, frozen=True):
    """What is kept of the person's word about a turn."""

    feedback: Corrected


class Judgement(Struct, frozen=True):
    """What is kept of the person's word about a turn's answer."""

    judgement: Judged


class TurnSummary(Struct, frozen=True):
    """One earlier turn: `ended` is the tag of its last event, empty while it runs, or `broken_off`
    when the device that ran it is gone."""

    turn: str
    session: str
    at: float
    text: str
    ended: str


class Turns(Struct, frozen=True):
    """Recent turns, newest first."""

    turns: list[TurnSummary]


class Capabilities(Struct, frozen=True):
    """Everything the device can do, and the hash that a turn's trail carries."""

    hash: str
    capabilities: list[Capability]


class RuleRow(Struct, frozen=True):
    """One rule: its condition, what is decided, the source, which parts of the code hold it, and
    the policies with its number by their ids and words."""

    number: int
    condition: Words
    decision: Words | None
    source: str
    enforced_in: list[str]
    policies: dict[str, Words]


class Rules(Struct, frozen=True):
    """The policy in force."""

    hash: str
    rules: list[RuleRow]


class Cancelled(Struct, frozen=True):
    """Whether a running turn was found and told to stop."""

    cancelled: bool


class Health(Struct, frozen=True):
    """That the device answers, its version, and whether its vehicle is simulated."""

    status: Literal["ok"]
    version: str
    simulated: bool


class Faults(Struct, frozen=True):
    """What is broken in the simulated car, in words of the programmer."""

    faults: list[str]


class Done(Struct, frozen=True):
    """The request was carried out."""

    done: bool = True


class Problem(Struct, frozen=True):
    """What went wrong: `code` for programs; message and remedy for people."""

    code: str
    message: str
    remedy: str


class ErrorReply(Struct, frozen=True):
    """The body of every reply with a status of 400 or more."""

    error: Problem


class ApiError(Exception):
    """A request that is refused, with its HTTP status and what the caller can do about it."""

    def __init__(
        self, status: int, code: str, message: str, remedy: str, headers: Mapping[str, str] = {}
    ) -> None:
        super().__init__(message)
        self.status = status
        self.problem = Problem(code, message, remedy)
        self.headers = dict(headers)


AnyBody = TypeVar("AnyBody", bound=Body)


async def read_body(request: HttpRequest, shape: type[AnyBody]) -> AnyBody:
    """The request's body as `shape`. Raises ApiError (400) that names the field and the limit."""
    raw = await request.body()
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        raise ApiError(400, "invalid_field", _say(str(error)), _fields_of(shape)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise ApiError(
            400, "not_json", f"the body is not JSON: {error}", "send one JSON object"
        ) from error


def reply(value: Struct, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as a JSON reply that no cache keeps."""
    return Response(
        msgspec.json.encode(value),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        "application/json",
    )


def refusal(error: ApiError) -> Response:
    """The reply that tells `error`."""
    return reply(ErrorReply(error.problem), error.status, error.headers)


def schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """OpenAPI schema of `Event`, and all component schemas that routes may refer to by name."""
    shapes: list[Any] = [Event, *Body.__subclasses__(), *Reply.__subclasses__(), *_REPLIES]
    found, components = msgspec.json.schema_components(
        shapes, ref_template="#/components/schemas/{name}"
    )
    return next(iter(found)), components


def fault_of(body: FaultBody) -> Fault:
    """The fault that `body` describes."""
    match body.kind:
        case "stuck":
            return Stuck(body.target, body.at)
        case "swallowed":
            return Swallowed(body.target)
        case "slow_bus":
            return SlowBus(body.delay_s)
        case "provider_gone":
            return ProviderGone(body.target)
        case "stale":
            return Stale(body.target)
        case "missing":
            return MissingValue(body.target)


def rule_row(rule: Rule) -> RuleRow:
    """A rule of the policy's table as the API tells it."""
    return RuleRow(
        rule.number,
        rule.condition,
        rule.decision,
        rule.sources,
        [where.value for where in rule.enforced_in],
        {policy.id: policy.words for policy in rule.policies},
    )


_REPLIES = (
    PageKey,
    Launch,
    Trail,
    Feedback,
    Judgement,
    Turns,
    Capabilities,
    Rules,
    Cancelled,
    Health,
    Faults,
    Done,
    ErrorReply,
)


def _fields_of(shape: type[Struct]) -> str:
    names = ", ".join(field.name for field in msgspec.structs.fields(shape))
    return f"send a JSON object with these fields only: {names}"


_TOO_LONG = re.compile(r"Expected `str` of length <= (\d+)")


def _say(message: str) -> str:
    """msgspec's message, with the field's name first instead of a JSON path last."""
    text, found, path = message.partition(" - at `$")
    if long := _TOO_LONG.fullmatch(text):
        text = f"it is longer than the limit of {long[1]} characters; send it in parts"
    if not found:
        return text
    field = path.rstrip("`").lstrip(".")
    return f"{field}: {text}" if field else text
