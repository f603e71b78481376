"""Questions to the search that had no answer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unanswered_searches",
        sa.Column("question", sa.String(100), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop the table: what readers looked for in vain is lost."""
    op.drop_table("unanswered_searches")
