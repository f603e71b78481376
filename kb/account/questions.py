"""What only the reader can know: things that no account API shows, and networks that may be the account's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.account.kind import Kind
from kb.account.resource import Resource
from kb.checklist.check import Question
from kb.words import words


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to ask about. `label` is how a verdict names it."""

    question: Question
    label: str


_PORTAL = words("Look in the Control Portal")

TOPICS = {
    topic.question.id: topic
    for topic in (
        Topic(
            Question(
                "buckets",
                words("Are there still Object Storage buckets?"),
                words(
                    "{portal} under Services, Object Storage. Buckets in every region are billed for what they hold.",
                    portal=_PORTAL,
                ),
            ),
            words("buckets"),
        ),
        Topic(
            Question(
                "apps",
                words("Are there still AppFog applications?"),
                words("{portal} under Services, AppFog, or run “cf apps” in every region and space.", portal=_PORTAL),
            ),
            words("apps"),
        ),
        Topic(
            Question(
                "dns",
                words("Are there still DNS zones?"),
                words("{portal} under Services, DNS. Each zone is billed monthly.", portal=_PORTAL),
            ),
            "DNS",
        ),
        Topic(
            Question(
                "sub-accounts",
                words("Are there still sub-accounts below this account?"),
                words(
                    "{portal} under Account, Sub Accounts. Each one has services of its own and is closed by itself.",
                    portal=_PORTAL,
                ),
            ),
            words("sub-accounts"),
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
        words("Is the network {name} in {place} the account's own?", name=network.name, place=network.place),
        words("One network in the primary data centre comes with the account. It is not billed and cannot be deleted."),
        nothing=words("Yes, it came with the account"),
        something=words("No, somebody added it"),
    )


def about_kind(kind: Kind) -> Question:
    """Whether there is anything of a kind that this site cannot look for. The question's id is the kind's id."""
    return Question(
        kind.id,
        words("Are there still {plural}?", plural=kind.plural),
        words("{portal}; this site cannot look for them.", portal=_PORTAL),
    )
