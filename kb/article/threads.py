"""Follows each article through a repository's history: renames, moves of folders, deletes and adds in other commits."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from kb.article.git_repository import Commit

Read = Callable[[str], bytes | None]

# Likenesses of two texts, 0 to 100, from which the one is taken for the other.
_SAME_PATH = 25
_SAME_NAME = 45
_SAME_COMMIT = 60
_OTHER_NAME = 82
_MOST_PAIRS = 40_000  # comparisons of articles with other names in one commit
_COMPARED = 12_000  # bytes of each text


@dataclass(frozen=True, slots=True)
class Version:
    """What an article was after one commit."""

    path: str
    object: str
    commit: str


@dataclass(slots=True, eq=False)
class Thread:
    """One article through the history, the oldest version first. `joints` say where it was stitched together."""

    versions: list[Version]
    joints: list[str] = field(default_factory=list)

    @property
    def last(self) -> Version:
        return self.versions[-1]


@dataclass(slots=True)
class Threads:
    """The articles of a repository while its commits are followed."""

    read: Read
    living: dict[str, Thread] = field(default_factory=dict)  # by path
    gone: list[Thread] = field(default_factory=list)
    _born: list[Thread] = field(default_factory=list)  # added, and not known from before
    _left: int = 0  # comparisons of articles with other names that this commit may still cost
    _texts: Callable[[str], str] = field(init=False)

    def __post_init__(self) -> None:
        @lru_cache(maxsize=2000)
        def text(name: str) -> str:
            return (self.read(name) or b"")[:_COMPARED].decode("utf-8", "replace")

        self._texts = text

    def follow(self, commit: Commit) -> None:
        """Take in the next commit."""
        self._left = _MOST_PAIRS
        removed: list[Thread] = []
        added: list[Version] = []
        for change in commit.changes:
            version = Version(change.path, change.object, commit.id)
            known = self.living.get(change.path)
            if known and change.object:
                known.versions.append(version)
            elif known:
                removed.append(self.living.pop(change.path))
            elif change.object:
                added.append(version)
        for thread, version in self._renamed(removed, added):
            removed.remove(thread)
            added.remove(version)
            thread.versions.append(version)
            self.living[version.path] = thread
        for version in added:
            self._add(version)
        for thread in removed:
            self._remove(thread)

    def _renamed(self, removed: Iterable[Thread], added: Iterable[Version]) -> Iterator[tuple[Thread, Version]]:
        """Which file that a commit removed is which that it added: equal content, then equal names, then likeness."""
        threads, versions = list(removed), list(added)
        for pick in (self._equal, self._namesakes, self._alike):
            for thread, version in list(pick(threads, versions)):
                threads.remove(thread)
                versions.remove(version)
                yield thread, version

    def _equal(self, threads: list[Thread], versions: list[Version]) -> Iterator[tuple[Thread, Version]]:
        by_content: dict[str, list[Thread]] = defaultdict(list)
        for thread in threads:
            by_content[thread.last.object].append(thread)
        for version in versions:
            if same := by_content[version.object]:
                best = next((thread for thread in same if _name(thread.last.path) == _name(version.path)), same[0])
                same.remove(best)
                yield best, version

    def _namesakes(self, threads: list[Thread], versions: list[Version]) -> Iterator[tuple[Thread, Version]]:
        by_name: dict[str, list[Thread]] = defaultdict(list)
        for thread in threads:
            by_name[_name(thread.last.path)].append(thread)
        for version in versions:
            same = [(self._likeness(thread, version), at) for at, thread in enumerate(by_name[_name(version.path)])]
            score, at = max(same, default=(0.0, 0))
            if score >= _SAME_NAME:
                yield by_name[_name(version.path)].pop(at), version

    def _alike(self, threads: list[Thread], versions: list[Version]) -> Iterator[tuple[Thread, Version]]:
        if len(threads) * len(versions) > _MOST_PAIRS:
            return
        pairs = [
            (score, at, place)
            for at, thread in enumerate(threads)
            for place, version in enumerate(versions)
            if _may_be_renamed(thread.last.path, version.path)
            and (score := self._likeness(thread, version)) >= _SAME_COMMIT
        ]
        used: set[int] = set()
        placed: set[int] = set()
        for _, at, place in sorted(pairs, key=lambda pair: -pair[0]):
            if at not in used and place not in placed:
                used.add(at)
                placed.add(place)
                yield threads[at], versions[place]

    def _add(self, version: Version) -> None:
        """A file that this commit did not rename: perhaps one that an earlier commit removed."""
        kin = [(score, at) for at, thread in enumerate(self.gone) if (score := self._kinship(thread, version))]
        if kin:
            former = self.gone.pop(max(kin)[1])
            former.joints.append(f"removed as {former.last.path}, added as {version.path} by {version.commit[:10]}")
            former.versions.append(version)
            self.living[version.path] = former
            return
        self.living[version.path] = thread = Thread([version])
        self._born.append(thread)

    def _remove(self, thread: Thread) -> None:
        """A file that this commit did not rename: perhaps one that an earlier commit had added elsewhere already."""
        for heir in reversed(self._born):
            first = heir.versions[0]
            alive = heir is not thread and self.living.get(heir.last.path) is heir
            if alive and _name(first.path) == _name(thread.last.path) and self._likeness(thread, first) >= _OTHER_NAME:
                heir.joints.append(f"added as {first.path} by {first.commit[:10]}, removed as {thread.last.path} later")
                heir.versions[:0] = thread.versions
                heir.joints[:0] = thread.joints
                self._born.remove(heir)
                return
        self.gone.append(thread)

    def _kinship(self, thread: Thread, version: Version) -> float:
        """How surely a removed article is the same as one added later; 0: it is another."""
        if not _may_be_renamed(thread.last.path, version.path):
            return 0
        same_name = _name(thread.last.path) == _name(version.path)
        if not same_name and thread.last.object != version.object:
            sizes = sorted(len(self._texts(name)) for name in (thread.last.object, version.object))
            if self._left <= 0 or 2 * sizes[0] < _OTHER_NAME / 100 * sum(sizes):  # they cannot be alike enough
                return 0
            self._left -= 1
        needed = _SAME_PATH if thread.last.path == version.path else _SAME_NAME if same_name else _OTHER_NAME
        score = self._likeness(thread, version, needed)
        return score + 100 * same_name if score >= needed else 0

    def _likeness(self, thread: Thread, version: Version, needed: float = _SAME_PATH) -> float:
        """How like the two texts are, 0 to 100; 0 too if less than needed."""
        if thread.last.object == version.object:
            return 100
        one, other = self._texts(thread.last.object), self._texts(version.object)
        if not one or not other:
            return 0
        return fuzz.ratio(one, other, score_cutoff=needed)


def _name(path: str) -> str:
    return path.rpartition("/")[2].casefold()


def _may_be_renamed(one: str, other: str) -> bool:
    """README and index files keep their names: they are alike by their kind."""
    return _name(one) == _name(other) or not {_name(one), _name(other)} & {"readme.md", "index.md"}
