"""No words yet: the question is kept and asked when there is a network."""

from collections.abc import AsyncGenerator

from edgewise.agent.by_cloud import outgoing_of
from edgewise.agent.keeping import keep, keep_instead, to_keep_declined
from edgewise.agent.search import Chosen, Search, unreached, without_words
from edgewise.core.event import Event
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError
from edgewise.route.ability import health_of
from edgewise.think.chat import Said


async def by_queue(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """The events of it."""
    try:
        outgoing = outgoing_of(search, chosen)
    except EdgewiseError as error:  # it can not be made safe, so nothing is kept
        yield search.told(without_words(error.code))
        return
    for event in keep(search, chosen, outgoing):
        yield event


async def by_declining(
    search: Search, chosen: Chosen, refusal: Said, shut_out: Words | None = None
) -> AsyncGenerator[Event, None]:
    """The events where the device was asked and declines: the question waits where it may, as one
    that the device can not answer; else its refusal is said, with what keeps it from a cloud:
    `shut_out`, or that none can be reached."""
    waiting = to_keep_declined(chosen)
    try:
        outgoing = outgoing_of(search, waiting) if waiting is not None else None
    except EdgewiseError:  # it can not be made safe, so nothing is kept
        outgoing = None
    if waiting is None or outgoing is None:
        async for event in search.instead(refusal, without=shut_out or _unreached(chosen)):
            yield event
        return
    for event in keep_instead(search, waiting, outgoing):
        yield event


def _unreached(chosen: Chosen) -> Words | None:
    """What is said of the clouds that might be asked and can not be reached; `None`: of none."""
    question, allowed = chosen.question, chosen.routing.allowed
    names = [
        one.name
        for one in question.endpoints
        if one.name in allowed and (not question.condition.online or health_of(question, one).open)
    ]
    return unreached(", ".join(names), "cloud_away") if names else None
