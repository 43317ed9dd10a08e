"""A model in a cloud, asked over the chat completions API of OpenAI.

    async with model.ask([ChatTurn(Role.USER, text)], deadline_s=20.0, request_id=id) as answer:
        async for piece in answer:
            match piece:
                case CloudText(text): ...          # show it
                case CloudCall(id, name, arguments): ...  # whole, and given once
                case CloudDone(finish, spent): ...
                case CloudCut(received, calls, code, spent): ...  # go on on the device, mark a seam
    for attempt in answer.attempts: ...            # for the trail, also after an error

It knows neither routing nor what may be sent: what it is handed leaves the device as it is.
Source: reference note on routing, section 5. Needs `httpx` (extra `device`).
"""

import asyncio
import math
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from edgewise.core.clock import Clock, SystemClock
from edgewise.core.endpoint import Endpoint, Health
from edgewise.errors import LinkError, UserError
from edgewise.think.breaker import Breaker, Standing
from edgewise.think.cloud_answer import LEAST_ANSWERS, CloudAnswer, CloudLimits, Reach
from edgewise.think.cloud_line import CloudLine, Failed
from edgewise.think.cloud_wire import CloudTool, CloudTurn, body_of
from edgewise.think.latency import Latency
from edgewise.think.retry_budget import RetryBudget

if TYPE_CHECKING:
    import httpx

STOP_S = 2.0
MOST_CONNECTIONS = 8
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PRINTABLE = re.compile(r"[!-~]*")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class CloudModel:
    """One endpoint's model; make and use it in one event loop, and `close` it. `breaker` and
    `budget` may be shared with others. Raises UserError for an address that would send what is
    asked in the clear, and for a key that no header can hold (which is not told)."""

    def __init__(
        self,
        endpoint: Endpoint,
        key: str = "",
        *,
        clock: Clock | None = None,
        limits: CloudLimits | None = None,
        breaker: Breaker | None = None,
        budget: RetryBudget | None = None,
        jitter: Callable[[], float] = random.random,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._address = _checked(endpoint.address)
        if not _PRINTABLE.fullmatch(key):
            remedy = f"; set {endpoint.key_env} anew" if endpoint.key_env else ""
            raise UserError(
                f"the key of {endpoint.name} holds blanks or characters that no key has{remedy}",
                code="bad_config",
            )
        self._key = key
        self._client: httpx.AsyncClient | None = None
        self._stopping: set[asyncio.Task[None]] = set()
        self._is_closed = False
        clock = clock or SystemClock()
        self._reach = Reach(
            endpoint,
            clock,
            limits or CloudLimits(),
            breaker or Breaker(clock),
            budget or RetryBudget(clock),
            *(Latency(clock), Latency(clock), Latency(clock)),
            jitter,
            pause,
            self._open_client,
            self._stop_later,
        )

    @property
    def name(self) -> str:
        """The endpoint's."""
        return self._reach.endpoint.name

    @property
    def endpoint(self) -> Endpoint:
        """What it asks."""
        return self._reach.endpoint

    def has_key(self, key: str) -> bool:
        """Whether it asks with that key."""
        return self._key == key

    @property
    def health(self) -> Health:
        """How the endpoint does, from what was asked of it lately."""
        reach = self._reach
        reason = self.standing.reason
        return Health(
            reach.endpoint.name,
            open=not reach.breaker.lets_through(reach.key),
            round_trip_s=reach.round_trips.quantile(0.5),
            p50_s=reach.whole.quantile(0.5),
            p95_s=reach.whole.quantile(0.95),
            begins_p95_s=self.begins_p95_s,
            why=reason.value if reason is not None else "",
        )

    @property
    def standing(self) -> Standing:
        """How its circuit stands, and why."""
        return self._reach.breaker.standing(self._reach.key)

    @property
    def begins_p95_s(self) -> float:
        """Within what time nearly all its answers began lately, 0 when they were too few to tell;
        a hedge is due then (`hedge.py`)."""
        begins = self._reach.begins
        return begins.quantile(0.95) if begins.count >= LEAST_ANSWERS else 0.0

    def ask(
        self,
        turns: Sequence[CloudTurn],
        *,
        system: str = "",
        tools: Sequence[CloudTool] = (),
        deadline_s: float,
        max_tokens: int = 512,
        request_id: str,
        may_send: Callable[[], bool] = lambda: True,
    ) -> CloudAnswer:
        """An answer, not yet begun: the time of `deadline_s` runs from now on, the first byte is
        sent when its first piece is asked for.

        `request_id` names the turn to the cloud and is its idempotency key; it tells nobody's name.
        `may_send` is asked before each attempt.
        Raises UserError for what can be asked of no cloud.
        """
        if not (math.isfinite(deadline_s) and deadline_s > 0):
            raise UserError(f"deadline_s is {deadline_s}; give a time above 0 s")
        if max_tokens < 1:
            raise UserError(f"max_tokens is {max_tokens}; give at least 1")
        if not turns:
            raise UserError("there is nothing to ask; give at least one line")
        if not _REQUEST_ID.fullmatch(request_id):
            raise UserError("request_id is not 1 to 64 letters, digits and . _ -; give another one")
        until = self._reach.clock.monotonic() + deadline_s
        body = body_of(self.endpoint, system, turns, tools, max_tokens)
        return CloudAnswer(self._reach, body, until, request_id, may_send)

    async def close(self) -> None:
        """End all connections; what is asked later is refused."""
        self._is_closed = True
        if self._stopping:
            await asyncio.wait(list(self._stopping))
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _open_client(self) -> "httpx.AsyncClient":
        if self._is_closed:
            raise LinkError(f"{self.name} was closed; start the device again", code="cloud_away")
        if self._client is None:
            self._client = self._new_client()
        return self._client

    def _new_client(self) -> "httpx.AsyncClient":
        try:
            import httpx
        except ModuleNotFoundError as error:
            raise LinkError(
                "asking a cloud needs the extra `device`: pip install 'edgewise[device]'",
                code="cloud_away",
            ) from error
        limits = self._reach.limits
        timeout = httpx.Timeout(limits.read_s, connect=limits.connect_s, pool=limits.pool_s)
        headers = {"accept": "text/event-stream", "accept-encoding": "identity"}
        headers |= {"user-agent": "edgewise"}
        headers |= {"authorization": f"Bearer {self._key}"} if self._key else {}
        return httpx.AsyncClient(
            base_url=self._address,
            headers=headers,
            timeout=timeout,
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=60.0),
            # a cloud may not mark this device by cookies, nor send what is asked elsewhere
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=not _is_near(self._address),
        )

    def _stop_later(self, stream: str) -> None:
        """Have the platform end a stream that nobody reads any more; without, it would write and
        bill on for a while."""
        if self._client is not None and not self._is_closed:
            task = asyncio.create_task(self._stop(self._client, stream))
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _stop(self, client: "httpx.AsyncClient", stream: str) -> None:
        until = self._reach.clock.monotonic() + STOP_S
        request = client.build_request("DELETE", f"streams/{stream}")
        with suppress(Failed):
            await CloudLine(client, request, self._reach.clock, until).status_alone()


def _checked(address: str) -> str:
    """With a slash at its end. Raises UserError; a name or password in it is not told."""
    try:
        parts = urlsplit(address)
        host, has_port = parts.hostname, parts.port is None or parts.port > 0
    except ValueError:
        raise UserError("a cloud's address is no URL; give https://HOST/v1") from None
    plain = parts.scheme == "http" and host in _LOOPBACK
    if not host or not has_port or (parts.scheme != "https" and not plain):
        raise UserError(
            f"the cloud at {host or 'no host'} has no https address; http is for loopback only",
            code="bad_address",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UserError(
            f"the address of the cloud at {host} holds more than a host and a path; give its key"
            " by key_env",
            code="bad_address",
        )
    return address.rstrip("/") + "/"


def _is_near(address: str) -> bool:
    return urlsplit(address).hostname in _LOOPBACK
