"""Who runs the platform: a mark on accounts. The owners of the first organisation get it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now no one but the first start made organisations, so the oldest one is its own."""
    op.add_column("accounts", sa.Column("operator_since", sa.Double(), nullable=True))
    op.execute(
        "UPDATE accounts SET operator_since = created_at WHERE id IN ("
        "SELECT account FROM memberships WHERE role = 'owner' AND organisation = ("
        "SELECT id FROM organisations ORDER BY created_at, id LIMIT 1))"
    )
