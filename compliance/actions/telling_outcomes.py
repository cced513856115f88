"""What became of a concern is told to whoever raised it and to the company: not before a spot check is announced."""

from sqlalchemy.orm import Session

from compliance.actions.notifying import company_people, notify
from compliance.actions.raising import tell_raiser
from compliance.domain.roles import CompanyRole
from compliance.store.concerns import Concern, concerns_behind


def tell_outcome(session: Session, concern: Concern) -> None:
    """Nothing while it would announce a check that the company is not to know of yet."""
    if concern.untold:
        return
    tell_raiser(session, concern, "concern_closed")
    if concern.asked_at is not None:
        people = company_people(session, concern.company_id, CompanyRole.OWNER, CompanyRole.SIGNATORY)
        notify(session, people, "concern_decided", str(concern.id), {"concern": concern.id})


def tell_what_led_to(session: Session, check_id: int) -> None:
    """The outcomes of the concerns that a check was opened for, once it is announced or over."""
    for concern in concerns_behind(session, check_id):
        tell_outcome(session, concern)
