"""Requests as they run and end, as server-sent events, and the newest traces.

A stream looks at the ledger twice a second and sends what changed; every few seconds it looks
whether its session still holds and its account is still a member, and ends when not, as it does
when the platform ends. It shows ids, models and counts of tokens; nothing that was said is in
memory here.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress

import msgspec
from msgspec import Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.console.doors import Member, read
from edgewise.cloud.ledger import Entry, Flight
from edgewise.cloud.projects import list_projects
from edgewise.cloud.refusal import Refused
from edgewise.cloud.service import Cloud
from edgewise.cloud.telemetry import Trace
from edgewise.errors import EdgewiseError, LinkError
from edgewise.web.frame import EVENT_STREAM_HEADERS, KEEP_ALIVE, frame

LOOK_S = 0.5
CHECK_LOOKS = 4
KEEP_ALIVE_LOOKS = 30
MOST_STREAMS = 16
SHOWN = 200


class Running(Struct, frozen=True):
    """A request on its way."""

    id: str
    started: float
    project: str
    key: str
    device: str
    endpoint: str
    model: str
    input_tokens: int
    output_tokens: int


class Ended(Struct, frozen=True):
    """A request that was settled. `backend` is the one asked last, `detail` the code of why it did
    not go well."""

    id: str
    at: float
    project: str
    key: str
    device: str
    endpoint: str
    model: str
    backend: str
    outcome: str
    detail: str
    input_tokens: int
    output_tokens: int
    cost_nano: int
    took_ms: float


class Requests(Struct, frozen=True):
    """What runs now, and what ended since the last event, oldest first."""

    running: list[Running]
    ended: list[Ended]


class Live:
    """The streams that are open, by account."""

    def __init__(self, look_s: float = LOOK_S) -> None:
        self._look_s = look_s
        self._open: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """Their places below /console/api."""
        place = "/organisations/{organisation}"
        return [
            Route(f"{place}/requests", self.requests, methods=["GET"]),
            Route(f"{place}/traces", traces, methods=["GET"]),
        ]

    async def requests(self, request: Request) -> Response:
        """A stream of `Requests`, without end."""
        member = await read(request, lambda _, member: member)
        if self._open[member.account] >= MOST_STREAMS:
            said = f"{MOST_STREAMS} pages of yours watch already; close one"
            raise Refused(429, "too_many_streams", said)
        headers = {name.decode(): value.decode() for name, value in EVENT_STREAM_HEADERS}
        return StreamingResponse(self._follow(request, member), headers=headers)

    async def _follow(self, request: Request, member: Member) -> AsyncGenerator[bytes, None]:
        cloud: Cloud = request.app.state.cloud
        self._open[member.account] += 1
        newest = ""
        shown: list[Running] | None = None

        def news() -> bytes | None:
            nonlocal newest, shown
            ended = _since(newest, cloud.ledger.recent, member.organisation)
            newest = cloud.ledger.recent[-1].facts.id if cloud.ledger.recent else newest
            running = _running(cloud.ledger.running.values(), member.organisation)
            if running == shown and not ended:
                return None
            shown = running
            return frame(msgspec.json.encode(Requests(running, ended)), event="requests")

        try:
            async for part in followed(request, news, self._look_s):
                yield part
        finally:
            self._open[member.account] -= 1


async def followed(
    request: Request, news: Callable[[], bytes | None], look_s: float = LOOK_S
) -> AsyncGenerator[bytes, None]:
    """A stream of what `news` gives at each look, None for nothing new, until its session is over
    or the platform ends."""
    cloud: Cloud = request.app.state.cloud
    looks = 0
    while looks % CHECK_LOOKS or await _still(request):
        if (found := news()) is not None:
            yield found
        elif looks % KEEP_ALIVE_LOOKS == 0:
            yield KEEP_ALIVE
        looks += 1
        with suppress(TimeoutError):
            await asyncio.wait_for(cloud.ending.wait(), look_s)
            return


async def traces(request: Request) -> Response:
    """The newest spans of the organisation's projects, newest first."""
    cloud: Cloud = request.app.state.cloud

    def find(connection: Connection, member: Member) -> frozenset[str]:
        held = list_projects(connection, member.organisation, archived=True)
        return frozenset(project.id for project in held)

    projects = await read(request, find)
    return answer(request, {"traces": _of_projects(cloud.telemetry.traces(), projects)})


def _of_projects(spans: Iterable[Trace], projects: frozenset[str]) -> list[Trace]:
    return [span for span in spans if span.attributes.get("edgewise.project.id") in projects]


async def _still(request: Request) -> bool:
    """Whether who watches still may; a database that is away is no reason to end."""
    try:
        await read(request, lambda _, member: member)
    except LinkError:
        return True
    except (Refused, EdgewiseError):
        return False
    return True


def _since(newest: str, recent: Iterable[Entry], organisation: str) -> list[Ended]:
    """What ended after the entry `newest`, oldest first; all that is kept when it is not there."""
    found: list[Ended] = []
    for entry in reversed(list(recent)):
        if entry.facts.id == newest or len(found) == SHOWN:
            break
        if entry.facts.organisation == organisation:
            found.append(_ended(entry))
    return found[::-1]


def _running(flights: Iterable[Flight], organisation: str) -> list[Running]:
    ours = [flight for flight in flights if flight.facts.organisation == organisation]
    return [
        Running(
            flight.facts.id,
            flight.facts.started,
            flight.facts.project,
            flight.facts.key,
            flight.facts.device,
            flight.facts.endpoint,
            flight.facts.model,
            flight.usage.input_tokens,
            flight.usage.output_tokens,
        )
        for flight in ours[-SHOWN:]
    ]


def _ended(entry: Entry) -> Ended:
    facts, usage = entry.facts, entry.usage
    return Ended(
        facts.id,
        entry.at,
        facts.project,
        facts.key,
        facts.device,
        facts.endpoint,
        facts.model,
        facts.backend,
        entry.outcome.value,
        entry.detail,
        usage.input_tokens,
        usage.output_tokens,
        entry.cost_nano,
        entry.took_ms,
    )
