"""`kb serve` on a disk that fills up, and on one that cannot be used at all."""

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kb.cli.folder import data_folder, secret_key
from kb.database import open_database
from tests.faults.readers import Place, new_place, progress
from tests.faults.servers import Server, running

APART = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")  # mounts that nobody else sees
EMPTY, FULL = [False] * 8, [True] * 8


def may_mount() -> bool:
    """Whether this system lets us have a disk of our own."""
    if not shutil.which("unshare"):
        return False
    return not subprocess.run([*APART, "mount -t tmpfs none /mnt"], check=False, capture_output=True).returncode


needs_mount = pytest.mark.skipif(not may_mount(), reason="this system lets nobody mount a disk of their own")


def test_where_files_cannot_grow_it_is_told_and_what_was_not_saved_can_be_sent_again(
    library: Path, tmp_path: Path, free_port: int
) -> None:
    """A quota, or a disk that refuses to write: the system lets the server make no file larger."""
    with running([Server(library, tmp_path / "data", free_port)]) as [server]:
        place = new_place(server.url)
        limit_files(server, 4096)
        assert_refused(server, place, "The disk did not take it; nothing was changed.")
        limit_files(server, resource.RLIM_INFINITY)
        assert_taken(server, place)


@needs_mount
def test_a_full_disk_is_told_and_what_was_not_saved_can_be_sent_again(
    library: Path, tmp_path: Path, free_port: int
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    start = (*APART, f'mount -t tmpfs -o size=1536k none "{data}" && exec "$@"', "sh")
    with running([Server(library, data, free_port, prefix=start)]) as [server]:
        place = new_place(server.url)
        filler = server.seen_by_it(data / "filler")
        fill(filler)
        assert_refused(server, place, "There is no room left to save anything; nothing was changed.")
        filler.unlink()
        assert_taken(server, place)


@needs_mount
@pytest.mark.parametrize(
    ("mount", "said"),
    [
        ('mount -t tmpfs -o size=16k none "$DATA"', "full"),
        ('mount -t tmpfs none "$DATA" && mount -o remount,ro "$DATA"', "cannot be used for data"),
        ('mount --bind "$DATA" "$DATA" && mount -o remount,ro,bind "$DATA"', "kb must be able to"),
    ],
)
def test_a_disk_that_cannot_be_used_is_named_at_the_start(
    library: Path, tmp_path: Path, free_port: int, mount: str, said: str
) -> None:
    data = tmp_path / "data"
    open_database(f"sqlite:///{data / 'kb.sqlite3'}").close()
    secret_key(data_folder(library, data))
    serve = [sys.executable, "-m", "kb", "serve", str(library), "--data", str(data), "--port", str(free_port)]
    done = subprocess.run(
        [*APART, f'DATA="{data}"; {mount} && exec "$@"', "sh", *serve],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert str(data) in done.stderr
    assert "Traceback" not in done.stderr


def assert_refused(server: Server, place: Place, said: str) -> None:
    answers = [tick(server, place, step) for step in place.steps]
    assert {503} == {answer.status_code for answer in answers}
    assert all(said in answer.json()["detail"] and answer.headers["Retry-After"].isdigit() for answer in answers)
    assert EMPTY == [step["ticked"] for step in progress(server.url, place)]


def assert_taken(server: Server, place: Place) -> None:
    """The same events as before, and once more: a repetition does no harm."""
    for _ in range(2):
        assert {200} == {tick(server, place, step).status_code for step in place.steps}
        assert FULL == [step["ticked"] for step in progress(server.url, place)]


def tick(server: Server, place: Place, step: str) -> httpx.Response:
    """Always with the same event id for a step."""
    form = {"kind": "tick", "step": step, "done": "yes", "event": f"of-{step}", "csrf": place.csrf}
    headers = {"Origin": server.url, "Cookie": place.cookie, "Accept": "application/json"}
    return httpx.post(f"{server.url}{place.path}events", data=form, headers=headers, timeout=20)


def limit_files(server: Server, size: int) -> None:
    """How large any process of this server may make a file, in bytes."""
    for process in server.workers():
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with file.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 512)
        except OSError:
            return
