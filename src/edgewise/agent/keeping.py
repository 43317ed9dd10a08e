"""A question that nobody can answer now is kept, as it would have left, and the person is told.

So is one whose cloud turned out to be away: the same decision is made again with that known, and is
recorded. Nothing leaves here.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from edgewise.agent.cloud_events import kept
from edgewise.agent.reach import Outgoing, ToKeep
from edgewise.agent.search import Chosen, Search, without_words
from edgewise.core.endpoint import Health
from edgewise.core.event import Event, Weighed
from edgewise.core.place import Way
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError
from edgewise.route.question import Question
from edgewise.route.route import decide

_PASSES = frozenset({"cloud_away", "cloud_busy", "cloud_slow", "cloud_resting", "cloud_broken"})
"""Failures that may be over later."""


def keep(search: Search, chosen: Chosen, outgoing: Outgoing) -> Iterator[Event]:
    """Keep what would have left, and tell; the events of it."""
    search.found.way = Way.QUEUE
    asked = ToKeep(search.mark.turn, search.session.name, search.message, chosen.question)
    try:
        waits = chosen.reach.keep_for_later(asked, outgoing)
    except EdgewiseError as error:
        yield search.told(without_words(error.code))
        if error.code == "outbox_full":
            yield search.told(_FULL)
        return
    yield kept(search.mark, outgoing, waits.until)
    yield search.told(_later(chosen.question, outgoing.endpoint))
    if count := waits.crowded:
        yield search.told(_CROWDED.filled(count=count))


def keep_instead(search: Search, chosen: Chosen, outgoing: Outgoing) -> Iterator[Event]:
    """The same for what `to_keep` decided, with that decision."""
    yield search.mark(
        Weighed,
        question=msgspec.to_builtins(chosen.question),
        routing=chosen.routing,
        took_ms=search.mark.lap_ms(),
    )
    yield from keep(search, chosen, outgoing)


def to_keep(chosen: Chosen, failed: str) -> Chosen | None:
    """The same question decided again with its cloud away, where it waits then."""
    question, name = chosen.question, chosen.routing.endpoint
    if not question.queueable or failed not in _PASSES:
        return None
    others = tuple(health for health in question.health if health.endpoint != name)
    question = replace(question, health=(*others, Health(name, open=True)))
    held = chosen.held
    if held is not None and held.declined:
        question = without_device(question)
    return _waiting(chosen, question)


def to_keep_declined(chosen: Chosen) -> Chosen | None:
    """The same where the device was the way, as no cloud can answer now, and its model declined."""
    question = chosen.question
    return _waiting(chosen, without_device(question)) if question.queueable else None


def without_device(question: Question) -> Question:
    """The question of a device whose model has no answer to it."""
    return replace(question, unanswered=True)


def _waiting(chosen: Chosen, question: Question) -> Chosen | None:
    routing = decide(question, chosen.reach.policy)
    return Chosen(chosen.reach, question, routing) if routing.way is Way.QUEUE else None


def _later(question: Question, endpoint: str) -> Words:
    """What is waited for: the network, or the cloud alone."""
    return _LATER if not question.condition.online else _LATER_THERE.filled(name=endpoint)


_LATER = Words(
    "I can not ask now. I have kept your question and will ask when there is a network.",
    "现在无法提问。问题已留存，联网后再问。",
)
_LATER_THERE = Words(
    "I can not ask {name} now. I have kept your question and will ask when it can be reached.",
    "现在无法向 {name} 提问。问题已留存，能连上它时再问。",
)
_CROWDED = Words(
    " For it, {count} that waited had to go unasked.", "为此放弃了 {count} 个等待中的问题。"
)
_FULL = Words(
    " No more questions can wait; make room: `edgewise outbox list`, `edgewise outbox drop ID`.",
    "等待的问题已满，请先腾出位置：edgewise outbox list、edgewise outbox drop 编号。",
)
