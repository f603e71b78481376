"""Takes verdicts: asks the account whether steps and prerequisites hold, and records the answers."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from kb.account.account import Account, SignedIn
from kb.account.overhear import overhear
from kb.article.side_file import Use
from kb.checklist.check import Asked, Question, Verdict
from kb.checklist.checklist import Checklist
from kb.checklist.event import Draft, Event
from kb.checklist.life import live
from kb.checklist.progress import Progress, fold
from kb.checklist.run import link
from kb.checklist.status import Block
from kb.checklist.stored_run import StoredRun
from kb.web.site import Site
from kb.words import words

PREREQUISITES_LAST = timedelta(minutes=5)
MOST_REQUESTS = 60  # that a verdict names; a large account is asked hundreds of times


@dataclass(frozen=True, slots=True)
class Checking:
    """One signed-in reader's look at the account for one run."""

    site: Site
    run: StoredRun
    signed_in: SignedIn

    @property
    def actor(self) -> str:
        """Who has it checked, for events."""
        return actor_of(self.signed_in)

    def link(self) -> None:
        """Link the run to the account and check its prerequisites. Raises Refused if it belongs to another account."""
        self.take(self._prerequisites_to_take(self.attach()))

    def attach(self) -> Progress:
        """Link the run to the account; gives where it stood before. Raises Refused if it belongs to another account."""
        draft = Draft(
            id=secrets.token_hex(16),
            kind="linked",
            actor=self.actor,
            body={"account": self.signed_in.alias, "user": self.signed_in.user},
        )
        progress = self.progress()
        self.site.runs.record(
            self.run.id, draft.id, lambda events: link(progress.again(events, self.site.clock()), draft)
        )
        self.site.ownership.give(self.run.id, self.signed_in.alias)
        return progress

    def take(self, names: Iterable[str]) -> None:
        """Take the verdict of each of these steps or prerequisites that has a check. Raises SignedOut, StoreError."""
        uses = checks_of(self.run.checklist)
        with self.site.link.open(self.signed_in) as account:
            for name in names:
                if name in uses:
                    self._record(name, self._verdict(account, name, uses[name]))

    def take_all(self) -> None:
        """Take every verdict of the run."""
        self.take(checks_of(self.run.checklist))

    def refresh(self, blocks: Iterable[Block]) -> None:
        """Take the verdicts that are missing or too old, so that only a real obstacle blocks."""
        wanted = [block.step for block in blocks if block.code in ("unchecked", "stale")]
        self.take([*(item.id for item in self.run.checklist.prerequisites), *wanted])

    def progress(self) -> Progress:
        """Where the run stands for this reader."""
        return progress_of(self.site, self.run, self.signed_in)

    def _prerequisites_to_take(self, progress: Progress) -> list[str]:
        """Those that were not checked for this user, or too long ago."""
        known = {name: marks.checked for name, marks in progress.marks.items() if marks.checked}
        return [
            item.id
            for item in self.run.checklist.prerequisites
            if item.id not in known
            or known[item.id].actor != self.actor
            or self.site.clock() - known[item.id].at > PREREQUISITES_LAST
        ]

    def _verdict(self, account: Account, name: str, use: Use) -> Verdict:
        progress = self.progress()
        marks = progress.marks.get(name)
        asked = Asked(self.site.clock(), use.params, dict(marks.answers) if marks else {})
        with overhear(account) as heard:
            verdict = self.site.link.checks[use.name].verdict(account, asked)
        return replace(verdict, requests=shortened(heard))

    def _record(self, name: str, verdict: Verdict) -> None:
        draft = Draft(id=secrets.token_hex(16), kind="verdict", actor=self.actor, step=name, body=verdict.as_json())
        self.site.runs.record(self.run.id, draft.id, lambda events: None if live(events).closed else draft)


def shortened(heard: Sequence[str]) -> tuple[str, ...]:
    """Each request once, with how often it was sent; of very many only the first."""
    often = Counter(heard)
    lines = [
        line if often[line] == 1 else words("{line} ({number} times)", line=line, number=often[line]) for line in often
    ]
    more = len(lines) - MOST_REQUESTS
    return (*lines[:MOST_REQUESTS], words("and {number} more", number=more)) if more > 0 else tuple(lines)


def progress_of(
    site: Site, run: StoredRun, signed_in: SignedIn | None, events: Sequence[Event] | None = None
) -> Progress:
    """Where the run stands now, for whoever is signed in (None: nobody). `events`: all, if they were just read."""
    events = site.runs.events(run.id) if events is None else events
    now, holds = site.clock(), site.outlooks.of(site.library, run).holds
    if signed_in is None:
        return fold(run.checklist, events, now, holds=holds)
    return fold(run.checklist, events, now, signed_in.alias, actor_of(signed_in), holds)


def actor_of(signed_in: SignedIn | None) -> str:
    """Who did it, for events: the signed-in user, else just a reader."""
    return f"{signed_in.alias}/{signed_in.user}" if signed_in else "reader"


def checks_of(checklist: Checklist) -> dict[str, Use]:
    """The checks of prerequisites and steps, by their ids."""
    prerequisites = {item.id: item.check for item in checklist.prerequisites}
    return prerequisites | {step.id: step.check for step in checklist.steps if step.check}


def questions_of(site: Site, progress: Progress, step_id: str) -> tuple[Question, ...]:
    """What the check of this step asks the reader: always, and because of what it found last."""
    step = progress.checklist.step(step_id)
    if step is None or step.check is None or step.check.name not in site.link.checks:
        return ()
    asked = site.link.checks[step.check.name].questions(step.check.params)
    marks = progress.marks.get(step_id)
    found = marks.checked.verdict.questions if marks and marks.checked else ()
    known = {question.id for question in asked}
    return (*asked, *(question for question in found if question.id not in known))
