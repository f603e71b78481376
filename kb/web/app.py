"""The application: its parts, put together from collaborators."""

from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, Response, make_response, send_from_directory

from kb.web.api import serving_data
from kb.web.compare_page import comparing
from kb.web.delivery import deliver
from kb.web.describing import describing
from kb.web.errors import show_errors
from kb.web.guard import BODIES_AT_ONCE, guard
from kb.web.home import at_home
from kb.web.joining import joining
from kb.web.label_pages import labelling
from kb.web.limits import Limits
from kb.web.moving import moving
from kb.web.pages import reading
from kb.web.record_page import recording
from kb.web.restarting import restarting
from kb.web.resuming import resuming
from kb.web.run_actions import acting_for_readers
from kb.web.runs import running
from kb.web.search_page import searching
from kb.web.short_way import ShortWay
from kb.web.sign_in import signing_in
from kb.web.site import Site
from kb.web.staff.pages import staff_pages
from kb.web.staff.runs import supporting
from kb.web.staff.sign_in import signing_in_staff
from kb.web.staff.staff import staff_of
from kb.web.theme import theme_folder, use_theme
from kb.web.tongues import Tongue, Tongues

YEAR = 365 * 24 * 3600


class PlainFlask(Flask):
    """Flask for views that are plain functions: nothing need look, with each request, whether they wait."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(site: Site, theme: Path | None = None) -> Flask:
    """The WSGI application for this site."""
    folder = theme or theme_folder()
    app = PlainFlask("kb", static_folder=None, template_folder=None)
    app.url_map.strict_slashes = True
    use_theme(app, folder, site.library.settings)
    tongues = Tongues.of(site)
    app.context_processor(lambda: {"site": tongues.here.site.library.settings})
    limits = Limits(site.runs.database, site.key, site.clock, site.library.settings.access)
    turns = BoundedSemaphore(BODIES_AT_ONCE)
    guard(app, site, limits, turns)
    deliver(app, site.clock)
    show_errors(app, tongues)
    _static(app, folder / "static")
    app.register_blueprint(serving_data(site))
    app.register_blueprint(running(site))
    app.register_blueprint(acting_for_readers(site))
    app.register_blueprint(restarting(site))
    app.register_blueprint(moving(site))
    app.register_blueprint(joining(site))
    app.register_blueprint(recording(site))
    app.register_blueprint(resuming(site))
    app.register_blueprint(signing_in(site, limits))
    staff = staff_of(site)
    app.register_blueprint(signing_in_staff(staff, limits, site.sign_ins.seal))
    app.register_blueprint(staff_pages(site, staff))
    app.register_blueprint(supporting(site, staff))
    app.register_blueprint(searching(tongues, limits))
    app.wsgi_app = ShortWay(app.wsgi_app, site, limits, turns)  # type: ignore[assignment, method-assign]
    if site.library.settings.url:
        app.wsgi_app = at_home(app.wsgi_app, site.library.settings.url)  # type: ignore[assignment, method-assign]
    for tongue in reversed(list(tongues.by_home.values())):  # what templates are given is that of the own language
        _reading_pages(app, tongue)
    return app


def _reading_pages(app: Flask, tongue: Tongue) -> None:
    """The pages of one language, below its name."""
    site, shelves = tongue.site, tongue.shelves
    for pages in (describing(site, shelves), comparing(site), labelling(site, shelves), reading(site, shelves)):
        name = f"{pages.name}-{tongue.home}" if tongue.home else pages.name
        app.register_blueprint(pages, name=name, url_prefix=f"/{tongue.home}" if tongue.home else None)


def _static(app: Flask, folder: Path) -> None:
    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        response = make_response(send_from_directory(folder, name, max_age=YEAR))
        response.cache_control.public = True
        response.cache_control.immutable = True
        return response
