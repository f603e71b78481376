"""Routes: a method and a path of segments, found without regard to letter case."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.sandbox.api.reply import Answer
from kb.sandbox.api.shape import Shape


@dataclass(frozen=True, slots=True)
class Route:
    """`path` like `/v2/groups/<alias>/<group>`; `view` is called with an Ask and the segments in <> by name.

    `<alias>` and `<dc>` reach the view checked and in upper case. `query` names what the view looks for behind the
    question mark, `body` what it takes; both are for the OpenAPI document only.
    """

    method: str
    path: str
    view: Callable[..., Answer]
    needs: str = "look"  # the deed that the caller's roles must allow
    public: bool = False  # no token of v2 needed; the view looks for itself
    query: tuple[str, ...] = ()
    body: Shape | None = None

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))

    @property
    def names(self) -> tuple[str, ...]:
        """The segments in <>."""
        return tuple(segment[1:-1] for segment in self.segments if segment[0] == "<")


@dataclass(frozen=True, slots=True)
class Match:
    """A route with the values of its path."""

    route: Route
    values: dict[str, str]


class Routes:
    """Finds the route for a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_length: dict[tuple[int, str], list[tuple[tuple[str, ...], Route]]] = defaultdict(list)
        for route in routes:
            segments = tuple(each if each[0] == "<" else each.lower() for each in route.segments)
            self._by_length[len(segments), segments[0]].append((segments, route))

    def find(self, method: str, path: str) -> Match | frozenset[str]:
        """The route, or the methods that this path knows; none: no such path."""
        given = path.strip("/").split("/")
        lower = [segment.lower() for segment in given]
        known = set()
        for segments, route in self._by_length.get((len(given), lower[0]), ()):
            values = _values(segments, given, lower)
            if values is not None:
                if route.method == method or (method == "HEAD" and route.method == "GET"):
                    return Match(route, values)
                known.add(route.method)
        return frozenset(known)


def _values(wanted: tuple[str, ...], given: list[str], lower: list[str]) -> dict[str, str] | None:
    values = {}
    for pattern, segment, low in zip(wanted, given, lower, strict=True):
        if pattern[0] == "<":
            values[pattern[1:-1]] = segment
        elif pattern != low:
            return None
    return values
