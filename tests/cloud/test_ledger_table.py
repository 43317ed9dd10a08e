"""A batch is entered once however often it comes, and the sums are those of its rows."""

import csv
import io
import json
import random

import pytest
from sqlalchemy import select

from edgewise.cloud.budget import Budget, Period, ScopeKind
from edgewise.cloud.database import Database
from edgewise.cloud.flight import Facts
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.ledger_table import (
    as_csv,
    as_json_lines,
    cost_below,
    daily_usage,
    entries_of,
    insert_entries,
    padded,
    spent_of,
)
from edgewise.cloud.tables import ledger
from edgewise.cloud.usage import Usage

NOW = 1_800_000_000.0  # 2027-01-15
DAY_S = 86_400


def entry(number: int, source: random.Random, *, model: str = "fake") -> Entry:
    facts = Facts(
        f"req_{number}",
        NOW,
        source.choice(("o1", "o2")),
        source.choice(("p1", "p2")),
        source.choice(("k1", "k2")),
        "",
        "chat",
        model,
    )
    usage = Usage(source.randrange(100), 0, source.randrange(100))
    at = NOW - DAY_S * source.randrange(40)
    return Entry(facts, at, Outcome.DONE, usage, source.randrange(10**12), "CNY")


@pytest.fixture
def entries() -> list[Entry]:
    source = random.Random(4)
    return [entry(number, source) for number in range(300)]


def test_a_batch_that_comes_again_changes_nothing(database: Database, entries: list[Entry]):
    source = random.Random(1)
    new = 0
    for _ in range(8):
        new += insert_entries(database, source.sample(entries, 150))
    new += insert_entries(database, [*entries, *entries])
    assert new == len(entries)
    with database.read() as connection:
        rows = connection.execute(select(ledger.c.id, ledger.c.cost_nano)).all()
        told = [row for o in ("o1", "o2") for row in daily_usage(connection, o, "2020", "2100")]
    assert {row.id: row.cost_nano for row in rows} == {e.facts.id: e.cost_nano for e in entries}
    assert sum(row.requests for row in told) == len(entries)
    assert sum(row.cost_nano for row in told) == sum(one.cost_nano for one in entries)
    assert sum(row.usage.tokens for row in told) == sum(one.usage.tokens for one in entries)


def budgets() -> list[Budget]:
    scopes = ((ScopeKind.ORGANISATION, "o1"), (ScopeKind.PROJECT, "p2"), (ScopeKind.KEY, "k1"))
    return [
        Budget(f"{kind}-{period}", kind, scope, period, 1)
        for kind, scope in scopes
        for period in Period
    ]


def test_what_a_budget_spent_is_what_its_entries_cost(database: Database, entries: list[Entry]):
    insert_entries(database, entries)
    with database.read() as connection:
        spent = spent_of(connection, budgets(), NOW)
    for budget in budgets():
        assert spent[budget.id] == sum(cost_below(budget, one, NOW) for one in entries)
    assert spent["key-day"] < spent["key-month"] < spent["key-total"]


def test_an_export_has_every_row_once_and_in_order(
    database: Database, entries: list[Entry], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("edgewise.cloud.ledger_table.PAGE", 7)
    insert_entries(database, entries)
    mine = [one for one in entries if one.facts.organisation == "o1"]
    pages = list(entries_of(database, "o1", "2020-01-01", "2100-01-01"))
    ids = [row["id"] for page in pages for row in page]
    assert sorted(ids) == sorted(one.facts.id for one in mine)
    assert ids == [one.facts.id for one in sorted(mine, key=lambda e: (e.at, e.facts.id))]
    lines = b"".join(as_json_lines(iter(pages))).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    table = list(csv.DictReader(io.StringIO(b"".join(as_csv(iter(pages))).decode())))
    assert [row["id"] for row in table] == ids
    only = entries_of(database, "o1", "2020-01-01", "2100-01-01", project="p1", key="k2")
    assert {(row["project"], row["key"]) for page in only for row in page} == {("p1", "k2")}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_text_of_an_export_is_computed_by_a_spreadsheet(database: Database, name: str):
    insert_entries(database, [entry(1, random.Random(1), model=name)])
    pages = (page for o in ("o1", "o2") for page in entries_of(database, o, "2020", "2100"))
    (row,) = csv.DictReader(io.StringIO(b"".join(as_csv(pages)).decode()))
    assert row["model"] == "'" + name


def test_the_ids_of_a_batch_are_asked_for_in_few_sizes():
    sizes = {len(padded([str(number) for number in range(count)])) for count in range(1, 2001)}
    assert sizes == {1 << power for power in range(12)}
    assert set(padded(["a", "b", "c"])) == {"a", "b", "c"}
    assert padded([]) == []
