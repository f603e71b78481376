"""What support sees of readers' runs: those that are stuck, and one run, read-only."""

from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.errors import NotFound
from kb.web.checking import progress_of
from kb.web.form import text
from kb.web.own_run import private
from kb.web.site import Site
from kb.web.staff.looks import How, Looks
from kb.web.staff.roles import Member
from kb.web.staff.sign_in import require_staff_csrf
from kb.web.staff.staff import Staff
from kb.web.staff.stuck import stuck_runs

LONGEST = 300  # characters of what is pasted


def supporting(site: Site, staff: Staff) -> Blueprint:
    """The blueprint of the pages of support."""
    pages = Blueprint("staff_runs", __name__, url_prefix="/staff/runs")
    pages.before_request(staff.require_expected)
    looks = Looks(site.runs.database, site.clock)

    @pages.get("/")
    def stuck() -> Response:
        member = staff.require("runs")
        return _list(site, member, "")

    @pages.post("/")
    def find() -> Response:
        """By its share link or code, or by its id if it is linked to an account. A code is never in an address."""
        require_staff_csrf(staff)
        member = staff.require("runs")
        try:
            run = _found(site, member, text("run")[-LONGEST:])
        except NotFound as error:
            return _list(site, member, str(error))
        return redirect(f"/staff/runs/{run}/", 303)

    @pages.get("/<run>/")
    def show(run: str) -> Response:
        member = staff.require("runs")
        how = _admission(site, member, run)
        if how is None:
            raise NotFound("There is no such checklist, or you need its share link to look at it.")
        looks.add(member.name, run, how)
        return _run(site, member, run, looks)

    return pages


def _found(site: Site, member: Member, sent: str) -> str:
    """The id of the run that was asked for. Raises NotFound."""
    wanted = sent.rstrip("/").rpartition("#")[2].rpartition("/")[2].strip()
    if _admission(site, member, wanted):
        return wanted
    try:
        return site.codes.redeem(wanted, "see", _reader(member))
    except NotFound as error:
        raise NotFound(
            "That is neither a share link that works nor the id of a checklist that is linked to an account. "
            "Ask the reader for a new share link."
        ) from error


def _admission(site: Site, member: Member, run: str) -> How | None:
    if site.ownership.account_of(run):
        return "account"
    return "code" if site.codes.shows(run, _reader(member)) else None


def _reader(member: Member) -> str:
    """Whom a share code lets in: no browser can hold this as its cookie, for it is not signed."""
    return f"staff:{member.name}"


def _list(site: Site, member: Member, error: str) -> Response:
    looked = stuck_runs(site, _moment(request.args.get("before", "")))
    page = render_template(
        "staff_runs.html", member=member, looked=looked, error=error, csrf=member.csrf, nav="staff", here="runs"
    )
    return private(make_response(page, 404 if error else 200))


def _run(site: Site, member: Member, run_id: str, looks: Looks) -> Response:
    run = site.runs.run(run_id)
    page = render_template(
        "staff_run.html",
        member=member,
        run=run,
        progress=progress_of(site, run, None),
        events=site.runs.events(run_id),
        looks=looks.last(run=run_id, most=20),
        nav="staff",
        here="runs",
    )
    return private(make_response(page))


def _moment(sent: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(sent)
    except ValueError:
        return None
    return found if found.tzinfo else None
