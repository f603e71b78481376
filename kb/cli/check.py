"""`kb check`: every fault in a library, with its mend."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from kb.account.names import Names, known_names
from kb.article.library import Library
from kb.article.problem import Problem, errors
from kb.article.side_file import SideFile
from kb.article.side_file_reader import names_in
from kb.cli.baseline import read_baseline, without_known, write_known
from kb.cli.fix import mend
from kb.cli.folder import LIBRARY, data_folder, library_of
from kb.cli.live_runs import DATABASE, live_runs
from kb.cli.only import ONLY, WithPaths, only_paths
from kb.cli.outside.answer import Manners, anybody
from kb.cli.outside.check import outside_problems
from kb.cli.outside.memory import Memory
from kb.cli.progress import progress
from kb.cli.report import FORMATS, base_of
from kb.cli.selection import Selection, codes_of
from kb.cli.text import printable
from kb.settings import read_settings

_FILE = click.Path(path_type=Path, dir_okay=False)
_ROUNDS = 10  # of mending; a fault may hide another one at the same place
_MEMORY = "outside.json"


@click.command(cls=WithPaths)
@LIBRARY
@ONLY
@click.option("--format", "shape", type=click.Choice(list(FORMATS)), default="text", help="How to print problems.")
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too.")
@click.option("--select", multiple=True, metavar="CODES", help="Report these codes (or beginnings of codes) only.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not report these.")
@click.option("--baseline", type=_FILE, help="Do not report the old faults that this file lists.")
@click.option("--write-baseline", type=_FILE, help="Make all faults old ones: list them in this file.")
@click.option("--fix", is_flag=True, help="Mend what is certain in the files, then report the rest.")
@click.option("--external", is_flag=True, help="Ask the links that lead outside whether they still lead anywhere.")
@click.option("--allow-private", is_flag=True, help="With --external: ask this machine and private networks, too.")
@click.option("--max-age", default=7, show_default=True, metavar="DAYS", help="With --external: trust answers so long.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of these answers (default: .kb in the library).")
def check(
    library: Path | None,
    only: tuple[str, ...],
    shape: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    write_baseline: Path | None,
    max_age: int,
    data: Path | None,
    *,
    strict: bool,
    fix: bool,
    external: bool,
    allow_private: bool,
) -> None:
    """Report every fault in the articles: path, line, column, what is wrong and how to mend it."""
    root = library_of(library)
    loaded = _load(root)
    settings = loaded.settings
    selection = Selection(
        codes_of(select) or settings.select,
        (*settings.ignore, *codes_of(ignore)),
        settings.per_file_ignores,
        only_paths(root, only),
    )
    if fix:
        loaded = _mended(loaded, selection)
    problems = {*loaded.problems, *unknown_names(loaded)}
    if external:
        memory = Memory.load(data_folder(root, data) / _MEMORY, timedelta(days=max_age), datetime.now(UTC))
        manners = Manners(may_ask=anybody) if allow_private else Manners()
        problems |= _outside(loaded, selection.only, memory, manners)
    found = sorted(problem for problem in problems if selection.holds(problem))
    if write_baseline:
        click.echo(f"{write_baseline}: {write_known(write_baseline, found)} faults are old ones now", err=True)
        return
    named = baseline or (root / settings.baseline if settings.baseline else None)
    new = without_known(found, read_baseline(named)) if named else found
    click.echo(printable(FORMATS[shape](new, base_of(root, Path.cwd()))), nl=False)
    _summarise(len(loaded.written), new, old=len(found) - len(new))
    for line in live_runs(loaded, (data or root / ".kb") / DATABASE):
        click.echo(printable(line), err=True)
    if errors(new) or (strict and new):
        raise SystemExit(1)


def unknown_names(library: Library) -> Iterator[Problem]:
    """Checks, actions, preparations and answers that a side file names and the account package does not have."""
    for article in library.written:
        for edition in article.written:
            sides = tuple(procedure.side for procedure in edition.procedures if procedure.side)
            path = f"{edition.path.removesuffix('.md')}.checklist.yaml"
            yield from _unknown(SideFile(path, sides), known_names())


def _unknown(side_file: SideFile, known: Names) -> Iterator[Problem]:
    allowed = {"check": known.checks, "action": known.actions, "prepares": known.prepares, "shows": known.shows}
    for kind, name, line in names_in(side_file):
        if name not in allowed[kind]:
            remedy = f"use one of: {', '.join(sorted(allowed[kind]))}"
            message = f"“{kind}: {name}” is not known"
            yield Problem(side_file.path, line, 1, "side-file-unknown-name", "error", message, remedy)


def _load(root: Path) -> Library:
    with progress("Reading the articles") as told:
        return Library.load(root, read_settings(root), told)


def _mended(library: Library, selection: Selection) -> Library:
    """The library read again after its files were mended, as often as that changes anything."""
    done: list[Problem] = []
    for _ in range(_ROUNDS):
        revisions = {edition.path: edition.revision for article in library.written for edition in article.written}
        mended = mend(library.root, [one for one in library.problems if selection.holds(one)], revisions)
        if not mended:
            break
        done += mended
        library = _load(library.root)
    counts = ", ".join(f"{code} {count}" for code, count in sorted(Counter(one.code for one in done).items()))
    files = len({one.path for one in done})
    click.echo(f"mended {len(done)} faults in {files} files{f': {counts}' if counts else ''}", err=True)
    return library


def _outside(library: Library, only: tuple[str, ...], memory: Memory, manners: Manners) -> set[Problem]:
    with progress("Asking outside links") as told:
        return set(outside_problems(library, only, manners, memory, told))


def _summarise(articles: int, problems: list[Problem], *, old: int) -> None:
    wrong = len(errors(problems))
    known = f" ({old} old ones in the baseline)" if old else ""
    click.echo(f"{articles} articles: {wrong} errors, {len(problems) - wrong} warnings{known}", err=True)
