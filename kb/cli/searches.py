"""`kb searches`: what readers looked for and did not find."""

from pathlib import Path

import click

from kb.cli.folder import data_folder, library_of
from kb.cli.serve import database_url
from kb.database import open_database
from kb.web.search_log import MOST, SearchLog
from kb.web.wsgi import now


@click.command()
@click.option("--library", type=click.Path(path_type=Path), help="The library whose searches they are.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the data (default: .kb in the library).")
@click.option("--most", default=MOST, type=click.IntRange(1), help="How many lines.")
def searches(library: Path | None, data: Path | None, most: int) -> None:
    """Questions to the search that had no answer, those asked most often first: count, day, question."""
    database = open_database(database_url(data_folder(library_of(library), data)))
    try:
        for found in SearchLog(database, now).unanswered(most):
            click.echo(f"{found.count:6}  {found.last:%Y-%m-%d}  {found.question}")
    finally:
        database.close()
