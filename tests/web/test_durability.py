"""What was answered is stored: after COMMIT, and after `kill -9`."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
from flask import Flask
from sqlalchemy import create_engine, text
from werkzeug.test import Client

from kb.database import Database
from tests.served import serving
from tests.web.samples import ORIGIN, Browser, write_library


def test_the_answer_is_sent_after_commit(app: Flask, database: Database, run: Browser) -> None:
    """When it begins, another connection sees what it acknowledges."""
    seen: list[int] = []
    other = create_engine(database.engine.url)

    def watched(environ: dict[str, object], start: Callable[..., object]) -> object:
        def started(status: str, headers: object, *more: object) -> object:
            with other.connect() as connection:
                seen.append(connection.execute(text("SELECT count(*) FROM events WHERE kind = 'tick'")).scalar_one())
            return start(status, headers, *more)

        return app.wsgi_app(environ, started)  # type: ignore[arg-type]

    client = Client(watched, use_cookies=False)  # type: ignore[arg-type]
    cookie = run.client.get_cookie("kb_reader")
    assert cookie
    data = {"kind": "tick", "step": "pack", "done": "yes", "csrf": str(run.one("[name=csrf]")["value"])}
    headers = {**ORIGIN, "Cookie": f"kb_reader={cookie.value}"}
    assert 303 == client.post(f"{run.path}events", data=data, headers=headers).status_code
    assert [1] == seen
    other.dispose()


def test_kill_9_right_after_an_answered_tick_loses_nothing(tmp_path: Path, free_port: int) -> None:
    library, data = tmp_path / "library", tmp_path / "data"
    library.mkdir()
    write_library(library)
    with (
        serving(library, data, free_port) as served,
        httpx.Client(base_url=served.url, headers={"Origin": served.url}) as client,
    ):
        run = client.post("/runs/", data={"article": "house/moving-out"}).headers["Location"]
        csrf = re.findall(r'name="csrf" value="(\w+)"', client.get(run).text)[0]
        for step in ("pack", "empty"):
            answer = client.post(f"{run}events", data={"kind": "tick", "step": step, "done": "yes", "csrf": csrf})
            assert 303 == answer.status_code
        served.kill()
        cookies = dict(client.cookies)
    with serving(library, data, free_port) as served:
        told = httpx.get(f"{served.url}{run}", cookies=cookies, headers={"Accept": "application/json"}).json()
    assert ["done-said", "done-said"] == [step["status"] for step in told["steps"][:2]]
