"""By which way a cloud is asked, and what of the question leaves by it.

A cloud's agent for what needs tools, where it is an Edgewise platform; a division of labour for a
long document that the device can read, and for any that must stay (DELEGATE: the bytes stay here,
MinionS); else the whole turn. Pure.
"""

from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint, Service
from edgewise.core.place import Mode, Routing, Way
from edgewise.route.ability import device_can_not_read, device_is_strained
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question


def way_to(endpoint: Endpoint, question: Question, policy: RoutePolicy) -> Way:
    """CLOUD, DELEGATE or AGENT. What the person was shown and said yes to is the whole turn."""
    if question.agreed_to:
        return Way.CLOUD
    if question.need.tools and endpoint.service is Service.PLATFORM:
        return Way.AGENT
    if question.need.stays:
        return Way.DELEGATE
    long = question.need.document_tokens >= policy.document_tokens
    return Way.DELEGATE if long and _device_reads(question, policy) else Way.CLOUD


def asked_first(question: Question, way: Way) -> Way:
    """`way`, but ASK where nothing leaves without a yes to just this; a question that is kept to
    be sent later leaves, too."""
    asks = question.mode is Mode.ASK and not question.agreed
    return Way.ASK if asks and way not in (Way.DEVICE, Way.REFUSE) else way


def as_sent(question: Question, endpoint: Endpoint, policy: RoutePolicy) -> Question:
    """The question as that cloud would have it: of a delegated document only a share leaves."""
    if way_to(endpoint, question, policy) is not Way.DELEGATE:
        return question
    need = question.need
    stays = int(need.document_tokens * (1.0 - policy.delegate_share))
    left = max(0, need.input_tokens - stays)
    return replace(question, need=replace(need, input_tokens=left))


def stands_in(routing: Routing, question: Question, policy: RoutePolicy) -> bool:
    """Whether the device answers only because no cloud that may can now, where the owner prefers a
    cloud or the question is likely too hard for the device: such an answer is marked."""
    if routing.way is not Way.DEVICE or not routing.allowed:
        return False
    if not routing.stages or routing.stages[-1].name != "ability":
        return False
    score = question.score
    if question.mode is Mode.PREFER_CLOUD or score is None:
        return question.mode is Mode.PREFER_CLOUD
    return score.likeness >= policy.likeness_floor and score.wrong >= policy.pre_threshold


def _device_reads(question: Question, policy: RoutePolicy) -> bool:
    """Whether its model may be given the document piece by piece."""
    return (
        question.mode is not Mode.CLOUD_ONLY
        and device_can_not_read(question) is None
        and device_is_strained(question, policy) is None
    )
