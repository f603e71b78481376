"""The tables of the database, and how times are kept in them. The migrations make them."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
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
    Column("purged", UtcDateTime),  # when what people wrote in it was erased
    Index("runs_by_start", "started"),
)

readers = Table(
    "run_readers",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("reader", String(64), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("code", String(64)),  # that let it in, none for the browser that started the run
    Index("run_readers_by_reader", "reader", "since"),
)

run_codes = Table(
    "run_codes",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("allows", String(8), nullable=False),  # tick, or only see
    Column("made", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("revoked", UtcDateTime),
    Index("run_codes_by_run", "run", "made"),
)

viewers = Table(
    "run_viewers",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("reader", String(64), primary_key=True),
    Column("code", ForeignKey("run_codes.code"), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
)

run_accounts = Table(
    "run_accounts",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("account", String, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("run_accounts_by_account", "account", "since"),
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
    Column("snapshot", String(64)),  # the chain, see kb/checklist/chain.py; nothing in events of an earlier kb
    Column("salt", String(32)),
    Column("digest", String(64)),
    Column("mac", String(64)),
    Column("key", String(16)),
    UniqueConstraint("run", "id", name="events_once"),
)

heads = Table(
    "heads",  # the last event of each run
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # without gaps: a run that is deleted leaves one
    Column("version", Integer, nullable=False),
    Column("mac", String(64), nullable=False),
    Column("key", String(16), nullable=False),
    Column("seal", String(64), nullable=False),
)

register = Table(
    "register",  # one row: how many runs there must be
    metadata,
    Column("id", Integer, primary_key=True),
    Column("runs", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),  # when the chain began
    Column("key", String(16), nullable=False),
    Column("seal", String(64), nullable=False),
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

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("key", String(64), primary_key=True),  # hash of what the browser holds
    Column("way", String(8), nullable=False),  # local, oidc
    Column("user", String(200), nullable=False),
    Column("stamp", String(64), nullable=False),  # of the local user's entry: another password ends the sign-in
    Column("claims", JSON, nullable=False),  # groups that the provider named
    Column("made", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

staff_looks = Table(
    "staff_looks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("staff", String(210), nullable=False),  # way:user
    Column("run", String(32), nullable=False),  # no foreign key: it outlives the run
    Column("how", String(16), nullable=False),  # code, account
    Index("staff_looks_by_run", "run", "at"),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("busy_until", BigInteger, nullable=False),  # microseconds since 1970, as are the spans
    Column("cost", BigInteger, nullable=False),  # of what was asked last
    Column("room", BigInteger, nullable=False),  # how far busy_until may lie ahead
)
