"""The site's own address, where `kb.toml` names it: behind a proxy a request does not know it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def at_home(app: "WSGIApplication", url: str) -> "WSGIApplication":
    """The same application, for which every request came to `url`: links, cookies and canonical addresses are its."""
    home = urlsplit(url)

    def answered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return app({**environ, "wsgi.url_scheme": home.scheme, "HTTP_HOST": home.netloc}, start)

    return answered
