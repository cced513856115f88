"""The lifecycle of an assessment: one table. Pages draw their buttons from it, `advance` obeys it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an assessment is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CLARIFYING = "clarifying"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class By(StrEnum):
    """Who may take a step. Ties to a company and having ruled are judged by the actions, per assessment."""

    EDITOR = "editor"
    SIGNER = "signer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    PANEL = "panel"
    SYSTEM = "system"


@dataclass(frozen=True)
class Step:
    """A named move from one of `starts` to `to`, recorded in the audit trail as `tag`."""

    name: str
    starts: frozenset[State]
    to: State
    by: By
    tag: str


def _step(name: str, starts: tuple[State, ...], to: State, by: By, tag: str) -> Step:
    return Step(name, frozenset(starts), to, by, tag)


STEPS = {
    step.name: step
    for step in (
        _step("submit", (State.DRAFT,), State.SUBMITTED, By.SIGNER, "officer:assessment:submitted"),
        _step(
            "withdraw",
            (State.DRAFT, State.SUBMITTED, State.CLARIFYING),
            State.WITHDRAWN,
            By.EDITOR,
            "officer:assessment:withdrawn",
        ),
        _step("claim", (State.SUBMITTED,), State.IN_REVIEW, By.REVIEWER, "reviewer:assessment:claimed"),
        _step("release", (State.IN_REVIEW,), State.SUBMITTED, By.REVIEWER, "reviewer:assessment:released"),
        _step("ask", (State.IN_REVIEW,), State.CLARIFYING, By.REVIEWER, "reviewer:assessment:clarification_asked"),
        _step("reply", (State.CLARIFYING,), State.IN_REVIEW, By.SIGNER, "officer:assessment:clarification_replied"),
        _step("lapse", (State.CLARIFYING,), State.IN_REVIEW, By.SYSTEM, "system:assessment:clarification_lapsed"),
        _step("recommend", (State.IN_REVIEW,), State.RECOMMENDED, By.REVIEWER, "reviewer:assessment:recommended"),
        _step("return", (State.RECOMMENDED,), State.IN_REVIEW, By.APPROVER, "approver:assessment:returned"),
        _step("approve", (State.RECOMMENDED,), State.APPROVED, By.APPROVER, "approver:assessment:approved"),
        _step("refuse", (State.RECOMMENDED,), State.REFUSED, By.APPROVER, "approver:assessment:refused"),
        _step("reopen", (State.REFUSED,), State.IN_REVIEW, By.PANEL, "panel:assessment:reopened"),
    )
}

DECIDED = frozenset({State.APPROVED, State.REFUSED})
FINAL = DECIDED | {State.WITHDRAWN}


def steps_from(state: State, *by: By) -> tuple[Step, ...]:
    """The steps that leave `state` and that one of `by` may take, in the table's order."""
    return tuple(step for step in STEPS.values() if state in step.starts and step.by in by)
