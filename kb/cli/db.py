"""`kb db`: look after the database."""

from pathlib import Path

import click

from kb.cli.folder import data_folder, library_of
from kb.cli.serve import database_url
from kb.database import upgrade_database


@click.group()
def db() -> None:
    """Look after the database of runs."""


@db.command()
@click.option("--library", type=click.Path(path_type=Path), help="The library whose data it is.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the data (default: .kb in the library).")
def upgrade(library: Path | None, data: Path | None) -> None:
    """Bring the tables to this version of kb."""
    upgrade_database(database_url(data_folder(library_of(library), data)))
    click.echo("The database is up to date.")
