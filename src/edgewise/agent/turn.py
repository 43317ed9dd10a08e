"""One turn, from a request to its end: READ THIS FIRST.

    request --perceive--> message --route--> place --think--> thought (calls)
       call --resolve--> effects --decide--> Allow | Ask | Deny --perform--> result
    results --answer--> words

Only this file knows the order of the five steps. A turn is a stream of events (`core.event`) that
ends in exactly one of `Answered`, `NeedsApproval`, `Stopped`. It can be cancelled at any await.
What guards it against failures and time is `agent.py`; how a call is carried out, `acting.py`.
"""

import math
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

from msgspec.structs import replace

from edgewise.agent.acting import Acting, Ledger
from edgewise.agent.asked import is_kept_here, kept_here
from edgewise.agent.by_adviser import adviser_for, by_adviser
from edgewise.agent.consent import as_sure_as, settle, thought_of
from edgewise.agent.dropped import dropped_words
from edgewise.agent.help import find_help, wants_help
from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.pending import Pending
from edgewise.agent.reader import asks_a_document
from edgewise.agent.scene import expand
from edgewise.agent.search import Found, Search
from edgewise.agent.session import Session, context_of, readings_of
from edgewise.agent.words import find_words
from edgewise.answer.answer import Outcome, Reply, answer, needs_words
from edgewise.core.call import Call
from edgewise.core.event import (
    Answered,
    Event,
    NeedsApproval,
    Perceived,
    Routed,
    TurnStarted,
    Understood,
)
from edgewise.core.message import Message, Request
from edgewise.core.part import recorded
from edgewise.core.thought import Thought
from edgewise.perceive.perceive import perceive
from edgewise.route.commands import place_of


async def turn(
    request: Request, home: Home, session: Session, mark: Marker
) -> AsyncIterator[Event]:
    """Run one turn to its end. Raises EdgewiseError when a step can not do its work."""
    yield mark(
        TurnStarted,
        session=session.name,
        speaker=request.speaker,
        policy_hash=home.policy.hash,
        catalogue_hash=home.catalogue.hash,
        resumes=session.resumed_by(request),
        own_car=home.own_car,
        model_hash=home.mind.model_hash,
    )
    message = perceive(request, home.language)
    bare = replace(message, parts=tuple(recorded(part) for part in message.parts))
    yield mark(Perceived, message=bare, took_ms=mark.lap_ms())

    mind, has_cloud = home.mind, home.reach is not None
    place = place_of(message, mind.chat_name, mind.chat_languages, has_cloud=has_cloud)
    yield mark(Routed, place=place, took_ms=mark.lap_ms())

    context = context_of(session, message, home, mark)
    thought = (
        thought_of(request, message, context)
        or asks_a_document(message, mind)
        or mind.understand(message.text, context)
    )
    consent = settle(thought, request, session, context, home.clock)
    thought = as_sure_as(consent.thought, request)
    yield mark(Understood, thought=thought, took_ms=mark.lap_ms())

    await session.settled_for(thought)
    extra = readings_of(session, message, home.clock.monotonic())
    until = math.inf if request.deadline_s is None else mark.arrived + request.deadline_s
    acting = Acting(home, request.speaker, mark, consent.agreed, extra, until)
    calls = tuple(await expand(thought.calls, home))
    try:
        async for event in acting.carry_out(calls):
            yield event
        session.let_next_begin(mark.turn, message, thought, acting.ledger)
        async for event in acting.read_back():
            yield event
    finally:
        acting.close()
        session.note_changes(mark.turn, acting.ledger)

    if (sending := consent.sending) is not None:
        message, session.exchanges = sending.asked.message, sending.asked.exchanges
    search = Search(message, home, session, mark, sending, deadline_s=request.deadline_s)
    ledger, found = acting.ledger, search.found
    async with aclosing(_words(search, thought, calls, ledger)) as events:
        async for event in events:
            yield event
    message = kept_here(message) if is_kept_here(found.asked, sending) else message
    results = tuple(r for r in ledger.results if r.call not in found.untold)
    told = replace(thought, question=None) if found.helped else thought
    all_calls = (*calls, *found.calls)
    void = dropped_words(consent.dropped, ledger.pending, home.catalogue)
    outcome = Outcome(message, told, all_calls, results, found.text, tuple(ledger.pending), void)
    reply = answer(outcome, home.catalogue.capabilities, await home.snapshot())

    waiting = session.close(
        mark.turn,
        outcome,
        ledger,
        reply,
        home.clock,
        consent.answered,
        made=found.made,
    )
    if found.asked is not None:
        waiting = session.ask_to_send(mark.turn, found.asked, home.clock)
    yield _end(reply, waiting, message, ledger, mark, found)


async def _words(
    search: Search, thought: Thought, calls: Sequence[Call], ledger: Ledger
) -> AsyncGenerator[Event, None]:
    """The words that the calls have not said already, or an agent's help with a task."""
    if (adviser := adviser_for(search, thought, ledger)) is not None:
        async with aclosing(by_adviser(search, adviser, thought, calls, ledger)) as events:
            async for event in events:
                yield event
        if search.found.helped:
            return
    if search.answer is not None or needs_words(thought):
        async with aclosing(find_words(search)) as events:
            async for event in events:
                yield event
        search.session.last_way = search.found.way
    elif wants_help(thought, search.message, ledger):
        async with aclosing(find_help(search, calls, ledger)) as events:
            async for event in events:
                yield event


def _end(
    reply: Reply,
    waiting: Pending | None,
    message: Message,
    ledger: Ledger,
    mark: Marker,
    found: Found,
) -> Answered | NeedsApproval:
    """The end of a turn that leaves the question `waiting`, or none."""
    ending = {
        "text": reply.text,
        "language": message.language,
        "changed": ledger.changed,
        "took_ms": mark.total_ms(),
    }
    if waiting is None:
        whose = {"source": found.source, "unverified": found.unverified}
        return mark(Answered, manner=reply.manner, **whose, **ending)
    return mark(
        NeedsApproval,
        approval=waiting.approval,
        payload_hash=waiting.payload_hash,
        calls=waiting.calls,
        expires_at=waiting.expires_at,
        zone=waiting.zone,
        leaving=waiting.leaving,
        **ending,
    )
