"""What is too much: an article with sixty steps, a wide table, wide code and a long word; a long category."""

from pathlib import Path

COLUMNS, ROWS, STEPS, ARTICLES = 12, 40, 60, 60


def write_long_article(library: Path) -> str:
    """Write it into this library; gives its address."""
    folder = library / "Extremes"
    folder.mkdir()
    text = "\n\n".join(
        [_head(), *_sections(), _table(), _code(), "Word: " + "unbreakable" * 20, "## Every step", _steps()]
    )
    (folder / "far-too-long.md").write_text(text + "\n", encoding="utf-8")
    return "/extremes/far-too-long/"


def write_long_category(library: Path) -> str:
    """A category with more articles than are listed with their first sentences; gives its address."""
    folder = library / "Many"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number}.md").write_text(f"# {chr(65 + number % 26)} topic {number}\nText.\n", encoding="utf-8")
    return "/many/"


def _head() -> str:
    title = "An article that is far too long for any page and says so in its title"
    return f"---\ntitle: {title}\nauthor: kb\ndate: 2024-05-01\n---"


def _sections() -> list[str]:
    return [f"## Part {number}\n\n" + "Some words about this part of it. " * 12 for number in range(1, 13)]


def _table() -> str:
    lines = ["| " + " | ".join(f"Column number {column}" for column in range(COLUMNS)) + " |", "|---" * COLUMNS + "|"]
    return "\n".join(
        lines + ["| " + " | ".join(f"cell {row}.{n}" for n in range(COLUMNS)) + " |" for row in range(ROWS)]
    )


def _code() -> str:
    return "```\n" + "kb check --select everything --ignore nothing " * 8 + "\n```"


def _steps() -> str:
    return "\n".join(
        f"{number}. Open valve {number} and write down what its gauge shows." for number in range(1, STEPS + 1)
    )
