"""The staff's pages about the library and the server."""

import platform
from dataclasses import dataclass
from importlib.metadata import version

from alembic.runtime.migration import MigrationContext
from flask import Blueprint, make_response, render_template
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from kb.tables import events, runs, snapshots
from kb.web.own_run import private
from kb.web.search_log import SearchLog
from kb.web.site import Site
from kb.web.staff.looks import Looks
from kb.web.staff.staff import Staff

MOST = 200  # rows of a page


@dataclass(frozen=True, slots=True)
class State:
    """What an operator wants to know first."""

    kb: str
    python: str
    database: str
    tables: str
    runs: int
    events: int
    snapshots: int


def staff_pages(site: Site, staff: Staff) -> Blueprint:
    """The blueprint of the first page, the library, its problems, the searches and the state."""
    pages = Blueprint("staff", __name__, url_prefix="/staff")
    pages.before_request(staff.require_expected)
    log, looks = SearchLog(site.runs.database, site.clock), Looks(site.runs.database, site.clock)

    @pages.get("/")
    def home() -> Response:
        member = staff.require()
        return private(make_response(render_template("staff_home.html", member=member, nav="staff", here="home")))

    @pages.get("/library")
    def library() -> Response:
        member = staff.require("library")
        articles = sorted(site.library.articles, key=lambda article: article.address)
        page = render_template("staff_library.html", member=member, articles=articles, nav="staff", here="library")
        return private(make_response(page))

    @pages.get("/problems")
    def problems() -> Response:
        member = staff.require("problems")
        found = site.library.problems
        page = render_template(
            "staff_problems.html", member=member, problems=found[:MOST], all=len(found), nav="staff", here="problems"
        )
        return private(make_response(page))

    @pages.get("/searches")
    def searches() -> Response:
        member = staff.require("searches")
        page = render_template(
            "staff_searches.html", member=member, searches=log.unanswered(MOST), nav="staff", here="searches"
        )
        return private(make_response(page))

    @pages.get("/state")
    def state() -> Response:
        member = staff.require("state")
        page = render_template(
            "staff_state.html", member=member, state=_state(site), looks=looks.last(), nav="staff", here="state"
        )
        return private(make_response(page))

    return pages


def _state(site: Site) -> State:
    database = site.runs.database
    with database.reading() as connection:
        counted = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (runs, events, snapshots)
        ]
        revision = MigrationContext.configure(connection).get_current_revision()
    return State(
        kb=version("kb"),
        python=platform.python_version(),
        database=database.engine.dialect.name,
        tables=revision or "",
        runs=counted[0],
        events=counted[1],
        snapshots=counted[2],
    )
