"""Monitoring: what servers used, as the documentation shapes it; the same question has the same answer."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

WEB = "/v2/servers/ABCD/VA1ABCDWEB01/statistics"
HOURLY = "type=hourly&start=2026-02-01T00:00:00Z&sampleInterval=01:00:00"


@pytest.fixture
def admin() -> Iterator[Caller]:
    clock = MovableClock(datetime(2026, 2, 2, tzinfo=UTC), stopped=True)
    with Sandbox(clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


def test_a_group_tells_of_each_server_below_with_the_members_of_the_documentation(admin: Caller) -> None:
    found = admin.get(f"/v2/groups/ABCD/{admin.groups()['Shop']['id']}/statistics?{HOURLY}")

    assert sorted(each["name"] for each in found) == ["va1abcddb01", "va1abcdweb01", "va1abcdweb02"]
    stats = found[0]["stats"]
    assert [stats[0]["timestamp"], stats[-1]["timestamp"]] == ["2026-02-01T00:00:00Z", "2026-02-01T23:00:00Z"]
    assert set(stats[0]) == {
        "timestamp", "cpu", "cpuPercent", "memoryMB", "memoryPercent", "networkReceivedKBps", "networkTransmittedKBps",
        "diskUsageTotalCapacityMB", "diskUsage", "guestDiskUsage",
    }  # fmt: skip
    assert all(0 <= each[name] <= 100 for each in stats for name in ("cpuPercent", "memoryPercent"))


def test_without_a_question_the_latest_sample_is_told(admin: Caller) -> None:
    assert len(admin.get(WEB)["stats"]) == 1
    assert admin.get(WEB) == admin.get(f"{WEB}?type=latest") == admin.get(WEB)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("type=hourly&start=2026-02-01T00:00:00Z&end=2026-02-01T12:00:00Z&sampleInterval=01:00:00", 12),
        ("start=2026-01-30T00:00:00Z&sampleInterval=01:00:00:00", 3),
        ("type=realtime&start=2026-02-01T23:00:00Z&sampleInterval=05:00", 12),
    ],
)
def test_samples_lie_one_interval_apart(admin: Caller, question: str, count: int) -> None:
    assert len(admin.get(f"{WEB}?{question}")["stats"]) == count


@pytest.mark.parametrize(
    "question",
    [
        "type=yearly",
        "type=hourly&sampleInterval=01:00:00",
        "type=hourly&start=soon&sampleInterval=01:00:00",
        "type=hourly&start=2026-02-01T00:00:00Z",
        "type=hourly&start=2026-02-01T00:00:00Z&sampleInterval=00:30:00",
        "type=hourly&start=2026-01-01T00:00:00Z&sampleInterval=01:00:00",
        "type=realtime&start=2026-02-01T00:00:00Z&sampleInterval=05:00",
        "type=hourly&start=2026-02-01T23:30:00Z&sampleInterval=01:00:00",
    ],
)
def test_what_is_not_kept_or_makes_no_sense_is_refused(admin: Caller, question: str) -> None:
    assert admin.http.get(f"{WEB}?{question}").status_code == 400


def test_a_stopped_server_does_nothing(admin: Caller) -> None:
    (sample,) = admin.get("/v2/servers/ABCD/VA1ABCDMAIL01/statistics")["stats"]

    assert (sample["cpuPercent"], sample["memoryPercent"], sample["networkTransmittedKBps"]) == (0, 0, 0)
