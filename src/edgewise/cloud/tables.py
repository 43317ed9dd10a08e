"""The platform's tables, the same on SQLite and PostgreSQL.

Ids are text, `prefix_` and random characters (`identifier.new_id`). Times are wall seconds; null
means "not yet" or "never". Money is whole nano-units of the platform's one currency.

The ledger and its sums by day hold no foreign keys: what was used stays written whatever becomes
of the key. Triggers refuse to change or remove a row of the ledger (first migration).

A change here needs a migration: tests/cloud/test_migrations.py compares the two.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from edgewise.cloud.usage import UNITS

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_DOUBLE: Double[float] = Double()


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _to(name: str, table: str, *, nullable: bool = False, index: bool = True) -> Column[str]:
    return Column(name, Text, ForeignKey(f"{table}.id"), nullable=nullable, index=index)


def _time(name: str) -> Column[float]:
    return Column(name, _DOUBLE, nullable=False)


def _later(name: str) -> Column[float]:
    return Column(name, _DOUBLE, nullable=True)


def _whole(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=0)


organisations = Table("organisations", metadata, _id(), _text("name"), _time("created_at"))

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("email", Text, nullable=False, unique=True),
    _text("name"),
    Column("password_hash", Text),
    Column("oidc_issuer", Text),
    Column("oidc_subject", Text),
    _time("created_at"),
    _later("disabled_at"),
    _later("operator_since"),
    UniqueConstraint("oidc_issuer", "oidc_subject"),
)
"""People. `email` is in lower case; `password_hash` is argon2's own text;
`operator_since` marks who runs the platform (operators.py)."""

memberships = Table(
    "memberships",
    metadata,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("organisation", Text, ForeignKey("organisations.id"), primary_key=True, index=True),
    _text("role"),
    _one_of("role", "owner", "admin", "member"),
)

projects = Table(
    "projects",
    metadata,
    _id(),
    _to("organisation", "organisations"),
    _text("name"),
    Column("content_opt_in", Boolean, nullable=False, default=False),
    Column("limits", JSON, nullable=False),
    _time("created_at"),
    _later("archived_at"),
)

devices = Table(
    "devices",
    metadata,
    _id(),
    _to("project", "projects"),
    _text("name"),
    _time("created_at"),
    _later("archived_at"),
)

keys = Table(
    "keys",
    metadata,
    _id(),
    _to("project", "projects"),
    _text("kind"),
    _to("device", "devices", nullable=True),
    _text("name"),
    _text("start"),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("models", JSON, nullable=False),
    Column("endpoints", JSON, nullable=False),
    Column("limits", JSON(none_as_null=True)),
    _to("created_by", "accounts", nullable=True, index=False),
    _time("created_at"),
    _later("expires_at"),
    _later("revoked_at"),
    _one_of("kind", "developer", "device"),
    CheckConstraint("(kind = 'device') = (device IS NOT NULL)", name="device"),
)
"""`start` is the first few characters, for people to know a key by; `digest` is all that is kept of
the secret. `limits` null: the platform's defaults."""

budgets = Table(
    "budgets",
    metadata,
    _id(),
    _to("organisation", "organisations"),
    _text("scope_kind"),
    _text("scope"),
    _text("period"),
    Column("limit_nano", BigInteger, nullable=False),
    _time("created_at"),
    UniqueConstraint("scope_kind", "scope", "period"),
    _one_of("scope_kind", "organisation", "project", "key"),
    _one_of("period", "day", "month", "total"),
    CheckConstraint("limit_nano >= 0", name="limit_nano"),
)
"""`scope` is the id of what `scope_kind` says; `organisation` is whose it is."""

ledger = Table(
    "ledger",
    metadata,
    _id(),
    _time("at"),
    _text("day"),
    _text("organisation"),
    _text("project"),
    _text("key"),
    _text("device"),
    _text("endpoint"),
    _text("model"),
    _text("backend"),
    _text("backend_model"),
    _text("outcome"),
    Column("estimated", Boolean, nullable=False),
    *(_whole(unit) for unit in UNITS),
    _whole("cost_nano"),
    _text("currency"),
    _text("price_since"),
    Column("took_ms", _DOUBLE, nullable=False),
    _text("trace"),
    _one_of("outcome", "done", "cancelled", "failed", "disconnected", "crashed"),
    Index(None, "organisation", "at"),
    Index(None, "project", "at"),
    Index(None, "key", "at"),
)
"""One row a settled request; only ever added to. Texts that do not apply are empty."""

usage_daily = Table(
    "usage_daily",
    metadata,
    Column("day", Text, primary_key=True),
    Column("organisation", Text, primary_key=True),
    Column("project", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    _whole("requests"),
    *(_whole(unit) for unit in UNITS),
    _whole("cost_nano"),
    Index(None, "organisation", "day"),
)
"""Sums of the ledger, so that a page of a year's use need not read every request."""

voice_devices = Table(
    "voice_devices",
    metadata,
    Column("device", Text, ForeignKey("devices.id"), primary_key=True),
    _to("key", "keys", index=False),
    Column("mac", Text, nullable=False, unique=True),
    Column("client_digest", LargeBinary, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    _text("board"),
    _text("firmware"),
    _text("serial"),
    _time("created_at"),
    _time("last_seen"),
)
"""Devices of the xiaozhi family that belong to somebody; one that is taken away has no row.
`nonce` is what its token is made of, beside a secret that is not here."""

files = Table(
    "files",
    metadata,
    _id(),
    _to("project", "projects"),
    _to("key", "keys", index=False),
    _text("name"),
    _text("purpose"),
    Column("size_bytes", BigInteger, nullable=False),
    _time("created_at"),
    _later("expires_at"),
    _later("deleted_at"),
    _time("metered_until"),
)
"""The bytes lie in the folder of files under the id. Storage is entered up to `metered_until`."""

batches = Table(
    "batches",
    metadata,
    _id(),
    _to("project", "projects"),
    _to("key", "keys", index=False),
    _text("endpoint"),
    _to("input_file", "files", index=False),
    _to("output_file", "files", nullable=True, index=False),
    _to("error_file", "files", nullable=True, index=False),
    _text("status"),
    Column("total", Integer, nullable=False, default=0),
    Column("completed", Integer, nullable=False, default=0),
    Column("failed", Integer, nullable=False, default=0),
    Column("errors", JSON(none_as_null=True)),
    Column("metadata", JSON(none_as_null=True)),
    Column("model", Text),
    Column("usage", JSON(none_as_null=True)),
    Column("output_expires_s", BigInteger),
    _time("created_at"),
    _later("in_progress_at"),
    _later("finalizing_at"),
    _later("completed_at"),
    _later("failed_at"),
    _later("expires_at"),
    _later("expired_at"),
    _later("cancelling_at"),
    _later("cancelled_at"),
    _one_of(
        "status",
        "validating",
        "failed",
        "in_progress",
        "finalizing",
        "completed",
        "expired",
        "cancelling",
        "cancelled",
    ),
)
"""Columns as in the batch object of the OpenAI API; `errors` are those of its input file.
`output_expires_s` is how long the files it makes are kept, null for ever."""

responses = Table(
    "responses",
    metadata,
    _id(),
    _to("project", "projects"),
    _to("key", "keys", index=False),
    Column("body", JSON, nullable=False),
    _time("created_at"),
    Column("deleted", Boolean, nullable=False, default=False),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="single"),
)
"""One row: moves with every change of what the in-memory directory holds."""

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _to("account", "accounts"),
    _time("created_at"),
    _time("expires_at"),
)
