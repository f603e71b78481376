"""Every route × every kind of caller × somebody else's run. A new route without its rule here fails."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.web.callers import NOTE, World

ORIGIN = {"Origin": "http://localhost"}
OWNERS = ("owner", "owner, signed in")
STAFF_RIGHTS = {
    "staff reader": {"library"},
    "staff author": {"library", "problems", "searches"},
    "staff support": {"library", "runs"},
    "staff operator": {"library", "problems", "searches", "runs", "state"},
}
CALLERS = (
    "nobody",
    "another reader",
    *OWNERS,
    "same account, admin",
    "same account, looks only",
    "another account",
    "has the share link",
    "had the share link",
    *STAFF_RIGHTS,
)


@dataclass(frozen=True)
class Asked:
    """Who asked, whether the run is linked to an account, and the answer."""

    caller: str
    linked: bool
    answer: TestResponse

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def may_tick(self) -> bool:
        return self.caller in OWNERS or (self.linked and self.caller == "same account, admin")

    @property
    def may_see(self) -> bool:
        looks = self.linked and self.caller == "same account, looks only"
        return self.may_tick or looks or self.caller == "has the share link"


Rule = Callable[[Asked], bool]


def the_same_for_all(asked: Asked) -> bool:
    """A reading page: it carries nothing of anybody's. That it asks no database is tested apart."""
    return asked.status in (200, 301, 302, 303, 404) and "Set-Cookie" not in asked.answer.headers


def open_to_all(asked: Asked) -> bool:
    """A page of the caller's own things, or a form."""
    return asked.status in (200, 302, 303)


def refused_without_a_code(asked: Asked) -> bool:
    return asked.status == 404


def refused_without_a_password(asked: Asked) -> bool:
    return asked.status in (400, 401)


def own_form(asked: Asked) -> bool:
    """Changes only what is the caller's own."""
    return asked.status == 303


def seeing(asked: Asked) -> bool:
    return asked.status == (200 if asked.may_see else 404)


def changing(asked: Asked) -> bool:
    """Those who may tick get on to the run's own rules; those who may look are told so; others learn nothing."""
    if asked.may_tick:
        return asked.status in (200, 303, 401, 409, 422)
    return asked.status == (403 if asked.may_see else 404)


def staff(right: str | None = None, *, form: bool = False) -> Rule:
    """A page of the staff."""

    def rule(asked: Asked) -> bool:
        if asked.caller not in STAFF_RIGHTS:
            return asked.status == (401 if form else 303) and (form or "/staff/sign-in" in asked.answer.location)
        return asked.status in ((200, 303) if right is None or right in STAFF_RIGHTS[asked.caller] else (403,))

    return rule


def staff_looking(asked: Asked) -> bool:
    """A run that is linked to an account; any other only by its share link."""
    allowed = asked.linked and "runs" in STAFF_RIGHTS.get(asked.caller, ())
    if asked.caller in STAFF_RIGHTS and "runs" in STAFF_RIGHTS[asked.caller]:
        return asked.status == (200 if allowed else 404)
    return staff("runs")(asked)


def staff_finding(asked: Asked) -> bool:
    if "runs" in STAFF_RIGHTS.get(asked.caller, ()):
        return asked.status == (303 if asked.linked else 404)
    return staff("runs", form=True)(asked)


def refused_without_cookie(route: str, asked: Asked) -> bool:
    """Nobody's browser sends no cookie, so no form can be its own."""
    guarded = route.startswith("POST") and route not in GUARDED_BY_ORIGIN_ALONE
    return guarded and asked.caller == "nobody" and asked.status == 409


RULES: Mapping[str, Rule] = {
    "GET /": the_same_for_all,
    "GET /<path:address>.md": the_same_for_all,
    "GET /<path:address>/": the_same_for_all,
    "GET /<path:address>/compare/.../": the_same_for_all,
    "GET /<path:address>/compare/<first>...<last>/": the_same_for_all,
    "GET /<path:address>/feed.xml": the_same_for_all,
    "GET /api/articles": the_same_for_all,
    "GET /api/articles/<path:address>": the_same_for_all,
    "GET /api/openapi.json": the_same_for_all,
    "GET /api/search": the_same_for_all,
    "GET /api/suggest": the_same_for_all,
    "GET /authors.md": the_same_for_all,
    "GET /authors/": the_same_for_all,
    "GET /authors/<slug>.md": the_same_for_all,
    "GET /authors/<slug>/": the_same_for_all,
    "GET /feed.xml": the_same_for_all,
    "GET /files/<path:path>": the_same_for_all,
    "GET /health": the_same_for_all,
    "GET /keywords.md": the_same_for_all,
    "GET /keywords/": the_same_for_all,
    "GET /keywords/<slug>.md": the_same_for_all,
    "GET /keywords/<slug>/": the_same_for_all,
    "GET /llms.txt": the_same_for_all,
    "GET /opensearch.xml": the_same_for_all,
    "GET /robots.txt": the_same_for_all,
    "GET /search": the_same_for_all,
    "GET /sitemap-<int:part>.xml": the_same_for_all,
    "GET /sitemap.xml": the_same_for_all,
    "GET /static/<path:name>": the_same_for_all,
    "GET /resume": open_to_all,
    "POST /resume": refused_without_a_code,
    "GET /share": open_to_all,
    "POST /share": refused_without_a_code,
    "POST /language": own_form,
    "GET /runs/": open_to_all,
    "POST /runs/": own_form,
    "POST /runs/forget": own_form,
    "GET /runs/<run>/": seeing,
    "GET /runs/<run>/record": seeing,
    "GET /runs/<run>/record.json": seeing,
    "GET /runs/<run>/record.md": seeing,
    "GET /runs/<run>/<any('share-codes', 'resume-codes'):_what>": open_to_all,
    "GET /runs/<run>/<any(events, answers, verdicts):_what>": open_to_all,
    "GET /runs/<run>/codes/<_what>/end": open_to_all,
    "GET /runs/<run>/account": open_to_all,
    "GET /runs/<run>/restart": open_to_all,
    "GET /runs/<run>/move": changing,
    "GET /runs/<run>/steps/<step>/action": changing,
    "POST /runs/<run>/account": changing,
    "POST /runs/<run>/answers": changing,
    "POST /runs/<run>/codes/<name>/end": changing,
    "POST /runs/<run>/events": changing,
    "POST /runs/<run>/move": changing,
    "POST /runs/<run>/restart": changing,
    "POST /runs/<run>/resume-codes": changing,
    "POST /runs/<run>/share-codes": changing,
    "POST /runs/<run>/steps/<step>/action": changing,
    "POST /runs/<run>/steps/<step>/follow": changing,
    "POST /runs/<run>/verdicts": changing,
    "GET /sign-in": open_to_all,
    "POST /sign-in": refused_without_a_password,
    "POST /sign-out": own_form,
    "GET /staff/": staff(),
    "GET /staff/library": staff("library"),
    "GET /staff/problems": staff("problems"),
    "GET /staff/searches": staff("searches"),
    "GET /staff/state": staff("state"),
    "GET /staff/runs/": staff("runs"),
    "POST /staff/runs/": staff_finding,
    "GET /staff/runs/<run>/": staff_looking,
    "GET /staff/away": refused_without_a_code,
    "GET /staff/back": refused_without_a_password,
    "GET /staff/sign-in": open_to_all,
    "POST /staff/sign-in": refused_without_a_password,
    "POST /staff/sign-out": staff(form=True),
}
GUARDED_BY_ORIGIN_ALONE = ("POST /runs/", "POST /language")  # their forms stand on pages that are the same for all
WORDS = {
    "address": "house/moving-out",
    "first": "2026-02-01",
    "last": "2026-02-01",
    "slug": "nobody",
    "path": "House/nothing.png",
    "name": "style.css",
    "part": "1",
    "step": "empty",
    "_what": "events",
}
FIELDS = {
    "POST /runs/": {"article": "house/moving-out"},
    "POST /runs/<run>/events": {"kind": "tick", "done": "yes", "step": "pack"},
    "POST /runs/<run>/answers": {"step": "empty", "answer-attic": "nothing"},
    "POST /runs/<run>/verdicts": {"step": "empty"},
    "POST /language": {"language": "en"},
}


@pytest.fixture(scope="module", params=["of an account", "of a browser"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"), request.param == "of an account")
    yield made
    made.close()


def test_every_route_has_a_rule_and_every_rule_a_route(world: World) -> None:
    assert set(routes(world)) == set(RULES)


@pytest.mark.parametrize("route", RULES)
def test_each_caller_gets_what_the_rule_says(world: World, route: str) -> None:
    wrong = []
    for caller in CALLERS:
        asked = Asked(caller, world.linked, ask(world, route, caller))
        if not (refused_without_cookie(route, asked) or RULES[route](asked)) or (
            NOTE in asked.answer.text and not asked.may_see
        ):
            wrong.append(f"{caller}: {asked.status}")
    assert [] == wrong


@pytest.mark.parametrize("route", [route for route in RULES if route.startswith("POST")])
def test_a_form_that_is_not_ours_changes_nothing(world: World, route: str) -> None:
    """Sent by another site, or without the token of this browser."""
    for caller in ("owner, signed in", "staff operator"):
        cross = {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}
        answers = [ask(world, route, caller, headers=headers) for headers in cross]
        if route not in GUARDED_BY_ORIGIN_ALONE:
            answers += [
                ask(world, route, caller, csrf=token)
                for token in ("", "é", world.csrf("another reader", form_of(route)))
            ]
        assert {answer.status_code for answer in answers} <= {401, 409}
        assert world.untouched()


@pytest.mark.parametrize("route", [route for route, rule in RULES.items() if rule is the_same_for_all])
def test_a_page_that_is_the_same_for_all_asks_no_database_and_is_the_same(world: World, route: str) -> None:
    asked: list[str] = []
    engine = world.site.runs.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        bodies = {ask(world, route, caller).get_data() for caller in CALLERS}
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert [] == asked
    assert 1 == len(bodies)


def routes(world: World) -> list[str]:
    rules = world.app.url_map.iter_rules()
    return [f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]


def ask(
    world: World, route: str, caller: str, headers: Mapping[str, str] = ORIGIN, csrf: str | None = None
) -> TestResponse:
    """The answer to this caller, who sends a form of their own unless told otherwise."""
    method, _, rule = route.partition(" ")
    path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: {**WORDS, "run": world.run}[found[1]], rule)
    if method == "GET":
        return world.get(caller, path, headers)
    token = world.csrf(caller, form_of(route)) if csrf is None else csrf
    data = {**FIELDS.get(route, {}), "csrf": token, **({"run": world.run} if route == "POST /staff/runs/" else {})}
    return world.post(caller, path, data, headers)


def form_of(route: str) -> str:
    """A page that has the token which this route wants."""
    if route == "POST /staff/sign-in":
        return "/staff/sign-in"
    return "/staff/" if route.startswith("POST /staff/") else "/sign-in"
