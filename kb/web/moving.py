"""A run moves to the article's current edition or revision: by itself if only words changed, else after a preview."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template
from werkzeug.wrappers import Response

from kb.checklist.carry_over import CarryOver, StepMove, carry_over
from kb.checklist.destination import Destination
from kb.checklist.event import Draft, Event
from kb.checklist.progress import Progress
from kb.checklist.run import refuse_closed
from kb.checklist.stored_run import StoredRun
from kb.errors import Refused, StoreError
from kb.web.compare_page import compare_address
from kb.web.errors import wants_json
from kb.web.form import event_id, text
from kb.web.outlook import Outlook
from kb.web.own_progress import progress_for
from kb.web.own_run import own_run, private
from kb.web.past_moves import ITSELF
from kb.web.run_page import run_url
from kb.web.site import Site
from kb.web.visitor import Visitor, require_csrf, visitor
from kb.words import words


def moving(site: Site) -> Blueprint:
    """The blueprint of moving."""
    pages = Blueprint("moving", __name__)

    @pages.get("/runs/<run>/move")
    def preview(run: str) -> Response:
        mine = own_run(site, run)
        outlook = site.outlooks.of(site.library, mine)
        if outlook.destination is None:
            return redirect(run_url(mine.id), 303)
        return _preview(site, mine, outlook, outlook.destination)

    @pages.post("/runs/<run>/move")
    def move(run: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        outlook = site.outlooks.of(site.library, mine)
        if outlook.destination is None:  # another tab has moved it
            return redirect(run_url(mine.id), 303)
        if text("target") != outlook.destination.checklist.hash:
            message = words("The article was changed while you were reading this. Look at it once more.")
            return _preview(site, mine, outlook, outlook.destination, message)
        try:
            _move(site, mine, visitor(site), outlook.destination, f"{event_id()}-moved")
        except Refused as error:
            return _preview(site, mine, outlook, outlook.destination, str(error))
        return redirect(f"{run_url(mine.id)}#moved", 303)

    return pages


def settled(site: Site, run: StoredRun, me: Visitor) -> StoredRun:
    """The run, moved first if nothing but words changed. If that cannot be now, it is shown as it was."""
    outlook = site.outlooks.of(site.library, run)
    if outlook.destination is None or not outlook.alone:
        return run
    version = len(site.runs.events(run.id))
    with suppress(Refused, StoreError):
        _move(site, run, me, outlook.destination, f"moved-{version}-{outlook.destination.checklist.hash[:16]}", ITSELF)
    return site.runs.run(run.id)


def _move(
    site: Site, run: StoredRun, me: Visitor, destination: Destination, event: str, actor: str | None = None
) -> None:
    """Move the run. Raises Refused, StoreError; then nothing was changed."""
    progress, onto = progress_for(site, run, me), destination.checklist
    asked = Draft(event, "moved", actor or me.actor, body={"snapshot": onto.hash})

    def decide(events: Sequence[Event]) -> Draft:
        now = progress.again(events, site.clock())
        refuse_closed(now)
        return carry_over(now, destination).draft(event, asked.actor)

    site.runs.move(run.id, event, decide, onto, asked)


def _preview(site: Site, run: StoredRun, outlook: Outlook, destination: Destination, refused: str = "") -> Response:
    me = visitor(site)
    progress = progress_for(site, run, me)
    plan = carry_over(progress, destination)
    refused = refused or plan.refused
    if wants_json():
        response = jsonify(_json(plan, progress, refused))
    else:
        response = make_response(_page(run, me, outlook, progress, plan, refused))
    response.status_code = 409 if refused else 200
    return private(response)


def _page(run: StoredRun, me: Visitor, outlook: Outlook, progress: Progress, plan: CarryOver, refused: str) -> str:
    article, edition = outlook.article, outlook.edition
    older = article and edition and edition is not article.current
    return render_template(
        "move.html",
        run=run,
        progress=progress,
        plan=plan,
        onto=plan.destination.checklist,
        withdrawn=outlook.withdrawn,
        compared=compare_address(article, edition, article.current) if article and edition and older else "",
        refused=refused,
        run_url=run_url(run.id),
        event_id=secrets.token_hex(16),
        csrf=me.csrf,
        signed_in=me.signed_in,
        nav="runs",
    )


def _json(plan: CarryOver, progress: Progress, refused: str) -> dict[str, Any]:
    onto = plan.destination.checklist
    return {
        "from": {"edition": plan.was.edition or None, "revision": plan.was.revision},
        "to": {"edition": onto.edition or None, "revision": onto.revision, "target": onto.hash},
        "weight": plan.destination.weight,
        "proposed": plan.destination.proposed,
        "version": progress.version,
        "refused": refused or None,
        "steps": [_step_json(move) for move in plan.steps],
    }


def _step_json(move: StepMove) -> dict[str, Any]:
    return {
        "how": move.part.how,
        "effect": move.effect,
        "older": [item.step.id for item in move.older],
        "newer": [step.id for step in move.newer],
        "proposed": move.part.proposed,
    }
