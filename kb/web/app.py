"""The application: its parts, put together from collaborators."""

from pathlib import Path

from flask import Flask, Response, make_response, send_from_directory

from kb.web.api import serving_data
from kb.web.compare_page import comparing
from kb.web.delivery import deliver
from kb.web.describing import describing
from kb.web.errors import show_errors
from kb.web.guard import guard
from kb.web.home import at_home
from kb.web.pages import reading
from kb.web.resuming import resuming
from kb.web.run_actions import acting_for_readers
from kb.web.runs import running
from kb.web.search_page import searching
from kb.web.sign_in import signing_in
from kb.web.site import Site
from kb.web.theme import theme_folder, use_theme

LARGEST_REQUEST = 256 * 1024  # bytes
YEAR = 365 * 24 * 3600


def create_app(site: Site, theme: Path | None = None) -> Flask:
    """The WSGI application for this site."""
    folder = theme or theme_folder()
    app = Flask("kb", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST)
    app.url_map.strict_slashes = True
    if site.library.settings.url:
        app.wsgi_app = at_home(app.wsgi_app, site.library.settings.url)  # type: ignore[assignment, method-assign]
    use_theme(app, folder)
    app.jinja_env.globals.update(site=site.library.settings)
    guard(app)
    deliver(app, site.clock)
    show_errors(app, site)
    _static(app, folder / "static")
    app.register_blueprint(serving_data(site))
    app.register_blueprint(running(site))
    app.register_blueprint(acting_for_readers(site))
    app.register_blueprint(resuming(site))
    app.register_blueprint(signing_in(site))
    app.register_blueprint(searching(site))
    app.register_blueprint(describing(site))
    app.register_blueprint(comparing(site))
    app.register_blueprint(reading(site))
    return app


def _static(app: Flask, folder: Path) -> None:
    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        response = make_response(send_from_directory(folder, name, max_age=YEAR))
        response.cache_control.public = True
        response.cache_control.immutable = True
        return response
