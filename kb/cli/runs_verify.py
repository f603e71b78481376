"""`kb runs verify` and `export-heads`: whether all is as it was recorded."""

import sys
from pathlib import Path

import click

from kb.checklist.anchor import anchor_lines, read_anchor
from kb.checklist.audit import Audit, audit
from kb.checklist.store import RunStore
from kb.checklist.trail import Finding
from kb.cli.files import replace
from kb.cli.run_store import opened, where

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@where
@click.option("--anchor", type=FILE, help="Heads that were exported before.")
@click.option("--write-anchor", type=FILE, help="Export the heads, if all is well.")
def verify(library: Path | None, data: Path | None, anchor: Path | None, write_anchor: Path | None) -> None:
    """Whether all events are as they were recorded; names each that is not, and exits 1."""
    with opened(library, data) as store:
        done = audit(store.database, store.chain, read_anchor(anchor, store.chain) if anchor else None)
        report(done)
        click.echo(_summary(done))
        if done.findings:
            sys.exit(1)
        if write_anchor:
            _write_heads(store, write_anchor)


@click.command("export-heads")
@click.argument("file", type=FILE)
@where
def export_heads(file: Path, library: Path | None, data: Path | None) -> None:
    """Write the end of every chain to FILE; kept elsewhere, `kb runs verify --anchor FILE` compares with it."""
    with opened(library, data) as store:
        _write_heads(store, file)


def report(done: Audit) -> None:
    """Say everything that was found."""
    for finding in done.findings:
        click.echo(_line(finding))
    if any(finding.code == "other-key" for finding in done.findings):
        click.echo(
            "Another key means no tampering by itself: KB_SECRET_KEY must be the key that the site serves with, "
            "and keys that it had before belong into KB_EARLIER_SECRET_KEYS."
        )


def _line(finding: Finding) -> str:
    return f"{f'run {finding.run}: ' if finding.run else ''}{finding.text} [{finding.code}]"


def _summary(done: Audit) -> str:
    counted = f"{done.runs} runs with {done.events} events and {done.snapshots} checklists were checked"
    parts = [counted]
    if done.purged:
        parts.append(f"{done.purged} of the runs are purged")
    if done.before:
        parts.append(f"{done.before} of the events were recorded before the chain and cannot be verified")
    found = f"{len(done.findings)} findings" if done.findings else ""
    parts.append(found or "all that can be verified is as it was recorded")
    return "; ".join(parts) + "."


def _write_heads(store: RunStore, file: Path) -> None:
    lines = list(anchor_lines(store.database, store.chain, store.clock()))
    replace(file, "".join(f"{line}\n" for line in lines).encode())
    click.echo(f"{len(lines) - 2} heads are in {file}. Keep it where nobody who can write the database can write.")
