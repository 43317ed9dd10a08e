"""Budgets as they are kept: how much an organisation, project or key may spend in a period.

Every read and write names the organisation and gets nothing of another. What is spent, and who is
refused, is decided in memory, not here.
"""

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from edgewise.cloud.budget import Period, ScopeKind
from edgewise.cloud.database import telling_double
from edgewise.cloud.identifier import new_id, no_such
from edgewise.cloud.keys import find_key
from edgewise.cloud.projects import find_project
from edgewise.cloud.revision import move_revision
from edgewise.cloud.rows import columns_of, read_all, read_one
from edgewise.cloud.tables import budgets
from edgewise.errors import UserError

HIGHEST_NANO = 2**63 - 1


class BudgetRow(Struct, frozen=True):
    """One budget; `scope` is the id of what `scope_kind` says. 0 lets nothing be spent."""

    id: str
    organisation: str
    scope_kind: ScopeKind
    scope: str
    period: Period
    limit_nano: int
    created_at: float


def create_budget(
    connection: Connection,
    organisation: str,
    scope_kind: ScopeKind,
    scope: str,
    period: Period,
    limit_nano: int,
    *,
    now_s: float,
) -> BudgetRow:
    """Makes a budget.

    Raises UserError: `not_found` when the scope is not the organisation's, `conflict` when it has
    a budget of that period, `bad_limit`.
    """
    _check_scope(connection, organisation, scope_kind, scope)
    made = BudgetRow(
        new_id("bud"), organisation, scope_kind, scope, period, _checked(limit_nano), now_s
    )
    with telling_double(
        f"this {scope_kind.value} has a budget by {period.value}; change its limit instead"
    ):
        connection.execute(insert(budgets).values(msgspec.to_builtins(made)))
    move_revision(connection)
    return made


def list_budgets(
    connection: Connection,
    organisation: str,
    *,
    scope_kind: ScopeKind | None = None,
    scope: str | None = None,
) -> tuple[BudgetRow, ...]:
    """The organisation's budgets, or those of one scope of it."""
    asked = select(*columns_of(budgets, BudgetRow)).where(budgets.c.organisation == organisation)
    if scope_kind is not None:
        asked = asked.where(budgets.c.scope_kind == scope_kind.value)
    if scope is not None:
        asked = asked.where(budgets.c.scope == scope)
    return read_all(connection, asked.order_by(budgets.c.created_at, budgets.c.id), BudgetRow)


def change_limit(
    connection: Connection, organisation: str, budget: str, limit_nano: int
) -> BudgetRow:
    """Gives a budget another limit; what was spent stays spent."""
    change = (
        update(budgets)
        .where(budgets.c.id == budget, budgets.c.organisation == organisation)
        .values(limit_nano=_checked(limit_nano))
        .returning(*columns_of(budgets, BudgetRow))
    )
    changed = read_one(connection, change, BudgetRow)
    if changed is None:
        raise no_such("budget", budget)
    move_revision(connection)
    return changed


def delete_budget(connection: Connection, organisation: str, budget: str) -> None:
    """Takes a budget away. Raises UserError `not_found`."""
    gone = delete(budgets).where(budgets.c.id == budget, budgets.c.organisation == organisation)
    if not connection.execute(gone).rowcount:
        raise no_such("budget", budget)
    move_revision(connection)


def all_budgets(connection: Connection) -> tuple[BudgetRow, ...]:
    """Those of every organisation: for the directory alone."""
    asked = select(*columns_of(budgets, BudgetRow)).order_by(budgets.c.created_at, budgets.c.id)
    return read_all(connection, asked, BudgetRow)


def _check_scope(
    connection: Connection, organisation: str, scope_kind: ScopeKind, scope: str
) -> None:
    match scope_kind:
        case ScopeKind.ORGANISATION:
            if scope != organisation:
                raise no_such("organisation", scope)
        case ScopeKind.PROJECT:
            find_project(connection, organisation, scope)
        case ScopeKind.KEY:
            find_key(connection, organisation, scope)


def _checked(limit_nano: int) -> int:
    if not 0 <= limit_nano <= HIGHEST_NANO:
        raise UserError(
            f"the limit is {limit_nano} nano-units; it needs 0 to {HIGHEST_NANO}", code="bad_limit"
        )
    return limit_nano
