"""Voice devices of the xiaozhi family: which device, key and MAC belong together."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
_TIME: sa.Double[float] = sa.Double()


def upgrade() -> None:
    """There were none before."""
    op.create_table(
        "voice_devices",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.Column("client_digest", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name="fk_voice_devices_device"),
        sa.ForeignKeyConstraint(["key"], ["keys.id"], name="fk_voice_devices_key"),
        sa.PrimaryKeyConstraint("device", name="pk_voice_devices"),
        sa.UniqueConstraint("mac", name="uq_voice_devices_mac"),
    )
