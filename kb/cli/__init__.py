"""The commands. Exit 0: fine; 1: something found or failed; 2: wrong use."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from keyword import iskeyword

import click

from kb.errors import KbError, UsageError

COMMANDS: Mapping[str, str] = {  # each lives in the module of its own; only the one that is called is loaded
    "serve": "kb.cli.serve",
    "check": "kb.cli.check",
    "inspect": "kb.cli.inspect",
    "diff": "kb.cli.diff",
    "new": "kb.cli.new",
    "new-edition": "kb.cli.new",
    "import": "kb.cli.import_",
    "runs": "kb.cli.runs",
    "searches": "kb.cli.searches",
    "sandbox": "kb.cli.sandbox",
    "db": "kb.cli.db",
    "users": "kb.cli.users",
}


class Commands(click.Group):
    """The group `kb`, whose commands are loaded when they are needed: starting takes a second less."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click asks so)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(COMMANDS[cmd_name]), f"{name}_" if iskeyword(name) else name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kb", prog_name="kb")
def commands() -> None:
    """A help site, a content service and executable checklists from a folder of Markdown articles."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; every error of ours is shown here, in one line, with what to do."""
    try:
        commands.main(args=arguments, prog_name="kb")
    except UsageError as error:
        click.echo(f"kb: {error}", err=True)
        sys.exit(2)
    except KbError as error:
        click.echo(f"kb: {error}", err=True)
        sys.exit(1)
