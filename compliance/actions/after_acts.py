"""What an edition says of the time after an act on an award: how long it may rest, when a company may begin anew."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.renewal import add_months
from compliance.domain.roles import Role
from compliance.domain.standing import LIVE, AwardAct, Standing
from compliance.store.awards import Award, suspended_awards
from compliance.store.people import people_with_role
from questionnaires import catalogue


def begins_again_on(awards: Sequence[Award], today: date) -> date | None:
    """The first day on which a company whose award was revoked may begin anew; None when it may today.

    An award that it holds or waits for, or that was given back, says that nothing has to be waited for.
    """
    if any(one.standing(today) in LIVE for one in awards):
        return None
    revoked = [one for one in awards if one.last_act is AwardAct.REVOKED]
    days = [add_months(clock.day_of(one.acted_at), _months(one.edition)) for one in revoked]
    return max((day for day in days if day > today), default=None)


def _months(edition_id: str) -> int:
    return catalogue.edition(edition_id).lifecycle.withdrawal.new_application_after_months


def rests_until(award: Award) -> date:
    """The last day that a suspended award may rest: then it is given back or revoked."""
    days = catalogue.edition(award.edition).lifecycle.suspension.max_days
    return clock.day_of(award.acted_at) + timedelta(days=days)


def rests_too_long(award: Award, today: date) -> bool:
    return award.standing(today) is Standing.SUSPENDED and today > rests_until(award)


def resting_too_long(session: Session) -> list[Award]:
    """Suspended awards that have been so for longer than their edition allows."""
    return [award for award in suspended_awards(session) if rests_too_long(award, clock.today())]


def remind_of_rests(session: Session) -> None:
    """Who may propose what comes next is told once of each suspension that lasts too long."""
    late = resting_too_long(session)
    people = people_with_role(session, Role.REVIEWER) + people_with_role(session, Role.APPROVER) if late else []
    for award in late:
        notify(session, people, "suspension_over", f"{award.id}:{rests_until(award)}", {"award": award.id})
