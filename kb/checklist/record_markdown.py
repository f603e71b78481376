"""The record of a run as Markdown, for a ticket or a file."""

import re
from collections.abc import Iterable, Iterator

from kb.checklist.check import Verdict
from kb.checklist.progress import Progress
from kb.checklist.record import Recorded, RunRecord
from kb.dates import moment
from kb.words import counted, words

_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")
_STATES = {"left": "left", "ignored": "ignored", "unsure": "not known"}


def record_markdown(record: RunRecord) -> str:
    """A document of headings, facts and tables; what people wrote is escaped."""
    parts = [_head(record), *_steps(record.progress), _events(record), *_evidence(record)]
    return "\n\n".join(parts) + "\n"


def verified(record: RunRecord) -> tuple[str, ...]:
    """What the chain says of the record, as sentences."""
    if not record.chained:
        return (words("This was recorded before events were sealed; nobody can tell whether it was altered."),)
    if record.findings:
        return tuple(f"{one.text[:1].upper()}{one.text[1:]}" for one in record.findings)
    number = len(record.events)
    if record.purged:
        return (words("What it said was erased. The order and times of its events are as they were recorded."),)
    return (counted("The only event is as it was recorded.", "All {number} events are as they were recorded.", number),)


def _head(record: RunRecord) -> str:
    progress = record.progress
    lines = [
        f"# {_safe(record.title)}",
        f"- Article: {_safe(record.checklist.title)} (`{record.article}`)",
        *(f"- {_followed(first, edition)}" for first, edition in _editions(record)),
        f"- Checklist: `{record.run}`, started {moment(record.started)}",
        f"- Account: {_safe(progress.account)}" if progress and progress.account else "",
        f"- {progress.done} of {len(progress.own)} steps done" if progress else "",
        f"- What was recorded was erased {moment(record.purged)}" if record.purged else "",
        f"- Record of {moment(record.made)}",
        *(f"- {_safe(text)}" for text in verified(record)),
    ]
    return "\n".join([lines[0], "", *filter(None, lines[1:])])


def _editions(record: RunRecord) -> Iterator[tuple[Recorded, str]]:
    for first, followed in record.checklists:
        yield first, f"{followed.edition or 'without a date'}, revision `{followed.revision[:12]}`"


def _followed(first: Recorded, edition: str) -> str:
    since = "" if first.event.version == 1 else f" since {moment(first.event.at)}"
    return f"Edition{since}: {edition}"


def _steps(progress: Progress | None) -> Iterator[str]:
    if progress:
        rows = [(f"{item.step.number}. {item.step.text}", item.status.text) for item in progress.steps]
        yield "## Steps\n\n" + _table(("Step", "Status"), rows)


def _events(record: RunRecord) -> str:
    rows = [
        (str(one.event.version), moment(one.event.at), one.event.actor, one.about, one.says) for one in record.events
    ]
    return "## What happened\n\n" + _table(("No.", "When", "Who", "Step", "What"), rows)


def _evidence(record: RunRecord) -> Iterator[str]:
    for one in record.events:
        verdict = one.verdict
        if verdict and (verdict.evidence or verdict.searched):
            yield f"## Evidence of event {one.event.version}\n\n" + "\n\n".join(_found(verdict))


def _found(verdict: Verdict) -> Iterator[str]:
    if verdict.evidence:
        rows = [(item.kind, item.name, item.place, _STATES[item.state], item.note) for item in verdict.evidence]
        yield _table(("Kind", "Name", "Place", "State", "Note"), rows)
    if verdict.searched:
        looked = [(item.kind, item.place, "all of it" if item.complete else item.note) for item in verdict.searched]
        yield _table(("Looked for", "Place", "Seen"), looked)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *(tuple(map(_safe, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _safe(text: str) -> str:
    """As text: no markup, one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
