import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from kb.cli.folder import data_folder, library_of, secret_key
from kb.cli.serve import require_free
from kb.errors import PortInUse, UsageError
from tests.served import listening, serving
from tests.typed import typed


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "hello.md").write_text("# Hello\n\n1. Wave.\n2. Smile.\n")
    return folder


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortInUse, match="--port"):
            require_free("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("serve", "nowhere"), 2, "is not a folder"),
        (("check", "nowhere"), 2, "is not a folder"),
        (("serve", "--port", "many"), 2, "--port"),
        (("sandbox", "--scenario", "nothing"), 2, "nothing"),
        (("dance",), 2, "dance"),
    ],
)
def test_wrong_use_is_one_clear_message_and_exit_2(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = typed(*words)
    assert code == done.returncode
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_cannot_be_understood_are_named(library: Path) -> None:
    (library / "kb.toml").write_text('titel = "Help"\n')
    command = [sys.executable, "-m", "kb", "check", str(library)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert 2 == done.returncode
    assert "unknown setting titel" in done.stderr


def test_ctrl_c_ends_the_server_and_the_sandbox_that_it_started(library: Path, tmp_path: Path, free_port: int) -> None:
    with serving(library, tmp_path / "data", free_port, "--sandbox") as served:
        assert "sign in as" in served.said
        assert "1 articles" in served.said or "1 article" in served.said
        assert 200 == httpx.get(f"{served.url}/hello/").status_code
        assert 0 == served.interrupt()
        assert [] == listening(served.url)
        assert [] == _group(served.process.pid)


def test_when_the_server_is_killed_its_workers_and_sandbox_end_too(
    library: Path, tmp_path: Path, free_port: int
) -> None:
    """`kill -9` of the one process that was started: nothing may keep the port."""
    with serving(library, tmp_path / "data", free_port, "--sandbox") as served:
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait()
        assert [] == _group(served.process.pid)
        assert [] == listening(served.url)


def _group(leader: int) -> list[str]:
    """Processes of this group that still run, after a moment for the last of them."""
    for _ in range(100):
        stats = [path.read_text().rpartition(")")[2].split() for path in _stats()]
        left = [" ".join(stat[:3]) for stat in stats if stat[2:3] == [str(leader)] and stat[0] != "Z"]
        if not left:
            return []
        time.sleep(0.1)
    return left


def _stats() -> list[Path]:
    return [path for path in Path("/proc").glob("[0-9]*/stat") if path.exists()]


def test_the_data_is_kept_out_of_the_history_of_the_articles(library: Path) -> None:
    folder = data_folder(library, None)
    assert library / ".kb" == folder
    assert "*\n" == (folder / ".gitignore").read_text()


def test_a_folder_that_cannot_hold_data_is_named_with_what_to_do(library: Path) -> None:
    with pytest.raises(UsageError, match="--data"):
        data_folder(library, Path("/proc/nothing"))


@pytest.mark.parametrize("name", ["data", "Category/data", ""])
def test_a_folder_whose_files_would_be_served_is_refused_for_data(library: Path, name: str) -> None:
    with pytest.raises(UsageError, match="among the articles"):
        data_folder(library, library / name)
    assert library / ".data" / "x" == data_folder(library, library / ".data" / "x")


def test_the_secret_key_is_made_once_and_is_the_owner_s_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KB_SECRET_KEY", raising=False)
    key = secret_key(tmp_path)
    assert key == secret_key(tmp_path)
    assert 64 == len(key)
    assert 0o600 == (tmp_path / "secret.key").stat().st_mode & 0o777
    monkeypatch.setenv("KB_SECRET_KEY", "told")
    assert "told" == secret_key(tmp_path)


def test_the_library_is_the_one_named_else_told_else_found_upwards(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KB_LIBRARY", raising=False)
    (library / "kb.toml").write_text("")
    (library / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(library / "deep" / "er")
    assert library == library_of(None)
    monkeypatch.setenv("KB_LIBRARY", str(tmp_path))
    assert tmp_path == library_of(None)
    assert library == library_of(library)
