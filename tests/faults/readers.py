"""Readers who do not give up: each sends a change with the same event id until somebody acknowledges it."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path

import httpx

ARTICLE = """---
title: Moving out
date: 2026-02-01
---
## Steps
""" + "".join(f"{number}. Open the door of room {number}, and look behind it.\n" for number in range(1, 9))
SETTINGS = "[limits]\n" + "".join(f'{name} = "off"\n' for name in ("starts", "events"))
SHARING = 4  # readers of one run, tabs of one browser


@dataclass(frozen=True)
class Place:
    """A run that was acknowledged, and what its browser sends with each request."""

    path: str
    cookie: str
    csrf: str
    steps: tuple[str, ...]


@dataclass
class Reader(threading.Thread):
    """Ticks and unticks its own steps, and starts a run now and then, on whichever server answers."""

    urls: list[str]
    run_: Place
    steps: tuple[str, ...]
    chance: random.Random
    stop: threading.Event
    acknowledged: dict[str, list[str]] = field(default_factory=dict)  # run's path -> event ids
    started: list[Place] = field(default_factory=list)
    ticked: dict[str, bool] = field(default_factory=dict)
    repeated: int = 0  # how often something had to be sent again
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def __len__(self) -> int:
        """How many changes were acknowledged."""
        return sum(map(len, self.acknowledged.values()))

    def run(self) -> None:
        with httpx.Client(timeout=20, verify=False, trust_env=False) as browser:
            while not self.stop.is_set() and not self.wrong:
                self._start_another(browser) if self.chance.random() < 0.02 else self._change(browser)

    def _change(self, browser: httpx.Client) -> None:
        step = self.chance.choice(self.steps)
        tick = not self.ticked.get(step, False)
        event = f"{self.chance.getrandbits(64):016x}"
        form = {"csrf": self.run_.csrf, "kind": "tick", "step": step, "event": event} | (
            {"done": "yes"} if tick else {}
        )
        if self.chance.random() < 0.3:  # as no page of ours sends it: these take the long way through the server
            form = dict(reversed(form.items()))
        self._insist(browser, f"{self.run_.path}events", form)
        self.ticked[step] = tick
        self.acknowledged.setdefault(self.run_.path, []).append(f"{event}-{'tick' if tick else 'untick'}")

    def _start_another(self, browser: httpx.Client) -> None:
        answer = self._insist(browser, "/runs/", {"article": "moving-out"})
        self.started.append(Place(answer.headers["Location"], self.run_.cookie, "", ()))

    def _insist(self, browser: httpx.Client, path: str, form: dict[str, str]) -> httpx.Response:
        """Send it until it is acknowledged, each time to any of the servers."""
        for wait in chain((0.05, 0.1, 0.2, 0.4), repeat(0.8)):  # a machine that only retries starts no server
            answer = self._sent(browser, path, form)
            if answer is not None and answer.status_code == 303:
                return answer
            if answer is not None and answer.status_code != 503:
                self.wrong.append(f"{answer.status_code} {answer.text[:2000]}")
                raise AssertionError(self.wrong)
            self.repeated += 1
            time.sleep(wait)
        raise AssertionError("repeat never ends")

    def _sent(self, browser: httpx.Client, path: str, form: dict[str, str]) -> httpx.Response | None:
        url = self.chance.choice(self.urls)
        try:
            return browser.post(f"{url}{path}", data=form, headers={"Origin": url, "Cookie": self.run_.cookie})
        except httpx.HTTPError:
            return None


def write_unlimited(library: Path) -> Path:
    """A library with one article, where no reader is told to wait."""
    library.mkdir()
    (library / "moving-out.md").write_text(ARTICLE)
    (library / "kb.toml").write_text(SETTINGS)
    return library


def new_place(url: str, article: str = "moving-out") -> Place:
    """A run of this article in a browser of its own."""
    with httpx.Client(base_url=url, headers={"Origin": url}, timeout=20, verify=False) as browser:
        made = browser.post("/runs/", data={"article": article})
        assert made.status_code == 303, made.text
        path = made.headers["Location"]
        csrf = re.findall(r'name="csrf" value="(\w+)"', browser.get(path).text)[0]
        cookie = f"kb_reader={browser.cookies['kb_reader']}"
        return Place(
            path, cookie, csrf, tuple(str(step["id"]) for step in progress(url, Place(path, cookie, csrf, ())))
        )


def progress(url: str, place: Place) -> list[dict[str, object]]:
    """The steps of the run as this server tells them."""
    headers = {"Accept": "application/json", "Cookie": place.cookie}
    answer = httpx.get(f"{url}{place.path}", headers=headers, timeout=20, verify=False)  # certificates are slow to load
    assert answer.status_code == 200, answer.text
    steps: list[dict[str, object]] = answer.json()["steps"]
    return steps


def readers_of(urls: list[str], count: int, chance: random.Random, stop: threading.Event) -> list[Reader]:
    """So many readers; those of one run have different steps of it."""
    found: list[Reader] = []
    for number in range(count // SHARING):
        place = new_place(urls[number % len(urls)])
        for share in range(SHARING):
            own = random.Random(chance.getrandbits(64))
            found.append(Reader(urls, place, place.steps[share::SHARING], own, stop))
    return found
