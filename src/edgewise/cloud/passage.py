"""A metered request whose answer goes to the client as it comes, byte for byte: sound, or its text.

What it uses is known before it is sent, so that is reserved, and billed once a backend began to
answer. The client that leaves ends the upstream too. An answer that breaks off on the way can only
be cut: the status is with the client already. It does not know what the bytes are.
"""

import asyncio
import re
from collections.abc import Callable

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from edgewise.cloud.answers import common_headers
from edgewise.cloud.backend import Away, Backend, Line, Reply
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.config import ModelConfig, Route
from edgewise.cloud.doors import Left, header, send_refusal, while_client_stays
from edgewise.cloud.exchange import Admission
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.leaving import answer_of
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.pool import Health
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import NOTHING, Usage
from edgewise.errors import LinkError

_KIND = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(;[ -~]*)?")


class Wanted(Struct, frozen=True):
    """What goes upstream, made for the name that a backend has of the model, and what it uses."""

    path: str
    body: Callable[[str], bytes]
    content_type: str
    usage: Usage


class Passage(Response):
    """The reply to an admitted request, whose backend has begun to answer; it settles it."""

    def __init__(
        self,
        request: Request,
        gateway: Gateway,
        admission: Admission,
        usage: Usage,
        answered: tuple[Reply, Health],
    ) -> None:
        self._gateway = gateway
        self._admission = admission
        self._usage = usage
        self._reply, self._health = answered
        self.status_code = 200
        self.background = None
        kind = self._reply.content_type
        headers = {
            "Content-Type": kind if _KIND.fullmatch(kind) else "application/octet-stream",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **common_headers(request),
            **admission.place.headers,
            "x-request-id": admission.flight.facts.id,
        }
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends what comes until it ends, breaks off, or the client leaves."""
        outcome, detail = Outcome.DISCONNECTED, ""
        task = asyncio.current_task()
        assert task is not None
        flight = self._admission.flight
        flight.stop = task.cancel
        try:
            with while_client_stays(scope, receive):
                if flight.ended_by is not None:  # before there was anything to stop
                    await send_refusal(send, flight.ended_by, [])
                else:
                    await self._send_all(send)
        except LinkError:
            outcome, detail = Outcome.FAILED, "upstream_broken"  # the server cuts the reply
        except asyncio.CancelledError:  # as it does when the key is revoked on the way
            if flight.ended_by is None or task.uncancel() > 0:
                raise
        except Left:
            pass
        finally:
            self._settle(outcome, detail)
            await self._reply.close()

    async def _send_all(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        while data := await self._reply.read():
            await send({"type": "http.response.body", "body": data, "more_body": True})
        self._settle(Outcome.DONE, "")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _settle(self, outcome: Outcome, detail: str) -> None:
        if not self._admission.flight.settled:
            self._gateway.pool.leave(self._health)
            cut = outcome is Outcome.FAILED
            self._admission.settle(outcome, self._usage, estimated=cut, detail=detail)


async def pass_through(
    request: Request, caller: Caller, endpoint: Endpoint, model: ModelConfig, wanted: Wanted
) -> Passage:
    """Admit a request and ask for its answer; the passage must be sent. Raises Refused, Left."""
    gateway: Gateway = request.app.state.cloud.gateway
    trace = header(request.scope, b"traceparent")
    with while_client_stays(request.scope, request.receive):
        admission = await gateway.admit(
            caller, endpoint, model, wanted.usage, 0, stream=False, trace=trace
        )
        line = Line()

        async def used(answered: tuple[Reply, Health] | None) -> tuple[Usage, bool]:
            """It is billed if it began; one that a backend was at work on is, as an estimate."""
            if answered is None:
                return (wanted.usage, True) if line.is_open else (NOTHING, False)
            gateway.pool.leave(answered[1])
            await answered[0].close()
            return wanted.usage, False

        answered = await answer_of(admission, line, _ask(gateway, admission, wanted, line), used)
        admission.note(wanted.usage)
        passage = Passage(request, gateway, admission, wanted.usage, answered)
    return passage


async def _ask(
    gateway: Gateway, admission: Admission, wanted: Wanted, line: Line
) -> tuple[Reply, Health]:
    """A backend's answer, which has begun, and whose it is. Raises Refused."""

    async def post(backend: Backend, route: Route) -> Reply:
        name = route.model or admission.model.name
        gateway.ledger.move(admission.flight, route.backend, name)
        id, body = admission.flight.facts.id, wanted.body(name)
        try:
            return await backend.post(wanted.path, body, id, line, wanted.content_type)
        except Away as away:
            if line.is_left:  # no fault of the backend's, and no other is asked
                raise Refused(499, "client_left", "the client left") from away
            raise

    model = admission.model
    return await gateway.pool.ask(model, model.routes, post, admission.caller.project)
