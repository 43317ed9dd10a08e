"""Where words are found: on the device, in a cloud, later, or not at all; and why.

The order is that of the design, and the first stage that settles the matter wins: hard rules ->
what each can do and how it does -> the score before an answer -> (the device answers) -> the score
of that answer. Every stage writes its line, also those that settled nothing. Pure: a decision can
be made again from its recorded `Question`, and another policy asked what it would have done.
It does not know how an answer is asked for. Numbers are compared as they are recorded, to four
digits, so that no line contradicts the way.
"""

from msgspec import Struct
from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode, Routing, Site, Stage, Value, Way
from edgewise.core.words import Words
from edgewise.route import lines
from edgewise.route.ability import (
    cloud_is_away,
    cloud_lacks,
    device_is_strained,
    device_lacks,
    device_takes_s,
    health_of,
    price_of,
    size_of,
)
from edgewise.route.lines import filled
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score
from edgewise.route.rules import Rule, forbidden, needs_only_a_yes
from edgewise.route.ways import as_sent, asked_first, way_to

_MEGABYTE = 1_000_000
_DIGITS = 4
_AWAY = tuple(way.value for way in Way if way.site is Site.CLOUD)


class _Choice(Struct):
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


def decide(question: Question, policy: RoutePolicy) -> Routing:
    """The way for this question under this policy."""
    choice = _choice(question, policy)
    return _by_rules(choice) or _by_ability(choice) or _by_score(choice)


def decide_after(
    routing: Routing, score: Score, question: Question, policy: RoutePolicy
) -> Routing:
    """The way once the device has answered by `routing` and `score` was found for that answer.

    `question` is as things are now: less time is left, a consent may be gone. Rules and ability are
    looked at again, so nothing is escalated that they forbid. Another way than the device's is
    returned as it is.
    """
    if routing.way is not Way.DEVICE:
        return routing
    choice = _choice(question, policy)
    best = _best(choice, choice.usable)
    way = Way.DEVICE if best is None else asked_first(question, way_to(best, question, policy))
    wrong, threshold = _rounded(score.wrong), _rounded(policy.post_threshold)
    doubted = not wrong < threshold
    if best is None:
        words, otherwise = (lines.DOUBTED_ALONE if doubted else lines.ANSWER_HOLDS), None
    elif doubted:
        words, otherwise = lines.ANSWER_DOUBTED, lines.below(threshold)
    else:
        words, otherwise = lines.ANSWER_HOLDS, lines.from_on(threshold, way)
    values = {"wrong": wrong, "raw": _rounded(score.raw), **_recorded(score)}
    stage = Stage("answer", words, values, threshold, settled=True, otherwise=otherwise)
    settled = replace(
        routing,
        stages=(*routing.stages, stage),
        check=False,
        margin=_rounded(abs(wrong - threshold)),
        runner_up=best.name if best is not None else "",
        calibration=score.calibration or routing.calibration,
    )
    if best is None or not doubted:
        return settled
    return replace(
        settled, way=way, endpoint=best.name, model=best.model, runner_up=_device_named(choice)
    )


def _choice(question: Question, policy: RoutePolicy) -> _Choice:
    """Who may answer and who can, before anything is settled."""
    forbids = forbidden(question)
    allowed = tuple(one for one in question.endpoints if not forbids[one.name])
    if question.mode is Mode.DEVICE_ONLY:
        allowed = ()
    able = tuple(one for one in allowed if cloud_lacks(as_sent(question, one, policy), one) is None)
    usable = tuple(
        one for one in able if cloud_is_away(as_sent(question, one, policy), one) is None
    )
    device = question.mode is not Mode.CLOUD_ONLY and device_lacks(question) is None
    return _Choice(question, policy, forbids, allowed, able, usable, device, [])


def _by_rules(choice: _Choice) -> Routing | None:
    """Which clouds may have it at all. What the owner wants counts as a rule."""
    values: dict[str, Value] = {
        "mode": choice.question.mode.value,
        "allowed": len(choice.allowed),
    }
    for name, rules in choice.forbidden.items():
        values[f"cloud {name}"] = " ".join(rule.id for rule in rules)
    words, otherwise = _said_by_rules(choice)
    asked = None if choice.allowed else _to_ask(choice)
    choice.stages.append(
        Stage("rules", words, values, settled=asked is not None, otherwise=otherwise)
    )
    return None if asked is None else _routing(choice, Way.ASK, asked)


def _said_by_rules(choice: _Choice) -> tuple[Words, Words | None]:
    """The line, and what would have let the message out."""
    question, forbids = choice.question, choice.forbidden
    yes = next((name for name, rules in forbids.items() if needs_only_a_yes(rules)), None)
    if question.mode is Mode.DEVICE_ONLY:
        could = any(not rules for rules in forbids.values())
        return lines.DEVICE_ONLY, lines.ANOTHER_MODE if could else None
    if not question.endpoints:
        return lines.NO_CLOUD, lines.A_CLOUD
    if choice.allowed:
        return filled(lines.MAY_GO, names=", ".join(one.name for one in choice.allowed)), None
    if yes is not None:
        words = _all_forbidden(forbids[yes])
        return words, filled(lines.A_CONSENT, name=yes)
    return _all_forbidden(next(iter(forbids.values()))), None


def _all_forbidden(rules: tuple[Rule, ...]) -> Words:
    return filled(lines.ALL_FORBIDDEN, rules[0].words, rule=rules[0].id)


def _to_ask(choice: _Choice) -> Endpoint | None:
    """The cloud for which a yes is all that is lacking, where the device is no way or not the
    wanted one; nobody is asked for what could not be done then."""
    question = choice.question
    if question.mode is Mode.DEVICE_ONLY or question.agreed:
        return None
    if choice.device and question.mode not in (Mode.ASK, Mode.PREFER_CLOUD):
        return None
    for one in question.endpoints:
        sent = as_sent(question, one, choice.policy)
        ready = cloud_lacks(sent, one) is None and (
            cloud_is_away(sent, one) is None or question.queueable
        )
        if ready and needs_only_a_yes(choice.forbidden[one.name]):
            return one
    return None


def _by_ability(choice: _Choice) -> Routing | None:
    """Who can answer, now."""
    question, policy = choice.question, choice.policy
    lacks = device_lacks(question)
    strained = device_is_strained(question, policy) if lacks is None else None
    here = lacks or strained
    values: dict[str, Value] = {"device": here.en if here is not None else "ready"}
    away: Words | None = None
    for one in choice.allowed:
        sent = as_sent(question, one, policy)
        why = cloud_lacks(sent, one) or cloud_is_away(sent, one)
        values[f"cloud {one.name}"] = why.en if why is not None else "ready"
        away = away or (why if one in choice.able else None)
    words, way, endpoint = _by_who_is_left(choice, lacks, strained, away)
    choice.stages.append(Stage("ability", words, values, settled=way is not None))
    return None if way is None else _routing(choice, way, endpoint)


def _by_who_is_left(
    choice: _Choice, lacks: Words | None, strained: Words | None, away: Words | None
) -> tuple[Words, Way | None, Endpoint | None]:
    """What follows from who can answer; no way when both can and the scores decide. `away` is why
    a cloud that could answer can not now."""
    question = choice.question
    best = _best(choice, choice.usable)
    why = lines.MODE_FORBIDS if question.mode is Mode.CLOUD_ONLY else lacks or strained
    if best is not None:
        way = asked_first(question, way_to(best, question, choice.policy))
        if why is not None:
            return filled(lines.ONLY_CLOUD, why), way, best
        if question.mode is Mode.PREFER_CLOUD:
            return lines.CLOUD_PREFERRED, way, best
        return lines.BOTH, None, None
    if choice.device:
        only = lines.ONLY_DEVICE if strained is None else filled(lines.STRAINED, strained)
        return only, Way.DEVICE, None
    if away is not None and question.queueable:
        later = asked_first(question, Way.QUEUE)
        return filled(lines.LATER, away), later, _best(choice, choice.able)
    if (asked := _to_ask(choice)) is not None:
        return filled(lines.YES_LACKS, why), Way.ASK, asked
    told = [one for one in (why, away) if one is not None]
    reasons = Words("; ".join(one.en for one in told), "；".join(one.zh for one in told))
    return filled(lines.NOBODY, reasons), Way.REFUSE, None


def _by_score(choice: _Choice) -> Routing:
    """Both can: what is the device's answer likely to be worth?"""
    question, policy, best = choice.question, choice.policy, _best(choice, choice.usable)
    assert best is not None, "ability settles it where no cloud can answer"
    away = asked_first(question, way_to(best, question, policy))
    hurried = _has_no_time_for_both(question, best)
    score = question.score
    known = _rounded(score.likeness) if score is not None else 0.0
    if score is None or not known >= policy.likeness_floor or not 0.0 <= score.wrong <= 1.0:
        return _by_nothing_known(choice, best, away, known, hurried=hurried)
    wrong, unhurried = _rounded(score.wrong), _threshold(question, policy, best)
    at = _rounded(policy.sure) if hurried else unhurried
    goes = wrong >= at
    sampled = (drawn := _is_permitted_sample(question)) and question.chance < policy.sample
    way = Way.DEVICE if goes is sampled else away
    if sampled:
        words, otherwise = lines.SAMPLED, lines.without_sample(device=not goes)
    elif goes:
        too_hard = wrong >= unhurried
        words, otherwise = (lines.TOO_HARD if too_hard else lines.HURRIED), lines.below(at)
    else:
        words, otherwise = lines.EASY, lines.from_on(at, away)
    values = {"wrong": wrong, "likeness": known, "last": question.last, **_recorded(score)}
    choice.stages.append(Stage("score", words, values, at, settled=True, otherwise=otherwise))
    share = policy.sample if sampled else 1.0 - policy.sample
    return replace(
        _routing(choice, way, None if way is Way.DEVICE else best),
        check=way is Way.DEVICE and wrong >= policy.sure,
        margin=_rounded(abs(wrong - at)),
        probability=share if drawn else 1.0,
        calibration=score.calibration,
    )


def _by_nothing_known(
    choice: _Choice, best: Endpoint, away: Way, likeness: float, *, hurried: bool
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
        return _routing(choice, away, best)
    return replace(_routing(choice, Way.DEVICE, None), check=True)


def _is_permitted_sample(question: Question) -> bool:
    """Whether the turn may be a sample and a number was drawn for it: only what is nobody's
    business goes another way than it would, and in mode ASK the person decides."""
    return (
        question.chance < 1.0
        and question.mode is not Mode.ASK
        and question.residency is Residency.ANY
        and question.sensitivity is Sensitivity.PLAIN
    )


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
    return _rounded(min(1.0, max(policy.sure, at)))


def _best(choice: _Choice, among: tuple[Endpoint, ...]) -> Endpoint | None:
    """The cloud that costs least, in money and time; the first of equals."""
    question, policy = choice.question, choice.policy

    def cost(endpoint: Endpoint) -> float:
        waits = policy.of_second * health_of(question, endpoint).p50_s
        price = price_of(as_sent(question, endpoint, policy), endpoint)
        return policy.of_money * price + waits

    return min(among, key=cost, default=None)


def _routing(choice: _Choice, way: Way, endpoint: Endpoint | None) -> Routing:
    others = (one for one in choice.usable if one is not endpoint)
    best = _best(choice, tuple(others))
    condition = choice.question.condition
    rules = (rule.id for found in choice.forbidden.values() for rule in found)
    here = _device_named(choice) if way is not Way.DEVICE else ""
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


def _device_named(choice: _Choice) -> str:
    return "device" if choice.device else ""


def _recorded(score: Score) -> dict[str, Value]:
    return {name: _rounded(value) for name, value in score.features.items()}


def _rounded(value: float) -> float:
    return round(value, _DIGITS)
