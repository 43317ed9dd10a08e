"""Organisations, and the people in them.

Whoever reads or changes something of an organisation names the organisation, and gets nothing of
another: what is not there and what is another's are one answer (UserError `not_found`). Only what
concerns a person's own account (signing in, the password) is asked for without. It does not know
who may do what: `roles.py`.
"""

import secrets
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from edgewise.cloud import password as passwords
from edgewise.cloud.database import Database, telling_double
from edgewise.cloud.identifier import checked_name, new_id, no_such
from edgewise.cloud.operators import make_operator
from edgewise.cloud.projects import Project, create_project
from edgewise.cloud.revision import lock_revision, move_revision
from edgewise.cloud.roles import Role
from edgewise.cloud.rows import columns_of, read_one
from edgewise.cloud.tables import accounts, console_sessions, memberships, organisations
from edgewise.errors import UserError

LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, less its angle brackets
FIRST_EMAIL = "admin@localhost"
_PASSWORD_BYTES = 16


class Organisation(Struct, frozen=True):
    """Who pays: the owner of projects, keys and budgets."""

    id: str
    name: str
    created_at: float


class Account(Struct, frozen=True):
    """A person who can sign in. The password's hash is not here."""

    id: str
    email: str
    name: str
    created_at: float
    disabled_at: float | None = None


class Member(Struct, frozen=True):
    """A person in one organisation."""

    account: Account
    role: Role


class FirstStart(Struct, frozen=True):
    """What the first start made. The password is told once and is in no repr."""

    organisation: Organisation
    project: Project
    account: Account
    password: str

    def __repr__(self) -> str:
        return f"FirstStart({self.organisation!r}, {self.project!r}, {self.account!r})"


def create_organisation(
    connection: Connection, name: str, *, owner: str, now_s: float
) -> Organisation:
    """Makes an organisation with the account `owner` as its owner."""
    made = Organisation(new_id("org"), checked_name("an organisation", name), now_s)
    connection.execute(insert(organisations).values(id=made.id, name=made.name, created_at=now_s))
    add_member(connection, made.id, owner, Role.OWNER)
    return made


def find_organisation(connection: Connection, organisation: str) -> Organisation:
    """The organisation. Raises UserError `not_found`."""
    asked = select(*columns_of(organisations, Organisation))
    found = read_one(connection, asked.where(organisations.c.id == organisation), Organisation)
    return _there(found, "organisation", organisation)


def rename_organisation(connection: Connection, organisation: str, name: str) -> Organisation:
    """Gives it another name. Raises UserError `not_found` or `bad_name`."""
    change = (
        update(organisations)
        .where(organisations.c.id == organisation)
        .values(name=checked_name("an organisation", name))
        .returning(*columns_of(organisations, Organisation))
    )
    return _there(read_one(connection, change, Organisation), "organisation", organisation)


def organisations_of(connection: Connection, account: str) -> tuple[tuple[Organisation, Role], ...]:
    """The organisations a person is in, with the role in each, oldest first."""
    asked = (
        select(*columns_of(organisations, Organisation), memberships.c.role)
        .join(memberships, memberships.c.organisation == organisations.c.id)
        .where(memberships.c.account == account)
        .order_by(organisations.c.created_at, organisations.c.id)
    )
    return tuple(
        (Organisation(row.id, row.name, row.created_at), Role(row.role))
        for row in connection.execute(asked)
    )


def create_account(
    connection: Connection,
    email: str,
    name: str,
    *,
    now_s: float,
    password: str | None = None,
    oidc: tuple[str, str] | None = None,
) -> Account:
    """Makes an account; `oidc` is (issuer, subject). It is in no organisation yet.

    Raises UserError `conflict` when the address or the OIDC subject has an account.
    """
    made = Account(new_id("acc"), checked_email(email), checked_name("an account", name), now_s)
    issuer, subject = oidc or (None, None)
    kept = None if password is None else passwords.hash_of(password)
    with telling_double(f"{made.email!r}, or who signs in so, has an account; sign in with it"):
        connection.execute(
            insert(accounts).values(
                id=made.id,
                email=made.email,
                name=made.name,
                password_hash=kept,
                oidc_issuer=issuer,
                oidc_subject=subject,
                created_at=now_s,
            )
        )
    return made


def own_account(connection: Connection, account: str) -> Account | None:
    """The account of the person who asks, None when it is disabled or not there."""
    return _enabled(connection, accounts.c.id == account)


def account_by_email(connection: Connection, email: str) -> Account | None:
    """The account of an address, for an invitation; None when it is disabled or not there."""
    return _enabled(connection, accounts.c.email == email.strip().lower())


def account_by_oidc(connection: Connection, issuer: str, subject: str) -> Account | None:
    """Whom another service says has signed in; None when disabled or not there."""
    return _enabled(
        connection, (accounts.c.oidc_issuer == issuer) & (accounts.c.oidc_subject == subject)
    )


def sign_in(database: Database, email: str, password: str) -> Account | None:
    """The account of an address and its password, else None, which takes as long.

    A hash of an outdated cost is replaced. Takes about 50 ms: call it in a thread.
    """
    with database.read() as connection:
        asked = select(accounts.c.password_hash, *columns_of(accounts, Account))
        row = connection.execute(
            asked.where(accounts.c.email == email.strip().lower())
        ).one_or_none()
    kept: str | None = None if row is None else row.password_hash
    if not passwords.matches(kept, password) or row is None or row.disabled_at is not None:
        return None
    if kept is not None and passwords.is_outdated(kept):
        with database.begin() as connection:
            connection.execute(
                update(accounts)
                .where(accounts.c.id == row.id, accounts.c.password_hash == kept)
                .values(password_hash=passwords.hash_of(password))
            )
    return Account(row.id, row.email, row.name, row.created_at)


def set_password(connection: Connection, account: str, password: str) -> None:
    """Gives a person's own account another password and ends its console sessions."""
    change = update(accounts).where(accounts.c.id == account)
    if not connection.execute(change.values(password_hash=passwords.hash_of(password))).rowcount:
        raise no_such("account", account)
    connection.execute(delete(console_sessions).where(console_sessions.c.account == account))


def disable_account(connection: Connection, account: str, *, now_s: float) -> None:
    """Shuts a person out everywhere: sign-in, sessions and developer keys. For the operator.

    The time of the first call stays. Raises UserError `not_found`.
    """
    _check_there(connection, account)
    change = update(accounts).where(accounts.c.id == account, accounts.c.disabled_at.is_(None))
    connection.execute(change.values(disabled_at=now_s))
    connection.execute(delete(console_sessions).where(console_sessions.c.account == account))
    move_revision(connection)


def enable_account(connection: Connection, account: str) -> None:
    """Lets a person in again, whose developer keys that were not revoked are in force again too.

    Its sessions stay ended. Raises UserError `not_found`.
    """
    _check_there(connection, account)
    connection.execute(update(accounts).where(accounts.c.id == account).values(disabled_at=None))
    move_revision(connection)


def add_member(connection: Connection, organisation: str, account: str, role: Role) -> None:
    """Takes a person in. Raises UserError `conflict` for a member, `not_found` for nobody."""
    find_organisation(connection, organisation)
    if own_account(connection, account) is None:
        raise no_such("account", account)
    with telling_double("this account is a member already; change its role instead"):
        connection.execute(
            insert(memberships).values(account=account, organisation=organisation, role=role.value)
        )
    move_revision(connection)


def list_members(connection: Connection, organisation: str) -> tuple[Member, ...]:
    """The people in it, by address."""
    asked = (
        select(*columns_of(accounts, Account), memberships.c.role)
        .join(memberships, memberships.c.account == accounts.c.id)
        .where(memberships.c.organisation == organisation)
        .order_by(accounts.c.email)
    )
    return tuple(
        Member(
            Account(row.id, row.email, row.name, row.created_at, row.disabled_at), Role(row.role)
        )
        for row in connection.execute(asked)
    )


def role_of(connection: Connection, organisation: str, account: str) -> Role | None:
    """A person's role there; None for who is no member or is disabled."""
    asked = (
        select(memberships.c.role)
        .join(accounts, accounts.c.id == memberships.c.account)
        .where(*_membership(organisation, account), accounts.c.disabled_at.is_(None))
    )
    found = connection.execute(asked).scalar_one_or_none()
    return None if found is None else Role(found)


def change_role(connection: Connection, organisation: str, account: str, role: Role) -> None:
    """Gives a member another role. Raises UserError `not_found`, or `last_owner`."""
    move_revision(connection)  # first: it lets one change of members at a time pass
    if role is not Role.OWNER:
        _keep_an_owner(connection, organisation, account)
    change = update(memberships).where(*_membership(organisation, account))
    if not connection.execute(change.values(role=role.value)).rowcount:
        raise no_such("member", account)


def remove_member(connection: Connection, organisation: str, account: str) -> None:
    """Lets a person go, whose developer keys there end. Raises as `change_role`."""
    move_revision(connection)
    _keep_an_owner(connection, organisation, account)
    gone = delete(memberships).where(*_membership(organisation, account))
    if not connection.execute(gone).rowcount:
        raise no_such("member", account)


def first_start(database: Database, *, now_s: float, email: str = FIRST_EMAIL) -> FirstStart | None:
    """Makes an organisation, a project and an administrator with a random password, who is the
    platform's first operator.

    None when there is an organisation already; of two processes one makes it.
    """
    with database.begin() as connection:
        lock_revision(connection)
        if connection.execute(select(organisations.c.id).limit(1)).first() is not None:
            return None
        secret = passwords.random_password(secrets.token_bytes(_PASSWORD_BYTES))
        account = create_account(connection, email, "Administrator", now_s=now_s, password=secret)
        make_operator(connection, account.id, now_s=now_s)
        organisation = create_organisation(
            connection, "First organisation", owner=account.id, now_s=now_s
        )
        project = create_project(connection, organisation.id, "First project", now_s=now_s)
        return FirstStart(organisation, project, account, secret)


def checked_email(email: str) -> str:
    """The address in lower case. Raises UserError `bad_email` for what is no address."""
    email = email.strip().lower()
    user, _, host = email.partition("@")
    if (
        not user
        or not host
        or "@" in host
        or " " in email
        or not email.isprintable()
        or len(email) > LONGEST_EMAIL
    ):
        raise UserError(
            f"{email[:100]!r} is no e-mail address; write NAME@HOST,"
            f" {LONGEST_EMAIL} characters at most",
            code="bad_email",
        )
    return email


def _enabled(connection: Connection, condition: Any) -> Account | None:
    asked = select(*columns_of(accounts, Account))
    return read_one(connection, asked.where(condition, accounts.c.disabled_at.is_(None)), Account)


def _check_there(connection: Connection, account: str) -> None:
    asked = select(accounts.c.id).where(accounts.c.id == account)
    if connection.execute(asked).first() is None:
        raise UserError(
            f"there is no account {account[:80]!r}; look it up by its address", code="not_found"
        )


def _membership(organisation: str, account: str) -> tuple[Any, Any]:
    return memberships.c.organisation == organisation, memberships.c.account == account


def _keep_an_owner(connection: Connection, organisation: str, account: str) -> None:
    """Raises UserError when the account is the organisation's only owner who can sign in."""
    if role_of(connection, organisation, account) is not Role.OWNER:
        return
    others = (
        select(memberships.c.account)
        .join(accounts, accounts.c.id == memberships.c.account)
        .where(
            memberships.c.organisation == organisation,
            memberships.c.account != account,
            memberships.c.role == Role.OWNER.value,
            accounts.c.disabled_at.is_(None),
        )
    )
    if connection.execute(others.limit(1)).first() is None:
        raise UserError(
            "this is the organisation's last owner; make another member an owner first",
            code="last_owner",
        )


def _there(found: Organisation | None, of: str, identifier: str) -> Organisation:
    if found is None:
        raise no_such(of, identifier)
    return found
