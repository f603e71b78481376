"""Which part of a library a report is wanted on: `--only PATH …`, each a file or folder."""

import os
from collections.abc import Sequence, Set
from pathlib import Path

import click

from kb.article.index import side_file_path
from kb.errors import UsageError

_NAME = "--only"
ONLY = click.option(
    _NAME,
    multiple=True,
    metavar="PATH …",
    help="Report on these files and folders alone (named from the library or from here); all is read all the same.",
)


class WithPaths(click.Command):
    """A command whose `--only` takes all the paths that follow it: `--only a.md "Some folder"`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with `--only` repeated before each of its paths."""
        options = [param for param in self.params if isinstance(param, click.Option) and not param.is_flag]
        return super().parse_args(ctx, repeated(args, {name for option in options for name in option.opts}))


def only_paths(root: Path, named: Sequence[str]) -> tuple[str, ...]:
    """The paths in the library, posix, of what was named; with an article goes its side file. Raises UsageError."""
    paths = [_path_in(root, name) for name in named]
    sides = [side_file_path(path) for path in paths if path.endswith(".md")]
    return tuple(dict.fromkeys([*paths, *sides]))


def _path_in(root: Path, named: str) -> str:
    for file in (root / named, Path(named)):
        whole = Path(os.path.normpath(file.absolute()))
        if whole.exists() and whole.is_relative_to(root):
            return whole.relative_to(root).as_posix()
        if whole.exists() and whole.resolve().is_relative_to(root.resolve()):
            return whole.resolve().relative_to(root.resolve()).as_posix()
    raise UsageError(f"There is no {named} in {root}. Name a file or folder of the library after {_NAME}.")


def repeated(args: Sequence[str], with_value: Set[str]) -> list[str]:
    """`--only a b` as `--only a --only b`. `with_value`: the options that take a value.

    LIBRARY stands before; it may also come last, if it is a folder that holds all the others.
    """
    done: list[str] = []
    has_library, place = False, 0
    while place < len(args):
        word = args[place]
        place += 1
        if word == _NAME:
            paths = _until_option(args[place:])
            last = paths[-1:] if not has_library and _is_library(paths) else []
            place += len(paths)
            done += [part for path in paths[: len(paths) - len(last)] for part in (_NAME, path)] or [_NAME]
            done += last
        elif word in with_value:
            done += [word, *args[place : place + 1]]
            place += 1
        else:
            has_library = has_library or not word.startswith("-")
            done.append(word)
    return done


def _until_option(args: Sequence[str]) -> list[str]:
    end = next((place for place, word in enumerate(args) if word.startswith("-")), len(args))
    return list(args[:end])


def _is_library(paths: Sequence[str]) -> bool:
    """Whether the last of several is the folder that holds the others."""
    *others, last = paths or [""]
    folder = Path(last).absolute()
    found = [folder / path for path in others] + [Path(path).absolute() for path in others]
    inside = [file for file in found if file.exists() and Path(os.path.normpath(file)).is_relative_to(folder)]
    return bool(others) and folder.is_dir() and len(inside) >= len(others)
