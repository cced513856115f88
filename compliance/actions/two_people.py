"""What one person proposes and another makes real: the checks that every kind of proposal shares."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import ForbiddenError, NotFoundError, WrongStateError
from compliance.domain.roles import Actor
from compliance.store.awards import Outcome

Kind = TypeVar("Kind")


class Proposal(Protocol):
    """The columns that every proposal has."""

    act: Any
    proposed_by: Any
    closed_at: Any
    closed_by: Any
    outcome: Any

    @property
    def lapses_at(self) -> datetime:
        """From this moment nobody can confirm it any more."""


def locked(session: Session, kind: type[Kind], proposal_id: int) -> Kind:
    """The proposal, held against other writers until the transaction ends. Raises NotFoundError."""
    found = session.get(kind, proposal_id, with_for_update={"of": kind}, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def require_second(proposal: Proposal, actor: Actor) -> None:
    """Whoever confirms comes while it is open, and is somebody else. Raises WrongStateError, ForbiddenError."""
    _require_open(proposal, proposal.act)
    if proposal.proposed_by == actor.user_id:
        raise ForbiddenError("four_eyes")


def is_confirmed_by(proposal: Proposal, actor: Actor) -> bool:
    """Whether the actor has confirmed it already: the same button, pressed twice."""
    return bool(proposal.outcome is Outcome.CONFIRMED and proposal.closed_by == actor.user_id)


def to_withdraw(proposal: Proposal, actor: Actor) -> bool:
    """Whoever proposed takes it back, while it is open. False when that is done: the same button, pressed twice.

    Raises ForbiddenError, WrongStateError.
    """
    if proposal.proposed_by != actor.user_id:
        raise ForbiddenError("not_yours")
    if proposal.outcome is Outcome.WITHDRAWN and proposal.closed_by == actor.user_id:
        return False
    _require_open(proposal, "withdraw")
    return True


def close(session: Session, proposals: Collection[Proposal], outcome: Outcome, actor: Actor | None = None) -> None:
    """Nobody can confirm or withdraw them any more; `actor` is missing where time or another decision ended them."""
    for one in proposals:
        one.closed_at, one.outcome = clock.now(), outcome
        one.closed_by = actor.user_id if actor else None
    session.flush()


def _require_open(proposal: Proposal, step: str) -> None:
    if proposal.closed_at is not None or proposal.lapses_at <= clock.now():
        raise WrongStateError(step, proposal.outcome or Outcome.LAPSED)
