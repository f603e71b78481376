"""`kb serve`: the help site."""

import json
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from _thread import start_new_thread
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kb.article.library import Library
from kb.article.problem import errors
from kb.cli.folder import LIBRARY, data_folder, earlier_keys, library_of, secret_key
from kb.database import open_database
from kb.errors import KbError, PortInUse, UsageError
from kb.sandbox.serve import demo_users
from kb.settings import read_settings
from kb.web.staff.users import FILE_NAME
from kb.web.wsgi import CONFIGURATION

READY_SECONDS = 60
SECONDS_TO_FINISH = 3
SATELLITES = {  # where the sandbox serves what the real API has on other hosts
    "load_balancer": "/_loadbalancer",
    "database": "/_database/v1",
    "backup": "/_backup/clc-backup-api/api",
}


@click.command()
@LIBRARY
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder for runs (default: .kb in the library).")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Server processes.")
@click.option("--sandbox", "demo", is_flag=True, help="Use a local account API with demo users, started beside it.")
def serve(library: Path | None, host: str, port: int, data: Path | None, workers: int, *, demo: bool) -> None:
    """Serve the articles of LIBRARY as a help site with checklists. Ctrl-C ends it."""
    root = library_of(library)
    loaded = Library.load(root, read_settings(root))
    require_secret(loaded)
    folder = data_folder(root, data)
    require_free(host, port)
    url = database_url(folder)
    open_database(url).close()
    keys = {"key": secret_key(folder), "earlier": earlier_keys()}
    configuration = {"library": str(root), "database": url, **keys, "parent": os.getpid()}
    configuration["users"] = str(folder / FILE_NAME)
    with _sandbox(folder) if demo else _no_sandbox() as account:
        os.environ[CONFIGURATION] = json.dumps({**configuration, **account})
        threading.Thread(target=_announce, args=(host, port, loaded, account), daemon=True).start()
        _serve(host, port, workers)


def database_url(folder: Path) -> str:
    """`KB_DATABASE_URL`, else an SQLite file in the folder of the data."""
    return os.environ.get("KB_DATABASE_URL") or f"sqlite:///{folder / 'kb.sqlite3'}"


def require_secret(library: Library) -> None:
    """Raise UsageError if the staff's provider is named, and the secret that it knows this site by is not."""
    if library.settings.access.staff.oidc and not os.environ.get("KB_OIDC_SECRET"):
        raise UsageError("kb.toml names a provider for the staff's sign-in: set KB_OIDC_SECRET to the client's secret.")


def require_free(host: str, port: int) -> None:
    """Raise PortInUse if somebody listens there already, or nobody may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(
                f"{host}:{port} cannot be used: {error.strerror}. Choose another port with --port."
            ) from error


def _serve(host: str, port: int, workers: int) -> None:
    multiprocessing.set_start_method("spawn", force=True)  # a fork would copy locks that `_announce` holds
    server = Granian(
        "kb.web.wsgi:create",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=16,
        websockets=False,
        workers_kill_timeout=SECONDS_TO_FINISH,  # a browser may keep its connection open for ever
        respawn_failed_workers=True,
        log_access=False,  # an access log would hold the addresses of private runs and resume links
        log_level=LogLevels.error,
    )
    _interrupt_apart(server)
    server.serve()


def _interrupt_apart(server: Any) -> None:
    """Let a thread take each interrupt, and say it until the server hears it.

    Its own handler sets an event in the main thread, which waits for itself for ever if it is just waking up by that
    event; and it forgets the event while it puts a new worker in the place of one that the same Ctrl-C has ended.
    """
    stop = server.signal_handler_interrupt
    server.signal_handler_interrupt = lambda *_signal: start_new_thread(_say_again, (stop,))


def _say_again(stop: Callable[[], None]) -> None:
    for _ in range(10 * (SECONDS_TO_FINISH + 5)):
        stop()
        time.sleep(0.1)


@contextmanager
def _no_sandbox() -> Iterator[Mapping[str, Any]]:
    yield {}


@contextmanager
def _sandbox(folder: Path) -> Iterator[Mapping[str, Any]]:
    """A sandbox as a process of its own, which ends with this one, however this one ends."""
    state = folder / "sandbox.sqlite3"
    command = [
        sys.executable,
        "-m",
        "kb",
        "sandbox",
        "--port",
        "0",
        "--state",
        str(state),
        "--rebuild",
        "--until-stdin-closes",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise KbError("The sandbox did not start; its message stands above.")
            satellites = {name: f"{url}{path}" for name, path in SATELLITES.items()}
            yield {"bases": {"api": url, **satellites}, "hints": demo_users("demo")}
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait()


def _announce(host: str, port: int, library: Library, account: Mapping[str, Any]) -> None:
    """Say where it is as soon as it answers."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    url = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}health", timeout=1).is_success:
                break
        except httpx.HTTPError:
            time.sleep(0.05)
    wrong = len(errors(library.problems))
    click.echo(f"{library.settings.title}: {len(library.articles)} articles at {url}")
    if library.problems:
        click.echo(
            f"{wrong} errors and {len(library.problems) - wrong} warnings in the articles: `kb check {library.root}`"
        )
    for user, password, what in account.get("hints", ()):
        click.echo(f"  sign in as {user} with password {password}  ({what})")
    click.echo("Ctrl-C ends it.")
