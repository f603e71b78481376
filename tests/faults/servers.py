"""`kb serve` processes that are killed and started again while readers use them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PATIENCE = 90  # seconds; CI machines are small


@dataclass
class Server:
    """One `kb serve` on its own port, with its workers; it can be killed and started again."""

    library: Path
    data: Path
    port: int
    options: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()  # words before the command
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; it does not answer at once."""
        words = ["serve", str(self.library), "--data", str(self.data), "--port", str(self.port), *self.options]
        log = (self.data.parent / f"server-{self.port}.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*self.prefix, sys.executable, "-m", "kb", *words],
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **self.env},
            )

    def kill(self) -> None:
        """`kill -9` for it and its workers."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def kill_worker(self) -> None:
        """`kill -9` for the process that answers; the one that started it puts another in its place."""
        with suppress(OSError, IndexError):
            os.kill(self.workers()[-1], signal.SIGKILL)

    def workers(self) -> list[int]:
        """Ids of the processes that it started."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in children.read_text().split()]

    def seen_by_it(self, path: Path) -> Path:
        """The path as the server sees it, whose disks may be its own."""
        assert self.process
        return Path(f"/proc/{self.process.pid}/root{path}")

    def keep(self) -> None:
        """Start it again if it ended."""
        if self.process is None or self.process.poll() is not None:
            self.start()

    def answers(self) -> bool:
        """Whether it is there."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/health", timeout=2, verify=False).is_success
        return False


def wait_for(servers: list[Server]) -> None:
    """Wait until all answer; those that ended are started again."""
    until = time.monotonic() + PATIENCE
    while not all(server.answers() for server in servers):
        assert time.monotonic() < until, "a server does not come back"
        for server in servers:
            server.keep()
        time.sleep(0.2)


@contextmanager
def running(servers: list[Server]) -> Iterator[list[Server]]:
    """All of them, until the block ends."""
    try:
        for server in servers:
            server.start()
        wait_for(servers)
        yield servers
    finally:
        for server in servers:
            server.kill()
