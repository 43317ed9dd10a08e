"""Organisations and people: the first start, signing in, and who belongs where."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert, select, update

from edgewise.cloud.accounts import (
    Account,
    FirstStart,
    account_by_email,
    account_by_oidc,
    add_member,
    change_role,
    checked_email,
    create_account,
    create_organisation,
    disable_account,
    enable_account,
    find_organisation,
    first_start,
    list_members,
    organisations_of,
    own_account,
    remove_member,
    rename_organisation,
    role_of,
    set_password,
    sign_in,
)
from edgewise.cloud.console.sessions import account_of_session, begin_session
from edgewise.cloud.database import Database
from edgewise.cloud.password import hash_of
from edgewise.cloud.roles import Role
from edgewise.cloud.tables import accounts, console_sessions
from edgewise.errors import UserError
from tests.cloud.conftest import NOW, NewUrl

RIGHT = "correct horse battery"


@pytest.fixture(scope="module")
def kept() -> str:
    """The hash of the right password; made once, for it takes long on purpose."""
    return hash_of(RIGHT)


@pytest.fixture
def ada(database: Database, kept: str) -> Account:
    with database.begin() as connection:
        made = create_account(connection, "Ada@Example.com ", "Ada", now_s=NOW)
        connection.execute(
            update(accounts).where(accounts.c.id == made.id).values(password_hash=kept)
        )
    return made


def test_an_account_made_with_a_password_signs_in_with_it(database: Database):
    with database.begin() as connection:
        made = create_account(connection, "b@example.com", "B", now_s=NOW, password=RIGHT)
    assert sign_in(database, "b@example.com", RIGHT) == made


def test_the_first_start_makes_an_administrator_who_can_sign_in(
    database: Database, started: FirstStart
):
    assert sign_in(database, started.account.email, started.password) == started.account
    with database.read() as connection:
        assert role_of(connection, started.organisation.id, started.account.id) is Role.OWNER
    assert started.project.organisation == started.organisation.id


def test_the_first_password_is_in_no_repr(started: FirstStart):
    assert started.password not in repr(started)


def test_the_first_start_is_one_that_the_others_copy(database: Database):
    made = first_start(database, now_s=NOW)
    assert made is not None
    assert sign_in(database, made.account.email, made.password) == made.account


def test_a_second_start_makes_nothing(database: Database, started: FirstStart):
    assert first_start(database, now_s=NOW) is None


def test_of_many_first_starts_at_once_one_makes_it(new_url: NewUrl):
    url = new_url(migrated=True)
    together = threading.Barrier(4)

    def start(_: int) -> FirstStart | None:
        database = Database(url)
        together.wait(30)
        made = first_start(database, now_s=NOW)
        database.close()
        return made

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(start, range(4)))
    assert sum(one is not None for one in made) == 1


def test_an_address_is_found_whatever_its_case(database: Database, ada: Account):
    assert ada.email == "ada@example.com"
    assert sign_in(database, " ADA@example.com", RIGHT) == ada
    with database.read() as connection:
        assert account_by_email(connection, "ada@EXAMPLE.com") == ada


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.com", "wrong horse battery"), ("bob@example.com", RIGHT), ("", ""), ("x", "")],
)
def test_a_wrong_address_or_password_signs_nobody_in(
    database: Database, ada: Account, email: str, password: str
):
    assert sign_in(database, email, password) is None


def test_an_account_without_a_password_cannot_sign_in_by_one(database: Database):
    with database.begin() as connection:
        made = create_account(
            connection, "o@example.com", "O", now_s=NOW, oidc=("https://issuer", "subject")
        )
    assert sign_in(database, "o@example.com", "") is None
    with database.read() as connection:
        assert account_by_oidc(connection, "https://issuer", "subject") == made
        assert account_by_oidc(connection, "https://another", "subject") is None


def test_a_hash_of_an_outdated_cost_is_replaced_at_the_next_sign_in(
    database: Database, ada: Account
):
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(RIGHT)
    with database.begin() as connection:
        connection.execute(update(accounts).values(password_hash=cheap))
    assert sign_in(database, ada.email, RIGHT) == ada
    with database.read() as connection:
        kept = connection.execute(select(accounts.c.password_hash)).scalar_one()
    assert kept != cheap
    assert sign_in(database, ada.email, RIGHT) == ada


def test_an_address_has_one_account(database: Database, ada: Account):
    with (
        pytest.raises(UserError, match="has an account") as refused,
        database.begin() as connection,
    ):
        create_account(connection, "ADA@example.com", "Another", now_s=NOW)
    assert refused.value.code == "conflict"


def test_another_password_ends_the_sessions_of_the_old_one(database: Database, ada: Account):
    with database.begin() as connection:
        connection.execute(
            insert(console_sessions).values(
                digest=b"d", account=ada.id, created_at=NOW, expires_at=NOW + 1
            )
        )
        set_password(connection, ada.id, "another horse battery")
        assert connection.execute(select(console_sessions)).all() == []
    assert sign_in(database, ada.email, RIGHT) is None
    assert sign_in(database, ada.email, "another horse battery") == ada


def test_a_disabled_account_is_shut_out(database: Database, ada: Account):
    with database.begin() as connection:
        organisation = create_organisation(connection, "One", owner=ada.id, now_s=NOW)
        disable_account(connection, ada.id, now_s=NOW)
        assert own_account(connection, ada.id) is None
        assert account_by_email(connection, ada.email) is None
        assert role_of(connection, organisation.id, ada.id) is None
    assert sign_in(database, ada.email, RIGHT) is None
    with database.begin() as connection:
        disable_account(connection, ada.id, now_s=NOW + 1)
        kept_time = select(accounts.c.disabled_at).where(accounts.c.id == ada.id)
        assert connection.execute(kept_time).scalar_one() == NOW


def test_an_enabled_account_signs_in_again_and_its_sessions_stay_ended(
    database: Database, ada: Account
):
    with database.begin() as connection:
        token = begin_session(connection, ada.id, now_s=NOW).token
        disable_account(connection, ada.id, now_s=NOW)
        assert account_of_session(connection, token, now_s=NOW) is None
        enable_account(connection, ada.id)
        assert account_of_session(connection, token, now_s=NOW) is None
        assert own_account(connection, ada.id) == ada
    assert sign_in(database, ada.email, RIGHT) == ada


def test_an_account_that_is_not_there_is_neither_disabled_nor_enabled(database: Database):
    with database.begin() as connection:
        for change in (
            lambda: disable_account(connection, "acc_x", now_s=NOW),
            lambda: enable_account(connection, "acc_x"),
        ):
            with pytest.raises(UserError, match="no account"):
                change()


def test_members_are_taken_in_given_roles_and_let_go(
    database: Database, started: FirstStart, ada: Account
):
    organisation = started.organisation.id
    with database.begin() as connection:
        add_member(connection, organisation, ada.id, Role.MEMBER)
        change_role(connection, organisation, ada.id, Role.ADMIN)
        assert [
            (member.account.id, member.role) for member in list_members(connection, organisation)
        ] == [
            (ada.id, Role.ADMIN),
            (started.account.id, Role.OWNER),
        ]
        assert organisations_of(connection, ada.id) == ((started.organisation, Role.ADMIN),)
        remove_member(connection, organisation, ada.id)
        assert role_of(connection, organisation, ada.id) is None


def test_nobody_is_a_member_twice(database: Database, started: FirstStart):
    with pytest.raises(UserError, match="member already"), database.begin() as connection:
        add_member(connection, started.organisation.id, started.account.id, Role.MEMBER)


@pytest.mark.parametrize("change", ["demote", "remove"])
def test_the_last_owner_stays(database: Database, started: FirstStart, ada: Account, change: str):
    organisation, owner = started.organisation.id, started.account.id
    with database.begin() as connection:
        add_member(connection, organisation, ada.id, Role.OWNER)
        disable_account(connection, ada.id, now_s=NOW)

    def change_the_owner() -> None:
        with database.begin() as connection:
            if change == "demote":
                change_role(connection, organisation, owner, Role.MEMBER)
            else:
                remove_member(connection, organisation, owner)

    with pytest.raises(UserError) as refused:
        change_the_owner()
    assert refused.value.code == "last_owner"
    with database.read() as connection:
        assert role_of(connection, organisation, owner) is Role.OWNER


def test_two_owners_who_demote_each_other_at_once_leave_one(
    database: Database, started: FirstStart, ada: Account
):
    organisation = started.organisation.id
    with database.begin() as connection:
        add_member(connection, organisation, ada.id, Role.OWNER)
    together = threading.Barrier(2)

    def demote(account: str) -> str:
        together.wait(30)
        try:
            with database.begin() as connection:
                change_role(connection, organisation, account, Role.MEMBER)
        except UserError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as threads:
        ended = sorted(threads.map(demote, [ada.id, started.account.id]))
    assert ended == ["done", "last_owner"]


def test_an_organisation_is_renamed(database: Database, started: FirstStart):
    with database.begin() as connection:
        rename_organisation(connection, started.organisation.id, "车机")
        assert find_organisation(connection, started.organisation.id).name == "车机"


@pytest.mark.parametrize(
    "email", ["", "a", "@b", "a@", "a b@c", "a@b@c", "a\0@b", "x" * 250 + "@b.cc"]
)
def test_what_is_no_address_is_refused(email: str):
    with pytest.raises(UserError, match="NAME@HOST"):
        checked_email(email)
