"""`kb runs`: look at readers' runs, take their records out, verify and purge them."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.checklist.record import RunRecord, read_record
from kb.checklist.record_json import record_json, utc
from kb.checklist.record_markdown import record_markdown, verified
from kb.checklist.roll import STANDINGS, Line, Wanted, roll
from kb.cli.files import replace
from kb.cli.run_store import opened, where
from kb.cli.runs_purge import purge
from kb.cli.runs_verify import export_heads, verify
from kb.web.record_file import record_html

MOST = 100


@click.group()
def runs() -> None:
    """Look at readers' checklists, take their records out, verify and purge them."""


runs.add_command(verify)
runs.add_command(export_heads)
runs.add_command(purge)


@runs.command("list")
@where
@click.option("--article", default="", help="Only of this article, by its address: accounts/closing-your-account.")
@click.option("--account", default="", help="Only of this account, by its alias.")
@click.option("--status", type=click.Choice(STANDINGS), help="Only those that stand like this.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only those started on this day (UTC) or later.")
@click.option("--most", default=MOST, show_default=True, type=click.IntRange(1), help="How many lines.")
@click.option("--format", "form", default="table", show_default=True, type=click.Choice(["table", "json"]))
def list_(
    library: Path | None,
    data: Path | None,
    article: str,
    account: str,
    status: str | None,
    since: datetime | None,
    most: int,
    form: str,
) -> None:
    """The checklists that readers started, newest first."""
    begin = since.replace(tzinfo=UTC) if since else None
    wanted = Wanted(article.strip("/"), account, status or "", begin)
    with opened(library, data) as store:
        lines = list(roll(store.database, wanted, store.clock(), most))
    click.echo(_as_json(lines) if form == "json" else "\n".join(_table(lines)))


@runs.command()
@click.argument("run")
@where
def show(run: str, library: Path | None, data: Path | None) -> None:
    """Where one checklist stands, and what happened in it."""
    click.echo("\n".join(_shown(_record(run, library, data))))


@runs.command()
@click.argument("run")
@where
@click.option("--format", "form", default="json", show_default=True, type=click.Choice(["json", "markdown", "html"]))
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: print it).")
def export(run: str, library: Path | None, data: Path | None, form: str, output: Path | None) -> None:
    """The whole record of one checklist: who, when, which edition, what was checked; `html` is made for printing."""
    record = _record(run, library, data)
    if form == "json":
        text = json.dumps(record_json(record), indent=2, ensure_ascii=False) + "\n"
    else:
        text = record_markdown(record) if form == "markdown" else record_html(record)
    if output:
        replace(output, text.encode())
    else:
        click.echo(text, nl=False)


def _record(run: str, library: Path | None, data: Path | None) -> RunRecord:
    with opened(library, data) as store:
        return read_record(store.database, store.chain, run, store.clock())


def _as_json(lines: list[Line]) -> str:
    rows = [{**asdict(line), "started": utc(line.started), "last": utc(line.last)} for line in lines]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _table(lines: list[Line]) -> Iterator[str]:
    yield f"{'started':16}  {'last':16}  {'status':11}  {'done':>7}  {'events':>6}  {'account':10}  {'run':22}  article"
    for line in lines:
        times = f"{line.started:%Y-%m-%d %H:%M}  {line.last:%Y-%m-%d %H:%M}"
        done = f"{line.done} of {line.total}" if line.total else "-"
        told = f"{line.standing:11}  {done:>7}  {line.events:6}  {line.account or '-':10}  {line.run:22}"
        edition = f" ({line.edition})" if line.edition else ""
        yield f"{times}  {told}  {line.article}{edition}{f' “{line.name}”' if line.name else ''}"


def _shown(record: RunRecord) -> Iterator[str]:
    progress = record.progress
    yield f"{record.title}, edition {record.checklist.edition or 'without a date'} ({record.article})"
    if progress:
        account = f", account {progress.account}" if progress.account else ""
        yield f"{progress.state}, {progress.done} of {len(progress.own)} done{account}"
        yield ""
        yield from (f"{item.step.number:3}. {item.step.text}: {item.status.text}" for item in progress.steps)
    yield ""
    for one in record.events:
        about = f" [{one.event.step}]" if one.event.step else ""
        yield f"{one.event.version:5}  {one.event.at:%Y-%m-%d %H:%M:%S}  {one.event.actor or '-'}{about}: {one.says}"
    yield ""
    yield from verified(record)
