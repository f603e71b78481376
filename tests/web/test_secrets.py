"""No secret is in clear where others may look: what the server prints, its database, the file of the staff."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from kb.web.wsgi import fernet
from tests.served import a_free_port

STAFF_PASSWORD, WRONG = "the staff's own password", "a password that was mistyped"
ARTICLE = "accounts-and-users/closing-your-account"
READY_SECONDS = 120
KEPT = ("kb.sqlite3", "kb.sqlite3-wal", "staff.json")
SECRETS = (
    "staff password",
    "mistyped password",
    "reader's password",
    "reader cookie",
    "account cookie",
    "staff cookie",
    "resume code",
    "share code",
    "bearer token",
    "secret key",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, sample_library: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """Secrets by name, and what was printed and stored while they were in use, by place."""
    folder = tmp_path_factory.mktemp("secrets")
    library, data = _library(folder, sample_library), folder / "data"
    _kb("users", "add", "sue", "--library", str(library), "--data", str(data), given=STAFF_PASSWORD)
    with _server(folder, library, data) as (url, printed):
        secrets = _used(url, printed)
    secrets["bearer token"] = _token(data)
    secrets["secret key"] = (data / "secret.key").read_text()
    after_the_demo_users = (folder / "stdout").read_bytes().partition(b"Ctrl-C ends it.")[2]
    places = {"stdout": after_the_demo_users, "stderr": (folder / "stderr").read_bytes()}
    return secrets, places | {path.name: path.read_bytes() for path in data.iterdir() if path.name in KEPT}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_nowhere_in_clear(told: tuple[dict[str, str], dict[str, bytes]], name: str) -> None:
    secrets, places = told
    assert len(secrets[name]) >= 8
    assert [] == [place for place, content in places.items() if secrets[name].encode() in content]


def test_it_was_really_looked_at(told: tuple[dict[str, str], dict[str, bytes]]) -> None:
    _, places = told
    assert ARTICLE.encode() in places["kb.sqlite3"] + places.get("kb.sqlite3-wal", b"")
    assert b"argon2id" in places["staff.json"]


def _library(folder: Path, sample: Path) -> Path:
    library = Path(shutil.copytree(sample, folder / "library", ignore=shutil.ignore_patterns(".kb")))
    settings = (sample / "kb.toml").read_text()
    (library / "kb.toml").write_text(f'{settings}\n[staff.users]\nsue = ["support"]\n')
    return library


def _kb(*words: str, given: str) -> None:
    command = [sys.executable, "-m", "kb", *words]
    subprocess.run(command, input=f"{given}\n", text=True, check=True, capture_output=True)


@contextmanager
def _server(folder: Path, library: Path, data: Path) -> Iterator[tuple[str, str]]:
    """A real server with a sandbox; everything that they print goes to files."""
    port = a_free_port()
    command = [sys.executable, "-m", "kb", "serve", str(library), "--data", str(data), "--port", str(port), "--sandbox"]
    with (folder / "stdout").open("w") as out, (folder / "stderr").open("w") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        try:
            yield f"http://127.0.0.1:{port}", _ready(process, folder / "stdout")
        finally:
            process.terminate()
            process.wait(timeout=30)


def _used(url: str, printed: str) -> dict[str, str]:
    """Do all that needs a secret; gives the secrets."""
    user, password = re.findall(r"sign in as (\S+) with password (\S+)", printed)[0]
    with _browser(url) as reader, _browser(url) as other, _browser(url) as staff:
        started = reader.post("/runs/", data={"article": ARTICLE})
        assert 303 == started.status_code, started.text
        run = started.headers["Location"]
        for word in (WRONG, password):
            _submit(reader, f"/sign-in?next={run}", "/sign-in", user=user, password=word, next=run)
        assert reader.cookies.get("kb_account")
        codes = {kind: _code(reader, run, kind) for kind in ("resume", "share")}
        _submit(other, "/resume", "/resume", code="not a code at all")
        _submit(other, "/resume", "/resume", code=f"{url}/resume#{codes['resume']}")
        other.get(f"/resume/{codes['resume']}")
        for word in (WRONG, STAFF_PASSWORD):
            _submit(staff, "/staff/sign-in", "/staff/sign-in", user="sue", password=word)
        found = _submit(staff, "/staff/runs/", "/staff/runs/", run=f"{url}/share#{codes['share']}")
        assert 200 == staff.get(found.headers["Location"]).status_code
        reader.post("/sign-in", data={"user": user, "password": password, "more": "x" * 300_000})
        return {
            "staff password": STAFF_PASSWORD,
            "mistyped password": WRONG,
            "reader's password": password,
            "reader cookie": reader.cookies["kb_reader"],
            "account cookie": reader.cookies["kb_account"],
            "staff cookie": staff.cookies["kb_staff"],
            "resume code": codes["resume"],
            "share code": codes["share"],
        }


def _browser(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Origin": url}, timeout=60)


def _submit(client: httpx.Client, page: str, action: str, **fields: str) -> httpx.Response:
    shown = client.get(page, follow_redirects=True).text
    token = re.findall(r'name="csrf" value="(\w+)"', shown)[-1]
    answer = client.post(action, data={"csrf": token, **fields})
    assert answer.status_code in (303, 401, 404), answer.text
    return answer


def _code(client: httpx.Client, run: str, kind: str) -> str:
    token = re.findall(r'name="csrf" value="(\w+)"', client.get(run).text)[0]
    made = client.post(f"{run}{kind}-codes", data={"csrf": token}).text
    return str(re.findall(rf"/{kind}#([\w-]{{22}})", made)[0])


def _token(data: Path) -> str:
    """The bearer token, unsealed with the key that only the server has."""
    with closing(sqlite3.connect(data / "kb.sqlite3")) as database:
        (sealed,) = database.execute("select sealed from sign_ins").fetchone()
    key = (data / "secret.key").read_text().strip().encode()
    return str(json.loads(fernet(key).decrypt(sealed))["token"])


def _ready(process: "subprocess.Popen[bytes]", printed: Path) -> str:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        said = printed.read_text()
        if "Ctrl-C ends it." in said:
            return said
        time.sleep(0.1)
    raise AssertionError("kb serve did not start")
