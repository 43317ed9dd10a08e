"""How long the sounds of a chat are, read in a thread: the event loop serves the others meanwhile.

To read a sound takes up to half a second of one core, before anybody knows whether the request is
admitted. So one request is read at a time, projects take turns, all sounds of a request share the
steps of one, and what waits here shares a bound on its bytes. It keeps nothing.
"""

import asyncio
from contextlib import suppress

from msgspec.structs import replace

from edgewise.cloud.body_room import BodyRoom
from edgewise.cloud.chat import Asked
from edgewise.cloud.media import sound_ms
from edgewise.cloud.refusal import Refused
from edgewise.cloud.sound import Steps
from edgewise.cloud.turns import Turns


class Hearing:
    """Reads the sounds of requests, in one event loop."""

    def __init__(self, room: BodyRoom | None = None) -> None:
        self._turns = Turns(1)
        self._room = room or BodyRoom()

    async def hear(self, asked: Asked, project: str) -> Asked:
        """The request with the length of its sound. Raises Refused: 400 for what is no sound, or
        too much; 429 or 503 when too much waits to be read."""
        size_bytes = sum(one.part.size_bytes for one in asked.media)
        self._room.take(project, size_bytes)
        try:
            async with self._turns.turn(project):
                return await _in_thread(asked)
        finally:
            self._room.give(project, size_bytes)


def heard(asked: Asked) -> Asked:
    """The request with the length of its sound. Raises Refused (400)."""
    steps = Steps()
    total_ms = sum(sound_ms(one.part, one.place, steps) for one in asked.media)
    return replace(asked, sound_ms=total_ms)


async def _in_thread(asked: Asked) -> Asked:
    """As `heard`. A thread can not be cancelled: it is waited for in any case, or many could run
    whose clients have left."""
    reading = asyncio.create_task(asyncio.to_thread(heard, asked))
    try:
        return await asyncio.shield(reading)
    except asyncio.CancelledError:
        with suppress(Refused):
            await reading
        raise
