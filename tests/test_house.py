"""The house keeps its shape: what lies where, which words the engine may not know, what is shipped."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
ROOMS = {"articles", "kb", "site", "tests"}
PAPERS = {"CHANGELOG.md", "LICENSE", "Makefile", "README.md", "pyproject.toml"}
LOCKS = {"requirements.lock", "requirements-build.lock", "requirements-dev.lock"}
MADE = {"build", "dist", "__pycache__", ".kb"}  # not kept in git

ENGINE = ("kb/article", "kb/checklist", "kb/web", "site")
PROVING_ARTICLE = re.compile(
    r"openvpn|vpn01|closing your account|close the account|account closure|invoice|bucket|appfog|ctl\.io|centurylink"
    r"|\blumen\b|term commitment|service[- ]task",
    re.IGNORECASE,
)
PRIVATE = re.compile(  # the brackets keep these lines from matching themselves
    r"[/]work/|[/]tmp/team|pypi[.]org|[p]ythonhosted|deb[.]debian[.]org|npmjs[.]org|--(?:extra-)?index[-]url"
)


def test_the_top_level_holds_only_what_the_design_allows() -> None:
    found = {entry.name for entry in CHECKOUT.iterdir() if not entry.name.startswith(".")}

    assert found - MADE == ROOMS | PAPERS | LOCKS


@pytest.mark.parametrize("room", ENGINE)
def test_the_engine_knows_no_word_of_the_proving_article(room: str) -> None:
    assert [] == [
        f"{place}: {match}"
        for path in _files(CHECKOUT / room)
        for place, line in [(path.relative_to(CHECKOUT), path.name), *_lines(path)]
        for match in PROVING_ARTICLE.findall(line)
    ]


def test_no_file_names_a_private_path_or_a_package_registry() -> None:
    files = [path for room in (*ROOMS, ".ci") for path in _files(CHECKOUT / room)]
    files += [path for path in CHECKOUT.iterdir() if path.is_file() and path.name != ".git"]

    assert [] == [f"{place}: {line}" for path in files for place, line in _lines(path) if PRIVATE.search(line)]


def test_the_lock_files_pin_every_package_by_hash_and_name_no_address() -> None:
    for name in LOCKS:
        for line in (CHECKOUT / name).read_text().splitlines():
            assert re.fullmatch(r"[a-z0-9-]+==[^ ]+( ; [^@/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_the_running_and_the_building_lock_are_parts_of_the_development_lock() -> None:
    development = _pins("requirements-dev.lock")

    assert _pins("requirements.lock") <= development
    assert _pins("requirements-build.lock") <= development


def test_the_newest_heading_of_the_changelog_is_the_version() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", (CHECKOUT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[0] == VERSION


def test_our_files_end_with_one_line_end_and_have_no_trailing_blanks() -> None:
    files = [path for room in ("kb", "site") for path in _files(CHECKOUT / room)]

    assert [] == [
        path.relative_to(CHECKOUT).as_posix()
        for path in files
        if b"\0" not in (content := path.read_bytes()) and re.search(rb"[ \t\r]\n|\n\n\Z|[^\n]\Z", content)
    ]


def test_the_source_archive_carries_theme_articles_and_locks(tmp_path: Path) -> None:
    top = f"kb-{VERSION}"
    names = _built("sdist", tmp_path)

    assert {f"{top}/README.md", f"{top}/LICENSE", f"{top}/articles/kb.toml"} <= names
    assert {f"{top}/{name}" for name in LOCKS} <= names
    assert {f"{top}/site/{path}" for path in _theme()} <= names


def test_the_wheel_carries_the_theme_inside_kb_and_every_data_file(tmp_path: Path) -> None:
    names = _built("wheel", tmp_path)

    assert {name.split("/")[0] for name in names} == {"kb", f"kb-{VERSION}.dist-info"}
    assert {f"kb/theme/{path}" for path in _theme()} <= names
    assert {path.relative_to(CHECKOUT).as_posix() for path in _files(CHECKOUT / "kb")} <= names


def _files(folder: Path) -> Iterator[Path]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in found if not MADE & set(path.relative_to(CHECKOUT).parts))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line with its place, "kb/web/app.py:12"; nothing for pictures."""
    content = path.read_bytes()
    if b"\0" in content:
        return
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        yield f"{path.relative_to(CHECKOUT)}:{number}", line


def _pins(lock: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9-]+==[^ ]+", (CHECKOUT / lock).read_text(), re.MULTILINE))


def _theme() -> set[str]:
    return {path.relative_to(CHECKOUT / "site").as_posix() for path in _files(CHECKOUT / "site")}


def _built(target: str, folder: Path) -> set[str]:
    """The names in the archive that hatchling builds from the checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True)
    (archive,) = folder.iterdir()
    if target == "wheel":
        return set(zipfile.ZipFile(archive).namelist())
    with tarfile.open(archive) as opened:
        return set(opened.getnames())
