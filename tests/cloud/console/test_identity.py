"""Which account an identity is; an address alone takes none that was ever used."""

import pytest

from edgewise.cloud.accounts import FirstStart, create_account, disable_account
from edgewise.cloud.console.identity import Identity, WaysIn, account_of, link, unlink, ways_in
from edgewise.cloud.database import Database
from edgewise.cloud.refusal import Refused
from tests.cloud.conftest import NOW

pytestmark = pytest.mark.slow

ISSUER = "https://id.example.org"


def known(database: Database, identity: Identity) -> str:
    with database.begin() as connection:
        return account_of(connection, identity).id


def invite(database: Database, email: str, password: str | None = None) -> str:
    with database.begin() as connection:
        return create_account(connection, email, "Bo", now_s=NOW, password=password).id


def test_an_invited_account_is_taken_once_and_then_known_by_its_subject(database: Database):
    invited = invite(database, "bo@example.org")
    assert known(database, Identity(ISSUER, "s1", "BO@example.org")) == invited
    assert known(database, Identity(ISSUER, "s1", "moved@example.org")) == invited
    assert known(database, Identity(ISSUER, "s1", "")) == invited
    with pytest.raises(Refused, match="invited"):
        known(database, Identity(ISSUER, "s2", "bo@example.org"))
    with pytest.raises(Refused, match="invited"):
        known(database, Identity("https://other.example.org", "s1", "bo@example.org"))


def test_an_account_with_a_password_is_never_taken_by_its_address(
    database: Database, started: FirstStart
):
    invite(database, "bo@example.org", password="long enough to be one")
    for email in ("bo@example.org", started.account.email):
        with pytest.raises(Refused, match="invited"):
            known(database, Identity(ISSUER, "s1", email))


def test_an_address_that_was_not_verified_takes_nothing(database: Database):
    invite(database, "bo@example.org")
    with pytest.raises(Refused, match="invited"):
        known(database, Identity(ISSUER, "s1", ""))


def test_a_disabled_account_is_nobodys(database: Database):
    invited = invite(database, "bo@example.org")
    known(database, Identity(ISSUER, "s1", "bo@example.org"))
    with database.begin() as connection:
        disable_account(connection, invited, now_s=NOW)
    with pytest.raises(Refused, match="invited"):
        known(database, Identity(ISSUER, "s1", "bo@example.org"))


def test_the_identity_of_a_disabled_account_takes_no_other_invitation(database: Database):
    invited = invite(database, "bo@example.org")
    known(database, Identity(ISSUER, "s1", "bo@example.org"))
    with database.begin() as connection:
        disable_account(connection, invited, now_s=NOW)
    invite(database, "bo@second.example.org")
    with pytest.raises(Refused, match="invited"):
        known(database, Identity(ISSUER, "s1", "bo@second.example.org"))


def linked(database: Database, account: str, identity: Identity) -> WaysIn:
    with database.begin() as connection:
        link(connection, account, identity)
        return ways_in(connection, account)


def test_a_linked_identity_is_its_account_until_it_is_taken_off(
    database: Database, started: FirstStart
):
    identity, account = Identity(ISSUER, "s1", ""), started.account.id
    assert linked(database, account, identity) == WaysIn(True, ISSUER)
    assert linked(database, account, identity) == WaysIn(True, ISSUER), "once more is no fault"
    assert known(database, identity) == account
    with database.begin() as connection:
        unlink(connection, account)
        assert ways_in(connection, account) == WaysIn(True, "")
    with pytest.raises(Refused, match="invited"):
        known(database, Identity(ISSUER, "s1", started.account.email))


@pytest.mark.parametrize("is_disabled", [False, True])
def test_an_identity_of_somebody_else_is_not_linked(
    database: Database, started: FirstStart, is_disabled: bool
):
    bo = invite(database, "bo@example.org")
    identity = Identity(ISSUER, "s1", "bo@example.org")
    assert known(database, identity) == bo
    if is_disabled:
        with database.begin() as connection:
            disable_account(connection, bo, now_s=NOW)
    with pytest.raises(Refused, match="another account") as refused:
        linked(database, started.account.id, identity)
    assert refused.value.problem.code == "identity_taken"
    with database.read() as connection:
        assert ways_in(connection, started.account.id) == WaysIn(True, "")
        assert ways_in(connection, bo) == WaysIn(False, ISSUER)


def test_a_second_identity_does_not_replace_the_first(database: Database, started: FirstStart):
    linked(database, started.account.id, Identity(ISSUER, "s1", ""))
    with pytest.raises(Refused, match="take it off first"):
        linked(database, started.account.id, Identity(ISSUER, "s2", ""))
    assert known(database, Identity(ISSUER, "s1", "")) == started.account.id
