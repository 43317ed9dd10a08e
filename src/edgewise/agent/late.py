"""What comes of a question after its turn: a turn of its own, which names the one it resumes.

`ask_late` sends what was kept and holds the answer until it is whole; `tell_late` only says
something. Whether anything may leave at that moment is decided before (`device/later.py`).
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from edgewise.agent.cloud_events import came, left
from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.reach import CloudSaid, Outgoing, Reach
from edgewise.core.event import (
    Answered,
    Event,
    Manner,
    Perceived,
    Stopped,
    TextDelta,
    TurnStarted,
)
from edgewise.core.message import Message
from edgewise.core.words import Language, Words

DEADLINE_S = 60.0
"""How long such an answer may take; nobody waits for it."""


class Late(Struct, frozen=True):
    """A question that waited: the turn and session in which it was asked, and when (wall seconds);
    what leaves for it now. `key` is its idempotency key."""

    key: str
    turn: str
    session: str
    message: Message
    asked_at: float
    outgoing: Outgoing


async def ask_late(
    late: Late, home: Home, reach: Reach, mark: Marker
) -> AsyncGenerator[Event, None]:
    """The events of asking it now; the last is an `Answered`, or a `Stopped` with the failure's
    code."""
    outgoing = late.outgoing
    yield _started(late.session, late.turn, late.message, home, mark)
    yield mark(Perceived, message=late.message, took_ms=mark.lap_ms())
    yield left(mark, outgoing)
    ended: list[CloudSaid] = []
    sending = reach.send(outgoing, turn=late.key, deadline_s=DEADLINE_S, note=ended.append)
    async with aclosing(sending) as pieces:
        text = "".join([piece async for piece in pieces])
    said = ended[-1] if ended else CloudSaid(failed="cloud_broken")
    said = replace(said, failed=said.failed or ("" if text else "cloud_broken"))
    yield came(mark, outgoing.endpoint, said)
    if said.failed:
        yield _stopped(said.failed, late.message.language, mark)
        return
    words = answer_of(late.asked_at, text, home.clock.now())
    for event in _told(words, text, late.message.language, outgoing.endpoint, mark):
        yield event


def tell_late(
    session: str, turn: str, message: Message, words: Words, source: str, home: Home, mark: Marker
) -> Iterator[Event]:
    """The events of telling what came of a question earlier; `source` is the cloud whose words
    they hold, if they do."""
    yield _started(session, turn, message, home, mark)
    yield mark(Perceived, message=message, took_ms=mark.lap_ms())
    said = words.said_in(message.language)
    yield from _told(words, said, message.language, source, mark)


def answer_of(asked_at: float, answer: str, now: float) -> Words:
    """An answer with the time of its question."""
    return _ANSWER.filled(at=moment(asked_at, now), answer=answer)


def moment(wall: float, now: float) -> str:
    """That time as a person reads it now."""
    at, today = datetime.fromtimestamp(wall), datetime.fromtimestamp(now).date()
    return at.strftime("%H:%M" if at.date() == today else "%Y-%m-%d %H:%M")


def _started(session: str, turn: str, message: Message, home: Home, mark: Marker) -> TurnStarted:
    return mark(
        TurnStarted,
        session=session,
        speaker=message.speaker,
        policy_hash=home.policy.hash,
        catalogue_hash=home.catalogue.hash,
        resumes=turn,
        own_car=home.own_car,
        model_hash=home.mind.model_hash,
    )


def _told(
    words: Words, written: str, language: Language, source: str, mark: Marker
) -> Iterator[Event]:
    """What was written, and its end with the words that tell it."""
    yield mark(TextDelta, text=written)
    yield mark(
        Answered,
        text=words.said_in(language),
        language=language,
        changed={},
        took_ms=mark.total_ms(),
        manner=Manner.LATER,
        source=source,
    )


def _stopped(code: str, language: Language, mark: Marker) -> Stopped:
    return mark(
        Stopped,
        code=code,
        words=_STILL_AWAY,
        text=_STILL_AWAY.said_in(language),
        changed={},
        took_ms=mark.total_ms(),
    )


_ANSWER = Words("To your question of {at}: {answer}", "关于您 {at} 的提问：{answer}")
_STILL_AWAY = Words(
    "A question that waits was asked and got no answer.", "已发出等待中的问题，但没有得到答复。"
)
