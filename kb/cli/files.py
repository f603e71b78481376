"""Files written so that nothing is lost when the program is interrupted: written aside, then put in place at once."""

import os
import secrets
from pathlib import Path

from kb.errors import UsageError


def create(file: Path, data: bytes) -> None:
    """Make a new file, with its folders. Refuses to overwrite: raises UsageError if something is there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = _aside(file, data)
        try:
            os.link(aside, file)  # unlike replacing, it fails if the name is taken
        except OSError:
            if file.exists() or file.is_symlink():
                raise UsageError(f"{file} exists already. It was left as it is.") from None
            aside.replace(file)  # a file system without links
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error


def replace(file: Path, data: bytes) -> None:
    """Put new content into a file, all or nothing. Raises UsageError."""
    try:
        _aside(file, data).replace(file)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error


def _aside(file: Path, data: bytes) -> Path:
    """The content in a hidden file beside; on the disk when this returns."""
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with aside.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return aside
