"""Whose a run is: its account, the codes that open it in other browsers, and who may only look."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RESUME_CODES_LIVE = timedelta(days=30)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; runs that are linked already get their account, codes that were made go on for a while."""
    _make_accounts()
    _make_codes()
    op.add_column("run_readers", sa.Column("code", sa.String(64)))


def downgrade() -> None:
    """Drop the tables: runs can be opened by the browsers that have them, and by nobody else."""
    op.drop_column("run_readers", "code")
    op.create_table(
        "resume_codes",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id"), nullable=False, unique=True),
        sa.Column("made", MOMENT, nullable=False),
    )
    for table in ("run_viewers", "run_codes", "run_accounts"):
        op.drop_table(table)


def _make_accounts() -> None:
    accounts = op.create_table(
        "run_accounts",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
    )
    op.create_index("run_accounts_by_account", "run_accounts", ["account", "since"])
    events = sa.table(
        "events",
        *(sa.column(name) for name in ("run", "version", "kind")),
        sa.column("at", MOMENT),
        sa.column("body", sa.JSON),
    )
    query = sa.select(events).where(events.c.kind == "linked").order_by(events.c.version)
    linked = {row.run: row for row in reversed(op.get_bind().execute(query).all())}
    rows = [
        {"run": run, "account": row.body["account"], "since": row.at}
        for run, row in linked.items()
        if "account" in row.body  # what was erased for privacy names nobody
    ]
    if rows:
        op.bulk_insert(accounts, rows)


def _make_codes() -> None:
    codes = op.create_table(
        "run_codes",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("allows", sa.String(8), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("revoked", MOMENT),
    )
    op.create_index("run_codes_by_run", "run_codes", ["run", "made"])
    op.create_table(
        "run_viewers",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("reader", sa.String(64), primary_key=True),
        sa.Column("code", sa.String(64), sa.ForeignKey("run_codes.code"), primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
    )
    old = sa.table("resume_codes", sa.column("code"), sa.column("run"), sa.column("made", MOMENT))
    until = datetime.now(UTC) + RESUME_CODES_LIVE
    rows = [
        {"code": row.code, "run": row.run, "allows": "tick", "made": row.made, "until": until, "revoked": None}
        for row in op.get_bind().execute(sa.select(old))
    ]
    if rows:
        op.bulk_insert(codes, rows)
    op.drop_table("resume_codes")
