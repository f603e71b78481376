"""Many threads, one writer at a time: each gets what came of its own item."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from kb.group_commit import MOST, GroupCommit

WAIT = 10  # seconds, for what comes at once


@dataclass
class Disk:
    """Writes batches, and waits in each until it is told to go on if it is `shut`."""

    batches: list[list[int]] = field(default_factory=list)
    writing: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    open: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most_at_once: int = 0

    def write(self, batch: Sequence[int]) -> list[int | BaseException]:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.batches.append(list(batch))
        self.writing.release()
        assert self.open.wait(WAIT)
        self.at_once -= 1
        if any(item < 0 for item in batch):
            raise OSError("full")
        return [ValueError(item) if item == 13 else 10 * item for item in batch]


def until_waiting(group: GroupCommit[int, int], number: int) -> None:
    """So many have come while somebody writes."""
    turn = threading.Event()
    while len(group.waiting) < number:
        turn.wait(0.001)


@pytest.fixture
def disk() -> Disk:
    return Disk()


def busy(disk: Disk, group: GroupCommit[int, int], items: Sequence[int], pool: ThreadPoolExecutor) -> list[int | str]:
    """What comes of items that all arrive while the first, 0, is written: results, or the errors' texts."""
    first = pool.submit(group.add, 0, disk.write)
    assert disk.writing.acquire(timeout=WAIT)
    later = [pool.submit(group.add, item, disk.write) for item in items]
    until_waiting(group, len(items))
    disk.open.set()
    assert 0 == first.result(WAIT)
    return [str(one.exception(WAIT)) if one.exception(WAIT) else one.result(WAIT) for one in later]


def test_who_comes_alone_writes_at_once(disk: Disk) -> None:
    disk.open.set()
    group: GroupCommit[int, int] = GroupCommit()
    assert [10, 20] == [group.add(item, disk.write) for item in (1, 2)]
    assert [[1], [2]] == disk.batches


def test_those_who_come_while_one_writes_share_the_next_write(disk: Disk) -> None:
    with ThreadPoolExecutor(9) as pool:
        found = busy(disk, GroupCommit(), range(1, 9), pool)
    assert [10 * item for item in range(1, 9)] == found
    assert [[0], list(range(1, 9))] == [sorted(batch) for batch in disk.batches]


def test_what_is_wrong_with_one_is_only_that_ones(disk: Disk) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert [120, "13", 140] == busy(disk, GroupCommit(), [12, 13, 14], pool)


def test_a_write_that_fails_is_told_to_all_of_it_and_to_nobody_else(disk: Disk) -> None:
    group: GroupCommit[int, int] = GroupCommit()
    with ThreadPoolExecutor(4) as pool:
        assert ["full", "full"] == busy(disk, group, [-1, 5], pool)
    assert 70 == group.add(7, disk.write)


def test_no_write_is_longer_than_allowed_and_none_is_forgotten(disk: Disk) -> None:
    many = range(1000, 1000 + 2 * MOST + 5)
    with ThreadPoolExecutor(len(many) + 1) as pool:
        found = busy(disk, GroupCommit(), many, pool)
    assert [10 * item for item in many] == found
    assert [1, MOST, MOST, 5] == [len(batch) for batch in disk.batches]


def test_of_very_many_each_is_written_once_and_never_two_at_a_time(disk: Disk) -> None:
    disk.open.set()
    group: GroupCommit[int, int] = GroupCommit()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda item: group.add(item, disk.write), range(100, 3100)))
    assert [10 * item for item in range(100, 3100)] == found
    assert list(range(100, 3100)) == sorted(item for batch in disk.batches for item in batch)
    assert 1 == disk.most_at_once
