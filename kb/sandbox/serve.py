"""Starting the sandbox: in a thread for tests, or until a signal for the command."""

import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from kb.sandbox.api.app import Api
from kb.sandbox.clock import Clock, MovableClock, system_clock
from kb.sandbox.control import Control
from kb.sandbox.courier import Courier
from kb.sandbox.errors import StateRefused
from kb.sandbox.faults import read_faults
from kb.sandbox.listener import Listener
from kb.sandbox.scenario import Scenario, read_scenario
from kb.sandbox.world.founding import fill
from kb.sandbox.world.shelf import FORMAT, Shelf
from kb.sandbox.world.state import World

LOOPBACK = "127.0.0.1"
_SLACK = timedelta(minutes=1)  # that a machine's own clock may be set back


class Sandbox:
    """A local account API, running between `start` and `stop` or inside a `with`.

    port      0: one that is free
    state     SQLite file that keeps everything; None: nothing outlives the sandbox
    scenario  name of one that comes with kb, or path of a YAML file
    rebuild   begin anew where the state file was made from another scenario
    latency   seconds that each answer waits
    pace      seconds that a queued operation takes; None: as the scenario says
    faults    see `kb.sandbox.faults`
    clock     callable that returns an aware UTC datetime; a MovableClock, and time starts where it is set
    webhooks  hosts besides this machine that webhooks may be delivered to: "host" or "host:port"

    The constructor raises ScenarioInvalid, FaultsInvalid and StateRefused, `start` OSError if the port is taken.
    """

    def __init__(
        self,
        port: int = 0,
        state: Path | None = None,
        scenario: str = "demo",
        latency: float = 0.0,
        clock: Clock = system_clock,
        *,
        pace: float | None = None,
        faults: str = "",
        host: str = LOOPBACK,
        rebuild: bool = False,
        webhooks: Iterable[str] = (),
    ) -> None:
        read = read_scenario(scenario)
        self._faults = read_faults(faults or str(read.data.get("faults", "")))
        self._latency = latency
        self._where = (host, port)
        self.clock = clock if isinstance(clock, MovableClock) else MovableClock(source=clock)
        resume = self.clock is not clock
        self.world = open_world(read, state, self.clock, pace, rebuild=rebuild, resume=resume)
        self.world.remember("ahead", str(self.clock.ahead.total_seconds()))
        self.courier = Courier(self.world, webhooks)
        self.world.tell = self.courier
        self._api = Api(self.world)
        self.control = Control(self._api, self.world, self.clock, self.courier)
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end. Raises RuntimeError before `start`."""
        if self._listener is None:
            raise RuntimeError("The sandbox is not started.")
        return self._listener.url

    def start(self) -> Self:
        """Listen, and answer in a thread. After `stop` it may be started again, on the same port. Raises OSError."""
        self._listener = Listener(self._api, self.control, *self._where, self._faults, self._latency)
        self._where = (self._where[0], int(self._listener.server_address[1]))
        self._set_failing()
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering; what was answered stays."""
        if self._listener and self._thread:
            self._listener.stop()
            self._thread.join()
        self.courier.stop()
        self._listener = self._thread = None

    def close(self) -> None:
        """Stop and let go of the state file."""
        self.stop()
        self.world.close()

    def set_faults(self, spec: str) -> None:
        """Other faults from now on; "" is none. Raises FaultsInvalid."""
        self._faults = read_faults(spec)
        self._set_failing()
        if self._listener:
            self._listener.faults = self._faults

    def set_latency(self, seconds: float) -> None:
        """Let each answer wait this long from now on."""
        self._latency = seconds
        if self._listener:
            self._listener.latency = seconds

    def _set_failing(self) -> None:
        self.world.jobs = next((fault.told for fault in self._faults if fault.kind == "jobs"), "")

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.world.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_world(
    scenario: Scenario, state: Path | None, clock: MovableClock, pace: float | None, *, rebuild: bool, resume: bool
) -> World:
    """The world of this state file; a new file is filled from the scenario.

    To `resume` is to move the clock as far ahead as it was when the file was left. Raises StateRefused.
    """
    origin = f"{scenario.name} {scenario.fingerprint}"
    shelf = Shelf(state)
    try:
        facts = shelf.facts()
        ahead = timedelta(seconds=float(facts.get("ahead", 0))) if resume else timedelta()
        fault = _misfit(facts, scenario, origin, clock() + ahead)
        if fault and not rebuild:
            raise StateRefused(fault)
        if fault:
            shelf.clear()
        else:
            clock.advance(ahead)
        world = World(shelf, clock, scenario.pace if pace is None else pace)
        if not world.origin:
            fill(world, scenario.data, origin)
    except StateRefused as error:
        shelf.close()
        raise StateRefused(
            f"The state file {state} is not used: {error}. Name another file, delete it, or ask to rebuild it."
        ) from error
    except BaseException:
        shelf.close()
        raise
    return world


def _misfit(facts: Mapping[str, str], scenario: Scenario, origin: str, now: datetime) -> str:
    """Why a file with these facts cannot be used; "" if it can."""
    if facts and facts.get("format") != FORMAT:
        return "it was made by another version of kb"
    made_from = facts.get("origin", origin)
    if made_from != origin:
        name = made_from.partition(" ")[0]
        return f"it was made from the scenario {name if name != scenario.name else f'an older {name}'}"
    if "latest" in facts and now < datetime.fromisoformat(facts["latest"]) - _SLACK:
        return f"it was used at {facts['latest']}, and time does not go back"
    return ""


def run(
    port: int = 0,
    state: Path | None = None,
    scenario: str = "demo",
    host: str = LOOPBACK,
    *,
    latency: float = 0.0,
    faults: str = "",
    clock: Clock = system_clock,
    pace: float | None = None,
    rebuild: bool = False,
    webhooks: Iterable[str] = (),
    ready: Callable[[str], object] = str,
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called with the address when requests are taken.

    Raises what `Sandbox` raises. Only for the main thread, which is where signals arrive.
    """
    sandbox = Sandbox(
        port, state, scenario, latency, clock, pace=pace, faults=faults, host=host, rebuild=rebuild, webhooks=webhooks
    )
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  what signals call
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with sandbox:
            ready(sandbox.url)
            ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def demo_users(scenario: str = "demo") -> list[tuple[str, str, str]]:
    """Who may sign in: user, password, what for. Raises ScenarioInvalid."""
    return read_scenario(scenario).users
