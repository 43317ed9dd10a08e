"""Budgets: one a scope and period, exact to the nano-unit, only for the organisation's own."""

import pytest

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.budget_table import (
    HIGHEST_NANO,
    Period,
    ScopeKind,
    all_budgets,
    change_limit,
    create_budget,
    delete_budget,
    list_budgets,
)
from edgewise.cloud.database import Database
from edgewise.cloud.keys import make_key
from edgewise.errors import UserError
from tests.cloud.conftest import NOW


def test_each_scope_can_have_a_budget(database: Database, started: FirstStart):
    organisation, project = started.organisation.id, started.project.id
    with database.begin() as connection:
        key = make_key(connection, organisation, project, "K", now_s=NOW).key.id
        made = {
            create_budget(connection, organisation, kind, scope, Period.DAY, 5, now_s=NOW)
            for kind, scope in (
                (ScopeKind.ORGANISATION, organisation),
                (ScopeKind.PROJECT, project),
                (ScopeKind.KEY, key),
            )
        }
        assert set(list_budgets(connection, organisation)) == made
        assert set(all_budgets(connection)) == made
        (of_key,) = list_budgets(connection, organisation, scope_kind=ScopeKind.KEY, scope=key)
        assert of_key.scope == key


def test_a_limit_changes_and_is_kept_to_the_nano_unit(database: Database, started: FirstStart):
    organisation = started.organisation.id
    with database.begin() as connection:
        made = create_budget(
            connection,
            organisation,
            ScopeKind.ORGANISATION,
            organisation,
            Period.TOTAL,
            0,
            now_s=NOW,
        )
        assert change_limit(connection, organisation, made.id, HIGHEST_NANO).limit_nano == 2**63 - 1
        assert list_budgets(connection, organisation)[0].limit_nano == 2**63 - 1
        delete_budget(connection, organisation, made.id)
        assert list_budgets(connection, organisation) == ()
        with pytest.raises(UserError, match="no budget"):
            delete_budget(connection, organisation, made.id)


def test_a_scope_has_one_budget_a_period(database: Database, started: FirstStart):
    organisation = started.organisation.id
    scope = (ScopeKind.ORGANISATION, organisation)
    with database.begin() as connection:
        create_budget(connection, organisation, *scope, Period.DAY, 1, now_s=NOW)
        create_budget(connection, organisation, *scope, Period.MONTH, 1, now_s=NOW)
    with pytest.raises(UserError, match="by day") as refused, database.begin() as connection:
        create_budget(connection, organisation, *scope, Period.DAY, 2, now_s=NOW)
    assert refused.value.code == "conflict"


@pytest.mark.parametrize("limit", [-1, HIGHEST_NANO + 1])
def test_a_limit_that_cannot_be_kept_is_refused(
    database: Database, started: FirstStart, limit: int
):
    organisation = started.organisation.id
    with pytest.raises(UserError, match="nano-units"), database.begin() as connection:
        create_budget(
            connection,
            organisation,
            ScopeKind.ORGANISATION,
            organisation,
            Period.DAY,
            limit,
            now_s=NOW,
        )
