"""A wrong address leads near the right one."""

import pytest

from kb.article.library import Library
from kb.article.search.search import Search
from kb.settings import Settings
from kb.web.nearest import nearest, words_of


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("library")
    (folder / "A").mkdir()
    for slug, text in {
        "closing-your-account": "# Closing your account\nSay nothing to anybody.",
        "resetting-a-password": "# Forgotten your password?\nAsk for a new one.",
        "invoices": "# Invoices\nWhat you owe.",
    }.items():
        (folder / "A" / f"{slug}.md").write_text(text)
    return Search.over(Library.load(folder, Settings()))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/a/closing-yuor-acount/", ["closing-your-account"]),
        ("/old/Closing%20Account.html", ["closing-your-account"]),
        ("/help/password-reset", ["resetting-a-password"]),
        ("/a/closing-your-account/2014-01-01/", ["closing-your-account"]),
        ("/invoice.php", ["invoices"]),
        ("/nothing/", []),  # is a word of the text, but not what the article is about
        ("/wp-login.php", []),
        ("/", []),
        ("/%ff%fe/", []),
    ],
)
def test_articles_are_suggested_by_the_words_of_the_address(search: Search, path: str, found: list[str]) -> None:
    assert found == [article.slug for article in nearest(search, path)]


def test_the_words_of_an_address_are_those_of_its_last_part() -> None:
    assert "closing account" == words_of("/a%20b/closing-account/2015-01-01/")
