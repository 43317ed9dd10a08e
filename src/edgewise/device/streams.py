"""What the device API streams besides turns: the notice board, and the state as it changes."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

import msgspec

from edgewise.act.driver import Drivers
from edgewise.core.event import End, TurnStarted
from edgewise.core.signal import JsonValue
from edgewise.device.callers import Caller, may_read
from edgewise.device.sse import frame_of, latest_changes
from edgewise.hosting.board import Board
from edgewise.web.frame import frame

STATE_EVERY_S = 0.05


async def board_frames(board: Board, caller: Caller) -> AsyncGenerator[bytes, None]:
    """What is posted and the caller may read: whole turns, from their start on for a program."""
    yield frame(b"{}", event="listening")
    own: set[str] = set()
    async with aclosing(board.read()) as events:
        async for event in events:
            if event is None:
                yield frame(b"{}", event="missed")
                continue
            if isinstance(event, TurnStarted) and may_read(caller, event.session):
                own.add(event.turn)
            if event.turn in own or caller is not Caller.PROGRAM:
                yield frame_of(event)
            if isinstance(event, End):
                own.discard(event.turn)


async def state_frames(drivers: Drivers, prefixes: Sequence[str]) -> AsyncGenerator[bytes, None]:
    """`state_changes` as frames, the newest values at a limited rate."""
    number = 0
    changes = latest_changes(state_changes(drivers, prefixes), at_most_every_s=STATE_EVERY_S)
    async with aclosing(changes):
        async for change in changes:
            number += 1
            yield frame(msgspec.json.encode(change), event="state", id=str(number))


async def state_changes(
    drivers: Drivers, prefixes: Sequence[str]
) -> AsyncIterator[dict[str, JsonValue]]:
    """Value of every target below `prefixes`, then of each that changed; null for one that is gone.

    A store tells a change by all that it holds then, so what it no longer names was deleted.
    """
    held: dict[str, set[str]] = {}
    async for change in drivers.watch(prefixes):
        values = {target: reading.value for target, reading in change.items()}
        for prefix in {target.partition(".")[0] for target in values} - {"Vehicle"}:
            now = set(await drivers.read((prefix,)))
            values |= dict.fromkeys(held.get(prefix, set()) - now)
            held[prefix] = now
        yield values
