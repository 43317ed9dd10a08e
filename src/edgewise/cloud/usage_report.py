"""Reports of what was used: sums of a range of days, and the ledger itself as CSV or JSON lines.

The console gives them to an organisation's members, `/v1/usage` to a project's keys. It does not
know who may read them.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from starlette.responses import Response, StreamingResponse

from edgewise.cloud.database import Database
from edgewise.cloud.ledger_table import UsageRow, as_csv, as_json_lines, entries_of
from edgewise.cloud.refusal import bad_request
from edgewise.cloud.usage import NOTHING, Usage

LONGEST_DAYS = 400
DEFAULT_DAYS = 30


class By(StrEnum):
    """What sums can be told apart by."""

    DAY = "day"
    PROJECT = "project"
    KEY = "key"
    MODEL = "model"


class Format(StrEnum):
    """How the ledger is written."""

    CSV = "csv"
    JSON = "json"


class Sum(Struct, frozen=True):
    """What was used, of the parts that were asked to be told apart; the others are empty."""

    day: str
    project: str
    key: str
    model: str
    requests: int
    usage: Usage
    cost_nano: int


class Sums(Struct, frozen=True):
    """Sums of a range of days, and all of it together."""

    since: str
    until: str
    currency: str
    rows: list[Sum]
    total: Sum


def sums_of(rows: list[UsageRow], by: frozenset[By], days: tuple[str, str], currency: str) -> Sums:
    """The rows' sums, told apart by `by`, and all of it together."""
    total = added(rows, frozenset())
    nothing = Sum("", "", "", "", 0, NOTHING, 0)
    return Sums(*days, currency, added(rows, by), total[0] if total else nothing)


def exported(
    database: Database,
    organisation: str,
    days: tuple[str, str],
    kind: Format,
    *,
    project: str = "",
    key: str = "",
) -> Response:
    """The ledger of a range of days, oldest first, a page at a time."""
    pages = entries_of(database, organisation, *days, project=project, key=key)
    as_csv_wanted = kind is Format.CSV
    end = "csv" if as_csv_wanted else "jsonl"
    return StreamingResponse(
        as_csv(pages) if as_csv_wanted else as_json_lines(pages),
        media_type="text/csv; charset=utf-8" if as_csv_wanted else "application/jsonl",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="usage-{days[0]}-{days[1]}.{end}"',
        },
    )


def days_of(since: str, until: str, now_s: float) -> tuple[str, str]:
    """The first and last day; the last thirty when none is named. Raises Refused (400)."""
    today = datetime.fromtimestamp(now_s, UTC).date()
    last = _day("until", until) if until else today
    first = _day("since", since) if since else last - timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        raise bad_request(f"the range begins on {first}, after its end on {last}", "since")
    if (last - first).days >= LONGEST_DAYS:
        raise bad_request(f"the range is longer than {LONGEST_DAYS} days; ask for less", "since")
    return first.isoformat(), last.isoformat()


def parts_of(by: str) -> frozenset[By]:
    """What is told apart. Raises Refused (400)."""
    try:
        return frozenset(By(word) for word in by.split(",") if word)
    except ValueError as error:
        said = f"'by' is {by[:80]!r}; it takes day, project, key and model with commas between"
        raise bad_request(said, "by") from error


def added(rows: Iterable[UsageRow], by: frozenset[By]) -> list[Sum]:
    """The rows with those of the same parts added up, in the order of the parts."""
    found: dict[tuple[str, str, str, str], Sum] = {}
    for row in rows:
        place = (
            row.day if By.DAY in by else "",
            row.project if By.PROJECT in by else "",
            row.key if By.KEY in by else "",
            row.model if By.MODEL in by else "",
        )
        before = found.get(place, Sum(*place, 0, NOTHING, 0))
        found[place] = Sum(
            *place,
            before.requests + row.requests,
            before.usage.plus(row.usage),
            before.cost_nano + row.cost_nano,
        )
    return [found[place] for place in sorted(found)]


def _day(name: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        said = f"{name!r} is {given[:40]!r}; write a day like 2026-11-29"
        raise bad_request(said, name) from error
