"""Outcomes of turns, read from a trail: was the device's answer right, and how that is known.

A turn has at most one: what a person said of the device's answer (`judged`); whether a cloud came
to the same (`compared`); that a call of it failed (`failed`); that the question was asked again or
the talk went on (`again`). The last two are weak: they are counted, and learnt from only on
request. Numbers, kinds and digests; nothing of what was said. Turns that break off tell nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.core.call import Status
from edgewise.core.event import (
    Answered,
    CallFinished,
    Came,
    Checked,
    Compared,
    Judged,
    Recorded,
    TurnStarted,
    Weighed,
    recorded_from_json,
)
from edgewise.core.place import Way
from edgewise.errors import UserError
from edgewise.route.agreement import is_certain
from edgewise.route.question import Question, Score

GOES_ON_S = 300.0
"""A session that goes on within this time without the question again: it was answered."""


class Signal(StrEnum):
    """How an outcome is known."""

    JUDGED = "judged"
    COMPARED = "compared"
    FAILED = "failed"
    AGAIN = "again"


SURE = (Signal.JUDGED, Signal.COMPARED)


class Outcome(Struct, frozen=True):
    """Of one turn: how `wrong` the device's answer was (0 to 1), its scores, the group it belongs
    to (a session's day). `kept` and `compared` are the logged odds of its being told and compared;
    a score is `None` where none was made."""

    turn: str
    group: str
    signal: Signal
    wrong: float
    before: Score | None
    after: Score | None
    kept: float
    compared: float


class Seen(Struct, frozen=True):
    """What a trail holds. `told` is how many turns had the device's answer; `questions` are those
    that a way was decided for."""

    outcomes: tuple[Outcome, ...]
    counts: dict[str, int]
    turns: int
    told: int
    questions: tuple[Question, ...]


class _Turn(Struct):
    """The events of one turn that matter here."""

    started: TurnStarted
    weighed: Weighed | None = None
    checked: Checked | None = None
    came: Came | None = None
    compared: Compared | None = None
    answered: Answered | None = None
    judged: Judged | None = None
    failed: bool = False


def outcomes_in(folder: Path) -> Seen:
    """All outcomes of the trail in `folder`. Raises UserError where there is no trail."""
    turns = [turn for turn in _turns(folder) if turn.weighed is not None and turn.answered]
    again = {turn.weighed.repeats for turn in turns if turn.weighed and turn.weighed.repeats}
    goes_on = _gone_on(turns)
    found: list[Outcome] = []
    counts: Counter[str] = Counter()
    for turn in turns:
        outcome = _outcome(turn, again, goes_on)
        if outcome is not None:
            found.append(outcome)
            counts[outcome.signal.value] += 1
        counts["cloud judged"] += turn.judged is not None and not _tells_own(turn)
        counts["cloud failed"] += turn.came is not None and bool(turn.came.failed)
        unsure = turn.compared is not None and not is_certain(turn.compared.agreement)
        counts["compared, unsure"] += unsure
    told = sum(_tells_own(turn) for turn in turns)
    return Seen(tuple(found), dict(counts), len(turns), told, tuple(map(_question, turns)))


def _turns(folder: Path) -> Iterator[_Turn]:
    """The turns of each file of the trail, in their order."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise UserError(
            f"no trail lies in {folder}; give --data, the folder `trail` of a device",
            code="no_trail",
        )
    for path in files:
        turns: dict[str, _Turn] = {}
        try:
            with path.open("rb") as lines:
                for event in _recorded(lines):
                    _note(turns, event)
        except OSError as error:
            raise UserError(f"{path} can not be read: {error.strerror}") from error
        yield from turns.values()


def _recorded(lines: Iterable[bytes]) -> Iterator[Recorded]:
    for line in lines:
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            yield recorded_from_json(line)


def _note(turns: dict[str, _Turn], event: Recorded) -> None:
    if isinstance(event, TurnStarted):
        turns[event.turn] = _Turn(event)
    turn = turns.get(event.turn)
    if turn is None:
        return
    match event:
        case Weighed():
            turn.weighed = event
        case Checked():
            turn.checked = event
        case Came():
            turn.came = event
        case Compared():
            turn.compared = event
        case Answered():
            turn.answered = event
        case Judged():
            turn.judged = event
        case CallFinished():
            turn.failed = turn.failed or event.result.status is Status.FAILED
        case _:
            pass


def _outcome(turn: _Turn, again: set[str], goes_on: set[str]) -> Outcome | None:
    """The surest that is known of the turn."""
    assert turn.weighed is not None
    routing, compared = turn.weighed.routing, turn.compared
    before = _question(turn).score
    group = f"{turn.started.session} {datetime.fromtimestamp(turn.started.at, UTC):%Y-%m-%d}"
    if compared is not None:
        if not is_certain(compared.agreement):
            return None
        after = msgspec.convert(compared.score, Score)
        return Outcome(turn.started.turn, group, Signal.COMPARED, 1.0 - compared.agreement,
                       before, after, compared.kept, compared.probability)  # fmt: skip
    if not _tells_own(turn):
        return None
    known = _known(turn, again, goes_on)
    if known is None:
        return None
    after = msgspec.convert(turn.checked.score, Score) if turn.checked is not None else None
    taken = routing.probability
    beside = min(taken, 1.0 - taken)  # the policy's `sample`, on either side of the threshold
    return Outcome(turn.started.turn, group, known[0], known[1], before, after, taken, beside)


def _known(turn: _Turn, again: set[str], goes_on: set[str]) -> tuple[Signal, float] | None:
    if turn.judged is not None:
        return Signal.JUDGED, float(not turn.judged.good)
    if turn.failed:
        return Signal.FAILED, 1.0
    if turn.started.turn in again:
        return Signal.AGAIN, 1.0
    return (Signal.AGAIN, 0.0) if turn.started.turn in goes_on else None


def _tells_own(turn: _Turn) -> bool:
    """Whether the answer was the device's, by decision and not for want of a cloud."""
    last = turn.checked or turn.weighed
    own = turn.answered is not None and not turn.answered.source
    return own and last is not None and last.routing.way is Way.DEVICE


def _gone_on(turns: Sequence[_Turn]) -> set[str]:
    """Turns of whose session a later open question came soon."""
    latest: dict[str, _Turn] = {}
    found: set[str] = set()
    for turn in sorted(turns, key=lambda turn: turn.started.at):
        before = latest.get(turn.started.session)
        if before is not None and turn.started.at - before.started.at <= GOES_ON_S:
            found.add(before.started.turn)
        latest[turn.started.session] = turn
    return found


def _question(turn: _Turn) -> Question:
    assert turn.weighed is not None
    return msgspec.convert(turn.weighed.question, Question)
