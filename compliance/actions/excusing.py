"""An essential point left to discretion: a person finds the edition's mitigating factors, and decides with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked, require_reviewer
from compliance.actions.blind import require_may_change
from compliance.actions.under_review import UnderReview, under_review
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor
from compliance.store.audit import record
from compliance.store.reviews import Judged, Ruling
from questionnaires import Question

Row = TypeVar("Row", bound=Judged)
LONGEST_REASON = 2_000
OWN = {"id", "ruled_by", "ruled_at", "withdrawn_at", "essential", "factors", "excuse"}
"""Columns that a decision does not take over from the ruling it stands on."""


@dataclass(frozen=True)
class Excuse:
    """Whether the point passes, by which of the edition's factors, and why: the company reads all of it."""

    passes: bool
    factors: Sequence[str]
    reason: str


def discretionary(read: UnderReview) -> tuple[str, ...]:
    """The essential points that a person decides on, as they are ruled: decided or not."""
    found = read.verified.essentials.items()
    return tuple(name for name, one in found if one.outcome == "discretionary" or one.code.startswith("decided_"))


def undecided(read: UnderReview) -> tuple[str, ...]:
    """Those of them that nobody decided on yet."""
    return tuple(name for name, one in read.verified.essentials.items() if one.outcome == "discretionary")


def points(read: UnderReview) -> list[tuple[Question, str]]:
    """Each ruled point that a person decides on, and what was decided: pass, fail, or empty for nothing yet."""
    ruled = [name for name in discretionary(read) if name in read.rulings]
    return [(read.edition.question(name), read.rulings[name].essential) for name in ruled]


def excuse(session: Session, actor: Actor, assessment_id: int, question_id: str, said: Excuse) -> Ruling:
    """Decides on the point: the standing ruling stands again, with the decision and in the name of who decides, so
    that this person approves nothing here. Another ruling of the answer takes the decision away.

    Raises InvalidError for what is missing, and for an answer that is not left to discretion.
    """
    assessment = locked(session, assessment_id)
    require_reviewer(session, actor, assessment)
    if assessment.state is not State.IN_REVIEW:
        raise WrongStateError("excuse", assessment.state)
    read = under_review(session, assessment)
    require_may_change(session, assessment, "excuse", ruled=question_id not in undecided(read))
    ruling = put_excuse(session, Ruling, read, question_id, said, actor)
    about = {"question": question_id, "outcome": ruling.essential, "factors": ruling.factors}
    record(session, clock.now(), actor, "reviewer:assessment:essential_decided", "assessment", assessment.id, **about)
    return ruling


def put_excuse(
    session: Session, side: type[Row], read: UnderReview, question_id: str, said: Excuse, actor: Actor
) -> Row:
    """The decision, among the rulings of the side that `read` is of. Raises InvalidError as `excuse` does."""
    standing = read.rulings.get(question_id)
    if standing is None or question_id not in discretionary(read):
        raise InvalidError("passes", "This point is not left to discretion as it is ruled now.")
    factors = _checked(read, said)
    standing.withdrawn_at = clock.now()
    session.flush()
    kept = {one.key: getattr(standing, one.key) for one in sa.inspect(side).column_attrs if one.key not in OWN}
    ruling = side(
        **kept,
        essential="pass" if said.passes else "fail",
        factors=factors,
        excuse=said.reason.strip(),
        ruled_by=actor.user_id or 0,
        ruled_at=clock.now(),
    )
    session.add(ruling)
    session.flush()
    return ruling


def _checked(read: UnderReview, said: Excuse) -> list[str]:
    """The factors in the edition's order. Raises InvalidError."""
    rule = read.edition.lifecycle.discretion
    known = [factor.id for factor in rule.factors]
    if set(said.factors) - set(known):
        raise InvalidError("factors", "Choose one of these.")
    if said.passes and len(set(said.factors)) < rule.least:
        raise InvalidError("factors", "Choose at least %(least)s of the mitigating factors.", least=rule.least)
    if not said.reason.strip():
        raise InvalidError("reason", "Give a reason; the company will read it.")
    if len(said.reason) > LONGEST_REASON:
        raise InvalidError("reason", "Use at most %(length)s characters.", length=LONGEST_REASON)
    return [name for name in known if name in said.factors]
