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
from kb.words import words


def start_run(site: Site, me: Visitor) -> str:
    """Start the run; gives its id. Raises NotFound, Outdated, UsageError."""
    article = site.library.article_at(text("article"))
    if article is None:
        raise NotFound(words("There is no such article (any more). Look for it on the home page."))
    day = text("edition")
    edition = article.edition_of(_day(day)) if day else article.current
    if edition is None:
        raise NotFound(words("The article has no edition of {day}.", day=day))
    place = number("procedure")
    if place >= len(edition.procedures):
        raise NotFound(words("The article has no such steps (any more). Reload it and start again."))
    refuse_barred(article, edition)
    return site.runs.start(checklist_of(article, edition, edition.procedures[place]), me.reader, me.actor)


def refuse_barred(article: Article, edition: Edition) -> None:
    """Refuse what nobody should do any more."""
    bar, page = standing_of(article, edition).bar, href(article.address)
    if bar == "withdrawn":
        raise Outdated(
            words(
                "“{title}” was withdrawn, so no checklist can be started. Read why at {page}",
                title=article.title,
                page=page,
            ),
            page,
        )
    if bar == "danger":
        message = words("It would be dangerous to follow this older edition today. Start from the current edition")
        raise Outdated(words("{message}, at {page}", message=message, page=page), page)


def _day(text: str) -> date:
    found = iso_date(text)
    if found is None:
        raise UsageError(words("“{text}” is not a date like 2019-09-10.", text=text[:20]))
    return found
