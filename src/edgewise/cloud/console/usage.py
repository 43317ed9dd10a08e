"""What an organisation used: sums for a range of days, and the ledger itself as CSV or JSON lines.

Both are read after what is settled was brought into the database, so all that has ended is in.
"""

from msgspec import Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.console.doors import Member, query_of, read
from edgewise.cloud.ledger_table import UsageRow, daily_usage
from edgewise.cloud.service import Cloud
from edgewise.cloud.usage_report import Format, days_of, exported, parts_of, sums_of


class Range(Struct, frozen=True, forbid_unknown_fields=True):
    """Days like 2026-11-29, UTC, both in it; `by` is words of `By` with commas between."""

    since: str = ""
    until: str = ""
    by: str = "day"
    project: str = ""
    key: str = ""
    format: Format = Format.CSV


def routes() -> list[BaseRoute]:
    """Their places below /console/api."""
    place = "/organisations/{organisation}/usage"
    return [
        Route(place, sums, methods=["GET"]),
        Route(f"{place}/export", export, methods=["GET"]),
    ]


async def sums(request: Request) -> Response:
    """Sums of a range of days."""
    cloud: Cloud = request.app.state.cloud
    asked = query_of(request, Range)
    days = days_of(asked.since, asked.until, cloud.clock.now())
    by = parts_of(asked.by)
    await read(request, lambda _, member: member)  # nobody else makes the platform write
    await cloud.ledger.flush()

    def find(connection: Connection, member: Member) -> list[UsageRow]:
        return daily_usage(
            connection, member.organisation, *days, project=asked.project, key=asked.key
        )

    return answer(request, sums_of(await read(request, find), by, days, cloud.config.currency))


async def export(request: Request) -> Response:
    """The ledger of a range of days."""
    cloud: Cloud = request.app.state.cloud
    asked = query_of(request, Range)
    days = days_of(asked.since, asked.until, cloud.clock.now())
    member = await read(request, lambda _, member: member)
    await cloud.ledger.flush()
    return exported(
        cloud.database,
        member.organisation,
        days,
        asked.format,
        project=asked.project,
        key=asked.key,
    )
