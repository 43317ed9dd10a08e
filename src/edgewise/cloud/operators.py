"""Who runs the platform: a mark on an account, apart from its roles in organisations.

An operator sees how the backends do, shuts accounts out and may always make organisations; it opens
nothing of an organisation. The first start gives the mark, and `edgewise cloud operator` on the
platform's own machine: never the console, so a session that was stolen makes no more of them.
"""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Select, or_, select, update

from edgewise.cloud.revision import lock_revision
from edgewise.cloud.rows import columns_of, read_all
from edgewise.cloud.tables import accounts, memberships, organisations
from edgewise.errors import UserError

MOST_SHOWN = 200


class PlatformAccount(Struct, frozen=True):
    """An account as the operator sees it; `organisations` are the names of those it is in."""

    id: str
    email: str
    name: str
    created_at: float
    disabled_at: float | None = None
    operator_since: float | None = None
    organisations: tuple[str, ...] = ()


def is_operator(connection: Connection, account: str) -> bool:
    """Whether the account runs the platform; a disabled one does not."""
    asked = select(accounts.c.id).where(
        accounts.c.id == account,
        accounts.c.operator_since.is_not(None),
        accounts.c.disabled_at.is_(None),
    )
    return connection.execute(asked).first() is not None


def make_operator(connection: Connection, account: str, *, now_s: float) -> None:
    """Marks an account; the time of the first call stays."""
    change = update(accounts).where(accounts.c.id == account, accounts.c.operator_since.is_(None))
    connection.execute(change.values(operator_since=now_s))


def end_operator(connection: Connection, account: str) -> None:
    """Takes the mark away. Raises UserError `last_operator` when no other account that can sign in
    has it."""
    check_not_last(connection, account)
    connection.execute(update(accounts).where(accounts.c.id == account).values(operator_since=None))


def check_not_last(connection: Connection, account: str) -> None:
    """Raises UserError `last_operator` when no other account that can sign in is an operator."""
    lock_revision(connection)  # one change of operators at a time
    others = select(accounts.c.id).where(
        accounts.c.id != account,
        accounts.c.operator_since.is_not(None),
        accounts.c.disabled_at.is_(None),
    )
    if connection.execute(others.limit(1)).first() is None:
        raise UserError(
            "this is the platform's last operator; make another account one first",
            code="last_operator",
        )


def find_account(connection: Connection, who: str) -> PlatformAccount:
    """The account of an address or id, disabled or not. Raises UserError `not_found`."""
    column = accounts.c.email if "@" in who else accounts.c.id
    named = who.strip().lower() if "@" in who else who
    asked = select(*columns_of(accounts, PlatformAccount)).where(column == named)
    for found in _with_places(connection, asked):
        return found
    raise UserError(
        f"there is no account {who[:80]!r}; the console's page of accounts lists them",
        code="not_found",
    )


def list_accounts(connection: Connection, text: str = "") -> tuple[PlatformAccount, ...]:
    """The accounts by address, those alone whose id is `text` or whose address or name holds it;
    the first MOST_SHOWN."""
    asked = select(*columns_of(accounts, PlatformAccount))
    if text:
        asked = asked.where(
            or_(
                accounts.c.email.icontains(text, autoescape=True),
                accounts.c.name.icontains(text, autoescape=True),
                accounts.c.id == text,
            )
        )
    return _with_places(connection, asked.order_by(accounts.c.email).limit(MOST_SHOWN))


def _with_places(connection: Connection, asked: Select[Any]) -> tuple[PlatformAccount, ...]:
    found = read_all(connection, asked, PlatformAccount)
    places = (
        select(memberships.c.account, organisations.c.name)
        .join(organisations, organisations.c.id == memberships.c.organisation)
        .where(memberships.c.account.in_([one.id for one in found]))
        .order_by(organisations.c.name)
    )
    names: dict[str, list[str]] = {}
    for row in connection.execute(places):
        names.setdefault(row.account, []).append(row.name)
    return tuple(replace(one, organisations=tuple(names.get(one.id, ()))) for one in found)
