"""What the platform's operator sees and does, apart from any organisation.

How each backend does: since when it rests, and what it said when it failed last, which may name
addresses of the inner network and sums over all organisations; so nobody else is told. And the
accounts: who they are, to shut one out and let it in again.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.accounts import disable_account, enable_account
from edgewise.cloud.answers import answer
from edgewise.cloud.backend import Cause
from edgewise.cloud.config import Config
from edgewise.cloud.console.doors import operate, query_of
from edgewise.cloud.operators import find_account, list_accounts
from edgewise.cloud.pool import Health
from edgewise.cloud.refusal import Refused
from edgewise.cloud.service import Cloud
from edgewise.core.clock import Clock


class BackendHealth(Struct, frozen=True):
    """A backend with all that is known of how it does; times are wall seconds, 0 for never.

    `state` is `ready`, `resting` until `rests_until`, or `trial`: the next request tries it.
    `answered` and `failed` count requests since the platform's start, `failed_checks` times that it
    did not list its models; `failures` are both, in a row. `cause` is why it failed last (`Cause`),
    `said` that in its words.
    """

    name: str
    embedded: bool
    residency: str
    address: str
    models: list[str]
    state: str
    rests_since: float
    rests_until: float
    said: str
    cause: Cause
    said_at: float
    failures: int
    answered: int
    failed: int
    failed_checks: int
    running: int


class Search(Struct, frozen=True, forbid_unknown_fields=True):
    """What the accounts listed have in their address or name, or the id of one."""

    text: str = ""


def routes() -> list[BaseRoute]:
    """Their places below /console/api."""
    account = "/platform/accounts/{account}"
    return [
        Route("/platform/backends", backends, methods=["GET"]),
        Route("/platform/accounts", accounts, methods=["GET"]),
        Route(f"{account}/disable", disable, methods=["POST"]),
        Route(f"{account}/enable", enable, methods=["POST"]),
    ]


async def backends(request: Request) -> Response:
    """How each backend does."""
    cloud: Cloud = request.app.state.cloud
    await operate(request, lambda _, account: account)
    shown = [_shown(health, cloud.config, cloud.clock) for health in cloud.pool.health.values()]
    return answer(request, {"backends": shown})


async def accounts(request: Request) -> Response:
    """The accounts, by address."""
    asked = query_of(request, Search)
    found = await operate(request, lambda c, _: list_accounts(c, asked.text.strip()))
    return answer(request, {"accounts": found})


async def disable(request: Request) -> Response:
    """Shut a person out, at once."""
    cloud: Cloud = request.app.state.cloud

    def do(connection: Connection, account: str) -> None:
        disable_account(connection, account, now_s=cloud.clock.now())

    return await _change(request, do)


async def enable(request: Request) -> Response:
    """Let a person in again."""
    return await _change(request, enable_account)


async def _change(request: Request, change: Callable[[Connection, str], None]) -> Response:
    """Change the account that the address names, which is not one's own."""
    named: str = request.path_params["account"]

    def do(connection: Connection, own: str) -> object:
        if named == own:
            said = "this is your own account; another operator shuts you out, or a command does"
            raise Refused(409, "own_account", said)
        change(connection, named)
        return find_account(connection, named)

    return answer(request, await operate(request, do, changes=True))


def _shown(health: Health, config: Config, clock: Clock) -> BackendHealth:
    backend = health.backend.config
    now, now_s = clock.monotonic(), clock.now()

    def wall_s(time: float) -> float:
        return round(now_s + time - now, 1) if time else 0.0

    state = "ready"
    if health.rests_until:
        state = "resting" if health.rests_until > now else "trial"
    elif health.doubt:
        state = "trial"
    return BackendHealth(
        backend.name,
        backend.embedded or bool(backend.step3),
        backend.residency,
        _address(backend.url),
        [model.name for model in config.model if backend.name in [r.backend for r in model.routes]],
        state,
        wall_s(health.rests_since) if health.rests_until else 0.0,
        wall_s(health.rests_until),
        health.said,
        health.cause,
        wall_s(health.said_at),
        health.failures,
        health.answered,
        health.failed,
        health.failed_checks,
        health.running,
    )


def _address(url: str) -> str:
    """The address without a name and password that may stand in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
