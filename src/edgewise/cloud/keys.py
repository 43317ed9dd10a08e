"""API keys of developers and credentials of devices: made, listed, changed, revoked.

A secret is `sk-ew-` (developers) or `dk-ew-` (devices) and 32 random bytes in base 62. It is told
once; its SHA-256 and its first characters are kept. Every read and write names the organisation and
gets nothing of another. Who calls with a key is found in `directory.py`.
"""

import re
import secrets
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from edgewise.cloud.accounts import role_of
from edgewise.cloud.caller import NEVER_FOR_DEVICES, Endpoint, KeyKind, Limits, digest_of
from edgewise.cloud.identifier import base62, checked_name, new_id, no_such
from edgewise.cloud.projects import checked_limits, find_device, open_project
from edgewise.cloud.revision import move_revision
from edgewise.cloud.rows import read_all, read_one
from edgewise.cloud.tables import accounts, devices, keys, memberships, projects
from edgewise.errors import UserError

SECRET_BYTES = 32
SHOWN_CHARACTERS = 10
MOST_MODELS = 200
MOST_KEYS = 1000
"""Live keys of one project: one a device or person, not one a request."""
_PREFIX = {KeyKind.DEVELOPER: "sk-ew-", KeyKind.DEVICE: "dk-ew-"}
_MODEL = re.compile(r"[A-Za-z0-9_.:/@\-]{1,128}")  # as in the settings: config.Name


class Scope(Struct, frozen=True):
    """What a key may do. Empty `models` or `endpoints`: all; `limits` None: the platform's
    defaults; `expires_at` None: never."""

    models: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    limits: Limits | None = None
    expires_at: float | None = None


EVERYTHING = Scope()


class KeyState(StrEnum):
    """Whether a key opens anything, and why not. What it belongs to can be let in again, and then
    it is live again; whoever made a developer's key must be a member with an enabled account."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ACCOUNT_DISABLED = "account disabled"
    MEMBER_REMOVED = "member removed"
    DEVICE_REVOKED = "device revoked"
    PROJECT_ARCHIVED = "project archived"


class Key(Struct, frozen=True):
    """A key as its owner sees it; nothing here opens anything. `start` is to know it by. Its
    `endpoints` may hold words of another version, which open nothing here."""

    id: str
    organisation: str
    project: str
    kind: KeyKind
    device: str | None
    name: str
    start: str
    models: tuple[str, ...]
    endpoints: tuple[str, ...]
    limits: Limits | None
    created_by: str | None
    created_at: float
    expires_at: float | None = None
    revoked_at: float | None = None
    shut: KeyState | None = None
    """What keeps it from being live though it is neither revoked nor expired."""

    def state(self, now_s: float) -> KeyState:
        """How it stands at that time."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        if self.expires_at is not None and now_s >= self.expires_at:
            return KeyState.EXPIRED
        return self.shut or KeyState.LIVE


class NewKey(Struct, frozen=True):
    """A key just made, with its secret, which is in no repr and cannot be asked for again."""

    key: Key
    secret: str

    def __repr__(self) -> str:
        return f"NewKey({self.key!r})"


def make_key(
    connection: Connection,
    organisation: str,
    project: str,
    name: str,
    *,
    now_s: float,
    device: str | None = None,
    scope: Scope = EVERYTHING,
    created_by: str | None = None,
    secret: str = "",
) -> NewKey:
    """Makes a developer's key, or with `device` that device's credential. `secret` is for who has
    made one of as many random bits already.

    Raises UserError: `not_found` for a project, device or account that is not the organisation's,
    `archived`, `too_many_keys`, `bad_name`, `bad_scope`, `bad_limits`.
    """
    _check_place(connection, organisation, project, device, created_by)
    _check_number(connection, project, now_s)
    kind = KeyKind.DEVELOPER if device is None else KeyKind.DEVICE
    scope = checked_scope(kind, scope, now_s)
    secret = secret or _PREFIX[kind] + base62(secrets.token_bytes(SECRET_BYTES))
    made = Key(
        id=new_id("key"),
        organisation=organisation,
        project=project,
        kind=kind,
        device=device,
        name=checked_name("a key", name),
        start=secret[:SHOWN_CHARACTERS],
        models=scope.models,
        endpoints=scope.endpoints,
        limits=scope.limits,
        created_by=created_by,
        created_at=now_s,
        expires_at=scope.expires_at,
    )
    values = {field: value for field, value in _plain(made).items() if field in keys.c}
    connection.execute(insert(keys).values(digest=digest_of(secret), **values))
    move_revision(connection)
    return NewKey(made, secret)


def list_keys(
    connection: Connection, organisation: str, *, project: str | None = None
) -> tuple[Key, ...]:
    """The keys of the organisation, or of one project of it, newest first; revoked ones too."""
    asked = _keys_of(organisation)
    if project is not None:
        asked = asked.where(keys.c.project == project)
    return read_all(connection, asked.order_by(keys.c.created_at.desc(), keys.c.id), Key)


def find_key(connection: Connection, organisation: str, key: str) -> Key:
    """The key, by its id. Raises UserError `not_found`."""
    found = read_one(connection, _keys_of(organisation).where(keys.c.id == key), Key)
    if found is None:
        raise no_such("key", key)
    return found


def change_key(
    connection: Connection,
    organisation: str,
    key: str,
    *,
    now_s: float,
    name: str | None = None,
    scope: Scope | None = None,
) -> Key:
    """Gives a key another name or scope (the whole scope). Raises as `make_key`, or `revoked`."""
    found = find_key(connection, organisation, key)
    if found.revoked_at is not None:
        raise UserError(
            f"the key {found.name!r} is revoked, and stays so; make another", code="revoked"
        )
    changed: dict[str, Any] = {}
    if name is not None:
        changed["name"] = checked_name("a key", name)
    if scope is not None:
        changed |= _plain(checked_scope(found.kind, scope, now_s))
    if changed:
        _update(connection, organisation, key, changed)
    return find_key(connection, organisation, key)


def revoke_key(connection: Connection, organisation: str, key: str, *, now_s: float) -> Key:
    """Ends a key for good; in this process as soon as the transaction is committed.

    The time of the first call stays. Raises UserError `not_found`.
    """
    found = find_key(connection, organisation, key)
    if found.revoked_at is None:
        _update(connection, organisation, key, {"revoked_at": now_s})
    return find_key(connection, organisation, key)


def checked_scope(kind: KeyKind, scope: Scope, now_s: float) -> Scope:
    """The scope without doubles. Raises UserError `bad_scope` or `bad_limits`."""
    models = tuple(sorted(set(scope.models)))
    endpoints = tuple(sorted(set(scope.endpoints)))
    if len(models) > MOST_MODELS:
        raise _bad_scope(f"{len(models)} models; {MOST_MODELS} at most, or none for all")
    for model in models:
        if not _MODEL.fullmatch(model):
            raise _bad_scope(f"the model {model[:100]!r}; write its name as in GET /v1/models")
    if kind is KeyKind.DEVICE:
        for endpoint in endpoints:
            if endpoint in NEVER_FOR_DEVICES:
                raise _bad_scope(f"{endpoint.value!r}, which is never for devices; leave it out")
    if scope.expires_at is not None and not now_s < scope.expires_at < float("inf"):
        raise _bad_scope(f"the expiry {scope.expires_at}, which is no later time; name one")
    limits = None if scope.limits is None else checked_limits(scope.limits)
    return Scope(models, endpoints, limits, scope.expires_at)


def _check_place(
    connection: Connection,
    organisation: str,
    project: str,
    device: str | None,
    created_by: str | None,
) -> None:
    """Raises UserError when a key can not be of these."""
    open_project(connection, organisation, project)
    if device is not None:
        _check_device(connection, organisation, project, device)
    if created_by is not None and role_of(connection, organisation, created_by) is None:
        raise no_such("account", created_by)


def _check_number(connection: Connection, project: str, now_s: float) -> None:
    """Each key has limits of its own, so keys without end would be limits without end."""
    live = or_(keys.c.expires_at.is_(None), keys.c.expires_at > now_s)
    asked = select(func.count()).where(keys.c.project == project, keys.c.revoked_at.is_(None), live)
    if connection.execute(asked).scalar_one() >= MOST_KEYS:
        raise UserError(
            f"the project has {MOST_KEYS} live keys, which is the most; revoke some that are not"
            " used",
            code="too_many_keys",
        )


def _check_device(connection: Connection, organisation: str, project: str, device: str) -> None:
    found = find_device(connection, organisation, device)
    if found.project != project:
        raise no_such("device", device)
    if found.archived_at is not None:
        raise UserError(f"the device {found.name!r} is revoked; register another", code="revoked")


def _keys_of(organisation: str) -> Select[Any]:
    columns = [keys.c[name] for name in Key.__struct_fields__ if name in keys.c]
    return (
        select(*columns, projects.c.organisation, _shut().label("shut"))
        .join(projects, projects.c.id == keys.c.project)
        .outerjoin(devices, devices.c.id == keys.c.device)
        .outerjoin(accounts, accounts.c.id == keys.c.created_by)
        .outerjoin(memberships, _makers_membership())
        .where(projects.c.organisation == organisation)
    )


def _shut() -> ColumnElement[Any]:
    """What the key belongs to that is out of service: what `directory.py` leaves out."""
    is_persons = and_(keys.c.kind == KeyKind.DEVELOPER.value, keys.c.created_by.is_not(None))
    return case(
        (projects.c.archived_at.is_not(None), KeyState.PROJECT_ARCHIVED.value),
        (devices.c.archived_at.is_not(None), KeyState.DEVICE_REVOKED.value),
        (and_(is_persons, accounts.c.disabled_at.is_not(None)), KeyState.ACCOUNT_DISABLED.value),
        (and_(is_persons, memberships.c.account.is_(None)), KeyState.MEMBER_REMOVED.value),
        else_=None,
    )


def _makers_membership() -> ColumnElement[bool]:
    """Joins the membership of who made a key, in the organisation of its project."""
    return and_(
        memberships.c.account == keys.c.created_by,
        memberships.c.organisation == projects.c.organisation,
    )


def _update(connection: Connection, organisation: str, key: str, changed: dict[str, Any]) -> None:
    move_revision(connection)
    connection.execute(update(keys).where(keys.c.id == key, _in(organisation)).values(changed))


def _in(organisation: str) -> ColumnElement[bool]:
    ours = select(projects.c.id).where(projects.c.organisation == organisation)
    return keys.c.project.in_(ours)


def _plain(value: Struct) -> dict[str, Any]:
    """As the columns take it: lists for tuples, texts for words of an enum."""
    return msgspec.to_builtins(value)


def _bad_scope(said: str) -> UserError:
    return UserError(f"the key's scope names {said}", code="bad_scope")
