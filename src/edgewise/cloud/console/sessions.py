"""Console sessions: a random token that the page sends in a header, kept as its digest alone.

It does not know how somebody signed in (`sign_in.py`). Why a header and no cookie: decision 0009.
"""

import secrets

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from edgewise.cloud.caller import digest_of
from edgewise.cloud.identifier import base62
from edgewise.cloud.tables import accounts, console_sessions

SESSION_S = 12 * 3600.0
MOST_SESSIONS = 20
_PREFIX = "cs-ew-"  # neither a developer's nor a device's key
_TOKEN_BYTES = 32


class NewSession(Struct, frozen=True):
    """A session just begun; the token is told once and is in no repr."""

    token: str
    expires_at: float

    def __repr__(self) -> str:
        return f"NewSession(expires_at={self.expires_at})"


def begin_session(connection: Connection, account: str, *, now_s: float) -> NewSession:
    """Begins one; sessions that are over go, and the oldest of an account that has too many."""
    token = _PREFIX + base62(secrets.token_bytes(_TOKEN_BYTES))
    expires_at = now_s + SESSION_S
    table = console_sessions
    connection.execute(delete(table).where(table.c.expires_at <= now_s))
    newest = select(table.c.digest).where(table.c.account == account)
    newest = newest.order_by(table.c.created_at.desc()).limit(MOST_SESSIONS - 1)
    kept = list(connection.execute(newest).scalars())
    connection.execute(delete(table).where(table.c.account == account, table.c.digest.not_in(kept)))
    connection.execute(
        insert(table).values(
            digest=digest_of(token), account=account, created_at=now_s, expires_at=expires_at
        )
    )
    return NewSession(token, expires_at)


def account_of_session(connection: Connection, token: str, *, now_s: float) -> str | None:
    """Whose session it is; None when it is unknown, over, or its account is disabled."""
    asked = (
        select(console_sessions.c.account)
        .join(accounts, accounts.c.id == console_sessions.c.account)
        .where(
            console_sessions.c.digest == digest_of(token),
            console_sessions.c.expires_at > now_s,
            accounts.c.disabled_at.is_(None),
        )
    )
    return connection.execute(asked).scalar_one_or_none()


def end_session(connection: Connection, token: str) -> None:
    """Ends one session."""
    connection.execute(
        delete(console_sessions).where(console_sessions.c.digest == digest_of(token))
    )


def end_sessions(connection: Connection, account: str) -> int:
    """Ends all sessions of an account; how many there were."""
    gone = delete(console_sessions).where(console_sessions.c.account == account)
    return connection.execute(gone).rowcount
