"""Which account an identity is; an address alone takes none that was ever used."""

import pytest

from edgewise.cloud.accounts import FirstStart, create_account, disable_account
from edgewise.cloud.console.identity import Identity, account_of
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
