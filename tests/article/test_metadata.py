from datetime import date

import pytest

from kb.article.front_matter import split
from kb.article.metadata import Metadata, read_metadata
from kb.article.source import source_of


def read(inner: str) -> Metadata:
    source = source_of("a.md", f"{{{{{{\n{inner}\n}}}}}}\n".encode())[0]
    return read_metadata(source, split(source))


GOOD = '"title": "T", "date": "01-31-2016", "author": "A"'


def test_good_metadata_has_no_problem() -> None:
    metadata = read(GOOD + ', "sticky": true, "keywords": ["a", "b"], "related-products": [], "attachments": []')
    assert metadata == Metadata("T", date(2016, 1, 31), "A", ("a", "b"), sticky=True)


@pytest.mark.parametrize(
    ("inner", "code", "line"),
    [
        ('"title": "T", "date": "1-2-2015"', "author-missing", 1),
        ('"title": "T",\n"date": "1-2-2015",\n"author": ""', "author-empty", 4),
        ('"title": "T", "date": "1-2-2015",\n"author": "<a href=\'x\'>@me</a>"', "author-html", 3),
        ('"title": "T", "author": "A",\n"date": "13-40-2015"', "date-invalid", 3),
        ('"title": "T", "author": "A",\n"date": "10/27/2015"', "date-odd", 3),
        ('"title": "T", "author": "A"', "date-missing", 1),
        ('"date": "1-2-2015", "author": "A"', "title-missing", 1),
        (GOOD + ',\n"stickyt": true', "key-unknown", 3),
        (GOOD + ',\n"sticky": "true"', "wrong-type", 3),
        (GOOD + ',\n"attachments": {"url": "x"}', "wrong-type", 3),
        (GOOD + ',\n"state": "secret"', "state-unknown", 3),
        (GOOD + ',\n"state": true', "state-unknown", 3),
        (GOOD + ',\n"state": "withdrawn"', "withdrawn-reason-missing", 3),
        (GOOD + ',\n"replacement": "b.md"', "withdrawn-unused", 3),
    ],
)
def test_a_fault_is_named_at_the_line_of_its_key(inner: str, code: str, line: int) -> None:
    assert [(problem.code, problem.line) for problem in read(inner).problems] == [(code, line)]


def test_an_unknown_key_is_answered_with_the_likely_one() -> None:
    assert read(GOOD + ', "stickyt": true').problems[0].mend == "did you mean sticky?"


def test_a_quoted_flag_is_understood_and_reported() -> None:
    assert read(GOOD + ', "sticky": "true"').sticky


def test_an_author_in_html_is_shown_as_text_even_unclosed() -> None:
    assert read('"title": "T", "date": "1-2-2015", "author": "<a href=\'x\'>@me"').author == "@me"


def test_a_misspelt_draft_stays_a_draft() -> None:
    metadata = read(GOOD + ', "state": "darft"')
    assert metadata.state == "draft"
    assert metadata.problems[0].mend == "did you mean draft?"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\ndate: 2016-01-31\nauthor: A\nstate: withdrawn\n"
        "withdrawn_reason: Old.\nreplacement: b.md\n---\n",
        '+++\ntitle = "T"\ndate = 2016-01-31\nauthor = "A"\nstate = "withdrawn"\n'
        'withdrawn_reason = "Old."\nreplacement = "b.md"\n+++\n',
        f'{{{{{{\n{GOOD}, "state": "withdrawn", "withdrawn_reason": "Old.", "replacement": "b.md"\n}}}}}}\n',
    ],
)
def test_a_withdrawal_is_read_in_every_format(text: str) -> None:
    source = source_of("a.md", text.encode())[0]
    metadata = read_metadata(source, split(source))
    assert metadata.replacement
    assert (metadata.state, metadata.withdrawn_reason, metadata.replacement.url) == ("withdrawn", "Old.", "b.md")
    assert not metadata.problems
