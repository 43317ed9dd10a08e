"""What was not understood, or only a language model can answer, given to the house's own model.

It is told of the tools, may propose calls and does none: each goes through resolve, decide and
perform in this turn, as a model's call (`by_agent.py`). What a rule asks about is asked at the
turn's end and a spoken yes counts: no words of the model stand beside that question
(`Adviser.talk`). Where the model can not or says nothing, the turn goes on as without it.
Source: docs/decisions/0014-voice-devices.md.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from edgewise.agent.acting import Ledger
from edgewise.agent.by_agent import Talking
from edgewise.agent.help import add_help, wants_help
from edgewise.agent.reach import Adviser
from edgewise.agent.search import Search
from edgewise.answer.answer import needs_words
from edgewise.core.call import Call
from edgewise.core.event import Event
from edgewise.core.message import PERSONAL
from edgewise.core.thought import MessageKind, Thought
from edgewise.think.understanding.words import CANNOT, UNCLEAR

SURE = 0.8
"""From this confidence words mean what was understood, and nothing else is looked for."""


def adviser_for(search: Search, thought: Thought, ledger: Ledger) -> Adviser | None:
    """The house's model, where it is to be asked: never behind what the device refused or asks
    about, and for nothing but a person's own words."""
    adviser, message = search.home.adviser, search.message
    if adviser is None or not adviser.proposes or search.home.reach is not None:
        return None
    own = message.speaker.channel in PERSONAL and message.label.trusted
    if not own or search.answer is not None or search.shown is not None:
        return None
    is_open = needs_words(thought) or wants_help(thought, message, ledger)
    return adviser if is_open or _is_unclear(thought) or _unmet(thought, ledger) else None


def _is_unclear(thought: Thought) -> bool:
    """Whether the words were simply not understood; what was refused on purpose is not."""
    unclear = thought.kind is MessageKind.UNKNOWN and not (thought.calls or thought.fixed)
    return unclear and thought.question in (UNCLEAR, CANNOT)


def _unmet(thought: Thought, ledger: Ledger) -> list[str]:
    """The calls of words that only hinted at something or may mean another thing ("it is dark"),
    where the device has nothing of what they want: another of its tools may do. A plain order for
    what it has not stays refused."""
    calls, doubtful = thought.calls, thought.confidence < SURE
    if thought.fixed or not calls or not (doubtful or all(call.inferred for call in calls)):
        return []
    gone = [one.call for one in ledger.results if one.code == "unavailable"]
    return gone if {call.id for call in calls} == set(gone) else []


async def by_adviser(
    search: Search, adviser: Adviser, thought: Thought, calls: Sequence[Call], ledger: Ledger
) -> AsyncGenerator[Event, None]:
    """The events of it. What was done and asked is in `ledger` then; `search.found.helped` tells
    whether anything came of it."""
    found = search.found
    unmet = _unmet(thought, ledger)
    search.done = tuple(call.capability for call in calls if call.id not in unmet)
    search.own_calls = len(calls)
    talk = adviser.talk(search.mark.turn, search.before, only_calls=bool(unmet))
    talking = Talking(search, talk, adviser.name, lambda: True, search.said_own)
    try:
        async with aclosing(talking.events()) as events:
            async for event in events:
                yield event
    finally:
        add_help(search, ledger, by_program=False)
    if not found.text:
        found.untold.clear()  # the device itself tells what was read
    results = found.ledger is not None and bool(found.ledger.results)
    found.helped = bool(found.text) or results
    if found.helped:
        found.untold.update(unmet)
