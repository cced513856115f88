"""Ties between a person of the ministry and a company: whoever has one takes no act on that company."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import ForbiddenError
from compliance.domain.roles import Actor
from compliance.store.ties import Tie, ties_of

REASONS = {
    Tie.COLLEAGUE: "own_company",
    Tie.FORMER: "tie_former",
    Tie.DECLARED: "tie",
    Tie.MAIL: "tie_mail",
    Tie.WEBSITE: "tie_website",
}
"""Message ids of a refusal."""


def ties_to(session: Session, actor: Actor, companies: Collection[int]) -> dict[int, Tie]:
    """By company, for those that the actor is tied to now."""
    return ties_of(session, actor.user_id or 0, companies, clock.now())


def require_no_tie(session: Session, actor: Actor, company_id: int) -> None:
    """Raises ForbiddenError with the reason: a colleague of now or of the last 24 months, a tie declared, one's own
    mail domain in the company."""
    tie = ties_to(session, actor, [company_id]).get(company_id)
    if tie is not None:
        raise ForbiddenError(REASONS[tie])


def require_other_untied(session: Session, person_id: int, company_id: int) -> None:
    """The first of two people must have no tie either when the second makes it real. Raises ForbiddenError."""
    if ties_of(session, person_id, [company_id], clock.now()):
        raise ForbiddenError("tie_of_first")


def untied(session: Session, person_id: int, company_id: int) -> bool:
    """Whether a person has no tie to the company now."""
    return not ties_of(session, person_id, [company_id], clock.now())
