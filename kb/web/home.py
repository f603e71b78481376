"""The site's own address, where `kb.toml` names it: behind a proxy a request does not know it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ASKED_HOST = "kb.asked_host"  # where the environment keeps the name that the request really came to


def at_home(app: "WSGIApplication", url: str) -> "WSGIApplication":
    """The same application, for which every request came to `url`: links, cookies and canonical addresses are its."""
    home = urlsplit(url)

    def answered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        asked = environ.get("HTTP_HOST", "")
        return app({**environ, "wsgi.url_scheme": home.scheme, "HTTP_HOST": home.netloc, ASKED_HOST: asked}, start)

    return answered
