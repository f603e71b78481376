import pytest

from kb.article.front_matter import FrontMatter, split
from kb.article.source import source_of


def read(text: str) -> FrontMatter:
    return split(source_of("a.md", text.encode())[0])


@pytest.mark.parametrize(
    "text",
    [
        '{{{\n"title": "T"\n}}}\nBody',
        '\ufeff\n  {{{ "title": "T" }}}\nBody',
        '{{{ "title": "T" }}} Body',
        '   {{{\r\n  "title": "T"\r\n  }}}\r\nBody',
        '{{{ "title": "Old", "title": "T" }}}\nBody',
        "---\ntitle: T\n---\nBody",
        '+++\ntitle = "T"\n+++\nBody',
    ],
)
def test_every_shape_of_front_matter_gives_the_title_and_leaves_the_body(text: str) -> None:
    source = source_of("a.md", text.encode())[0]
    front = split(source)
    assert front.data["title"] == "T"
    assert source.text[front.body_start :].strip() == "Body"


@pytest.mark.parametrize("text", ["Body", "", "---\n\nText between rules\n\n---\nBody", "{{ x }}", "----\nx: y\n----"])
def test_a_text_without_front_matter_is_all_body(text: str) -> None:
    assert read(text) == FrontMatter("", {}, "", 0, 0)


@pytest.mark.parametrize(
    ("text", "line", "column", "mend"),
    [
        ('{{{\n  "title": "T"\n  "date": "1-2-2015"\n}}}\nBody', 3, 3, "comma"),
        ('{{{\n  "title": "T",\n  "date": "1-2-2015",\n}}}\nBody', 3, 21, "comma"),
        ('{{{\n  “title”: "T",\n  "date": "1-2-2015"\n}}}\nBody', 2, 3, "straight double quotes"),
        ('{{{\n  "title": "T",\n  "date": "1-2\n-2015"\n}}}\nBody', 3, 15, "one line"),
    ],
)
def test_invalid_json_is_reported_at_its_place_and_read_as_far_as_possible(
    text: str, line: int, column: int, mend: str
) -> None:
    front = read(text)
    (problem,) = front.problems
    assert (problem.code, problem.line, problem.column) == ("front-matter", line, column)
    assert mend in problem.mend
    assert front.data["title"] == "T"


@pytest.mark.parametrize(
    "text", ["{{{\n\"title\": \"T\"\nBody", "---\ntitle: T\n  x: [\n---\nBody", "+++\ntitle = \"T\"\nx = \n+++\nBody",
             "---\ntitle: T\nday: 2015-13-45\n---\n"]
)  # fmt: skip
def test_what_cannot_be_parsed_gives_one_error_and_what_could_be_read(text: str) -> None:
    front = read(text)
    assert [problem.severity for problem in front.problems] == ["error"]
    assert front.data["title"] == "T"


@pytest.mark.parametrize(
    "text", ["{{{" + "[" * 100_000 + "}}}", '{{{ "a": ' + "9" * 10_000 + " }}}", "---\na: " + "[" * 5_000 + "\n---"]
)
def test_hostile_front_matter_is_a_problem_and_no_exception(text: str) -> None:
    assert read(text).problems
