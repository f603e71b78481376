"""`kb users`: the local users of the staff. Their roles are in `kb.toml`."""

import sys
from pathlib import Path

import click

from kb.access import Role
from kb.cli.folder import data_folder, library_of
from kb.errors import UsageError
from kb.settings import read_settings
from kb.web.staff.passwords import Passwords
from kb.web.staff.users import FILE_NAME, UserFile, plain_name

_LIBRARY = click.option("--library", type=click.Path(path_type=Path), help="The library whose staff it is.")
_DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder of the data (default: .kb in the library)."
)


@click.group()
def users() -> None:
    """Look after who of the staff may sign in with a password."""


@users.command()
@click.argument("name")
@_LIBRARY
@_DATA
def add(name: str, library: Path | None, data: Path | None) -> None:
    """Let NAME sign in. The password is asked for, or read from the first line of what is piped in."""
    root = library_of(library)
    user = _file(root, data).add(name, Passwords().hash(_password()))
    roles = _roles(root, user.name)
    click.echo(f"{user.name} can sign in at /staff/ ({', '.join(roles) if roles else 'without a role'}).")
    if not roles:
        click.echo(f'Give {user.name} a role in kb.toml, under [staff.users]: "{user.name}" = ["author"]')


@users.command()
@click.argument("name")
@_LIBRARY
@_DATA
def passwd(name: str, library: Path | None, data: Path | None) -> None:
    """Give NAME another password. Whoever is signed in with the old one is not any more."""
    _file(library_of(library), data).change(name, Passwords().hash(_password()))
    click.echo(f"The password of {plain_name(name)} was changed.")


@users.command()
@click.argument("name")
@_LIBRARY
@_DATA
def remove(name: str, library: Path | None, data: Path | None) -> None:
    """Let NAME sign in no more, and end where NAME is signed in."""
    _file(library_of(library), data).remove(name)
    click.echo(f"{plain_name(name)} was removed. If roles are left in kb.toml, remove them too.")


@users.command("list")
@_LIBRARY
@_DATA
def list_(library: Path | None, data: Path | None) -> None:
    """Who may sign in, with their roles."""
    root = library_of(library)
    for name in sorted(_file(root, data).users()):
        click.echo(f"{name}\t{', '.join(_roles(root, name)) or '(no role)'}")


def _file(library: Path, data: Path | None) -> UserFile:
    return UserFile(data_folder(library, data) / FILE_NAME)


def _roles(library: Path, name: str) -> tuple[Role, ...]:
    named = read_settings(library).access.staff.users
    return next((roles for user, roles in named.items() if plain_name(user) == name), ())


def _password() -> str:
    """From a prompt, twice; or one line of standard input. Never from an argument: others see those."""
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError("Pipe the password in, or run this in a terminal to be asked for it.")
    return password
