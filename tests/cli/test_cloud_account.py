"""`edgewise cloud disable`, `enable` and `operator` change who may sign in and run the platform."""

import time
from pathlib import Path

from edgewise.cli.cloud_database import opened_database
from edgewise.cloud.accounts import add_member, create_account, own_account
from edgewise.cloud.console.sessions import account_of_session, begin_session
from edgewise.cloud.directory import Directory
from edgewise.cloud.keys import make_key
from edgewise.cloud.operators import is_operator
from edgewise.cloud.roles import Role
from tests.cli.conftest import Edgewise
from tests.cli.test_cloud import NOW, platform


def with_a_member(folder: Path) -> tuple[str, str, str]:
    """A member with a session and a key: its id, token and secret."""
    from edgewise.cli.cloud_database import project_named

    platform(folder)
    with opened_database(folder) as database, database.begin() as connection:
        project = project_named(connection, "")
        account = create_account(connection, "ada@example.org", "Ada", now_s=NOW).id
        add_member(connection, project.organisation, account, Role.MEMBER)
        token = begin_session(connection, account, now_s=time.time()).token
        made = make_key(
            connection, project.organisation, project.id, "own", now_s=NOW, created_by=account
        )
    return account, token, made.secret


def test_a_disabled_person_is_out_with_sessions_and_keys_until_enabled(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    account, token, secret = with_a_member(tmp_path)
    ran = edgewise("cloud", "disable", "ADA@example.org", "--folder", str(tmp_path))
    assert ran.code == 0
    assert "ada@example.org is disabled" in ran.out
    with opened_database(tmp_path) as database, database.read() as connection:
        assert own_account(connection, account) is None
        assert account_of_session(connection, token, now_s=time.time()) is None
        assert Directory(database).find(secret, time.time()) is None
    assert edgewise("cloud", "enable", account, "--folder", str(tmp_path)).code == 0
    with opened_database(tmp_path) as database, database.read() as connection:
        assert own_account(connection, account) is not None
        assert account_of_session(connection, token, now_s=time.time()) is None
        assert Directory(database).find(secret, time.time()) is not None


def test_the_mark_of_an_operator_is_given_and_taken_but_for_the_last(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    account, _, _ = with_a_member(tmp_path)
    folder = ("--folder", str(tmp_path))
    last = edgewise("cloud", "operator", "admin@localhost", "--end", *folder)
    assert last.is_one_clear_line("last operator")
    assert edgewise("cloud", "operator", "ada@example.org", *folder).code == 0
    assert edgewise("cloud", "operator", "admin@localhost", "--end", *folder).code == 0
    with opened_database(tmp_path) as database, database.read() as connection:
        assert is_operator(connection, account)


def test_an_address_that_nobody_has_is_told(edgewise: Edgewise, tmp_path: Path) -> None:
    platform(tmp_path)
    for command in ("disable", "enable", "operator"):
        ran = edgewise("cloud", command, "nobody@example.org", "--folder", str(tmp_path))
        assert ran.is_one_clear_line("nobody@example.org")


def test_the_last_operator_is_not_disabled(edgewise: Edgewise, tmp_path: Path) -> None:
    with_a_member(tmp_path)
    folder = ("--folder", str(tmp_path))
    assert edgewise("cloud", "disable", "admin@localhost", *folder).is_one_clear_line("operator")
    edgewise("cloud", "operator", "ada@example.org", *folder)
    assert edgewise("cloud", "disable", "admin@localhost", *folder).code == 0
