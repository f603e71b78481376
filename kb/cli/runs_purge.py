"""`kb runs purge`: erase what people wrote."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import click

from kb.checklist.purge import Purge
from kb.cli.run_store import opened, where
from kb.errors import UsageError

_AGE = re.compile(r"(\d{1,5})d")


def _age(_context: click.Context, _option: click.Parameter, value: str | None) -> timedelta | None:
    """`400d`: a number of days."""
    found = _AGE.fullmatch(value) if value else None
    if value and found is None:
        raise click.BadParameter(f"“{value}” is no age. Write a number of days: 400d.")
    return timedelta(days=int(found[1])) if found else None


@click.command()
@click.argument("run", required=False)
@where
@click.option(
    "--older-than", callback=_age, metavar="DAYS", help="All to which nothing was added for so many days: 400d."
)
@click.option("--account", help="All that were ever linked to this account, and what was taken over into them.")
@click.option("--reason", default="", help="Why, without names: it stays.")
@click.option("--dry-run", is_flag=True, help="Only say which.")
def purge(
    run: str | None,
    library: Path | None,
    data: Path | None,
    older_than: timedelta | None,
    account: str | None,
    reason: str,
    *,
    dry_run: bool,
) -> None:
    """Erase what people wrote in a checklist, who they were and who could open it. It cannot be undone.

    What stays can be counted: that it was started, when, which steps were ticked; and a sealed note of the purge.
    Backups that were made before still hold everything.
    """
    if sum(one is not None for one in (run, older_than, account)) != 1:
        raise UsageError("Name one checklist, or --older-than, or --account.")
    with opened(library, data) as store:
        purging, now = Purge(store.database, store.chain), store.clock()
        found = _chosen(purging, run, older_than, account, now)
        why = reason or _why(older_than, account)
        for one in found:
            count = None if dry_run else purging.run(one, why, now)
            click.echo(one if count is None else f"{one}: {count} events erased")
            for other in set(purging.holders(one)) - set(found):
                click.echo(f"{one} was taken over into {other}, which still tells what was done: purge that too.")
        if not dry_run:
            purging.settle()
    click.echo(f"{len(found)} checklists {'would be' if dry_run else 'were'} purged.")


def _chosen(
    purging: Purge, run: str | None, older_than: timedelta | None, account: str | None, now: datetime
) -> tuple[str, ...]:
    if older_than:
        return purging.older_than(now - older_than)
    return purging.of_account(account) if account else purging.known(run or "")


def _why(older_than: timedelta | None, account: str | None) -> str:
    if older_than:
        return f"Older than {older_than.days} days."
    return "All of one account." if account else "This checklist alone."
