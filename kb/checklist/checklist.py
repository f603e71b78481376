"""A procedure made executable: its steps with what proves each. This is what a run keeps as its snapshot."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.side_file import Afterwards, Finished, Prerequisite, SideStep, StopQuestion, Told, Use
from kb.article.step import Procedure, Step

# what came later than the first snapshots; left out where it says nothing, so that an old snapshot keeps its hash
LATER: Mapping[str, Any] = {"soft": False, "after": (), "told": {"done": "", "left": ""}}


@dataclass(frozen=True, slots=True)
class ChecklistStep:
    """One step with what is linked to it. HTML is sanitised. `fresh` is in seconds.

    `gate` is must-pass, `soft` is should-pass; `after` holds the ids of the steps that must be done before.
    """

    id: str
    number: int
    text: str
    html: str
    body: str
    check: Use | None = None
    action: Use | None = None
    prepares: Use | None = None
    gate: bool = False
    irreversible: bool = False
    fresh: int = 900
    waits: str = ""
    soft: bool = False
    after: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)

    @property
    def guards(self) -> bool:
        """Whether it is a gate, of either kind."""
        return self.gate or self.soft

    @property
    def anchor(self) -> str:
        """Id of the element on the page."""
        return f"step-{self.id}"


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a reader runs through, pinned to one edition and revision. `edition` is its ISO date or ""."""

    article: str
    title: str
    edition: str
    revision: str
    heading: str
    steps: tuple[ChecklistStep, ...]
    prerequisites: tuple[Prerequisite, ...] = ()
    questions: tuple[StopQuestion, ...] = ()
    afterwards: tuple[Afterwards, ...] = ()
    finished: Finished | None = None

    def step(self, step_id: str) -> ChecklistStep | None:
        """The step with this id."""
        return next((step for step in self.steps if step.id == step_id), None)

    def gates_before(self, step: ChecklistStep) -> tuple[ChecklistStep, ...]:
        """The steps that must or should pass before this one: all earlier gates where nothing can be undone.

        A gate also holds back the steps that come `after` it.
        """
        guards = (other for other in self.steps if other.guards and other.number < step.number)
        return tuple(other for other in guards if step.irreversible or other.id in step.after)

    def gated_by(self, gate: ChecklistStep) -> tuple[ChecklistStep, ...]:
        """The steps that this gate holds back."""
        return tuple(step for step in self.steps if gate in self.gates_before(step))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON data; `from_json` reads it back."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self, dict_factory=_without_lines)))
        return data

    @property
    def hash(self) -> str:
        """SHA-256 of the content, hex: equal checklists are stored once."""
        return content_hash(self.as_json())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        finished = data["finished"]
        return cls(
            **{name: data[name] for name in ("article", "title", "edition", "revision", "heading")},
            steps=tuple(_step_from(item) for item in data["steps"]),
            prerequisites=tuple(
                Prerequisite(item["id"], Use(**item["check"]), item["label"]) for item in data["prerequisites"]
            ),
            questions=tuple(StopQuestion(**item) for item in data["questions"]),
            afterwards=tuple(Afterwards(item["id"], Use(**item["shows"])) for item in data["afterwards"]),
            finished=Finished(**finished) if finished else None,
        )


def content_hash(data: Mapping[str, Any]) -> str:
    """SHA-256 of a checklist as JSON data, hex."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def checklist_of(article: Article, edition: Edition, procedure: Procedure) -> Checklist:
    """The checklist of one procedure; without a side file every step is manual."""
    side = procedure.side
    steps = tuple(_steps_of(procedure))
    return Checklist(
        article=article.address,
        title=edition.title,
        edition=edition.date.isoformat() if edition.date else "",
        revision=edition.revision,
        heading=procedure.heading,
        steps=steps,
        prerequisites=side.prerequisites if side else (),
        questions=side.questions if side else (),
        afterwards=side.afterwards if side else (),
        finished=side.finished if side else None,
    )


def _without_lines(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """A line that moved in the side file makes no other checklist."""
    return {name: value for name, value in items if name != "line" and (name not in LATER or value != LATER[name])}


def _steps_of(procedure: Procedure) -> Iterator[ChecklistStep]:
    side = procedure.side
    linked = {item.id: item for item in side.steps} if side else {}
    earlier: list[str] = []
    for step in procedure.steps:
        mine = linked.get(step.id)
        order = (mine.order if mine else "") or (side.order if side else "free")
        waits = bool(mine and mine.waits)
        after = tuple(earlier) if order == "fixed" and not waits else mine.after if mine else ()
        yield replace(_step_of(step, mine), after=after)
        if not waits:
            earlier.append(step.id)


def _step_of(step: Step, side: SideStep | None) -> ChecklistStep:
    plain = ChecklistStep(id=step.id, number=step.number, text=step.text, html=step.html, body=step.body)
    if side is None:
        return plain
    return replace(
        plain,
        check=side.check,
        action=side.action,
        prepares=side.prepares,
        gate=side.gate == "must-pass",
        irreversible=side.irreversible,
        fresh=int(side.fresh.total_seconds()),
        waits=side.waits,
        soft=side.gate == "should-pass",
        told=side.told,
    )


def _step_from(data: Mapping[str, Any]) -> ChecklistStep:
    uses = {name: Use(**data[name]) if data[name] else None for name in ("check", "action", "prepares")}
    later = {"after": tuple(data.get("after", ())), "told": Told(**data.get("told", {}))}
    return ChecklistStep(**{**data, **uses, **later})
