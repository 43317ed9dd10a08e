"""What routing makes of a recorded pair: who answers each question, and what that comes to.

Every question goes through the same `decide` and `decide_after` as in a turn, with the policy in
force; the answers, times, bytes and costs are the recorded ones. An answer of the device that a
check replaced has cost its time as well.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from edgewise.core.endpoint import Condition, Consent, Endpoint
from edgewise.core.place import Mode, Way
from edgewise.learn.pair import Recorded
from edgewise.learn.report import Result, measure
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Need, Question, Score
from edgewise.route.route import decide, decide_after

CLOUD = Endpoint("cloud", "https://cloud.example/v1", "large", "EU")
CONSENT = Consent("cloud", "cloud", "assist", 0.0)
Before = Callable[[Recorded], Score | None]
After = Callable[[Recorded], Score]


class Outcome(Struct, frozen=True):
    """What a question came to: whether the cloud was asked, the answer right, and what it took."""

    away: bool
    right: bool
    took_s: float
    sent_bytes: int
    cost: float


def routed(
    row: Recorded, languages: tuple[str, ...], before: Before, after: After, policy: RoutePolicy
) -> Outcome:
    """What this question comes to. The device gives an answer only where it ships one."""
    question = Question(
        digest="", mode=Mode.PREFER_DEVICE, now=1.0, region="EU", score=before(row),
        need=Need(row.language, len(row.text) // 3 + 1),
        endpoints=(CLOUD,), consents=(CONSENT,),
        condition=Condition(True, "device", languages, 2_048),
    )  # fmt: skip
    routing = decide(question, policy)
    waited_s = 0.0
    if routing.way is Way.DEVICE and routing.check:
        waited_s = row.device.took_s
        routing = decide_after(routing, after(row), question, policy)
    if routing.way is Way.DEVICE:
        right = row.device.right and row.device.shown
        return Outcome(False, right, row.device.took_s, 0, 0.0)
    return asked_away(row, waited_s)


def asked_away(row: Recorded, waited_s: float = 0.0) -> Outcome:
    """What it comes to when the cloud answers."""
    cloud = row.cloud
    return Outcome(True, cloud.right, waited_s + cloud.took_s, cloud.sent_bytes, cloud.cost)


def swept(
    rows: Sequence[Recorded], doubt: Callable[[Recorded], float | None], kept: float
) -> list[Outcome]:
    """The outcomes when the answers least in doubt stay, as many as leave `kept` of the cloud's
    quality; those without a doubt (`None`) always go. Here the device gives whatever it wrote."""
    order = sorted((value, i) for i, row in enumerate(rows) if (value := doubt(row)) is not None)
    right = wanted = float(sum(row.cloud.right for row in rows))
    stays, most = set[int](), 0
    for count, (_, i) in enumerate(order, 1):
        right += rows[i].device.right - rows[i].cloud.right
        most = count if right >= kept * wanted else most
    stays = {i for _, i in order[:most]}
    return [
        Outcome(False, row.device.right, row.device.took_s, 0, 0.0)
        if i in stays
        else asked_away(row, row.device.took_s if doubt(row) is not None else 0.0)
        for i, row in enumerate(rows)
    ]


def figures_of_outcomes(
    head: str, outcomes: Sequence[Outcome], all_away: Sequence[Outcome], *, goal: bool = False
) -> Iterator[Result]:
    """What some outcomes come to, beside sending all."""
    count = len(outcomes)
    share = 100 / count
    times = sorted(one.took_s for one in outcomes)
    yield measure(f"{head} | kept local", share * sum(not one.away for one in outcomes), "%")
    quality, best = sum(one.right for one in outcomes), sum(one.right for one in all_away)
    yield measure(f"{head} | quality kept", 100 * quality / best, "%")
    bytes_left = sum(one.sent_bytes for one in outcomes) / sum(one.sent_bytes for one in all_away)
    yield measure(f"{head} | bytes leaving", 100 * bytes_left, "%", at_most=35 if goal else None)
    cost = sum(one.cost for one in outcomes) / sum(one.cost for one in all_away)
    yield measure(f"{head} | cost", 100 * cost, "%")
    yield measure(f"{head} | p50", 1_000 * times[count // 2], "ms")
    yield measure(f"{head} | p95", 1_000 * times[int(0.95 * count)], "ms")
