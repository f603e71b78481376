"""The tables of the database, and how times are kept in them. The migrations make them."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody could say later what it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData()

snapshots = Table(
    "snapshots",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("body", JSON, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("snapshot", ForeignKey("snapshots.hash"), nullable=False),
    Column("article", String, nullable=False),
    Column("edition", String(10), nullable=False),
    Column("revision", String(64), nullable=False),
    Column("started", UtcDateTime, nullable=False),
)

readers = Table(
    "run_readers",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("reader", String(64), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Index("run_readers_by_reader", "reader", "since"),
)

resume_codes = Table(
    "resume_codes",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False, unique=True),
    Column("made", UtcDateTime, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("id", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("step", String(64), nullable=False),
    Column("seen", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("run", "id", name="events_once"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

unanswered = Table(
    "unanswered_searches",
    metadata,
    Column("question", String(100), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", UtcDateTime, nullable=False),
)
