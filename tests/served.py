"""`kb serve` as a reader meets it: a real process on a free port, ended with all that it started."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Served:
    """A running `kb serve`."""

    process: "subprocess.Popen[str]"
    url: str
    said: str

    def kill(self) -> None:
        """`kill -9` for the server and everything in its group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def interrupt(self) -> int:
        """Ctrl-C, as a terminal sends it to the whole group; gives the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=30)


@contextmanager
def serving(library: Path, data: Path, port: int, *options: str, env: dict[str, str] | None = None) -> Iterator[Served]:
    """Serve until the block ends."""
    command = [sys.executable, "-m", "kb", "serve", str(library), "--data", str(data), "--port", str(port), *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, **(env or {})}
    ) as process:
        served = Served(process, f"http://127.0.0.1:{port}", _until_ready(process))
        try:
            yield served
        finally:
            served.kill()


def _until_ready(process: "subprocess.Popen[str]") -> str:
    said: list[str] = []
    assert process.stdout
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            return "".join(said)
    raise AssertionError(f"kb serve ended: {said}")


def a_free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(said: Sequence[str] | str) -> list[int]:
    """The ports of the addresses in what was said that somebody still listens on."""
    ports = {int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", str(said))}
    return sorted(port for port in ports if _answers(port))


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
