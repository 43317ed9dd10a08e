"""Console sessions: kept as digests, over in time, ended one by one or all."""

import pytest
from sqlalchemy import select

from edgewise.cloud.accounts import FirstStart, disable_account
from edgewise.cloud.console.sessions import (
    MOST_SESSIONS,
    SESSION_S,
    account_of_session,
    begin_session,
    end_session,
    end_sessions,
)
from edgewise.cloud.database import Database
from edgewise.cloud.tables import console_sessions
from tests.cloud.conftest import NOW

pytestmark = pytest.mark.slow


def begin(database: Database, account: str, now_s: float = NOW) -> str:
    with database.begin() as connection:
        return begin_session(connection, account, now_s=now_s).token


def whose(database: Database, token: str, now_s: float = NOW) -> str | None:
    with database.read() as connection:
        return account_of_session(connection, token, now_s=now_s)


def test_a_session_is_its_accounts_until_it_is_over(database: Database, started: FirstStart):
    token = begin(database, started.account.id)
    assert whose(database, token) == started.account.id
    assert whose(database, token, NOW + SESSION_S - 1) == started.account.id
    assert whose(database, token, NOW + SESSION_S) is None
    assert whose(database, token + "x") is None


def test_the_token_itself_is_nowhere(database: Database, started: FirstStart):
    token = begin(database, started.account.id)
    with database.begin() as connection:
        made = begin_session(connection, started.account.id, now_s=NOW)
        rows = repr(connection.execute(select(console_sessions)).all())
    assert token not in rows
    assert token.removeprefix("cs-ew-") not in rows
    assert made.token not in repr(made)


def test_signing_out_ends_this_session_alone_and_all_end_together(
    database: Database, started: FirstStart
):
    one, other, third = (begin(database, started.account.id) for _ in range(3))
    with database.begin() as connection:
        end_session(connection, one)
    assert whose(database, one) is None
    assert whose(database, other) == started.account.id
    with database.begin() as connection:
        assert end_sessions(connection, started.account.id) == 2
    assert whose(database, other) is None
    assert whose(database, third) is None


def test_a_disabled_account_has_no_session(database: Database, started: FirstStart):
    token = begin(database, started.account.id)
    with database.begin() as connection:
        disable_account(connection, started.account.id, now_s=NOW)
    assert whose(database, token) is None


def test_old_sessions_go_so_that_they_do_not_pile_up(database: Database, started: FirstStart):
    tokens = [begin(database, started.account.id, NOW + at) for at in range(MOST_SESSIONS + 3)]
    assert whose(database, tokens[0], NOW + 100) is None
    assert whose(database, tokens[2], NOW + 100) is None
    assert whose(database, tokens[3], NOW + 100) == started.account.id
    begin(database, started.account.id, NOW + SESSION_S * 2)
    with database.read() as connection:
        assert len(connection.execute(select(console_sessions.c.digest)).all()) == 1
