"""No words yet: the question is kept and asked when there is a network."""

from collections.abc import AsyncGenerator

from edgewise.agent.by_cloud import outgoing_of
from edgewise.agent.keeping import keep
from edgewise.agent.search import NO_WORDS, Chosen, Search
from edgewise.core.event import Event
from edgewise.errors import EdgewiseError


async def by_queue(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """The events of it."""
    try:
        outgoing = outgoing_of(search, chosen)
    except EdgewiseError:  # it can not be made safe, so nothing is kept
        yield search.told(NO_WORDS)
        return
    for event in keep(search, chosen, outgoing):
        yield event
