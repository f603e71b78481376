"""From a library to the problems of its outside links."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from kb.article.edition import Edition, Link
from kb.article.inspect import is_wanted
from kb.article.library import Library
from kb.article.problem import Problem, Severity
from kb.article.source import read_source
from kb.cli.outside.answer import Answer, Kind, Manners
from kb.cli.outside.asking import ask_all
from kb.cli.outside.memory import Memory
from kb.cli.text import printable

_EXAMPLES = ("example.com", "example.net", "example.org", ".example", ".test", ".invalid")  # RFC 2606: nobody's
_LONGEST_SEARCH = 60  # lines of one paragraph
_CODES: Mapping[Kind, tuple[str, Severity, str]] = {  # code, severity, mend
    "broken": ("external-broken", "error", "correct the address, or take the link out"),
    "moved": ("external-moved", "warning", "write {}"),
    "unreachable": ("external-unreachable", "warning", "look yourself, and check again later"),
    "refused": ("external-unreachable", "warning", "take the link out, or ask it with --allow-private"),
}


@dataclass(frozen=True, slots=True)
class _Mention:
    """An outside address in an edition."""

    edition: Edition
    written: str
    line: int  # from which on it stands somewhere

    @property
    def address(self) -> str:
        """As it is asked: with a scheme, without its fragment."""
        written = printable(self.written.strip())
        return (f"https:{written}" if written.startswith("//") else written).partition("#")[0]


def outside_problems(
    library: Library, only: tuple[str, ...], manners: Manners, memory: Memory, told: Callable[[int, int], None]
) -> list[Problem]:
    """Ask every outside address that the memory does not know; `told` hears how many of how many are done."""
    mentions = list(_mentions(library, only))
    answers = {mention.address: memory.recall(mention.address) for mention in mentions}
    wanted = [address for address, answer in answers.items() if answer is None]
    done = 0

    def note(address: str, answer: Answer) -> None:
        nonlocal done
        done += 1
        answers[address] = answer
        memory.remember(address, answer)
        told(done, len(wanted))

    try:
        ask_all(wanted, manners, note)
    finally:  # also what was asked before somebody pressed Ctrl-C
        memory.save()
    return list(_problems(library, mentions, answers))


def _mentions(library: Library, only: tuple[str, ...]) -> Iterator[_Mention]:
    """Every address of the web in these files, but those that other checks report and those that are nobody's."""
    stale = tuple(library.settings.stale_hosts)
    for article in library.written:
        for edition in article.written:
            if not is_wanted(edition.path, only):
                continue
            found = [_Mention(edition, link.href, link.line) for link in edition.links if _leads_out(link)]
            found += [_Mention(edition, file.url, 1) for file in edition.attachments if file.target is None]
            for mention in found:
                parts = _parts(mention.address)
                if parts.scheme in ("http", "https") and not _is_below(parts.hostname or "", (*_EXAMPLES, *stale)):
                    yield mention


def _leads_out(link: Link) -> bool:
    return link.target is None and not link.broken and link.kind in ("external", "image", "attachment")


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # a bracket where none belongs; reported as malformed
        return urlsplit("")


def _is_below(host: str, domains: tuple[str, ...]) -> bool:
    return any(f".{host}".endswith(f".{domain.lower().lstrip('.')}") for domain in domains)


def _problems(library: Library, mentions: list[_Mention], answers: Mapping[str, Answer | None]) -> Iterator[Problem]:
    for mention in mentions:
        answer = answers[mention.address]
        if answer is not None and answer.kind != "fine":
            line, column = _place(library, mention)
            code, severity, remedy = _CODES[answer.kind]
            message = f"{mention.written[:200]} {answer.detail}"
            yield Problem(mention.edition.path, line, column, code, severity, message, remedy.format(answer.to))


def _place(library: Library, mention: _Mention) -> tuple[int, int]:
    """Line and column where the address stands as written."""
    source, _ = read_source(library.root, mention.edition.path)
    lines = source.text.split("\n") if source else []
    for number, line in enumerate(lines[mention.line - 1 : mention.line - 1 + _LONGEST_SEARCH], mention.line):
        if (found := line.find(mention.written)) >= 0:
            return number, found + 1
    return mention.line, 1
