"""Samples that scores are judged by: which turns may be one, and with what probability.

A turn is a sample where the number drawn for it (`Question.chance`) is below the policy's `sample`:
it goes the other way. A cloud's answer is compared with the device's where that number is below
twice the share, which is as often on either side of the threshold. Both numbers that weigh what is
learnt are logged: an outcome of a rare turn counts for the many like it that had none. Pure.
"""

from msgspec import Struct

from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode, Routing, Way
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score


class Odds(Struct, frozen=True):
    """With what probability such a turn is `compared`, and with what the device's answer is told
    instead (`kept`)."""

    compared: float
    kept: float


def is_public(question: Question) -> bool:
    """Whether its label keeps it from nobody: only such turns are samples or learnt a share of."""
    return question.residency is Residency.ANY and question.sensitivity is Sensitivity.PLAIN


def is_permitted_sample(question: Question) -> bool:
    """Whether the turn may be a sample and a number was drawn for it: only what is nobody's
    business goes another way than it would, and in mode ASK the person decides."""
    return question.chance < 1.0 and question.mode is not Mode.ASK and is_public(question)


def is_compared(question: Question, routing: Routing, policy: RoutePolicy, *, held: bool) -> bool:
    """Whether the cloud's answer of a turn by `routing` is compared with the device's own. Where
    that was `held` already it costs nothing; else the device answers as well, for samples only."""
    if routing.way is not Way.CLOUD or not is_public(question):
        return False
    drawn = is_permitted_sample(question) and question.chance < 2 * policy.sample
    return held or (drawn and bool(question.condition.model))


def odds_of(
    question: Question, weighed: Routing, policy: RoutePolicy, after: Score, *, held: bool
) -> Odds:
    """The odds of a compared turn: `weighed` is the decision before the device answered, `after`
    the score of that answer."""
    taken = weighed.probability
    by_chance = taken < 1.0
    if held:
        return Odds(min(1.0, taken + policy.sample) if by_chance else 1.0, 0.0)
    if not by_chance:
        return Odds(min(1.0, 2 * policy.sample), 0.0)
    score = question.score
    checked = score is not None and score.wrong >= policy.sure
    doubted = checked and after.wrong >= policy.post_threshold
    otherwise = 1.0 - taken
    return Odds(min(1.0, policy.sample + otherwise * doubted), otherwise * (not doubted))
