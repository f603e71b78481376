"""`kb db`: look after the database."""

import sys
from pathlib import Path

import click

from kb.backup import holds_anything, reading_backup, replace_all, write_backup
from kb.checklist.audit import Audit, audit
from kb.cli.folder import data_folder, library_of
from kb.cli.run_store import opened, where
from kb.cli.runs_verify import report
from kb.cli.serve import database_url
from kb.database import upgrade_database
from kb.errors import UsageError

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def db() -> None:
    """Look after the database of runs."""


@db.command()
@where
def upgrade(library: Path | None, data: Path | None) -> None:
    """Bring the tables to this version of kb."""
    upgrade_database(database_url(data_folder(library_of(library), data)))
    click.echo("The database is up to date.")


@db.command()
@click.argument("file", type=FILE)
@where
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, library: Path | None, data: Path | None, *, force: bool) -> None:
    """Write all that the database keeps to FILE, while the site goes on serving.

    The same form for SQLite and PostgreSQL, so it also moves a site from one to the other. The secret key is not in it,
    and neither are sign-ins.
    """
    if file.exists() and not force:
        raise UsageError(f"{file} is there already. Name another file, or replace it with --force.")
    with opened(library, data) as store:
        write_backup(store.database, file)
    with reading_backup(file) as written:
        done = audit(written, store.chain)
    report(done)
    click.echo(
        f"{file} holds {_counted(done)}. Keep the secret key too, in another place: "
        "without it nobody can verify them (KB_SECRET_KEY, else secret.key in the folder of the data)."
    )
    sys.exit(1 if done.findings else 0)


@db.command()
@click.argument("file", type=FILE)
@where
@click.option("--force", is_flag=True, help="Replace what is there, and take a backup that cannot be verified.")
def restore(file: Path, library: Path | None, data: Path | None, *, force: bool) -> None:
    """Put the backup FILE in the place of the database, all or nothing.

    It is verified before and after. Browsers keep their checklists; who was signed in signs in again.
    """
    with opened(library, data) as store, reading_backup(file) as source:
        if holds_anything(store.database) and not force:
            raise UsageError("The database is not empty. --force replaces all that is in it; make a backup first.")
        before = audit(source, store.chain)
        if before.findings and not force:
            report(before)
            click.echo("Nothing was restored. --force restores it as it is.")
            sys.exit(1)
        replace_all(store.database, source)
        after = audit(store.database, store.chain)
    report(after)
    click.echo(f"Restored: {_counted(after)}.")
    sys.exit(1 if after.findings else 0)


def _counted(done: Audit) -> str:
    return f"{done.runs} runs with {done.events} events"
