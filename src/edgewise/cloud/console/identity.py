"""Which account an OIDC identity is: by issuer and subject, by an invitation, once, or by a link.

An unknown identity takes an account by its verified address only if that account was invited and
never used: no password, no other identity. An account with a password is never taken by an address,
since who runs the service, or holds a mailbox there for a day, would then own it (decision 0009).
Nobody gets an account without an invitation. The owner of an account with a password links an
identity to it, and takes it off again, having said the password (`linking.py`).
"""

from msgspec import Struct
from sqlalchemy import Connection, select, update

from edgewise.cloud.accounts import Account, account_by_email, account_by_oidc
from edgewise.cloud.database import telling_double
from edgewise.cloud.refusal import Refused
from edgewise.cloud.tables import accounts


class Identity(Struct, frozen=True):
    """Whom the service says has signed in. `email` is empty unless the service verified it."""

    issuer: str
    subject: str
    email: str


class WaysIn(Struct, frozen=True):
    """How the owner of an account can sign in; `issuer` is that of a linked identity, or empty."""

    password: bool
    issuer: str


def ways_in(connection: Connection, account: str) -> WaysIn:
    """How the owner of an account can sign in."""
    asked = select(accounts.c.password_hash, accounts.c.oidc_issuer)
    row = connection.execute(asked.where(accounts.c.id == account)).one_or_none()
    if row is None:
        return WaysIn(False, "")
    return WaysIn(row.password_hash is not None, row.oidc_issuer or "")


def link(connection: Connection, account: str, identity: Identity) -> None:
    """Link an identity to an account that has none. Raises Refused (409) when it is somebody
    else's, a disabled one's too, or when the account has another."""
    holder = _holder(connection, identity)
    if holder == account:
        return
    if holder is not None:
        said = "this identity signs in to another account; take it off there, or use another one"
        raise Refused(409, "identity_taken", said)
    change = update(accounts).where(accounts.c.id == account, accounts.c.oidc_subject.is_(None))
    linked = change.values(oidc_issuer=identity.issuer, oidc_subject=identity.subject)
    with telling_double("this identity has just been linked to another account; use another one"):
        if not connection.execute(linked).rowcount:
            said = "another identity is linked to this account; take it off first"
            raise Refused(409, "linked_already", said)


def unlink(connection: Connection, account: str) -> None:
    """Take the identity off an account."""
    change = update(accounts).where(accounts.c.id == account)
    connection.execute(change.values(oidc_issuer=None, oidc_subject=None))


def account_of(connection: Connection, identity: Identity) -> Account:
    """The account of an identity, linked now if it was invited. Raises Refused (403)."""
    known = account_by_oidc(connection, identity.issuer, identity.subject)
    if known is not None:
        return known
    invited = None
    if identity.email and _holder(connection, identity) is None:
        invited = account_by_email(connection, identity.email)
    if invited is None or not _take(connection, invited.id, identity):
        raise Refused(
            403,
            "no_account",
            "nobody has invited you here by an address that the sign-in service has verified; ask"
            " an administrator, or sign in with your password",
        )
    return invited


def _holder(connection: Connection, identity: Identity) -> str | None:
    """The account that an identity is linked to, a disabled one too."""
    ours = select(accounts.c.id).where(
        accounts.c.oidc_issuer == identity.issuer, accounts.c.oidc_subject == identity.subject
    )
    return connection.execute(ours).scalar_one_or_none()


def _take(connection: Connection, account: str, identity: Identity) -> bool:
    """Link an account that was never used; whether it was one."""
    change = update(accounts).where(
        accounts.c.id == account,
        accounts.c.password_hash.is_(None),
        accounts.c.oidc_subject.is_(None),
        accounts.c.disabled_at.is_(None),
    )
    linked = change.values(oidc_issuer=identity.issuer, oidc_subject=identity.subject)
    return bool(connection.execute(linked).rowcount)
