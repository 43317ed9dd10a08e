"""Where words are found: on the device, in a cloud, later, or not at all; and why.

The order is that of the design, and the first stage that settles the matter wins: hard rules ->
what each can do and how it does -> the score before an answer -> (the device answers) -> the score
of that answer. Every stage writes its line, also those that settled nothing. Pure: a decision can
be made again from its recorded `Question`, and another policy asked what it would have done.
It does not know how an answer is asked for. Numbers are compared as they are recorded, to four
digits, so that no line contradicts the way.
"""

from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.place import Mode, Routing, Stage, Value, Way
from edgewise.core.words import Words
from edgewise.route import lines
from edgewise.route.ability import (
    cloud_is_away,
    cloud_lacks,
    device_is_strained,
    device_lacks,
)
from edgewise.route.by_score import by_score
from edgewise.route.choice import (
    Choice,
    best_of,
    choice_of,
    device_named,
    recorded,
    rounded,
    routing_by,
)
from edgewise.route.kept_back import kept_back
from edgewise.route.lines import filled
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score
from edgewise.route.rules import Rule, needs_only_a_yes
from edgewise.route.ways import as_sent, asked_first, way_to


def decide(question: Question, policy: RoutePolicy) -> Routing:
    """The way for this question under this policy."""
    choice = choice_of(question, policy)
    return (
        _by_no(choice)
        or _by_rules(choice)
        or _by_ability(choice)
        or _by_yes(choice)
        or by_score(choice)
    )


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
    choice = choice_of(question, policy)
    best = best_of(choice, choice.usable)
    asked = choice.question
    way = Way.DEVICE if best is None else asked_first(asked, way_to(best, asked, policy))
    wrong, threshold = rounded(score.wrong), rounded(policy.post_threshold)
    doubted = not wrong < threshold
    if best is None:
        words, otherwise = (lines.DOUBTED_ALONE if doubted else lines.ANSWER_HOLDS), None
    elif doubted:
        words, otherwise = lines.ANSWER_DOUBTED, lines.below(threshold)
    else:
        words, otherwise = lines.ANSWER_HOLDS, lines.from_on(threshold, way)
    values = {"wrong": wrong, "raw": rounded(score.raw), **recorded(score)}
    stage = Stage("answer", words, values, threshold, settled=True, otherwise=otherwise)
    settled = replace(
        routing,
        stages=(*routing.stages, stage),
        check=False,
        margin=rounded(abs(wrong - threshold)),
        runner_up=best.name if best is not None else "",
        calibration=score.calibration or routing.calibration,
    )
    if best is None or not doubted:
        return settled
    return replace(
        settled, way=way, endpoint=best.name, model=best.model, runner_up=device_named(choice)
    )


def _by_no(choice: Choice) -> Routing | None:
    """After a no to sending it: the device, or nobody."""
    question = choice.question
    if not question.declined:
        return None
    lacks = lines.MODE_FORBIDS if question.mode is Mode.CLOUD_ONLY else device_lacks(question)
    words = lines.SAID_NO if choice.device else filled(lines.SAID_NO_ALONE, lacks)
    choice.stages.append(Stage("asked", words, {"mode": question.mode.value}, settled=True))
    return routing_by(choice, Way.DEVICE if choice.device else Way.REFUSE, None)


def _by_yes(choice: Choice) -> Routing | None:
    """The cloud that the person said yes to, where it can answer: no score overrules them."""
    best = best_of(choice, choice.usable)
    if best is None or not choice.question.agreed_to:
        return None
    words = filled(lines.SAID_YES, names=best.name)
    choice.stages.append(Stage("asked", words, settled=True))
    return routing_by(choice, way_to(best, choice.question, choice.policy), best)


def _by_rules(choice: Choice) -> Routing | None:
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
    return None if asked is None else routing_by(choice, Way.ASK, asked)


def _said_by_rules(choice: Choice) -> tuple[Words, Words | None]:
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
        return words, filled(lines.A_CONSENT, name=yes, purpose=question.purpose)
    return _all_forbidden(next(iter(forbids.values()))), None


def _all_forbidden(rules: tuple[Rule, ...]) -> Words:
    return filled(lines.ALL_FORBIDDEN, rules[0].words, rule=rules[0].id)


def _to_ask(choice: Choice) -> Endpoint | None:
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


def _by_ability(choice: Choice) -> Routing | None:
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
    return None if way is None else routing_by(choice, way, endpoint)


def _by_who_is_left(
    choice: Choice, lacks: Words | None, strained: Words | None, away: Words | None
) -> tuple[Words, Way | None, Endpoint | None]:
    """What follows from who can answer; no way when both can and the scores decide. `away` is why
    a cloud that could answer can not now."""
    question = choice.question
    best = best_of(choice, choice.usable)
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
        return filled(lines.LATER, away), later, best_of(choice, choice.able)
    if (asked := _to_ask(choice)) is not None:
        return filled(lines.YES_LACKS, why), Way.ASK, asked
    kept = kept_back(question)
    told = [one for one in ((kept,) if kept is not None else (why, away)) if one is not None]
    reasons = Words("; ".join(one.en for one in told), "；".join(one.zh for one in told))
    return filled(lines.NOBODY, reasons), Way.REFUSE, None
