"""The record of a run for whoever it belongs to: as a page to print, as Markdown and as data."""

import json

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from kb.checklist.record import RunRecord, read_record
from kb.checklist.record_json import record_json
from kb.checklist.record_markdown import record_markdown, verified
from kb.web.own_run import private, seen_run
from kb.web.run_page import run_url
from kb.web.site import Site
from kb.web.visitor import visitor


def recording(site: Site) -> Blueprint:
    """The blueprint of records."""
    pages = Blueprint("recording", __name__)

    @pages.get("/runs/<run>/record")
    def record(run: str) -> Response:
        told, me = _record(site, run), visitor(site)
        page = render_template(
            "record.html",
            record=told,
            verified=verified(told),
            run_url=run_url(run),
            csrf=me.csrf,
            signed_in=me.signed_in,
            nav="runs",
        )
        return private(make_response(page))

    @pages.get("/runs/<run>/record.md")
    def record_as_markdown(run: str) -> Response:
        return _file(record_markdown(_record(site, run)), "text/markdown; charset=utf-8", f"{run}.md")

    @pages.get("/runs/<run>/record.json")
    def record_as_json(run: str) -> Response:
        text = json.dumps(record_json(_record(site, run)), indent=2, ensure_ascii=False)
        return _file(f"{text}\n", "application/json", f"{run}.json")

    return pages


def _record(site: Site, run: str) -> RunRecord:
    """It shows no more than the run itself, so whoever may look at that may have it."""
    seen, _rights = seen_run(site, run)
    return read_record(site.runs.database, site.runs.chain, seen.id, site.clock())


def _file(text: str, kind: str, name: str) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="checklist-{name}"'
    return private(response)
