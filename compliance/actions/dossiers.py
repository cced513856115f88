"""The ministry opens a company's dossier to an observer: for a reason, until a day; and closes it."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.ties import require_no_tie, require_other_untied
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import record
from compliance.store.awards import Award
from compliance.store.dossier_flags import DossierFlag, flags_of
from compliance.store.people import people_with_role

FLAGS = (Role.REVIEWER, Role.APPROVER)
LONGEST = 1_000
LONGEST_DAYS = 366


def flag(session: Session, actor: Actor, award_id: int, observer_id: int, reason: str, ends_on: date) -> DossierFlag:
    """Opens the dossier of an awarded company to one observer without a tie to it. Raises InvalidError."""
    actor.require(*FLAGS)
    award = session.get(Award, award_id)
    if award is None:
        raise InvalidError("award", "Choose a company.")
    require_no_tie(session, actor, award.company_id)
    hold_company(session, award.company_id)
    if observer_id not in {person.id for person in people_with_role(session, Role.OBSERVER)}:
        raise InvalidError("observer", "Choose an observer.")
    require_other_untied(session, observer_id, award.company_id)
    if not reason.strip():
        raise InvalidError("reason", "Say why; the observer reads it.")
    if len(reason) > LONGEST:
        raise InvalidError("reason", "Use at most %(length)s characters.", length=LONGEST)
    if not clock.today() <= ends_on <= clock.today() + timedelta(days=LONGEST_DAYS):
        raise InvalidError("ends_on", "Enter a day from today on, at most a year ahead.")
    made = DossierFlag(
        company_id=award.company_id, observer_id=observer_id, reason=reason.strip(), flagged_by=actor.user_id or 0,
        flagged_at=clock.now(), ends_on=ends_on,
    )  # fmt: skip
    session.add(made)
    session.flush()
    about = {"company": award.company_id, "observer": observer_id, "ends_on": ends_on.isoformat()}
    record(session, clock.now(), actor, "staff:dossier:opened", "dossier", made.id, **about)
    return made


def end_flag(session: Session, actor: Actor, flag_id: int) -> None:
    """Closes a dossier before its day, with a tie too; pressed twice it is done once."""
    actor.require(*FLAGS)
    found = session.get(DossierFlag, flag_id, with_for_update={"of": DossierFlag}, populate_existing=True)
    if found is None:
        raise NotFoundError
    if found.ended_at is None:
        found.ended_at, found.ended_by = clock.now(), actor.user_id
        session.flush()
        record(session, clock.now(), actor, "staff:dossier:closed", "dossier", found.id)


def open_dossier(session: Session, actor: Actor, company_id: int) -> DossierFlag:
    """What opens a company to this observer today. Raises NotFoundError otherwise, ForbiddenError for a tie that came
    up since."""
    actor.require(Role.OBSERVER)
    flags = flags_of(session, actor.user_id or 0, clock.today())
    found = next((one for one in flags if one.company_id == company_id), None)
    if found is None:
        raise NotFoundError
    require_no_tie(session, actor, company_id)
    return found
