"""The short way of a tick: what readers do most is answered before the application is asked.

It only ever says yes. A request that is not exactly what our own form sends, that anything would refuse, or whose run
is not as this process saw it last goes to the application as if nothing had been looked at; so all that a reader can
be told otherwise, and every other rule, stays in one place.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from kb.checklist.event import Draft, Kind
from kb.checklist.recent import Recent
from kb.checklist.run import decide
from kb.errors import KbError
from kb.web.address import address_of
from kb.web.checking import actor_of, progress_of
from kb.web.guard import HEADERS, from_here
from kb.web.home import ASKED_HOST
from kb.web.hosts import answers_to, own_hosts
from kb.web.limiting import DRAWN
from kb.web.limits import Limits
from kb.web.run_page import run_url
from kb.web.site import Site
from kb.web.visitor import ACCOUNT, READER, cookie_name, csrf_of, ours

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = re.compile(r"/runs/([\w-]{1,64})/events", re.ASCII)
FORM = re.compile(  # as our pages make it and browsers send it: nothing needs to be decoded
    r"csrf=(?P<csrf>[0-9a-f]{64})&kind=tick&step=(?P<step>[\w-]{1,64})&event=(?P<event>[\w-]{1,64})"
    r"(?:&seen=(?P<seen>[0-9]{0,9}))?(?P<done>&done=yes)?",
    re.ASCII,
)
ENCODING = "application/x-www-form-urlencoded"
LONGEST = 400  # bytes of such a form
ANSWER = '<!doctype html>\n<html lang=en>\n<title>Saved</title>\n<p>Saved. <a href="{0}">Back to the checklist</a>\n'


@dataclass(frozen=True)
class ShortWay:
    """The application, and before it the short way. `turns`: at most so many bodies are read at once."""

    app: "WSGIApplication"
    site: Site
    limits: Limits
    turns: BoundedSemaphore

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer, or let the application answer."""
        found = PATH.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        back = self._ticked(environ, found[1]) if found else None
        if back is None:
            return self.app(environ, start)
        body = ANSWER.format(back).encode()
        start("303 SEE OTHER", [*self._headers, ("Location", back), ("Content-Length", str(len(body)))])
        return [body]

    @cached_property
    def _headers(self) -> list[tuple[str, str]]:
        many = len({self.site.library.settings.language, *self.site.library.settings.languages}) > 1
        vary = [("Vary", "Cookie, Accept-Language")] if many else []
        return [("Content-Type", "text/html; charset=utf-8"), *vary, *HEADERS.items()]

    def _ticked(self, environ: "WSGIEnvironment", run: str) -> str | None:
        """Where the reader goes on after the tick, or None if this way was too short for it."""
        reader = self._reader(environ)
        form = self._form(environ) if reader and self._plain(environ) else None
        if not form or not hmac.compare_digest(form["csrf"], csrf_of(self.site.key, reader)):
            return None
        try:
            recent = self.site.runs.recent(run, reader) or self.site.runs.look(run, reader)
            step = recent.run.checklist.step(form["step"]) if recent else None
            if recent is None or step is None:
                return None
            self._count(environ, reader)
            return f"{run_url(run)}#{step.anchor}" if self._follows(recent, draft_of(form)) else None
        except KbError:
            return None  # the application meets it too, and can say so

    def _count(self, environ: "WSGIEnvironment", reader: str) -> None:
        """As the application counts each change. Raises TooMany, and leaves word whether it is to be counted still."""
        environ[DRAWN] = self.limits.draws("events")
        self.limits.take("events", lambda: self._callers(environ, reader), environ[DRAWN])
        environ[DRAWN] = False

    def _callers(self, environ: "WSGIEnvironment", reader: str) -> Mapping[str, str]:
        address = address_of(environ, self.limits.access.proxies)
        return {"reader": reader, "address": address} if address else {"reader": reader}

    def _follows(self, recent: Recent, draft: Draft) -> bool:
        """Whether it was added. What would be refused or change nothing may be otherwise in the database by now."""
        if recent.journal.find(draft.id):
            return False
        progress = progress_of(self.site, recent.run, None, recent.journal.events)
        decided = decide(progress, draft, lambda _step: ())
        return decided is not None and self.site.runs.follow(recent, decided)

    def _plain(self, environ: "WSGIEnvironment") -> bool:
        """Whether a browser sends it from a page of ours to a name of ours, and wants a page."""
        accept = environ.get("HTTP_ACCEPT", "").lower()
        if "json" in accept or "application/*" in accept or environ.get("SCRIPT_NAME"):
            return False
        host: str = environ.get("HTTP_HOST", "")
        if not answers_to(environ.get(ASKED_HOST, host), self._own):
            return False
        return from_here(environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN"), host)

    @cached_property
    def _own(self) -> frozenset[str]:
        return own_hosts(self.site.library.settings)

    def _reader(self, environ: "WSGIEnvironment") -> str:
        """The browser, if it is one of ours and not signed in; else ""."""
        secure = environ["wsgi.url_scheme"] == "https"
        reader, account = cookie_name(READER, secure=secure), cookie_name(ACCOUNT, secure=secure)
        found = [part.strip().partition("=") for part in environ.get("HTTP_COOKIE", "").split(";")]
        mine = [(name, value) for name, _, value in found if name in (reader, account)]
        return mine[0][1] if len(mine) == 1 and mine[0][0] == reader and ours(self.site.key, mine[0][1]) else ""

    def _form(self, environ: "WSGIEnvironment") -> Mapping[str, str] | None:
        """What our own form sends; whatever it is, the application can read it again."""
        length = environ.get("CONTENT_LENGTH") or ""
        if (
            environ.get("CONTENT_TYPE", "").partition(";")[0] != ENCODING
            or not length.isdecimal()
            or int(length) > LONGEST
        ):
            return None
        if not self.turns.acquire(blocking=False):
            return None
        try:
            body = environ["wsgi.input"].read(int(length))
        finally:
            self.turns.release()
        environ["wsgi.input"] = BytesIO(body)
        found = FORM.fullmatch(body.decode("latin-1")) if len(body) == int(length) else None
        return found.groupdict("") if found else None


def draft_of(form: Mapping[str, str]) -> Draft:
    """The event, as the long way makes it of the same form."""
    kind: Kind = "tick" if form["done"] else "untick"
    return Draft(f"{form['event']}-{kind}", kind, actor_of(None), form["step"], int(form["seen"] or 0))
