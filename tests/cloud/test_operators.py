"""Who runs the platform: the first administrator, and whom a command on its machine names."""

import pytest
from sqlalchemy import insert

from edgewise.cloud.accounts import (
    FirstStart,
    create_account,
    create_organisation,
    disable_account,
    enable_account,
)
from edgewise.cloud.database import Database
from edgewise.cloud.operators import (
    MOST_SHOWN,
    end_operator,
    find_account,
    is_operator,
    list_accounts,
    make_operator,
)
from edgewise.cloud.tables import accounts
from edgewise.errors import UserError
from tests.cloud.conftest import NOW


def other(database: Database, email: str = "bo@example.org", name: str = "Bo") -> str:
    """A further account that owns an organisation of its own."""
    with database.begin() as connection:
        made = create_account(connection, email, name, now_s=NOW)
        create_organisation(connection, f"Of {name}", owner=made.id, now_s=0.0)
    return made.id


def test_the_first_administrator_is_an_operator_and_no_other_owner_is(
    database: Database, started: FirstStart
):
    """Not by the age of an organisation either: a clock can be wrong."""
    owner = other(database)
    with database.read() as connection:
        assert is_operator(connection, started.account.id)
        assert not is_operator(connection, owner)
        assert not is_operator(connection, "acc_none")


def test_a_disabled_operator_is_none_until_it_is_enabled(database: Database, started: FirstStart):
    with database.begin() as connection:
        disable_account(connection, started.account.id, now_s=NOW)
        assert not is_operator(connection, started.account.id)
        enable_account(connection, started.account.id)
        assert is_operator(connection, started.account.id)


def test_the_last_operator_who_can_sign_in_stays_one(database: Database, started: FirstStart):
    second = other(database)
    with database.begin() as connection:
        make_operator(connection, second, now_s=NOW)
        disable_account(connection, second, now_s=NOW)
        with pytest.raises(UserError, match="last operator"):
            end_operator(connection, started.account.id)
        enable_account(connection, second)
        end_operator(connection, started.account.id)
        assert not is_operator(connection, started.account.id)


def test_an_account_is_found_by_its_address_or_id_whether_disabled_or_not(
    database: Database, started: FirstStart
):
    bo = other(database)
    with database.begin() as connection:
        disable_account(connection, bo, now_s=NOW)
        found = find_account(connection, " Bo@Example.org")
        assert (found.id, found.disabled_at, found.organisations) == (bo, NOW, ("Of Bo",))
        assert find_account(connection, bo) == found
        for nobody in ("nobody@example.org", "acc_none", "Bo"):
            with pytest.raises(UserError, match="no account"):
                find_account(connection, nobody)


def test_accounts_are_listed_by_what_is_in_their_address_or_name(
    database: Database, started: FirstStart
):
    bo, ann = other(database), other(database, "ann@example.org", "100%_Ann")
    with database.read() as connection:

        def found(text: str) -> list[str]:
            return [one.id for one in list_accounts(connection, text)]

        assert found("") == [started.account.id, ann, bo]
        assert found("EXAMPLE.org") == [ann, bo]
        assert found("%_a") == [ann], "signs of a pattern are letters here"
        assert found(bo) == [bo]


def test_a_list_of_accounts_is_bounded(database: Database, started: FirstStart):
    rows = [
        {"id": f"acc_{number}", "email": f"{number}@example.org", "name": "Many", "created_at": NOW}
        for number in range(MOST_SHOWN + 1)
    ]
    with database.begin() as connection:
        connection.execute(insert(accounts), rows)
        assert len(list_accounts(connection, "many")) == MOST_SHOWN
