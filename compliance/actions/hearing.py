"""A company is heard before its award is suspended or revoked; afterwards where children are at risk."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.notifying import company_people, notify
from compliance.actions.two_people import locked
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import MAY_SIGN, Actor, CompanyRole, Role
from compliance.domain.standing import LIVE, AwardAct
from compliance.store.audit import record
from compliance.store.awards import Award, AwardProposal, Outcome
from compliance.store.hearings import Hearing, hearing_about, unheard
from compliance.store.people import people_with_role, require_colleague_now
from compliance.store.rule_changes import lifecycle_now

LONGEST_STATEMENT = 4_000


@dataclass(frozen=True)
class Heard:
    """A hearing with what it is about; `open`: the company can still state."""

    hearing: Hearing
    proposal: AwardProposal
    open: bool


def ask(session: Session, award: Award, proposal: AwardProposal, *, first: bool) -> Hearing:
    """The days of the award's edition begin today; its owners and signatories are told when they come first."""
    days = lifecycle_now(session, award.edition).suspension.notice_days
    until = clock.today() + timedelta(days=days)
    hearing = Hearing(proposal_id=proposal.id, award_id=award.id, first=first, until=until)
    session.add(hearing)
    session.flush()
    if first:
        _tell(session, award, "award_hearing", proposal)
    return hearing


def drop(session: Session, award: Award, proposal: AwardProposal) -> None:
    """Whoever was asked is told that nothing comes of it."""
    if hearing_about(session, proposal.id) is not None:
        _tell(session, award, "award_hearing_dropped", proposal)


def _tell(session: Session, award: Award, kind: str, proposal: AwardProposal) -> None:
    people = company_people(session, award.company_id, CompanyRole.OWNER, CompanyRole.SIGNATORY)
    notify(session, people, kind, str(proposal.id), {"proposal": proposal.id})


def waits(hearing: Hearing | None, today: date) -> bool:
    """Whether the act has to wait: for the statement, or for the end of the last day."""
    return hearing is not None and hearing.first and hearing.stated_at is None and today <= hearing.until


def require_heard(session: Session, proposal: AwardProposal, act: AwardAct) -> None:
    """Raises WrongStateError while the company can still be heard before the act."""
    if waits(hearing_about(session, proposal.id), clock.today()):
        raise WrongStateError(act, "hearing")


def own_hearing(session: Session, actor: Actor, proposal_id: int) -> Heard:
    """A hearing of the actor's own company. Raises NotFoundError for strangers and where nobody was asked."""
    hearing, proposal = hearing_about(session, proposal_id), session.get(AwardProposal, proposal_id)
    if hearing is None or proposal is None:
        raise NotFoundError
    actor.require_company(proposal.award.company_id)
    return Heard(hearing, proposal, is_open(hearing, proposal))


def is_open(hearing: Hearing, proposal: AwardProposal) -> bool:
    """Up to and with its last day, while what it is about waits to be confirmed, or is confirmed and was at once."""
    today, alive = clock.today(), proposal.award.standing(clock.today()) in LIVE
    waiting = proposal.closed_at is None and clock.now() < proposal.lapses_at and alive
    matters = waiting if hearing.first else proposal.outcome is Outcome.CONFIRMED
    return matters and hearing.stated_at is None and today <= hearing.until


def to_answer(session: Session, company_id: int) -> list[Heard]:
    """What a company can answer today, the earliest last day first."""
    found = [
        (one, session.get_one(AwardProposal, one.proposal_id)) for one in unheard(session, company_id, clock.today())
    ]
    return [Heard(one, about, open=True) for one, about in found if is_open(one, about)]


def state(session: Session, actor: Actor, proposal_id: int, text: str) -> Hearing:
    """The company's statement, once; it stays as it was. The same words sent twice find it done.

    Raises InvalidError, NotFoundError, WrongStateError after the last day or once nothing waits for it.
    """
    about = own_hearing(session, actor, proposal_id).proposal
    hold_company(session, about.award.company_id)
    require_colleague_now(session, actor, about.award.company_id, MAY_SIGN)
    proposal = locked(session, AwardProposal, proposal_id)
    hearing = session.get_one(Hearing, own_hearing(session, actor, proposal_id).hearing.id, populate_existing=True)
    said = _checked(text)
    if hearing.stated_by == actor.user_id and hearing.statement == said:
        return hearing
    if not is_open(hearing, proposal):
        raise WrongStateError("state", "stated" if hearing.stated_at else "closed")
    hearing.statement, hearing.stated_by, hearing.stated_at = said, actor.user_id, clock.now()
    session.flush()
    record(session, clock.now(), actor, "officer:award:stated", "award", proposal.award_id, proposal=proposal.id)
    notify(
        session,
        people_with_role(session, Role.APPROVER),
        "proposal_answered",
        str(proposal.id),
        {"proposal": proposal.id},
    )
    return hearing


def _checked(text: str) -> str:
    if not text.strip():
        raise InvalidError("statement", "Write your company's statement.")
    if len(text) > LONGEST_STATEMENT:
        raise InvalidError("statement", "Use at most %(length)s characters.", length=LONGEST_STATEMENT)
    return text.strip()
