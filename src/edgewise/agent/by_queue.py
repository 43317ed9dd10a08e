"""No words yet: the question is kept and asked when there is a network."""

from collections.abc import AsyncGenerator

from edgewise.agent.by_cloud import outgoing_of
from edgewise.agent.search import NO_WORDS, Chosen, Search
from edgewise.core.event import Event
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError


async def by_queue(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """The events of it."""
    try:
        kept = chosen.reach.keep_for_later(search.mark.turn, outgoing_of(search, chosen))
    except EdgewiseError:
        kept = False
    yield search.told(_LATER if kept else NO_WORDS)


_LATER = Words(
    "There is no network now. I have kept your question and will ask when there is one.",
    "现在没有网络，问题已留存，联网后再问。",
)
