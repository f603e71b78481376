"""Which library a command means, and where its data lies."""

import os
import secrets
from pathlib import Path

import click

from kb.errors import UsageError
from kb.settings import find_library

LIBRARY = click.argument("library", required=False, type=click.Path(path_type=Path), metavar="[LIBRARY]")
KEY_FILE = "secret.key"


def library_of(named: Path | None) -> Path:
    """The folder given, else `KB_LIBRARY`, else the nearest `kb.toml` upwards, else the current folder."""
    if named:
        return named.absolute()
    told = os.environ.get("KB_LIBRARY")
    return Path(told).absolute() if told else find_library(Path.cwd())


def data_folder(library: Path, named: Path | None) -> Path:
    """Where runs are kept: the folder given, else `.kb` in the library. Made if missing. Raises UsageError."""
    folder = named.absolute() if named else library / ".kb"
    inside = folder.relative_to(library).parts if folder.is_relative_to(library) else (".",)
    if not any(part.startswith(".") for part in inside):
        raise UsageError(
            f"{folder} is among the articles, whose files are served: name a folder elsewhere with --data."
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is found in accounts is nobody else's
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")  # nobody wants readers' runs in the articles' history
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be used for data: {error.strerror}. Name another folder with --data."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """`KB_SECRET_KEY`, else the key kept beside the data, made once and readable by its owner only."""
    told = os.environ.get("KB_SECRET_KEY")
    if told:
        return told
    file = folder / KEY_FILE
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return file.read_text().strip()


def earlier_keys() -> list[str]:
    """`KB_EARLIER_SECRET_KEYS`: keys that `KB_SECRET_KEY` was before, so that old events can still be verified."""
    return [key for key in os.environ.get("KB_EARLIER_SECRET_KEYS", "").split(",") if key]
