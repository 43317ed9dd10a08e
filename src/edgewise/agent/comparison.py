"""The device's own answer beside a cloud's, on few turns and never heard: do they agree?

Only for what its label keeps from nobody. Where the device had answered already it costs nothing;
else the device answers while the cloud does, for permitted samples (`route.sample`). What is kept
is a number and the odds of the turn's being compared, no words. A turn does not fail by it, and
waits for it only a moment.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

import msgspec

from edgewise.agent.search import Chosen, Search
from edgewise.core.event import Came, Compared, Event
from edgewise.core.place import Routing
from edgewise.errors import EdgewiseError
from edgewise.route.sample import is_compared, odds_of
from edgewise.think.chat import Said

LONGEST_S = 5.0
"""How long a turn may wait for the device once the cloud has answered."""


async def compared(
    search: Search, chosen: Chosen, weighed: Routing, events: AsyncGenerator[Event, None]
) -> AsyncGenerator[Event, None]:
    """`events`, and at their end, where the turn is compared and the cloud's answer came whole,
    how far the two agree. `weighed` is the decision before the device answered."""
    policy, held = chosen.reach.policy, chosen.held
    if not is_compared(chosen.question, chosen.routing, policy, held=held is not None):
        async with aclosing(events):
            async for event in events:
                yield event
        return
    task = asyncio.create_task(search.held()) if held is None else None
    whole = False
    try:
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Came):
                    whole = not event.failed
                    if not whole:
                        await given_up(task)
                yield event
        said = held if task is None else await in_time(task, search) if whole else None
        if whole and said is not None and search.found.source == chosen.routing.endpoint:
            yield _compared(search, chosen, weighed, said)
    finally:
        await given_up(task)


async def in_time(task: asyncio.Task[Said], search: Search) -> Said | None:
    """The device's answer, if it comes soon. (`wait_for` may lose a cancel.)"""
    done, _ = await asyncio.wait([task], timeout=min(LONGEST_S, search.left_s))
    if not done:
        return None
    with suppress(EdgewiseError):
        return task.result()
    return None


async def given_up(task: asyncio.Task[Said] | None) -> None:
    """End it: nobody waits for its answer any more. Who is cancelled meanwhile stays so: only the
    end of the task is waited for, not its outcome."""
    if task is None:
        return
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # its failure is nobody's


def _compared(search: Search, chosen: Chosen, weighed: Routing, said: Said) -> Compared:
    reach, question = chosen.reach, chosen.question
    score = reach.check(search.message, said)
    odds = odds_of(question, weighed, reach.policy, score, held=chosen.held is not None)
    agrees = 0.0 if said.declined else reach.agreement(said.text, search.found.text)
    return search.mark(
        Compared,
        agreement=round(agrees, 4),
        score=msgspec.to_builtins(score),
        probability=round(odds.compared, 6),
        kept=round(odds.kept, 6),
        took_ms=search.mark.lap_ms(),
    )
