"""Starting a run from what an article's page asks for."""

from datetime import date

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.standing import standing_of
from kb.checklist.checklist import checklist_of
from kb.dates import iso_date
from kb.errors import NotFound, Outdated, UsageError
from kb.web.form import number, text
from kb.web.site import Site
from kb.web.theme import href
from kb.web.visitor import Visitor


def start_run(site: Site, me: Visitor) -> str:
    """Start the run; gives its id. Raises NotFound, Outdated, UsageError."""
    article = site.library.article_at(text("article"))
    if article is None:
        raise NotFound("There is no such article (any more). Look for it on the home page.")
    day = text("edition")
    edition = article.edition_of(_day(day)) if day else article.current
    if edition is None:
        raise NotFound(f"The article has no edition of {day}.")
    place = number("procedure")
    if place >= len(edition.procedures):
        raise NotFound("The article has no such steps (any more). Reload it and start again.")
    _refuse_barred(article, edition)
    return site.runs.start(checklist_of(article, edition, edition.procedures[place]), me.reader, me.actor)


def _refuse_barred(article: Article, edition: Edition) -> None:
    """Refuse what nobody should do any more."""
    bar, page = standing_of(article, edition).bar, href(article.address)
    if bar == "withdrawn":
        raise Outdated(f"“{article.title}” was withdrawn, so no checklist can be started. Read why at {page}", page)
    if bar == "danger":
        message = "It would be dangerous to follow this older edition today. Start from the current edition"
        raise Outdated(f"{message}, at {page}", page)


def _day(text: str) -> date:
    found = iso_date(text)
    if found is None:
        raise UsageError(f"“{text[:20]}” is not a date like 2019-09-10.")
    return found
