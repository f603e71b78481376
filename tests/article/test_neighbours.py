"""Previous and next follow the lists that readers see."""

from pathlib import Path

from kb.article.library import Library
from kb.article.neighbours import Neighbours, neighbours_of
from kb.settings import Settings


def names(neighbours: Neighbours) -> tuple[str | None, str | None]:
    return tuple(one and one.slug for one in (neighbours.before, neighbours.after))  # type: ignore[return-value]


def test_neighbours_stand_beside_each_other_in_the_category_pinned_ones_first(tmp_path: Path) -> None:
    files = {
        "A/b.md": "# B",
        "A/a.md": "# A",
        "A/z.md": "---\ntitle: Z\nsticky: true\n---\n",
        "A/S/alone.md": "# Alone",
    }
    for path, text in {**files, "loose.md": "# L"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = neighbours_of(Library.load(tmp_path, Settings()))
    assert (None, "a") == names(found["a/z"])
    assert ("z", "b") == names(found["a/a"])
    assert ("a", None) == names(found["a/b"])
    assert (None, None) == names(found["a/s/alone"]) == names(found["loose"])


def test_an_empty_library_has_none(tmp_path: Path) -> None:
    assert {} == neighbours_of(Library.load(tmp_path, Settings()))
