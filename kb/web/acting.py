"""Carries out what a reader confirmed: intent committed, one request for each target, outcome committed, followed.

Every request is announced by an event before it is sent. If the process dies in between, the outcome is unknown
and the thing is looked at again; a request is never sent twice.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from kb.account.account import Account
from kb.checklist.check import Action, Asked, Progressed, Target
from kb.checklist.checklist import ChecklistStep
from kb.checklist.event import Draft, Event
from kb.checklist.life import live
from kb.checklist.marks import TargetProgress
from kb.checklist.progress import Progress, StepProgress
from kb.checklist.run import refuse_closed
from kb.errors import NotFound, Refused
from kb.packed_words import packed
from kb.web.checking import Checking
from kb.words import words

BUDGET = 4.0  # seconds that one request of the browser may spend on sending; the page asks again for the rest


@dataclass(frozen=True, slots=True)
class Acting:
    """One signed-in reader's action for one step of a run."""

    checking: Checking
    step: ChecklistStep
    elapsed: Callable[[], float] = time.monotonic

    def plan(self) -> tuple[Target, ...]:
        """What could be changed, read afresh. Raises AccountError, NotFound, Refused."""
        action = self._action()
        with self.checking.site.link.open(self.checking.signed_in) as account:
            return action.plan(account, self._asked())

    def confirm(self, chosen: Sequence[str], event_id: str) -> None:
        """Record that the reader wants these targets changed. Raises Refused if none of them is there (any more).

        A confirmation that is sent again changes nothing, and what is under way already is not asked for twice.
        """
        if any(event.id == event_id for event in self.checking.site.runs.events(self.checking.run.id)):
            return
        before = self.checking.progress()
        targets = [target for target in self.plan() if target.id in chosen]
        if not targets:
            raise Refused(words("Nothing was chosen that is still there. Check the account again."))

        def decide(events: Sequence[Event]) -> Draft | None:
            now = before.again(events, before.now)
            refuse_closed(now)
            known = self._item(now).marks.targets.values()
            # another tab may have had it changed, and even seen it done, since this one made its plan
            taken = {item.target.id for item in known if not item.settled or item.confirmed > before.version}
            taken |= {item.target.id for item in self._item(before).pending}
            body = {"targets": [asdict(target) for target in targets if target.id not in taken]}
            draft = Draft(event_id, "confirmed", self.checking.actor, self.step.id, body=packed(body))
            return draft if body["targets"] else None

        self.checking.site.runs.record(self.checking.run.id, event_id, decide)

    def follow(self) -> None:
        """Send what may be sent, ask how far the rest is, and check the step again when all is settled."""
        until = self.elapsed() + BUDGET
        action = self._action()
        with self.checking.site.link.open(self.checking.signed_in) as account:
            for item in self._now().pending:
                if self.elapsed() > until:
                    return
                self._go_on(action, account, item)
        if not self._now().pending:
            self.checking.take([self.step.id])

    def _go_on(self, action: Action[Account], account: Account, item: TargetProgress) -> None:
        if item.in_flight(self.checking.site.clock()):
            return
        if item.sent:
            self._outcome(item, action.follow(account, item.target, item.operation))
        elif not self.checking.progress().holds and self._turn(item) and self._announce(item):
            self._outcome(item, action.carry_out(account, item.target))

    def _turn(self, item: TargetProgress) -> bool:
        """Whether everything of the earlier phases is settled."""
        return all(other.target.phase >= item.target.phase for other in self._now().pending)

    def _announce(self, item: TargetProgress) -> bool:
        """Commit that the request is about to be sent; False if another tab or process is sending it."""
        mine = secrets.token_hex(8)
        name = f"send-{item.confirmed}-{item.target.id}"[:200]
        draft = Draft(name, "sending", self.checking.actor, self.step.id, body={**_of(item), "by": mine})
        event = self.checking.site.runs.record(
            self.checking.run.id, name, lambda events: None if live(events).closed else draft
        )
        return event is not None and event.body["by"] == mine

    def _outcome(self, item: TargetProgress, now: Progressed) -> None:
        if item.sent and (now.state, now.message, now.operation) == (item.state, item.message, item.operation):
            return
        body = {**_of(item), "state": now.state, "message": now.message, "operation": now.operation}
        self._record(Draft(secrets.token_hex(16), "outcome", self.checking.actor, self.step.id, body=packed(body)))

    def _record(self, draft: Draft) -> None:
        self.checking.site.runs.record(self.checking.run.id, draft.id, lambda _events: draft, draft)

    def _now(self) -> StepProgress:
        return self._item(self.checking.progress())

    def _item(self, progress: Progress) -> StepProgress:
        found = progress.step(self.step.id)
        if found is None:
            raise NotFound(words("This checklist has no step “{id}”.", id=self.step.id))
        return found

    def _asked(self) -> Asked:
        params = self.step.action.params if self.step.action else {}
        return Asked(self.checking.site.clock(), params, self._now().marks.answers)

    def _action(self) -> Action[Account]:
        name = self.step.action.name if self.step.action else ""
        action = self.checking.site.link.actions.get(name)
        if action is None:
            raise NotFound(words("Nothing can be done for you in this step."))
        return action


def _of(item: TargetProgress) -> dict[str, object]:
    """Which target, of which confirmation."""
    return {"target": item.target.id, "confirmed": item.confirmed}
