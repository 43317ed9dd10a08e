"""Words from a cloud's model that gets the whole turn, redacted; whatever fails ends on the device,
and so does what begins too late (`hedged.py`).

Consent and mode are asked again at the moment of sending. What left and what came back are events;
the words themselves are in none.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from edgewise.agent.cloud_events import came, left
from edgewise.agent.hedged import Hedged
from edgewise.agent.keeping import keep_instead, to_keep
from edgewise.agent.reach import WRONG_LANGUAGE, CloudSaid, Outgoing, Reach
from edgewise.agent.search import (
    NO_WORDS_REFUSED,
    NO_WORDS_STRANGE,
    NO_WORDS_UNCOUNTED,
    NOT_COUNTED,
    UNCOUNTED,
    Chosen,
    Search,
    unreached,
)
from edgewise.core.event import Event
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError
from edgewise.route.ability import REFUSED
from edgewise.route.question import Question


async def by_cloud(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """The events of it."""
    reach, endpoint = chosen.reach, chosen.routing.endpoint
    try:
        outgoing = await _made_safe(search, chosen)
    except EdgewiseError as error:  # fail closed: nothing left
        yield came(search.mark, endpoint, CloudSaid(failed=error.code))
        uncounted = error.code == NOT_COUNTED
        without, none = (UNCOUNTED, NO_WORDS_UNCOUNTED) if uncounted else (None, None)
        async for event in search.instead(chosen.held, without=without, none=none):
            yield event
        return
    if not reach.may_leave(chosen.question, endpoint):
        yield came(search.mark, endpoint, CloudSaid(failed="consent_withdrawn"))
        async for event in search.instead(chosen.held):
            yield event
        return
    yield left(search.mark, outgoing)
    answer = Hedged(search, chosen, outgoing)
    async with aclosing(answer):
        async for piece in answer:
            yield _said(search, answer, outgoing, piece)
    said = answer.said
    broke = bool(said.failed) and not answer.is_own
    seam = broke and bool(search.found.text)
    yield came(search.mark, endpoint, said, seam=seam, hedged=answer.is_hedged)
    if broke:
        if search.found.text:
            yield search.told(SEAM)
        else:
            held = chosen.held or answer.refusal
            chosen, waiting = await _kept_or_held(search, replace(chosen, held=held), said.failed)
            if waiting is not None:
                for event in keep_instead(search, waiting, outgoing):
                    yield event
                return
        without, none = unreached(endpoint, said.failed), _none(endpoint, said)
        async for event in search.instead(chosen.held, none=none, without=without):
            yield event


def _said(search: Search, answer: Hedged, outgoing: Outgoing, piece: str) -> Event:
    """A piece of the cloud's answer, or of the device's own instead."""
    if answer.is_own:
        return search.said_own(piece) if search.found.text else search.unchecked(piece)
    search.found.source = outgoing.endpoint
    search.draw(outgoing.label)
    if outgoing.earlier:
        search.narrow((outgoing.recipient,))
    return search.said(piece)


async def _made_safe(search: Search, chosen: Chosen) -> Outgoing:
    """What would leave, with what pictures show of people hidden before. Raises EdgewiseError."""
    pictures = search.message.pictures
    if pictures and chosen.reach.may_leave(chosen.question, chosen.routing.endpoint):
        await chosen.reach.make_safe(pictures, deadline_s=search.left_s)
    return outgoing_of(search, chosen)


async def _kept_or_held(
    search: Search, chosen: Chosen, failed: str
) -> tuple[Chosen, Chosen | None]:
    """With what the device has to say where it is to answer, and what is to be kept instead, also
    where it declines."""
    waiting = to_keep(chosen, failed)
    if waiting is None and chosen.held is None and search.has_own:
        chosen = replace(chosen, held=await search.held())
        waiting = to_keep(chosen, failed)
    return chosen, waiting


def _none(endpoint: str, said: CloudSaid) -> Words | None:
    """What is said where nobody has an answer, for a failure that more can be said of."""
    if _is_refused(said):
        return NO_WORDS_REFUSED.filled(cloud=endpoint)
    return NO_WORDS_STRANGE.filled(cloud=endpoint) if said.failed == WRONG_LANGUAGE else None


def _is_refused(said: CloudSaid) -> bool:
    """Whether the cloud refused the key or the model, and not just this request."""
    troubles = [attempt.failed for attempt in said.attempts]
    return said.failed == "cloud_refused" and troubles[-1:] == [REFUSED]


def outgoing_of(search: Search, chosen: Chosen) -> Outgoing:
    """What would leave. Raises EdgewiseError when it can not be made safe."""
    return outgoing_for(search, chosen.reach, chosen.question, chosen.routing.endpoint)


def outgoing_for(search: Search, reach: Reach, question: Question, endpoint: str) -> Outgoing:
    """The same for a question and a cloud before a way is chosen."""
    session = search.session
    return reach.outgoing(session.name, search.message, session.exchanges, question, endpoint)


SEAM = Words(
    "\n[The cloud broke off here; what follows is from this device.]\n",
    "\n【云端在此中断，以下由本机回答。】\n",
)
