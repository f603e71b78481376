"""`kb sandbox`: the local account API."""

import os
import signal
import sys
import threading
from pathlib import Path

import click

from kb.errors import PortInUse, UsageError
from kb.sandbox.clock import Clock, MovableClock, system_clock
from kb.sandbox.control import read_moment
from kb.sandbox.errors import SandboxError
from kb.sandbox.scenario import names, read_scenario, schema
from kb.sandbox.serve import demo_users, run

_FAULTS = """\
\b
Faults are a list with commas, each for all paths or for those that begin with what follows @:
  slow:2          each answer comes 2 seconds late
  fail:50%        every second request is answered 500
  hang            no answer comes
  jobs            queued operations fail; jobs:unknown, jobs:resumed: that is what callers are told
  e.g. --faults fail:50%@/v2/operations,slow:0.5
"""


def _scenarios() -> str:
    """Each scenario with its title."""
    lines = [f"  {name:18}{read_scenario(name).title}" for name in names()]
    return "\n".join(["Scenarios:", *lines])


class _Command(click.Command):
    """A command whose help also lists the scenarios; they are read only when somebody asks."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        formatter.write("\n" + _scenarios() + "\n")


def _print_schema(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:  # noqa: ARG001  click
    if wanted:
        click.echo(schema(), nl=False)
        ctx.exit()


def _choose(ctx: click.Context, parameter: click.Parameter, name: str) -> str:  # noqa: ARG001  what click calls
    if name == "list":
        click.echo(_scenarios())
        ctx.exit()
    return name


@click.command(cls=_Command, epilog=_FAULTS)
@click.option("--port", default=8765, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--state", type=click.Path(path_type=Path), help="File that keeps its state (default: nothing is kept).")
@click.option("--rebuild", is_flag=True, help="Begin anew if the state file was made from another scenario.")
@click.option(
    "--scenario",
    default="demo",
    show_default=True,
    callback=_choose,
    help="What the account holds at first: a name (see below, or 'list') or a YAML file.",
)
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of scenario files and end.",
)
@click.option("--ephemeral", is_flag=True, help="Keep nothing; this is so without --state, too.")
@click.option("--clock", help="What time it is there, like 2026-01-31T23:00Z; it runs on from then.")
@click.option("--latency", default=0, show_default=True, help="Milliseconds that each answer waits.")
@click.option("--faults", default="", metavar="SPEC", help="What goes wrong, to try how a client bears it: see below.")
@click.option("--webhook-host", multiple=True, help="A host besides this machine that webhooks may be delivered to.")
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
def sandbox(
    port: int,
    host: str,
    state: Path | None,
    scenario: str,
    clock: str | None,
    latency: int,
    faults: str,
    webhook_host: tuple[str, ...],
    *,
    rebuild: bool,
    ephemeral: bool,
    until_stdin_closes: bool,
) -> None:
    """Serve a local account API to try checklists on; it behaves like the real one."""
    if ephemeral and state:
        raise UsageError("--ephemeral keeps nothing, --state keeps everything: choose one.")
    time = _clock(clock)
    if until_stdin_closes:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        for user, password, what in () if until_stdin_closes else demo_users(scenario):
            click.echo(f"sign in as {user} with password {password}  ({what})", err=True)
        run(
            port,
            state,
            scenario,
            host,
            latency=latency / 1000,
            faults=faults,
            clock=time,
            rebuild=rebuild,
            webhooks=webhook_host,
            ready=click.echo,
        )
    except SandboxError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise PortInUse(f"{host}:{port} cannot be used: {error.strerror}. Choose another port with --port.") from error


def _clock(start: str | None) -> Clock:
    """Raises UsageError."""
    if start is None:
        return system_clock
    try:
        return MovableClock(read_moment(start))
    except ValueError:
        raise UsageError(f"{start} is no time. Write it like 2026-01-31T23:00Z.") from None


def _end_with_parent() -> None:
    """Whoever started us holds the other end of stdin: if it dies, however, we end too."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
