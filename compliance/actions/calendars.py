"""A colleague opens a calendar feed of the company's dates, makes its address anew, or closes it."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import MAY_SEE, Actor
from compliance.store.audit import record
from compliance.store.calendar_feeds import close_feed, open_feed
from compliance.store.people import require_colleague_now


def open_calendar(session: Session, actor: Actor, company_id: int) -> str:
    """The token of a new secret address for the actor alone; an earlier one answers no more."""
    require_colleague_now(session, actor, company_id, MAY_SEE)
    token = open_feed(session, actor.user_id or 0, company_id, clock.now())
    record(session, clock.now(), actor, "account:calendar:opened", "company", company_id)
    return token


def close_calendar(session: Session, actor: Actor, company_id: int) -> None:
    """The actor's address answers no more."""
    require_colleague_now(session, actor, company_id, MAY_SEE)
    if close_feed(session, actor.user_id or 0, company_id):
        record(session, clock.now(), actor, "account:calendar:closed", "company", company_id)
