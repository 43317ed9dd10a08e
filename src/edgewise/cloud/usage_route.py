"""`/v1/usage`: what a project used, for its keys of the scope `usage`; no device has that scope.

What was settled before it is asked is in it, unless the database takes no entries. It does not know
the organisation's other projects.
"""

import asyncio

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.doors import caller_of
from edgewise.cloud.ledger_table import UsageRow, daily_usage
from edgewise.cloud.refusal import bad_request
from edgewise.cloud.service import Cloud
from edgewise.cloud.usage_report import Format, days_of, exported, parts_of, sums_of


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """Days like 2026-11-29, UTC, both in it; `by` is day, key and model with commas between."""

    since: str = ""
    until: str = ""
    by: str = "day"
    key: str = ""
    format: Format = Format.CSV


def usage_routes() -> list[BaseRoute]:
    """The routes; the ledger is the application's."""
    return [
        Route("/v1/usage", usage, methods=["GET"]),
        Route("/v1/usage/export", export, methods=["GET"]),
    ]


async def usage(request: Request) -> Response:
    """Sums of a range of days."""
    cloud, caller, asked, days = _asked(request)
    by = parts_of(asked.by)

    def find() -> list[UsageRow]:
        with cloud.database.read() as connection:
            return daily_usage(
                connection, caller.organisation, *days, project=caller.project, key=asked.key
            )

    await cloud.ledger.flush()
    rows = await asyncio.to_thread(find)
    return answer(request, sums_of(rows, by, days, cloud.config.currency))


async def export(request: Request) -> Response:
    """The ledger of a range of days, as CSV or JSON lines."""
    cloud, caller, asked, days = _asked(request)
    await cloud.ledger.flush()
    return exported(
        cloud.database,
        caller.organisation,
        days,
        asked.format,
        project=caller.project,
        key=asked.key,
    )


def _asked(request: Request) -> tuple[Cloud, Caller, Wanted, tuple[str, str]]:
    """Raises Refused: 401, 403 for another scope, 400 for a query that does not hold."""
    cloud: Cloud = request.app.state.cloud
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.USAGE)
    try:
        asked = msgspec.convert(dict(request.query_params), Wanted, strict=False)
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$")
        raise bad_request(said, path.strip("`.") or None) from error
    return cloud, caller, asked, days_of(asked.since, asked.until, cloud.clock.now())
