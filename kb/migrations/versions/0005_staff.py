"""Staff sign-ins, what staff looked at, and rate limits."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff_sessions",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("user", sa.String(200), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("claims", sa.JSON, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "staff_looks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff", sa.String(210), nullable=False),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
    )
    op.create_index("staff_looks_by_run", "staff_looks", ["run", "at"])
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("busy_until", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sa.Column("room", sa.BigInteger, nullable=False),
    )
    op.create_index("runs_by_start", "runs", ["started"])


def downgrade() -> None:
    """Drop the tables: staff sign in again, and what they looked at is forgotten."""
    op.drop_index("runs_by_start", "runs")
    for table in ("rate_limits", "staff_looks", "staff_sessions"):
        op.drop_table(table)
