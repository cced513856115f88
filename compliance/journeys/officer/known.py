"""What a home page reads of a company before it says what comes next."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from compliance.actions.agenda import records_of
from compliance.actions.checking_in import MAY_CHECK_IN, Due
from compliance.actions.hearing import Heard, to_answer
from compliance.domain.appeals import ASSESSED
from compliance.domain.lifecycle import FINAL
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.domain.standing import IN_FORCE
from compliance.journeys.officer.home_view import Day, days
from compliance.store.appeals import Appeal, assessed_appeal
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.companies import Company
from compliance.store.spot_checks import SpotCheck, checks_of


@dataclass(frozen=True)
class Known:
    """A company on a day, as its reader may act on it. Assessments and awards: the newest first.

    `appeal` is the one that runs against a decision on an assessment: no other is begun meanwhile. `appeal_until` is
    the last day to contest such a decision, which a begun assessment stands in the way of.
    """

    company: Company
    today: date
    may_edit: bool
    may_check_in: bool
    days: list[Day]
    check_in: Due | None
    assessments: list[Assessment]
    awards: list[Award]
    appeal: Appeal | None
    appeal_until: date | None
    spot_checks: list[SpotCheck]
    """Those that the company was told of, the newest first."""
    hearings: list[Heard]

    @property
    def open(self) -> Assessment | None:
        return next((one for one in self.assessments if one.state not in FINAL), None)

    @property
    def held(self) -> Award | None:
        return next((award for award in self.awards if award.standing(self.today) in IN_FORCE), None)


def read(session: Session, actor: Actor, company: Company, today: date) -> Known:
    """A company that the actor works for."""
    role, found = actor.companies[company.id], records_of(session, company.id, today)
    return Known(
        company=company,
        today=today,
        may_edit=role in MAY_EDIT,
        may_check_in=role in MAY_CHECK_IN,
        days=days(session, found),
        check_in=found.check_in,
        assessments=found.assessments,
        awards=found.awards,
        appeal=assessed_appeal(session, company.id),
        appeal_until=next((one.until for one in found.contestable if one.kind in ASSESSED), None),
        spot_checks=[one for one in checks_of(session, company.id) if one.told_at],
        hearings=to_answer(session, company.id),
    )
