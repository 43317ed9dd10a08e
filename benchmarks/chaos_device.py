"""A whole device as a process that a benchmark talks to by lines, and can kill.

    python -m benchmarks.chaos_device FOLDER

It is the runtime that `edgewise run` starts, over FOLDER. Its language model is a quick stand-in
that writes as fast as it is told (thousands of turns of the real one would take hours on two
cores), and says again what it was told, earlier talk too: what its prompt holds and must not leave
would be seen leaving with its answer. One JSON object a line: asked are `Asked`, told `Told`, each
turn's end in whatever order they come.
"""

import asyncio
import logging
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.core.event import Answered, CallStarted, Came, Event
from edgewise.core.label import Label, Residency
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.core.words import Language
from edgewise.device.reach import Own
from edgewise.device.runtime import Device, start_device
from edgewise.think.chat import ChatPrompt, Note, Said, unnoted
from edgewise.think.think import Thinking
from edgewise.think.understand import load_understander

PIECES = 20
MOST_CHARACTERS = 1_200
PIECE_S = 0.005
"""0.1 s an answer: faster than a model on two cores, so that turns and not tokens are measured."""
LINE_BYTES = 1 << 20


class Asked(Struct, frozen=True):
    """A turn. `stays`: what is said may never leave the device."""

    id: int
    text: str
    session: str
    deadline_s: float
    stays: bool = False


class Told(Struct, frozen=True):
    """What a turn came to. `failed` and `statuses` are of the cloud's attempts; `doubled` counts
    calls that were started more than once."""

    id: int
    ended: str
    text: str = ""
    source: str = ""
    unverified: bool = False
    hedged: bool = False
    seam: bool = False
    failed: str = ""
    statuses: tuple[int, ...] = ()
    doubled: int = 0
    took_s: float = 0.0


class QuickModel:
    """A `ChatModel` that tells everybody what they said, at a steady pace."""

    name = "quick"
    languages = (Language.ENGLISH,)

    async def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
    ) -> AsyncGenerator[str]:
        """What it was told; as much as fits in the time, as the installed model does it."""
        began = time.monotonic()
        told = "; ".join(f"{turn.role} said: {turn.text}" for turn in prompt.turns)
        told = told[:MOST_CHARACTERS].ljust(PIECES, ".")
        size = -(-len(told) // PIECES)
        words: list[str] = []
        for start in range(0, len(told), size):
            await asyncio.sleep(PIECE_S)
            is_late = time.monotonic() - began > deadline_s
            words.append("…" if is_late else told[start : start + size])
            yield words[-1]
            if is_late:
                break
        note(Said("".join(words), took_s=time.monotonic() - began))

    async def close(self) -> None:
        """There is nothing to end."""


async def serve(folder: Path) -> None:
    """Answer lines until standard input ends."""
    device = await start_device(folder, pace=1000.0)
    _give_quick_model(device)
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _tell(Told(0, "ready"))
    async with asyncio.TaskGroup() as group:
        while line := await reader.readline():
            group.create_task(_turn(device, msgspec.json.decode(line, type=Asked)))
    await device.close()


def _give_quick_model(device: Device) -> None:
    home = device.agent.home
    capabilities = home.catalogue.capabilities
    mind = Thinking(load_understander(capabilities), QuickModel(), "", capabilities)
    device.agent.home = replace(home, mind=mind)
    assert device.reach is not None
    device.reach.own = Own(mind.chat_name, tuple(mind.chat_languages))


async def _turn(device: Device, asked: Asked) -> None:
    label = Label(residency=Residency.DEVICE) if asked.stays else Label()
    request = Request((TextPart(asked.text, label),), asked.session, deadline_s=asked.deadline_s)
    began = time.monotonic()
    events = [event async for event in device.agent.run(request)]
    _tell(_told(asked.id, events, time.monotonic() - began))


def _told(number: int, events: Sequence[Event], took_s: float) -> Told:
    came = next((event for event in events if isinstance(event, Came)), None)
    started = [event.call for event in events if isinstance(event, CallStarted)]
    end = events[-1]
    answered = end if isinstance(end, Answered) else None
    return Told(
        number,
        "answered" if answered else f"{type(end).__name__} {_code_of(end)}",
        answered.text if answered else "",
        answered.source if answered else "",
        answered.unverified if answered else False,
        came.hedged if came else False,
        came.seam if came else False,
        came.failed if came else "",
        tuple(attempt.status for attempt in came.attempts) if came else (),
        len(started) - len(set(started)),
        took_s,
    )


def _code_of(end: Event) -> str:
    return str(getattr(end, "code", ""))


def _tell(told: Told) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(serve(Path(sys.argv[1])))
