"""Erases what the device keeps of its turns (rule P10): one turn with all that came of it, or all.

That is the trail (what was said, decided and sent, as far as it holds it), what waits for a network
with what its stand-ins stand for, the answers that came, and the talks that are kept in files. It
counts for a device that runs, too; `Erasing` has that forget what it holds in memory. Contacts,
messages and what the person asked to be remembered are data of the phone and are erased there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from fastapi import APIRouter
from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.agent.trail_erase import erase_turns, start_of
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.words import Words
from edgewise.device.document import route_document
from edgewise.device.late_answers import FILE as ANSWERS
from edgewise.device.later import Later
from edgewise.device.outbox import FILE as OUTBOX
from edgewise.device.runtime import Device
from edgewise.device.screen.profile import FOLDER, forget_profile
from edgewise.device.wire import Body, read_body, reply


class EraseBody(Body, frozen=True):
    """Which turn; empty: everything."""

    turn: str = ""


class Erased(Struct, frozen=True):
    """How many turns, how many questions that waited or had been answered, and how many kept talks
    went; `damaged` tells of a queue that could not be read, `profile` that the browser's cookies
    and log-ins went."""

    turns: int
    questions: int
    talks: int
    damaged: Words | None = None
    profile: bool = False


Erase = Callable[[str], Awaitable[Erased]]


def erase(folder: Path, turn: str = "", clock: Clock | None = None) -> Erased:
    """Erase `turn`, or everything, while no device runs here. Raises DeviceError where something is
    left; erase again then."""
    done = _erase_turns(folder, turn, clock or SystemClock())
    return done if turn else replace(done, profile=forget_profile(folder / FOLDER))


def _erase_turns(folder: Path, turn: str, clock: Clock) -> Erased:
    """What may hold the words of one goes whole, since nobody can tell: talks that are kept, and
    later questions that wait with earlier exchanges in them. Raises DeviceError."""
    trail = folder / "trail"
    began = start_of(trail, turn) if turn else None
    gone = erase_turns(trail, turn or None)
    damaged = None
    with _later(folder, clock) as later:
        questions = 0
        if later is not None and not turn:
            questions = later.erase()
        elif later is not None:
            keys = {turn, *gone, began.resumes if began is not None else ""}
            questions = sum(later.erase(key) for key in sorted(keys))
            if gone or questions:  # else there is no such turn
                holding = later.with_exchanges(began.at if began is not None else 0.0)
                questions += sum(later.erase(key) for key in sorted(holding - keys))
                later.box.drop_set_aside()  # nobody knows what it holds
        damaged = later.repaired if later is not None else None
    talks = [path for path in (folder / "sessions").glob("*.json") if gone or questions or not turn]
    for path in talks:
        path.unlink()
        path.with_suffix(".new").unlink(missing_ok=True)  # of a process killed while it wrote
    return Erased(len(gone), questions, len(talks), damaged)


def erase_of(device: Device, folder: Path) -> Erase:
    """The same for a device that runs: it forgets what it holds in memory as well, and its browser
    is ended before the profile goes; the next use starts it without one."""

    async def erased(turn: str) -> Erased:
        done = _erase_turns(folder, turn, device.agent.home.clock)
        if turn and not (done.turns or done.questions):
            return done  # there is no such turn: what is remembered is of others
        device.agent.forget()
        if device.reach is not None:
            device.reach.forget()
        if turn:
            return done
        async with device.screen.put_away() if device.screen is not None else nullcontext():
            return replace(done, profile=await asyncio.to_thread(forget_profile, folder / FOLDER))

    return erased


def erase_routes(erase: Erase) -> APIRouter:
    """The route by which a person erases; no program may use it."""
    routes = APIRouter()

    @routes.post(
        "/v1/agent/erase", **route_document("Erase a turn, or all of them", Erased, EraseBody)
    )
    async def erase_now(request: HttpRequest) -> Response:
        body = await read_body(request, EraseBody)
        return reply(await erase(body.turn))

    return routes


@contextmanager
def _later(folder: Path, clock: Clock) -> Generator[Later | None]:
    """The queue, where there is one."""
    if not ((folder / OUTBOX).exists() or (folder / ANSWERS).exists()):
        yield None
        return
    with closing(Later(folder, clock, 0.0)) as later:
        yield later
