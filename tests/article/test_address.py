import pytest

from kb.article.address import article_address, category_address, parse_file_name, slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Accounts & Users", "accounts-and-users"),
        ("accounts-&-users", "accounts-and-users"),
        ("SafeHaven 4.0", "safehaven-4.0"),
        ("Ärger_mit  Namen!", "ärger-mit-namen"),
        ("!!!", "unnamed"),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("Accounts & Users/Closing Your Account.md", "accounts-and-users/closing-your-account"),
        ("A/B/c@2015-11-04.md", "a/b/c"),
        ("A/c.de.md", "de/a/c"),
        ("A/v1.2.md", "a/v1.2"),
        ("Runs/a.md", "runs-articles/a"),
        ("search.md", "search-article"),
        ("A/2015-01-01.md", "a/2015-01-01-article"),
        ("A/search.md", "a/search"),
    ],
)
def test_a_path_becomes_an_address(path: str, address: str) -> None:
    assert article_address(path, parse_file_name(path, ("de",))) == address


def test_a_reserved_category_gets_another_address() -> None:
    assert category_address("API") == "api-articles"
