"""Which language a reader gets: on reading pages the address says it, elsewhere their choice, else their browser."""

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Flask, Response, g, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kb.catalogue import SOURCE, Speech, speech
from kb.settings import LANGUAGE, Settings
from kb.words import Value, Words, halves, told

COOKIE = "kb_language"
YEAR = 365 * 24 * 3600
BY_ADDRESS = ("reading", "describing", "comparing", "labelling")  # blueprints of pages that are the same for everybody
_UNSHARED = re.compile(r"/(?:\d{4}-\d{2}-\d{2}|compare/[^/]*)/$")  # ends of addresses that only one language has
_ASKED = re.compile(r"([?&])language=[\w-]*(?:&|$)")
MESSAGES = 4_000  # that are kept ready; more than there are in two languages
_NUMBERS = re.compile(r"(%\(\w+\))d")  # they are written as the language writes them
Text = Value | Words | Markup


@dataclass(frozen=True, slots=True)
class Languages:
    """Those of a library, its own first."""

    all: tuple[Speech, ...]

    @property
    def own(self) -> Speech:
        """That of the addresses without a language."""
        return self.all[0]

    def find(self, tag: str) -> Speech | None:
        """The one with this tag."""
        return next((one for one in self.all if one.tag == tag), None)

    def home(self, one: Speech) -> str:
        """What its addresses begin with: "" or "de"."""
        return "" if one is self.own else one.tag


def languages_of(settings: Settings) -> Languages:
    """The library's own language, then the others that it lists."""
    return Languages(tuple(speech(tag) for tag in dict.fromkeys((settings.language, *settings.languages))))


def spoken() -> Speech:
    """The language of this request."""
    found: Speech = g.get("language") or speech(SOURCE)
    return found


def home() -> str:
    """What addresses in the language of this request begin with: "" or "de"."""
    found: str = g.get("home", "")
    return found


def speaking(app: Flask, languages: Languages) -> None:
    """Find the language of each request, and keep a reader's choice of one."""

    @app.before_request
    def listen() -> None:
        g.language = _language(languages)
        g.home = languages.home(g.language)

    @app.after_request
    def vary(response: Response) -> Response:
        """What follows the reader's choice must not be given to others from a cache."""
        if len(languages.all) > 1 and not _by_address() and response.mimetype == "text/html":
            response.vary.update(("Cookie", "Accept-Language"))
        return response

    app.register_blueprint(_choosing(languages))


def _language(languages: Languages) -> Speech:
    if len(languages.all) == 1:
        return languages.own
    named = languages.find(request.path.strip("/").partition("/")[0])
    if _by_address():
        return named or languages.own
    asked = languages.find(request.args.get("language", ""))
    if asked or request.path.startswith("/api/"):
        return asked or languages.own
    return languages.find(request.cookies.get(COOKIE, "")) or named or _preferred(languages)


def _by_address() -> bool:
    return (request.blueprint or "").partition("-")[0] in BY_ADDRESS


def _preferred(languages: Languages) -> Speech:
    """What the browser asks for, as far as there is such a thing."""
    best = request.accept_languages.best_match([one.tag for one in languages.all])
    return languages.find(best or "") or languages.own


def _choosing(languages: Languages) -> Blueprint:
    pages = Blueprint("language", __name__)

    @pages.post("/language")
    def choose() -> AnyResponse:
        """Keep the choice and go back to where it was made; its address asks for no other language any more."""
        response = redirect(_ASKED.sub(r"\1", _next()).rstrip("?&"), 303)
        chosen = languages.find(request.form.get("language", ""))
        if chosen:
            keep_language(response, chosen.tag)
        return response

    return pages


def keep_language(response: AnyResponse, tag: str) -> None:
    """Let this browser have its pages in this language from now on."""
    response.set_cookie(COOKIE, tag, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)


def same_page(languages: Languages) -> list[tuple[Speech, str]]:
    """The path of this page in each language; [] where the address says no language.

    Of a dated edition and of a comparison it is the article's, of a keyword or an author the first page.
    """
    if not _by_address():
        return []
    path = _UNSHARED.sub("/", request.path)
    bare = path.removeprefix(f"/{home()}") if home() else path
    bare = "/" if (request.blueprint or "").startswith("labelling") else bare
    return [(one, f"/{languages.home(one)}{bare}" if languages.home(one) else bare) for one in languages.all]


def written_in(languages: Languages, address: str) -> Markup:
    """Attributes for what is in the language of the article at this address; none if the page is in it."""
    one = languages.find(address.partition("/")[0]) or languages.own
    return Markup("") if one.tag == spoken().tag else Markup(' lang="{}" dir="{}"').format(one.tag, one.direction)


def stay(response: AnyResponse, tag: str) -> AnyResponse:
    """Let who reads in this language and has chosen none go on in it."""
    if LANGUAGE.fullmatch(tag) and COOKIE not in request.cookies:
        keep_language(response, tag)
    return response


def _next() -> str:
    """Only a path on this site."""
    path = request.form.get("next", "")
    return path if re.fullmatch(r"/(?![/\\])[^\\\s]*", path) else "/"


def say(app: Flask) -> None:
    """Let templates speak the language of the request: `_()`, `ngettext()`, and every text that is Words."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.globals.update(gettext=_gettext, ngettext=_ngettext, _=_gettext)
    app.jinja_env.filters.update(told=_shown, halves=_halves, inside=_inside)
    app.jinja_env.finalize = _shown


def _gettext(msgid: str, /, **values: Text) -> Markup:
    return _filled(spoken().text(msgid), values)


def _ngettext(one: str, many: str, num: int, /, **values: Text) -> Markup:
    return _filled(spoken().counted(one, many, num), {"num": num, **values})


def _shown(value: object) -> object:
    return told(value, spoken()) if isinstance(value, Words) else value


def _halves(text: str) -> tuple[str, str]:
    """The first sentence of a text and its rest."""
    return halves(told(text, spoken()))


def _inside(label: str) -> str:
    """A label as it stands within a sentence: English ones begin with a small letter there."""
    said = told(label, spoken())
    return said if spoken().locale else said.lower()


def _filled(form: str, values: dict[str, Text]) -> Markup:
    """A message of ours, which may hold tags, with values that may not unless they are Markup."""
    return _form(form) % {name: _said(value) for name, value in values.items()} if values else _bare(form)


@lru_cache(MESSAGES)
def _form(form: str) -> Markup:
    return Markup(_NUMBERS.sub(r"\1s", form))  # noqa: S704 our own templates and catalogues


@lru_cache(MESSAGES)
def _bare(form: str) -> Markup:
    """A message without values: most are, and a page has a hundred."""
    return _form(form) % {}


def _said(value: Text) -> Text:
    return told(value, spoken()) if isinstance(value, str) else spoken().value(value)
