"""Invoices against a second reckoning: whatever is made, stopped and deleted when, each month is what it must be.

What costs by the hour costs its hours and stops when it goes; what costs by the month costs the whole month in which it
was there for a moment, and going early does not make that month cheaper. The second reckoning has its own list of
prices, and knows only from when to when there was what.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.sandbox.clock import MovableClock
from kb.sandbox.world import invoices, meter, price
from kb.sandbox.world.invoices import Line
from kb.sandbox.world.months import Month
from kb.sandbox.world.records import (
    ACTIVE,
    ARCHIVED,
    Address,
    Change,
    Disk,
    Group,
    Item,
    Network,
    Server,
    SharedBalancer,
    Vpn,
)
from kb.sandbox.world.shelf import Shelf
from kb.sandbox.world.state import World

START = datetime(2026, 1, 30, 22, tzinfo=UTC)  # near enough to the end of a month, and to a February
CHANGE = Change(START, "me", START, "me")
DISKS = (Disk("0:0", 100),)

# what one of each costs: USD by the hour, and by the month
HOURLY: Mapping[str, float] = {
    "started": 2 * 0.01 + 4 * 0.015 + 100 * 0.00021,
    "stopped": 100 * 0.00021,
    "windows": 2 * 0.01 + 4 * 0.015 + 100 * 0.00021 + 2 * 0.04,
    "managed": 2 * 0.01 + 4 * 0.015 + 100 * 0.00021 + 0.21,
    "premium": 2 * 0.01 + 4 * 0.015 + 100 * 0.0007,
    "hyperscale": 2 * 0.01 + 4 * 0.015 + 100 * 0.0005,
    "archived": 100 * 0.0001,
    "balancer": 0.04,
    "app": 2 * 0.5 * 0.04,
    "agent": 0.07,
}
MONTHLY: Mapping[str, float] = {"address": 2.0, "network": 45.0, "vpn": 45.0, "zone": 5.0}
KINDS = sorted({*HOURLY, *MONTHLY})


def _thing(kind: str, name: str, now: datetime) -> Any:
    change = Change(now, "me", now, "me")
    server = Server(f"va1abcd{name}", name, "ABCD", "VA1", "g1", change, cpu=2, memory=4, disks=DISKS, power="started")
    match kind:
        case "stopped":
            return replace(server, power="stopped")
        case "windows":
            return replace(server, os="windows2016Datacenter_64Bit")
        case "managed":
            return replace(server, managed=True)
        case "premium":
            return replace(server, storage_type="premium")
        case "hyperscale":
            return replace(server, type="hyperscale", storage_type="hyperscale")
        case "archived":
            return replace(server, status=ARCHIVED, power="stopped")
        case "address":  # of an archived server: it keeps its public address
            address = Address("10.1.1.12", "n", public=f"198.18.0.{name}")
            return replace(server, status=ARCHIVED, power="stopped", disks=(), addresses=(address,))
        case "network":
            return Network(name, "ABCD", "VA1", 2001, "10.1.1.0/24", name, "", now)
        case "vpn":
            return Vpn(name, "ABCD", "VA1", change, name, "", "", (), "", ())
        case "balancer":
            return SharedBalancer(name, "ABCD", "VA1", name, "", "198.18.0.1", now)
        case "app" | "agent" | "zone":
            return Item(kind, name, "ABCD", "VA1", {"instances": 2, "memory": 512}, now)
    return server


@dataclass
class Reckoning:
    """The second reckoning: from when to when there was one of which kind."""

    lives: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)  # name, kind, from, to

    def total(self, month: Month, now: datetime) -> Decimal:
        """What the month must cost, with each server's and load balancer's hours rounded to cents alone."""
        hours: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        flat = Decimal(0)
        for name, kind, since, until in self.lives:
            first, last = max(since, month.start), min(until or now, month.end, now)
            if last <= first:
                continue
            if kind in MONTHLY:
                flat += Decimal(str(MONTHLY[kind]))
            else:
                spent = Decimal(str((last - first).total_seconds())) / 3600
                hours[name, kind] += spent * Decimal(str(round(HOURLY[kind], 6)))
        return flat + sum(hours.values(), Decimal(0))


@dataclass
class Account:
    """A world with one account, and the second reckoning of it."""

    clock: MovableClock
    world: World
    reckoning: Reckoning = field(default_factory=Reckoning)
    here: dict[str, Any] = field(default_factory=dict)  # name -> thing

    def make(self, kind: str) -> None:
        name = f"{len(self.reckoning.lives) + 1}"
        thing = _thing(kind, name, self.clock())
        with self.world.change():
            self._table(thing).put(thing)
        self.here[name] = thing
        self.reckoning.lives.append((name, kind, self.clock(), None))

    def drop(self, which: int) -> None:
        if not self.here:
            return
        name = sorted(self.here)[which % len(self.here)]
        thing = self.here.pop(name)
        with self.world.change():
            self._table(thing).remove(thing.key)
        self._end(name)

    def turn_off(self, which: int) -> None:
        """A started server is stopped: it goes on as another kind."""
        started = sorted(name for name, kind, _, until in self.reckoning.lives if kind == "started" and until is None)
        if not started:
            return
        name = started[which % len(started)]
        with self.world.change():
            self.here[name] = self.world.servers.put(replace(self.here[name], power="stopped"))
        self._end(name)
        self.reckoning.lives.append((name, "stopped", self.clock(), None))

    def touch(self, which: int) -> None:
        """Something changes that costs nothing."""
        servers = sorted(name for name, thing in self.here.items() if isinstance(thing, Server))
        if servers:
            name = servers[which % len(servers)]
            with self.world.change():
                self.here[name] = self.world.servers.put(replace(self.here[name], description="other"))

    def _end(self, name: str) -> None:
        lives = self.reckoning.lives
        for position, (each, kind, since, until) in enumerate(lives):
            if each == name and until is None:
                lives[position] = (each, kind, since, self.clock())

    def _table(self, thing: Any) -> Any:
        tables = {
            Server: self.world.servers,
            Network: self.world.networks,
            Vpn: self.world.vpns,
            SharedBalancer: self.world.shared_balancers,
            Item: self.world.items,
        }
        return tables[type(thing)]


def _account() -> Account:
    clock = MovableClock(START, stopped=True)
    world = World(Shelf(None), clock, 0)
    with world.change():
        world.found("test")
        world.groups.put(Group("g1", "ABCD", "VA1", "Web", CHANGE))
    return Account(clock, world)


def _months(count: int = 6) -> Iterator[Month]:
    month = Month(2025, 12)
    for _ in range(count):
        yield month
        month = Month.of(month.end)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["make", "make", "drop", "turn_off", "touch"]),
        st.integers(0, 40),
        st.integers(1, 60 * 24 * 9).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_every_month_is_what_a_second_reckoning_says(steps: list[tuple[str, int, timedelta]]) -> None:
    account = _account()
    for deed, which, later in steps:
        if deed == "make":
            account.make(KINDS[which % len(KINDS)])
        else:
            getattr(account, deed)(which)
        account.clock.advance(later)
    now = account.clock()

    for month in _months(12):
        lines = invoices.lines(account.world, "ABCD", month, now)
        _adds_up(lines)
        total = sum((line.total for line in lines), Decimal(0))
        # half a cent for each detail, of which a managed server has two
        rounding = Decimal("0.0101") * len(account.reckoning.lives)
        assert abs(total - account.reckoning.total(month, now)) <= rounding, month
        assert [line for line in lines if "VPN01" in line.description] == []
    account.world.close()


def _adds_up(lines: list[Line]) -> None:
    for line in lines:
        assert line.quantity * line.unit == line.total > 0
        assert line.total == line.total.quantize(Decimal("0.01"))
        if line.details:
            assert sum(cost for _, cost in line.details) == line.total


@pytest.mark.parametrize("kind", MONTHLY)
@pytest.mark.parametrize(
    ("made", "gone", "months"),
    [
        (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 1, 1, tzinfo=UTC), [Month(2026, 2)]),
        (
            datetime(2026, 1, 31, 23, 59, tzinfo=UTC),
            datetime(2026, 2, 1, 0, 1, tzinfo=UTC),
            [Month(2026, 1), Month(2026, 2)],
        ),
        (datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC), [Month(2026, 1)]),
        (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), [Month(2026, 2)]),
    ],
)
def test_a_moment_in_a_month_costs_the_whole_month(
    kind: str, made: datetime, gone: datetime, months: list[Month]
) -> None:
    account = _account()
    account.clock.set(made)
    account.make(kind)
    account.clock.set(gone)
    account.drop(0)
    account.clock.set(datetime(2026, 6, 1, tzinfo=UTC))

    costs = {month: invoices.lines(account.world, "ABCD", month, account.clock()) for month in _months()}

    assert [month for month, lines in costs.items() if lines] == months
    assert {line.total for lines in costs.values() for line in lines} == {Decimal(str(MONTHLY[kind]))}
    account.world.close()


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("CPU", 0.01), ("MEMORY", 0.015), ("LICENCE", 0.04), ("MANAGED", 0.21), ("ARCHIVE", 0.0001), ("ADDRESS", 2.00),
        ("NETWORK", 45.00), ("VPN", 45.00), ("SHARED_BALANCER", 0.04), ("BALANCER", 0.025),
        ("APP", 0.04), ("AGENT", 0.07), ("ZONE", 5.00), ("BANDWIDTH", 0.05), ("TASK", 195.00),
    ],
)  # fmt: skip
def test_prices_are_those_of_the_list(name: str, listed: float) -> None:
    assert getattr(price, name) == listed


@pytest.mark.parametrize("kind", HOURLY)
def test_each_kind_costs_its_price_by_the_hour(kind: str) -> None:
    found = meter.charges(_thing(kind, "1", START), _account().world.groups)

    assert sum(charge.price for charge in found if charge.per == meter.HOUR) == pytest.approx(HOURLY[kind])


def test_a_server_in_the_making_is_not_billed_and_one_that_waits_for_its_end_is() -> None:
    groups = _account().world.groups
    server = _thing("started", "1", START)

    assert list(meter.charges(replace(server, status="underConstruction"), groups)) == []
    assert [each.family for each in meter.charges(replace(server, status="queuedForDelete"), groups)] == ["server"]
    assert server.status == ACTIVE
