"""Words from a cloud's model that gets the whole turn, redacted; whatever fails ends on the device.

Consent and mode are asked again at the moment of sending. What left and what came back are events;
the words themselves are in none.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.agent.search import Chosen, Search
from edgewise.core.event import Came, Event, Left
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError


async def by_cloud(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """The events of it."""
    reach, endpoint = chosen.reach, chosen.routing.endpoint
    try:
        outgoing = outgoing_of(search, chosen)
    except EdgewiseError as error:  # fail closed: nothing left
        yield search.mark(Came, endpoint=endpoint, failed=error.code)
        async for event in search.instead(chosen.held):
            yield event
        return
    if not reach.may_leave(chosen.question, endpoint):
        yield search.mark(Came, endpoint=endpoint, failed="consent_withdrawn")
        async for event in search.instead(chosen.held):
            yield event
        return
    yield left(search, outgoing)
    ended: list[CloudSaid] = []
    sending = reach.send(
        outgoing, turn=search.mark.turn, deadline_s=search.left_s, note=ended.append
    )
    async with aclosing(sending) as pieces:
        async for piece in pieces:
            search.found.source = endpoint
            yield search.said(piece)
    said = ended[-1] if ended else CloudSaid(failed="cloud_broken")
    broke = bool(said.failed)
    yield came(search, endpoint, said, seam=broke and bool(search.found.text))
    if broke:
        if search.found.text:
            yield search.told(SEAM)
        async for event in search.instead(chosen.held):
            yield event


def outgoing_of(search: Search, chosen: Chosen) -> Outgoing:
    """What would leave. Raises EdgewiseError when it can not be made safe."""
    session = search.session
    return chosen.reach.outgoing(
        session.name, search.message, session.exchanges, chosen.question, chosen.routing.endpoint
    )


def left(search: Search, outgoing: Outgoing) -> Left:
    """The event of what leaves now."""
    return search.mark(
        Left,
        endpoint=outgoing.endpoint,
        region=outgoing.region,
        purpose=outgoing.purpose,
        digest=outgoing.digest,
        size_bytes=len(outgoing.body),
        replaced=outgoing.replaced,
    )


def came(search: Search, endpoint: str, said: CloudSaid, *, seam: bool = False) -> Came:
    """The event of how a cloud's answer ended."""
    return search.mark(
        Came,
        endpoint=endpoint,
        attempts=said.attempts,
        input_tokens=said.input_tokens,
        output_tokens=said.output_tokens,
        cost=said.cost,
        failed=said.failed,
        seam=seam,
        took_ms=search.mark.lap_ms(),
    )


SEAM = Words(
    "\n[The cloud broke off here; what follows is from this device.]\n",
    "\n【云端在此中断，以下由本机回答。】\n",
)
