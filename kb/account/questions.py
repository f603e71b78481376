"""What only the reader can know: things that no account API shows, and networks that may be the account's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.account.kind import Kind
from kb.account.resource import Resource
from kb.checklist.check import Question


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to ask about. `label` is how a verdict names it."""

    question: Question
    label: str


_PORTAL = "Look in the Control Portal"

TOPICS = {
    topic.question.id: topic
    for topic in (
        Topic(
            Question(
                "buckets",
                "Are there still Object Storage buckets?",
                f"{_PORTAL} under Services, Object Storage. Buckets in every region are billed for what they hold.",
            ),
            "buckets",
        ),
        Topic(
            Question(
                "apps",
                "Are there still AppFog applications?",
                f"{_PORTAL} under Services, AppFog, or run “cf apps” in every region and space.",
            ),
            "apps",
        ),
        Topic(
            Question(
                "dns", "Are there still DNS zones?", f"{_PORTAL} under Services, DNS. Each zone is billed monthly."
            ),
            "DNS",
        ),
        Topic(
            Question(
                "sub-accounts",
                "Are there still sub-accounts below this account?",
                f"{_PORTAL} under Account, Sub Accounts. Each one has services of its own and is closed by itself.",
            ),
            "sub-accounts",
        ),
    )
}
USUAL = ("buckets", "apps", "dns")


def asked_about(ids: Iterable[str]) -> tuple[Question, ...]:
    """The questions with these ids; an unknown id is left out."""
    return tuple(TOPICS[id].question for id in ids if id in TOPICS)


def about_network(network: Resource) -> Question:
    """Whether an unsure network is the account's own. The question's id is the evidence's id."""
    return Question(
        network.id,
        f"Is the network {network.name} in {network.place} the account's own?",
        "One network in the primary data centre comes with the account. It is not billed and cannot be deleted.",
        nothing="Yes, it came with the account",
        something="No, somebody added it",
    )


def about_kind(kind: Kind) -> Question:
    """Whether there is anything of a kind that this site cannot look for. The question's id is the kind's id."""
    return Question(kind.id, f"Are there still {kind.plural}?", f"{_PORTAL}; this site cannot look for them.")
