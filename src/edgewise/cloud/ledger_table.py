"""The ledger in the database: batches in, sums and exports out.

A batch is one transaction: rows whose id is there already are left out, and only the new ones are
added to the daily sums, so entering a batch again changes nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from edgewise.cloud.budget import Budget, Period, ScopeKind, period_of
from edgewise.cloud.database import Database
from edgewise.cloud.ledger import Entry
from edgewise.cloud.tables import ledger, usage_daily
from edgewise.cloud.usage import UNITS, Usage

PAGE = 1000
KEYS = ("day", "organisation", "project", "key", "model")


class UsageRow(Struct, frozen=True):
    """Sums of one day (or of all, `day` empty), by what was asked to be told apart."""

    day: str
    project: str
    key: str
    model: str
    requests: int
    usage: Usage
    cost_nano: int


def insert_entries(database: Database, entries: Sequence[Entry]) -> int:
    """Enter a batch; how many of it were new. Raises LinkError or DeviceError."""
    rows = {entry.facts.id: row_of(entry) for entry in entries}
    with database.begin() as connection:
        known = connection.execute(select(ledger.c.id).where(ledger.c.id.in_(padded(list(rows)))))
        for (id,) in known.all():
            del rows[id]
        if rows:
            new = list(rows.values())
            connection.execute(_insert(database, ledger).on_conflict_do_nothing(), new)
            for sums in _daily(new):
                _add(database, connection, sums)
    return len(rows)


def padded(ids: list[str]) -> list[str]:
    """The ids with the last one said again up to a power of two: a statement is kept by the number
    of its parameters, and one for each number that there ever was would fill the memory."""
    return ids + ids[-1:] * ((1 << (len(ids) - 1).bit_length()) - len(ids)) if ids else ids


def row_of(entry: Entry) -> dict[str, Any]:
    """A row of the table."""
    facts = entry.facts
    return {
        "id": facts.id,
        "at": entry.at,
        "day": datetime.fromtimestamp(entry.at, UTC).date().isoformat(),
        "organisation": facts.organisation,
        "project": facts.project,
        "key": facts.key,
        "device": facts.device,
        "endpoint": facts.endpoint,
        "model": facts.model,
        "backend": facts.backend,
        "backend_model": facts.backend_model,
        "outcome": entry.outcome.value,
        "estimated": entry.estimated,
        **msgspec.structs.asdict(entry.usage),
        "cost_nano": entry.cost_nano,
        "currency": entry.currency,
        "price_since": entry.price_since,
        "took_ms": entry.took_ms,
        "trace": facts.trace,
    }


def spent_of(connection: Connection, budgets: Sequence[Budget], now_s: float) -> dict[str, int]:
    """What each budget has spent in its running period, in nano-units."""
    found: dict[str, int] = {}
    for budget in budgets:
        scope = usage_daily.c[_SCOPES[budget.kind]]
        asked = select(func.coalesce(func.sum(usage_daily.c.cost_nano), 0))
        asked = asked.where(scope == budget.scope)
        if budget.period is not Period.TOTAL:
            asked = asked.where(usage_daily.c.day.startswith(period_of(budget.period, now_s)))
        found[budget.id] = int(connection.execute(asked).scalar_one())
    return found


def cost_below(budget: Budget, entry: Entry, now_s: float) -> int:
    """What an entry spends of a budget in its running period, in nano-units."""
    held = period_of(budget.period, entry.at) == period_of(budget.period, now_s)
    named = getattr(entry.facts, _SCOPES[budget.kind])
    return entry.cost_nano if held and named == budget.scope else 0


_SCOPES = {
    ScopeKind.ORGANISATION: "organisation",
    ScopeKind.PROJECT: "project",
    ScopeKind.KEY: "key",
}


def daily_usage(
    connection: Connection,
    organisation: str,
    first_day: str,
    last_day: str,
    *,
    project: str = "",
    key: str = "",
) -> list[UsageRow]:
    """Sums of an organisation by day, project, key and model; both days are in it."""
    table = usage_daily
    asked = (
        select(table)
        .where(table.c.organisation == organisation)
        .where(table.c.day >= first_day, table.c.day <= last_day)
        .order_by(*(table.c[name] for name in KEYS))
    )
    if project:
        asked = asked.where(table.c.project == project)
    if key:
        asked = asked.where(table.c.key == key)
    return [_usage_row(row) for row in connection.execute(asked).mappings()]


def entries_of(
    database: Database,
    organisation: str,
    first_day: str,
    last_day: str,
    *,
    project: str = "",
    key: str = "",
) -> Iterator[list[dict[str, Any]]]:
    """The ledger's rows of an organisation, oldest first, a page at a time: a long export needs
    neither memory nor a long transaction."""
    where = [
        ledger.c.organisation == organisation,
        ledger.c.day >= first_day,
        ledger.c.day <= last_day,
    ]
    if project:
        where.append(ledger.c.project == project)
    if key:
        where.append(ledger.c.key == key)
    after: tuple[float, str] | None = None
    while rows := _page(database, where, after):
        yield rows
        after = (rows[-1]["at"], rows[-1]["id"])


def as_csv(pages: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    """Pages of rows as CSV with a header. A text that a spreadsheet would compute is quoted."""
    names = [column.name for column in ledger.columns]
    yield _lines(names, [dict(zip(names, names, strict=True))])
    for page in pages:
        yield _lines(names, page)


def as_json_lines(pages: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    """Pages of rows as JSON, one row a line."""
    encoder = msgspec.json.Encoder()
    for page in pages:
        yield encoder.encode_lines(page)


def _page(
    database: Database, where: Sequence[ColumnElement[bool]], after: tuple[float, str] | None
) -> list[dict[str, Any]]:
    asked = select(ledger).where(*where).order_by(ledger.c.at, ledger.c.id).limit(PAGE)
    if after is not None:
        at, id = after
        asked = asked.where((ledger.c.at > at) | ((ledger.c.at == at) & (ledger.c.id > id)))
    with database.read() as connection:
        return [dict(row) for row in connection.execute(asked).mappings()]


def _daily(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows' sums by day, organisation, project, key and model."""
    sums: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        place = tuple(row[name] for name in KEYS)
        held = sums.setdefault(
            place, dict(zip(KEYS, place, strict=True)) | dict.fromkeys(_SUMMED, 0)
        )
        held["requests"] += 1
        for name in (*UNITS, "cost_nano"):
            held[name] += row[name]
    return list(sums.values())


_SUMMED = ("requests", *UNITS, "cost_nano")


def _add(database: Database, connection: Connection, sums: Mapping[str, Any]) -> None:
    """Add sums to their row, or begin it."""
    begin = _insert(database, usage_daily).values(sums)
    grown = {name: usage_daily.c[name] + begin.excluded[name] for name in _SUMMED}
    connection.execute(begin.on_conflict_do_update(index_elements=list(KEYS), set_=grown))


def _insert(database: Database, table: Table) -> Any:
    dialect: Any = postgresql if database.dialect == "postgresql" else sqlite
    return dialect.insert(table)


def _usage_row(row: Any) -> UsageRow:
    usage = Usage(*(row[unit] for unit in UNITS))
    names = (row["day"], row["project"], row["key"], row["model"])
    return UsageRow(*names, row["requests"], usage, row["cost_nano"])


def _lines(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_plain(row[name]) for name in names])
    return out.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return "'" + value if value else value
    return value
