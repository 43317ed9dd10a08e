"""What is left to choose from while the stages of a decision go on, and the routing they come to.

Who may have the words, who can answer, who can now: each a part of the one before. Pure.
"""

from msgspec import Struct
from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.place import Mode, Routing, Stage, Value, Way
from edgewise.route.ability import (
    cloud_is_away,
    cloud_lacks,
    device_lacks,
    health_of,
    price_of,
)
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score
from edgewise.route.rules import Rule, forbidden
from edgewise.route.ways import as_sent

_DIGITS = 4


class Choice(Struct):
    """What is left to choose from as the stages go on: `allowed` by the rules, `able` of those in
    general, `usable` of those now; whether the `device` may answer and can."""

    question: Question
    policy: RoutePolicy
    forbidden: dict[str, tuple[Rule, ...]]
    allowed: tuple[Endpoint, ...]
    able: tuple[Endpoint, ...]
    usable: tuple[Endpoint, ...]
    device: bool
    stages: list[Stage]


def choice_of(question: Question, policy: RoutePolicy) -> Choice:
    """Who may answer and who can, before anything is settled."""
    forbids = forbidden(question)
    allowed = tuple(one for one in question.endpoints if not forbids[one.name])
    if question.mode is Mode.DEVICE_ONLY or question.declined:
        allowed = ()
    able = tuple(one for one in allowed if cloud_lacks(as_sent(question, one, policy), one) is None)
    usable = tuple(
        one for one in able if cloud_is_away(as_sent(question, one, policy), one) is None
    )
    device = question.mode is not Mode.CLOUD_ONLY and device_lacks(question) is None
    choice = Choice(question, policy, forbids, allowed, able, usable, device, [])
    return _agreed(choice) if question.agreed_to else choice


def _agreed(choice: Choice) -> Choice:
    """Only the cloud that the person said yes to; where it can not answer at all, the yes counts
    for no other."""
    name = choice.question.agreed_to
    able = tuple(one for one in choice.able if one.name == name)
    usable = tuple(one for one in choice.usable if one.name == name)
    if able:
        return replace(choice, able=able, usable=usable)
    return replace(choice, question=replace(choice.question, agreed=False, agreed_to=""))


def best_of(choice: Choice, among: tuple[Endpoint, ...]) -> Endpoint | None:
    """The cloud that costs least, in money and time; the first of equals."""
    question, policy = choice.question, choice.policy

    def cost(endpoint: Endpoint) -> float:
        waits = policy.of_second * health_of(question, endpoint).p50_s
        price = price_of(as_sent(question, endpoint, policy), endpoint)
        return policy.of_money * price + waits

    return min(among, key=cost, default=None)


def routing_by(choice: Choice, way: Way, endpoint: Endpoint | None) -> Routing:
    """The routing by `way`, with all that led to it and what would have come next."""
    others = (one for one in choice.usable if one is not endpoint)
    best = best_of(choice, tuple(others))
    condition = choice.question.condition
    rules = (rule.id for found in choice.forbidden.values() for rule in found)
    here = device_named(choice) if way is not Way.DEVICE else ""
    return Routing(
        way,
        endpoint.name if endpoint is not None else "",
        endpoint.model if endpoint is not None else condition.model if way is Way.DEVICE else "",
        tuple(choice.stages),
        tuple(one.name for one in choice.allowed),
        tuple(dict.fromkeys(rules)),
        best.name if best is not None else here,
        policy=f"{choice.policy.version} {choice.policy.hash}",
    )


def device_named(choice: Choice) -> str:
    """The device as a runner-up, where it could answer."""
    return "device" if choice.device else ""


def recorded(score: Score) -> dict[str, Value]:
    """What a score was made of, as a stage records it."""
    return {name: rounded(value) for name, value in score.features.items()}


def rounded(value: float) -> float:
    """A number as it is recorded, and so as it is compared."""
    return round(value, _DIGITS)
