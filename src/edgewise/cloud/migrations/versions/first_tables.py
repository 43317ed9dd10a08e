"""The first tables, and the triggers that keep the ledger append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSAL = "the ledger is append-only; write a correcting row instead"
_DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    """Makes everything; the order follows the foreign keys."""
    _accounts()
    _ledger()
    _organisations()
    _revision()
    _usage_daily()
    _budgets()
    _console_sessions()
    _memberships()
    _projects()
    _devices()
    _keys()
    _files()
    _batches()
    _responses()
    op.execute("INSERT INTO revision (id, number) VALUES (1, 1)")
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def _guard_on_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER ledger_refuses_{change.lower()} BEFORE {change} ON ledger"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"
        " END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("oidc_issuer", sa.Text(), nullable=True),
        sa.Column("oidc_subject", sa.Text(), nullable=True),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("disabled_at", _DOUBLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
        sa.UniqueConstraint(
            "oidc_issuer", "oidc_subject", name="uq_accounts_oidc_issuer_oidc_subject"
        ),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", _DOUBLE, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("backend_model", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cached_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("reasoning_tokens", sa.BigInteger(), nullable=False),
        sa.Column("audio_input_ms", sa.BigInteger(), nullable=False),
        sa.Column("audio_output_ms", sa.BigInteger(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("images", sa.BigInteger(), nullable=False),
        sa.Column("searches", sa.BigInteger(), nullable=False),
        sa.Column("storage_byte_hours", sa.BigInteger(), nullable=False),
        sa.Column("cost_nano", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_since", sa.Text(), nullable=False),
        sa.Column("took_ms", _DOUBLE, nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('done', 'cancelled', 'failed', 'disconnected', 'crashed')",
            name="ck_ledger_outcome",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
    )
    op.create_index("ix_ledger_key_at", "ledger", ["key", "at"])
    op.create_index("ix_ledger_organisation_at", "ledger", ["organisation", "at"])
    op.create_index("ix_ledger_project_at", "ledger", ["project", "at"])


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_revision_single"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )


def _usage_daily() -> None:
    op.create_table(
        "usage_daily",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cached_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("reasoning_tokens", sa.BigInteger(), nullable=False),
        sa.Column("audio_input_ms", sa.BigInteger(), nullable=False),
        sa.Column("audio_output_ms", sa.BigInteger(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("images", sa.BigInteger(), nullable=False),
        sa.Column("searches", sa.BigInteger(), nullable=False),
        sa.Column("storage_byte_hours", sa.BigInteger(), nullable=False),
        sa.Column("cost_nano", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "organisation", "project", "key", "model", name="pk_usage_daily"
        ),
    )
    op.create_index("ix_usage_daily_organisation_day", "usage_daily", ["organisation", "day"])


def _budgets() -> None:
    op.create_table(
        "budgets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("limit_nano", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.CheckConstraint("period IN ('day', 'month', 'total')", name="ck_budgets_period"),
        sa.CheckConstraint(
            "scope_kind IN ('organisation', 'project', 'key')", name="ck_budgets_scope_kind"
        ),
        sa.CheckConstraint("limit_nano >= 0", name="ck_budgets_limit_nano"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_budgets_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budgets"),
        sa.UniqueConstraint(
            "scope_kind", "scope", "period", name="uq_budgets_scope_kind_scope_period"
        ),
    )
    op.create_index("ix_budgets_organisation", "budgets", ["organisation"])


def _console_sessions() -> None:
    op.create_table(
        "console_sessions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("expires_at", _DOUBLE, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_console_sessions_account"),
        sa.PrimaryKeyConstraint("digest", name="pk_console_sessions"),
    )
    op.create_index("ix_console_sessions_account", "console_sessions", ["account"])


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'admin', 'member')", name="ck_memberships_role"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_memberships_account"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_memberships_organisation"
        ),
        sa.PrimaryKeyConstraint("account", "organisation", name="pk_memberships"),
    )
    op.create_index("ix_memberships_organisation", "memberships", ["organisation"])


def _projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_opt_in", sa.Boolean(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("archived_at", _DOUBLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_projects_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
    )
    op.create_index("ix_projects_organisation", "projects", ["organisation"])


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("archived_at", _DOUBLE, nullable=True),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_devices_project"),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
    )
    op.create_index("ix_devices_project", "devices", ["project"])


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("expires_at", _DOUBLE, nullable=True),
        sa.Column("deleted_at", _DOUBLE, nullable=True),
        sa.Column("metered_until", _DOUBLE, nullable=False),
        sa.ForeignKeyConstraint(["key"], ["keys.id"], name="fk_files_key"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_files_project"),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_index("ix_files_project", "files", ["project"])


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("endpoints", sa.JSON(), nullable=False),
        sa.Column("limits", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("expires_at", _DOUBLE, nullable=True),
        sa.Column("revoked_at", _DOUBLE, nullable=True),
        sa.CheckConstraint("(kind = 'device') = (device IS NOT NULL)", name="ck_keys_device"),
        sa.CheckConstraint("kind IN ('developer', 'device')", name="ck_keys_kind"),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name="fk_keys_created_by"),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name="fk_keys_device"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_keys_project"),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
        sa.UniqueConstraint("digest", name="uq_keys_digest"),
    )
    op.create_index("ix_keys_device", "keys", ["device"])
    op.create_index("ix_keys_project", "keys", ["project"])


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("input_file", sa.Text(), nullable=False),
        sa.Column("output_file", sa.Text(), nullable=True),
        sa.Column("error_file", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("metadata", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("usage", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("output_expires_s", sa.BigInteger(), nullable=True),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("in_progress_at", _DOUBLE, nullable=True),
        sa.Column("finalizing_at", _DOUBLE, nullable=True),
        sa.Column("completed_at", _DOUBLE, nullable=True),
        sa.Column("failed_at", _DOUBLE, nullable=True),
        sa.Column("expires_at", _DOUBLE, nullable=True),
        sa.Column("expired_at", _DOUBLE, nullable=True),
        sa.Column("cancelling_at", _DOUBLE, nullable=True),
        sa.Column("cancelled_at", _DOUBLE, nullable=True),
        sa.CheckConstraint(
            "status IN ('validating', 'failed', 'in_progress', 'finalizing', 'completed',"
            " 'expired', 'cancelling', 'cancelled')",
            name="ck_batches_status",
        ),
        sa.ForeignKeyConstraint(["error_file"], ["files.id"], name="fk_batches_error_file"),
        sa.ForeignKeyConstraint(["input_file"], ["files.id"], name="fk_batches_input_file"),
        sa.ForeignKeyConstraint(["key"], ["keys.id"], name="fk_batches_key"),
        sa.ForeignKeyConstraint(["output_file"], ["files.id"], name="fk_batches_output_file"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_batches_project"),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_project", "batches", ["project"])


def _responses() -> None:
    op.create_table(
        "responses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", _DOUBLE, nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["keys.id"], name="fk_responses_key"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_responses_project"),
        sa.PrimaryKeyConstraint("id", name="pk_responses"),
    )
    op.create_index("ix_responses_project", "responses", ["project"])
