import pytest

from kb.article.node import inline_text, render
from kb.article.procedures import Found
from kb.article.reading import Draft
from kb.article.side_file import SideFile, SideProcedure
from kb.article.step_ids import name_steps
from tests.article.reading_texts import HEAD, HTML_HEAD, draft

THREE = ["Open the lid.", "Click Save.", "Close the lid."]


def procedures(text: str, head: str = HEAD) -> list[Found]:
    return draft(head + text).steps.found


def texts(found: Found) -> list[str]:
    return [inline_text(step.opening) for step in found.steps]


def body(found: Found, number: int) -> str:
    return render(found.steps[number - 1].body)


MARKDOWN = {
    "a clean list": "1. Open the lid.\n2. Click Save.\n3. Close the lid.",
    "all ones": "1. Open the lid.\n1. Click Save.\n1. Close the lid.",
    "numbers that err": "1. Open the lid.\n1. Click Save.\n\n![](a.png)\n\n5. Close the lid.",
    "numbers that fall back": "1. Open the lid.\n2. Click Save.\n\n```\ncode\n```\n\n2. Close the lid.",
    "split by an image": "1. Open the lid.\n\n![](a.png)\n\n2. Click Save.\n\n![](b.png)\n\n3. Close the lid.",
    "split by code": "1) Open the lid.\n```\ncode\n```\n2) Click Save.\n```\ncode\n```\n3) Close the lid.",
    "split by a note": "1. Open the lid.\n\n> note\n\n2. Click Save.\n\nSome words on it.\n\n3. Close the lid.",
    "restarting by mistake": "1. Open the lid.\n\n![](a.png)\n\n1. Click Save.\n\n![](b.png)\n\n1. Close the lid.",
    "bullets at the margin": "1. Open the lid.\n* slowly\n* carefully\n\n2. Click Save.\n3. Close the lid.",
    "an item that slipped": "1. Open the lid.\n2. Click Save.\n   * twice\n\n  3. Close the lid.",
    "headings": "## Steps\n\n### 1. Open the lid.\ntext\n\n### 2. Click Save.\n\n### 3. Close the lid.",
    "headings that say step": "### Step 1: Open the lid.\n\n### Step 2 - Click Save.\n\n### Step three: Close the lid.",
    "bold paragraphs": "**1. Open the lid.**\n\ntext\n\n**2. Click Save.**\n\n**3. Close the lid.**",
    "bold steps": "**Step 1. Open the lid.**\n\n**Step 2:** Click Save.\n\n**Step 3. Close the lid.**",
    "escaped numbers": "1\\. Open the lid.\n2\\. Click Save.\n3\\. Close the lid.",
    "escaped numbers apart": "1\\. Open the lid.\n\n![](a.png)\n\n2\\. Click Save.\n\n3\\. Close the lid.",
    "numbers without a blank": "1.Open the lid.\n2.Click Save.\n3.Close the lid.",
}
HTML = {
    "a list": "<ol><li>Open the lid.</li><li>Click Save.</li><li>Close the lid.</li></ol>",
    "paragraphs in items": "<ol><li><p>Open the lid.</p></li><li><div>Click Save.</div><li><p>Close the lid.</p></ol>",
    "unclosed items": "<ol><li>Open the lid.<li>Click Save.<ul><li>twice</ul><li>Close the lid.</ol>",
    "a list right in the list": "<ol><li>Open the lid.</li><ul><li>x</li></ul><li>Click Save.<li>Close the lid.</ol>",
    "lists of one": "<ol><li>Open the lid.</li></ol><p><img src='a.png'></p><ol><li>Click Save.</li></ol><p>So.</p>"
    "<ol><li>Close the lid.</li></ol>",
    "lists with a start": "<ol><li>Open the lid.</li></ol><p>So.</p><ol start=2><li>Click Save.<li>Close the lid.</ol>",
    "a list for step 1 only": "<ol><li>Open the lid.</li></ol><p>2. Click Save.</p><p>So.</p><p>3. Close the lid.</p>",
    "paragraphs": "<p>1. Open the lid.</p><p><img src='a.png'></p><p>2. Click Save.</p><p>3.&nbsp; Close the lid.</p>",
    "paragraphs with brackets": "<p>1) Open the lid.</p><p>2) Click <b>Save</b>.</p><p>(3) Close the lid.</p>",
    "bold in boxes": "<div><strong>1. Open the lid.</strong></div><div>So.</div>"
    "<div><strong>2. Click Save.</strong></div><div><strong>3. Close the lid.</strong></div>",
    "boxes in a box": "<div><div><strong>1.</strong> Open the lid.</div><div><img src='a.png'></div>"
    "<div><strong>2.</strong> Click Save.</div><div><strong>3.</strong> Close the lid.</div></div>",
    "lines of a paragraph": "<p>1. Open the lid.<br>2. Click Save.<br />\n3. Close the lid.<br><img src='a.png'></p>",
    "lines without a paragraph": "1. Open the lid.<br>2. Click Save.<br>3. Close the lid.",
    "headings": "<h3><strong>1. Open the lid.</strong></h3><h3>2. Click Save.</h3><p>x</p><h3>3. Close the lid.</h3>",
    "steps": "<p><strong>Step 1:</strong> Open the lid.</p><p>So.</p><p>Step 2: Click Save.</p>"
    "<p>Step 3 - Close the lid.</p>",
    "steps with their text below": "<p><b>Step 1</b></p><p>Open the lid.</p><p><b>Step 2</b></p><p>Click Save.</p>"
    "<p><b>Step 3</b></p><p>Close the lid.</p>",
    "among words in a box": "<div>So: <ol><li>Open the lid.<li>Click Save.<li>Close the lid.</ol> Done.</div>",
}


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_every_form_of_a_procedure_in_markdown_is_found_whole(text: str) -> None:
    (found,) = procedures(text)
    assert texts(found) == THREE
    assert [step.number for step in found.steps] == [1, 2, 3]
    assert found.why


@pytest.mark.parametrize("text", HTML.values(), ids=HTML)
def test_every_form_of_a_procedure_in_html_is_found_whole(text: str) -> None:
    (found,) = procedures(f"<h2>Steps</h2>{text}", HTML_HEAD)
    assert texts(found) == THREE
    assert [step.number for step in found.steps] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "1. [Overview](#overview)\n2. [Steps](#steps)",
        "## Table of Contents\n\n1. Overview\n2. Install the agent\n3. References",
        "## Features\n\n1. Create servers in minutes\n2. Manage groups of servers\n3. Monitor usage",
        "## Overview\n\nThe service has these features:\n\n1. Create servers\n2. Manage groups",
        "1. Small: 1 GB\n2. Large: 2 GB",
        "## Limits\n\n1. No more than 10 servers\n2. A network holds 250 addresses",
        "## Installing\n\nThere are two ways to install it:\n\n1. Use the installer.\n2. Download the package.",
        "## Best Practices for Creating Servers\n\n1. Use names that speak.\n2. Test each server.",
        "## Steps\n\n1. The server is made.\n2. The user gets a mail.\n3. The bill is sent.",
        "## Details\n\n1. Standard storage\n2. Premium storage",
        "## Steps\n\nThe following settings are shown:\n\n1. Name: enter the name\n2. Group: select the group",
        "## Definitions\n\n1. **Account**: what you have\n2. **Alias**: its short name",
        "## References\n\n1. [Servers](a.md): on servers\n2. [Disks](b.md)",
        "## Requirements\n\n1. Install the client\n2. Have an account",
        "## FAQ\n\n1. How do I open it?\n2. Can I close it?",
        "## What does the script do?\n\n1. Create a user\n2. Install the server",
        "1. GET /servers/\n2. POST /servers/{id}\n3. DELETE /servers/{id}",
        "## 1. Introduction\n\n## 2. Create servers\n\n## 3. Delete servers",
        "**1. On the left network**\n\n* port 22\n\n**2. On the right network**\n\n* port 80",
        "- Click this.\n- Click that.",
        "In 1999. And 2. or 3 ways to go",
        "",
    ],
)
def test_what_only_enumerates_is_no_procedure(text: str) -> None:
    assert procedures(text) == []


@pytest.mark.parametrize(
    "heading", ["Creating Rules", "How to use these features", "Delete a component", "Managing limits"]
)
def test_a_heading_may_name_things_that_are_dealt_with(heading: str) -> None:
    (found,) = procedures(f"## {heading}\n\n1. Open the page.\n2. The page lists them.\n3. Click one.")
    assert found.heading == heading


def test_what_stands_below_a_step_belongs_to_it() -> None:
    (found,) = procedures(
        "1. Open it.\n   1. slowly\n   2. gently\n\n![shot](a.png)\n\n2. Type it.\n\n```\ncode\n```\n\n* a note\n\n"
        "3. Close it.\n\n![end](b.png)\n\nThe end."
    )
    assert texts(found) == ["Open it.", "Type it.", "Close it."]
    assert "slowly" in body(found, 1)
    assert "a.png" in body(found, 1)
    assert "code" in body(found, 2)
    assert "a note" in body(found, 2)
    assert "b.png" in body(found, 3)
    assert "The end." not in body(found, 3)


def test_lists_below_numbered_headings_are_parts_of_these_steps() -> None:
    (found,) = procedures(
        "## How to\n\n### Step 1. Open\n\n1. Click this.\n2. Click that.\n\n### Step 2. Close\n\n1. Click it."
    )
    assert texts(found) == ["Open", "Close"]
    assert "Click that." in body(found, 1)


def test_a_heading_between_two_numbered_ones_belongs_to_the_first() -> None:
    (found,) = procedures("## 1. Open it\n\n## On opening\n\n## 2. Close it\n\n## The end\n\ntext")
    assert "On opening" in body(found, 1)
    assert body(found, 2).strip() == ""


def test_a_new_heading_begins_a_new_procedure() -> None:
    first, second = procedures("## On Linux\n\n1. Open it.\n2. Run it.\n\n## On Windows\n\n3. Open it.\n4. Run it.")
    assert (first.heading, second.heading) == ("On Linux", "On Windows")
    assert [step.number for step in second.steps] == [3, 4]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("## Use it\n\n**On Linux**\n\n{0}\n\n**On Windows**\n\n{0}", ["On Linux", "On Windows"]),
        ("## Use it\n\nTo open it:\n\n{0}\n\nTo close it:\n\n{0}", ["To open it", "To close it"]),
        ("## Use it\n\n**Steps**\n\n{0}", ["Use it"]),
        ("{0}", [""]),
    ],
)
def test_the_heading_a_bold_line_or_the_sentence_before_names_it(text: str, names: list[str]) -> None:
    assert [found.heading for found in procedures(text.format("1. Click this.\n2. Click that."))] == names


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("## Features\n\n<!-- kb: procedure -->\n1. Wide skies\n2. Blue clouds", 2),
        ("## Steps\n<!-- KB: not a procedure -->\n1. Click this.\n2. Click that.", 0),
        ("1. Click this.\n2. Click that.\n\n<!-- kb: not a procedure -->\n\n3. Click more.\n4. Click all.", 2),
        ("```\n<!-- kb: not a procedure -->\n```\n1. Click this.\n2. Click that.", 2),
    ],
)
def test_an_invisible_comment_of_the_author_decides(text: str, number: int) -> None:
    assert sum(len(found.steps) for found in procedures(text)) == number
    assert "kb:" not in render(draft(HEAD + text).tree.root.children).partition("<pre>")[0]


def test_a_heading_that_the_side_file_names_has_a_procedure() -> None:
    drafted = draft(
        f"{HEAD}## Features\n\n1. Wide skies\n2. Blue clouds\n3. Green fields\n\nOr:\n\n1. A field\n2. A sky"
    )
    drafted.find_steps(SideFile("a.checklist.yaml", (SideProcedure("features", ()),)))
    assert [texts(found) for found in drafted.steps.found] == [["Wide skies", "Blue clouds", "Green fields"]]
    assert [] == drafted.steps.problems


def test_a_side_file_knows_a_procedure_by_the_heading_of_its_section() -> None:
    drafted = draft(
        f"{HEAD}## Steps\n\n**On Linux**\n\n1. Open it.\n2. Run it.\n\n**On Windows**\n\n1. Open it.\n2. Run it."
    )
    assert ["On Linux", "On Windows"] == [found.heading for found in drafted.steps.found]
    drafted.find_steps(SideFile("a.checklist.yaml", (SideProcedure("Steps", ()), SideProcedure("On Windows", ()))))
    assert [] == drafted.steps.problems
    assert [True, True] == [side is not None for side in drafted.steps.sides]


def test_finding_again_finds_the_same() -> None:
    drafted = draft(f"{HEAD}## Steps\n\n1. Open it.\n\n![](a.png)\n\n**Note:** so\n\n2. Close it.\n\n  3. Run it.")
    first = _written(drafted)
    drafted.find_steps(None)
    assert first == _written(drafted)


@pytest.mark.parametrize(
    ("form", "head"), [*((one, HEAD) for one in MARKDOWN.values()), *((one, HTML_HEAD) for one in HTML.values())]
)
def test_the_form_of_a_step_does_not_change_its_id(form: str, head: str) -> None:
    plain, other = draft(HEAD + MARKDOWN["a clean list"]), draft(head + form)
    name_steps([plain.steps])
    name_steps([other.steps])
    assert plain.steps.ids == other.steps.ids


@pytest.mark.parametrize(
    "text",
    [
        "1. Click it.\n\ntext\n\n" * 3000,
        "**1. Click it.**\n\n" * 3000,
        "# 1. Click it\n\n" * 3000,
        "1. x\n\n<!-- kb: procedure -->\n" * 3000,
    ],
)
def test_a_very_long_article_is_read(text: str) -> None:
    assert len(procedures(text)) <= 3000


def _written(drafted: Draft) -> list[str]:
    return [render(step.opening) + render(step.body) for found in drafted.steps.found for step in found.steps]


@pytest.mark.parametrize(
    "text",
    [
        "<ol><li>Open it.<ol start=2></ol></li></ol>",
        "<p>Step\n1: Open it.</p>",
        "<div>So <span>a</span><h2>Steps</h2><span><ol><li>Open it.</li><li>Close it.</li></ol></span></div>",
        "<div>" * 150 + "1. Open it." + "</div>" * 150,
        "<ol><li>" * 90 + "Open it.",
    ],
)
def test_odd_html_is_read(text: str) -> None:
    assert len(procedures(text, HTML_HEAD)) <= 1
