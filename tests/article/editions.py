"""Articles with several editions, written to a folder and read back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from kb.article.article import Article
from kb.article.library import Library
from kb.settings import Settings

FRONT = "---\ntitle: {title}\ndate: {day}\nauthor: {author}\n---\n"


def article(folder: Path, editions: Mapping[str, str], sides: Mapping[str, str] | None = None) -> Article:
    """The article of these bodies by date, the newest of which is the current one; `sides` are side files by date."""
    current = max(editions)
    for day, body in editions.items():
        stem = folder / ("pie" if day == current else f"pie@{day}")
        stem.with_name(f"{stem.name}.md").write_text(FRONT.format(title="A pie", day=day, author="Ann") + body)
        if sides and day in sides:
            stem.with_name(f"{stem.name}.checklist.yaml").write_text(sides[day])
    found = Library.load(folder, Settings()).article_at("pie")
    assert found
    return found


def steps(*texts: str) -> str:
    """A body with these steps."""
    return "## Steps\n" + "".join(f"{number}. {text}\n" for number, text in enumerate(texts, start=1))


def side(ids: Sequence[str], starts: Sequence[str], changes: str = "") -> str:
    """A side file that gives these ids to the steps that start so."""
    lines = ["procedures:", "  - heading: Steps", "    steps:"]
    for number, (name, words) in enumerate(zip(ids, starts, strict=True), start=1):
        lines.append(f"      - {{step: {number}, starts: {words}, id: {name}}}")
    return "\n".join(lines) + "\n" + changes
