"""Which account an OIDC identity is: by issuer and subject, or by an invitation, once.

An unknown identity takes an account by its verified address only if that account was invited and
never used: no password, no other identity. An account with a password is never taken by an address,
since who runs the service, or holds a mailbox there for a day, would then own it (decision 0009).
Nobody gets an account without an invitation.
"""

from msgspec import Struct
from sqlalchemy import Connection, update

from edgewise.cloud.accounts import Account, account_by_email, account_by_oidc
from edgewise.cloud.refusal import Refused
from edgewise.cloud.tables import accounts


class Identity(Struct, frozen=True):
    """Whom the service says has signed in. `email` is empty unless the service verified it."""

    issuer: str
    subject: str
    email: str


def account_of(connection: Connection, identity: Identity) -> Account:
    """The account of an identity, linked now if it was invited. Raises Refused (403)."""
    known = account_by_oidc(connection, identity.issuer, identity.subject)
    if known is not None:
        return known
    invited = account_by_email(connection, identity.email) if identity.email else None
    if invited is None or not _take(connection, invited.id, identity):
        raise Refused(
            403,
            "no_account",
            "nobody has invited you here by an address that the sign-in service has verified; ask"
            " an administrator, or sign in with your password",
        )
    return invited


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
