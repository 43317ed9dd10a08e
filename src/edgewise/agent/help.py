"""Help with a task that the device's own understanding could make no calls of, or not all of it.

A command that was understood has been carried out by then, and a question is no task. Only what a
person says themselves is helped with, and only where the device neither asks nor failed. The
decision is `route`'s and recorded; where it finds no cloud's agent, the device's own words stand.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import msgspec

from edgewise.agent.acting import Ledger
from edgewise.agent.by_agent import by_agent
from edgewise.agent.by_asking import by_telling
from edgewise.agent.proposed import manifest_of
from edgewise.agent.search import Chosen, Search
from edgewise.core.call import Call, Status
from edgewise.core.event import Event, Weighed
from edgewise.core.message import PERSONAL, Message
from edgewise.core.place import Way
from edgewise.core.thought import Thought
from edgewise.route.ability import BYTES_A_TOKEN
from edgewise.route.route import decide
from edgewise.route.rules import open_to
from edgewise.route.task import as_task


def wants_help(thought: Thought, message: Message, ledger: Ledger) -> bool:
    """Whether the turn leaves a task of the person's own words open, and nothing else."""
    went_well = all(result.status is Status.DONE for result in ledger.results)
    own = message.speaker.channel in PERSONAL and message.label.trusted
    return thought.task and not thought.fixed and own and went_well and not ledger.moving


async def find_help(
    search: Search, calls: Sequence[Call], ledger: Ledger
) -> AsyncGenerator[Event, None]:
    """What happens until help is found, or none. What was done by it is in `ledger` then, behind
    what the device did of its own."""
    home, session = search.home, search.session
    if home.reach is None:
        return
    search.done = tuple(call.capability for call in calls)
    search.own_calls = len(calls)
    manifest = msgspec.json.encode(manifest_of(home.catalogue, search.done))
    question = as_task(
        home.reach.question(search.message, last=session.last_way, deadline_s=search.left_s),
        len(manifest) // BYTES_A_TOKEN,
    )
    search.found.clouds = open_to(question)
    routing = decide(question, home.reach.policy)
    yield search.mark(
        Weighed,
        question=msgspec.to_builtins(question),
        routing=routing,
        took_ms=search.mark.lap_ms(),
    )
    way = {Way.AGENT: by_agent, Way.ASK: by_telling}.get(routing.way)
    if way is None:
        return
    search.found.way = routing.way
    try:
        async with aclosing(way(search, Chosen(home.reach, question, routing))) as events:
            async for event in events:
                yield event
    finally:
        add_help(search, ledger, by_program=True)
    if routing.way is Way.AGENT:
        session.last_way = routing.way


def add_help(search: Search, ledger: Ledger, *, by_program: bool) -> None:
    """Put what the agent had the device do behind what it did itself; all of it can be undone.
    `by_program`: what it asks about is a program's question, for which a spoken yes is none."""
    helped = search.found.ledger
    if helped is None:
        return
    ledger.results += helped.results
    ledger.undoable += helped.undoable
    ledger.pending += helped.pending
    ledger.cut_off = ledger.cut_off or helped.cut_off
    ledger.by_program = by_program and bool(helped.pending)
    if helped.results or helped.cut_off:
        search.session.note_changes(search.mark.turn, ledger)
