"""Which certificates hold no more, or not now: their places in the lists of states that credentials name."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.domain.standing import ENDED_BY, AwardAct
from compliance.store.awards import Award, Certificate


def revoked_places(session: Session, on: date) -> tuple[int, ...]:
    """The certificates whose credentials hold no more: of an award that was revoked or gave way to a newer one, or
    replaced by a certificate issued anew."""
    ended = sa.or_(Award.last_act.in_(list(ENDED_BY)), Award.replaced_from <= on, Certificate.replaced_at.is_not(None))
    return _places(session, ended)


def suspended_places(session: Session) -> tuple[int, ...]:
    """The certificates of awards that are suspended."""
    return _places(session, Award.last_act == AwardAct.SUSPENDED)


def _places(session: Session, condition: sa.ColumnElement[bool]) -> tuple[int, ...]:
    query = sa.select(Certificate.id).join(Award, Award.id == Certificate.award_id).where(condition)
    return tuple(session.scalars(query.order_by(Certificate.id)))
