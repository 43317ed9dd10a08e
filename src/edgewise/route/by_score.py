"""The stage of the score: both the device and a cloud could answer, so what is the device's answer
likely to be worth?

Against the probability that it is wrong stands what a wrong answer is worth, with price and time;
or, where the owner asked for a share, the threshold that sends such a share. Numbers are compared
as they are recorded, to four digits. Pure.
"""

from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.place import Routing, Site, Stage, Value, Way
from edgewise.core.words import Words
from edgewise.route import lines
from edgewise.route.ability import device_takes_s, health_of, price_of, size_of
from edgewise.route.choice import Choice, best_of, recorded, rounded, routing_by
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Following, Question, Score
from edgewise.route.sample import is_permitted_sample, is_public
from edgewise.route.ways import as_sent, asked_first, way_to

_MEGABYTE = 1_000_000
_AWAY = tuple(way.value for way in Way if way.site is Site.CLOUD)


def by_score(choice: Choice) -> Routing:
    """Both can: what is the device's answer likely to be worth?"""
    question, policy, best = choice.question, choice.policy, best_of(choice, choice.usable)
    assert best is not None, "ability settles it where no cloud can answer"
    away = asked_first(question, way_to(best, question, policy))
    hurried = _has_no_time_for_both(question, best)
    score = question.score
    known = rounded(score.likeness) if score is not None else 0.0
    if score is None or not known >= policy.likeness_floor or not 0.0 <= score.wrong <= 1.0:
        return _by_nothing_known(choice, best, away, known, hurried=hurried)
    wrong = rounded(score.wrong)
    name, value, at, told = _held_against(choice, score, best, hurried=hurried)
    goes = value >= at
    sampled = (drawn := is_permitted_sample(question)) and question.chance < policy.sample
    way = Way.DEVICE if goes is sampled else away
    if sampled:
        words, otherwise = lines.SAMPLED, lines.without_sample(device=not goes)
    elif goes:
        words, otherwise = told[0], lines.below(at)
    else:
        words, otherwise = told[1], lines.from_on(at, away)
    values = {name: value, "wrong": wrong, "likeness": known, "last": question.last}
    values |= _shared(question, policy) | recorded(score)
    choice.stages.append(Stage("score", words, values, at, settled=True, otherwise=otherwise))
    share = policy.sample if sampled else 1.0 - policy.sample
    return replace(
        routing_by(choice, way, None if way is Way.DEVICE else best),
        check=way is Way.DEVICE and wrong >= policy.sure,
        margin=rounded(abs(value - at)),
        probability=share if drawn else 1.0,
        calibration=score.calibration,
    )


def _held_against(
    choice: Choice, score: Score, best: Endpoint, *, hurried: bool
) -> tuple[str, float, float, tuple[Words, Words]]:
    """Which number of the score is held against which threshold, and what is said at or past it
    and below: the probability against what a wrong answer is worth, or, where a share was asked
    for, the raw score against that which sends such a share of the device's own questions."""
    question, policy = choice.question, choice.policy
    if (share := follows(question, policy)) is not None:
        at = rounded(share.threshold)
        return "raw", rounded(score.raw), at, (lines.SHARE_GOES, lines.SHARE_STAYS)
    wrong, unhurried = rounded(score.wrong), _threshold(question, policy, best)
    at = rounded(policy.sure) if hurried else unhurried
    too_hard = lines.TOO_HARD if wrong >= unhurried else lines.HURRIED
    return "wrong", wrong, at, (too_hard, lines.EASY)


def follows(question: Question, policy: RoutePolicy) -> Following | None:
    """The threshold that follows the share asked for, where it counts: never for what its label
    keeps from anybody, and only for the share that it was found for."""
    found = question.following
    wanted = policy.cloud_share is not None and is_public(question)
    return found if wanted and found is not None and found.share == policy.cloud_share else None


def _shared(question: Question, policy: RoutePolicy) -> dict[str, Value]:
    found = follows(question, policy)
    return {} if found is None else {"share": found.share, "recent": found.count}


def _by_nothing_known(
    choice: Choice, best: Endpoint, away: Way, likeness: float, *, hurried: bool
) -> Routing:
    """No score that counts: the device is the default and is checked, never just the cheapest;
    where there is no time for the check, the cloud."""
    words = lines.UNKNOWN_HURRIED if hurried else lines.UNKNOWN
    floor = choice.policy.likeness_floor
    score = choice.question.score
    scored = score is not None and 0.0 <= score.wrong <= 1.0
    otherwise = lines.believed_from(floor) if scored else None
    values: dict[str, Value] = {"likeness": likeness}
    choice.stages.append(Stage("score", words, values, floor, settled=True, otherwise=otherwise))
    if hurried:
        return routing_by(choice, away, best)
    return replace(routing_by(choice, Way.DEVICE, None), check=True)


def _has_no_time_for_both(question: Question, endpoint: Endpoint) -> bool:
    """Whether a checked answer that turned out wrong could not be replaced in time."""
    here_s, there_s = device_takes_s(question), health_of(question, endpoint).p50_s
    return here_s > 0 and there_s > 0 and here_s + there_s > question.deadline_s


def _threshold(question: Question, policy: RoutePolicy, endpoint: Endpoint) -> float:
    """From which probability of a wrong answer on going away is worth its price, and leaving the
    session's way is worth it, too. A time that is not known is no price."""
    sent = as_sent(question, endpoint, policy)
    here_s, there_s = device_takes_s(question), health_of(question, endpoint).p50_s
    slower_s = there_s - here_s if here_s > 0 and there_s > 0 else 0.0
    price = policy.of_money * price_of(sent, endpoint)
    price += policy.of_second * slower_s + policy.of_megabyte * size_of(sent) / _MEGABYTE
    stays = policy.stay if question.last == "device" else 0.0
    stays -= policy.stay if question.last in _AWAY else 0.0
    at = policy.pre_threshold + price + stays
    return rounded(min(1.0, max(policy.sure, at)))
