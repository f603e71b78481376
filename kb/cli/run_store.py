"""The runs of a library, opened for a command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kb.checklist.chain import Chain, chain_of
from kb.checklist.store import RunStore
from kb.cli.folder import data_folder, earlier_keys, library_of, secret_key
from kb.cli.serve import database_url
from kb.database import open_database
from kb.web.wsgi import now

_LIBRARY = click.option("--library", type=click.Path(path_type=Path), help="The library whose data it is.")
_DATA = click.option("--data", type=click.Path(path_type=Path), help="Folder of the data (default: .kb in it).")


def where(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say whose data a command is about: `library`, `data`."""
    return _LIBRARY(_DATA(command))


@contextmanager
def opened(library: Path | None, data: Path | None) -> Iterator[RunStore]:
    """The runs, with the key that the site serves with. Raises StoreError, UsageError."""
    folder = data_folder(library_of(library), data)
    database = open_database(database_url(folder))
    try:
        yield RunStore(database, now, chain_in(folder))
    finally:
        database.close()


def chain_in(folder: Path) -> Chain:
    """The chain whose key is kept in this folder of data, or in the environment."""
    return chain_of(secret_key(folder).encode(), map(str.encode, earlier_keys()))
