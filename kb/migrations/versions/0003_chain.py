"""The chain over each run's events, and the heads and the register that tell what is missing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHAIN = {"snapshot": 64, "salt": 32, "digest": 64, "mac": 64, "key": 16}


def upgrade() -> None:
    """Make the tables and columns. Events that are there already have no chain: the key is not known here."""
    op.add_column("runs", sa.Column("purged", sa.DateTime(timezone=True)))
    for name, length in CHAIN.items():
        op.add_column("events", sa.Column(name, sa.String(length)))
    op.create_table(
        "heads",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    op.create_table(
        "register",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Drop them: the events stay, but nobody can tell any more whether they were altered."""
    op.drop_table("register")
    op.drop_table("heads")
    for name in CHAIN:
        op.drop_column("events", name)
    op.drop_column("runs", "purged")
