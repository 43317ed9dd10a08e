"""Budgets as the console makes, changes and deletes them, each with how it stands."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.budget import Budget, Period, ScopeKind, Standing
from edgewise.cloud.budget_table import (
    BudgetRow,
    change_limit,
    create_budget,
    delete_budget,
    list_budgets,
)
from edgewise.cloud.console.doors import Member, body_of, change, read
from edgewise.cloud.ledger_table import spent_of
from edgewise.cloud.prices import NANO
from edgewise.cloud.refusal import bad_request
from edgewise.cloud.roles import Action
from edgewise.cloud.service import Cloud

HIGHEST = 9_000_000_000  # times a thousand million, it fits 64 bits

Text = Annotated[str, Meta(min_length=1, max_length=300)]


class NewBudget(Struct, frozen=True, forbid_unknown_fields=True):
    """A budget to be. `limit` is in units of the platform's currency, nine decimals at most."""

    scope_kind: ScopeKind
    scope: Text
    period: Period
    limit: Decimal


class NewLimit(Struct, frozen=True, forbid_unknown_fields=True):
    """Another limit."""

    limit: Decimal


class ShownBudget(Struct, frozen=True):
    """A budget, and what of it is spent and held by requests that run now."""

    budget: BudgetRow
    spent_nano: int
    reserved_nano: int


def routes() -> list[BaseRoute]:
    """Their places below /console/api."""
    place = "/organisations/{organisation}/budgets"
    return [
        Route(place, budgets, methods=["GET"]),
        Route(place, create, methods=["POST"]),
        Route(f"{place}/{{budget}}", change_it, methods=["PATCH"]),
        Route(f"{place}/{{budget}}", delete, methods=["DELETE"]),
    ]


async def budgets(request: Request) -> Response:
    """The budgets, each as it stands now."""
    cloud: Cloud = request.app.state.cloud
    standings = {standing.budget.id: standing for standing in cloud.budgets.standings()}

    def find(connection: Connection, member: Member) -> list[ShownBudget]:
        rows = list_budgets(connection, member.organisation)
        fresh = [_budget(row) for row in rows if row.id not in standings]
        spent = spent_of(connection, fresh, cloud.clock.now())
        return [_shown(row, standings.get(row.id), spent) for row in rows]

    return answer(request, {"budgets": await read(request, find)})


async def create(request: Request) -> Response:
    """Make a budget; it is in force within a second."""
    given = await body_of(request, NewBudget)
    cloud: Cloud = request.app.state.cloud
    limit_nano = nano_of(given.limit)

    def do(connection: Connection, member: Member) -> BudgetRow:
        return create_budget(
            connection,
            member.organisation,
            given.scope_kind,
            given.scope,
            given.period,
            limit_nano,
            now_s=cloud.clock.now(),
        )

    return answer(request, await change(request, Action.MANAGE_BUDGETS, do), 201)


async def change_it(request: Request) -> Response:
    """Give a budget another limit; what was spent stays spent."""
    limit_nano = nano_of((await body_of(request, NewLimit)).limit)

    def do(connection: Connection, member: Member) -> BudgetRow:
        budget: str = request.path_params["budget"]
        return change_limit(connection, member.organisation, budget, limit_nano)

    return answer(request, await change(request, Action.MANAGE_BUDGETS, do))


async def delete(request: Request) -> Response:
    """Take a budget away."""
    budget: str = request.path_params["budget"]

    def do(connection: Connection, member: Member) -> None:
        delete_budget(connection, member.organisation, budget)

    await change(request, Action.MANAGE_BUDGETS, do)
    return answer(request, {"deleted": budget})


def nano_of(limit: Decimal) -> int:
    """Units of currency as whole nano-units. Raises Refused (400) for finer ones."""
    if not limit.is_finite() or not 0 <= limit <= HIGHEST:
        raise bad_request(f"the limit is {limit}; it needs 0 to {HIGHEST}", "limit")
    nano = limit * NANO
    if nano != nano.to_integral_value():
        raise bad_request(f"the limit is {limit}; it has more than nine decimals", "limit")
    return int(nano)


def _shown(row: BudgetRow, standing: Standing | None, spent: dict[str, int]) -> ShownBudget:
    if standing is None:
        return ShownBudget(row, spent[row.id], 0)
    return ShownBudget(row, standing.spent_nano, standing.reserved_nano)


def _budget(row: BudgetRow) -> Budget:
    return Budget(row.id, row.scope_kind, row.scope, row.period, row.limit_nano)
