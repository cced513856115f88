"""Awards: granted with a number that is never used again; what stands against a new one is told first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import CertificateFacts, number
from certificates.facts import Level, Signatory, Words
from certificates.lunar import lunar_date
from compliance import clock
from compliance.actions.reissuing import kinds_printed
from compliance.domain.renewal import last_day, new_start
from compliance.domain.roles import Actor
from compliance.domain.standing import IN_FORCE, LIVE, AwardAct
from compliance.store.assessments import Assessment
from compliance.store.awards import (
    Award,
    AwardDecision,
    Certificate,
    Outcome,
    awards_of,
    counting_award,
    next_number,
    open_proposals,
    unclosed_proposals,
)
from compliance.store.certificate_marks import digests_in_use
from compliance.store.companies import Company
from compliance.store.register import refresh_entry
from compliance.store.reviews import Recommendation
from compliance.store.rule_changes import lifecycle_now
from compliance.store.signed_heads import record_signed
from questionnaires import catalogue


@dataclass(frozen=True)
class Objection:
    """What stands against a new award: `kind` is suspended, revoked or proposed (an act that waits to be confirmed)."""

    kind: str
    number: str
    on: date
    reason: str


def objections(session: Session, company_id: int) -> tuple[Objection, ...]:
    """What an approver must know, and answer with a reason, before the company gets another award."""
    awards, today = awards_of(session, company_id), clock.today()
    current = counting_award(awards, today)
    newest = [award for award in awards if current is None or award.starts >= current.starts]
    against = [award for award in newest if award.last_act in {AwardAct.SUSPENDED, AwardAct.REVOKED}]
    proposals = [one for one in open_proposals(session, company_id) if one.act is not AwardAct.REINSTATED]
    return (
        *(Objection(one.last_act, one.number, clock.day_of(one.acted_at), _last_reason(one)) for one in against),
        *(Objection("proposed", one.award.number, clock.day_of(one.proposed_at), one.reason) for one in proposals),
    )


def told(found: Sequence[Objection]) -> str:
    """What a page told of objections, to come back with the decision."""
    return " ".join(sorted(f"{one.kind}:{one.number}" for one in found))


def _last_reason(award: Award) -> str:
    return award.acts[-1].reason if award.acts else ""


def hold_company(session: Session, company_id: int) -> Company:
    """The company as it is now; keeps other writers away from it and its awards until the transaction ends."""
    # Two statements: one that locks and loads refuses a company that another transaction changed meanwhile.
    session.execute(sa.select(Company.id).where(Company.id == company_id).with_for_update())
    return session.get_one(Company, company_id, populate_existing=True)


def grant(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    recommendation: Recommendation,
    public_url: str,
    signatory: Signatory,
    reason: str = "",
) -> Award:
    """The award, its certificate's facts, the register entry; the worker makes the PDF from the facts.

    What the company held gives way: at once, or on the first day of a renewal that begins later. `reason` is why,
    where something stood against it.
    """
    hold_company(session, assessment.company_id)
    award = _new_award(session, assessment, recommendation)
    two_people = recommendation.recommended_by, actor.user_id or 0
    _give_way(session, award, reason or "renewed", *two_people)
    session.add(award)
    session.flush()
    decide_on(session, award, AwardAct.GRANTED, reason, *two_people)
    session.refresh(award, ["company"])
    facts = facts_of_award(award, public_url, signatory, digests_in_use(session))
    session.add(Certificate(award_id=award.id, number=award.number, code=award.code, facts=facts.to_json().decode()))
    session.flush()
    said = {"number": award.number, "level": award.level, "brands": award.brands, "despite": reason}
    said = {name: value for name, value in said.items() if value}
    days = {"starts": award.starts.isoformat(), "ends": award.ends.isoformat()}
    record_signed(session, actor, "approver:award:granted", award.id, **said, **days)
    refresh_entry(session, award.company_id)
    return award


def _new_award(session: Session, assessment: Assessment, recommendation: Recommendation) -> Award:
    """From today, or from the day after the award in force when its renewal is open."""
    edition, today, moment = catalogue.edition(assessment.edition), clock.today(), clock.now()
    level = edition.level(str(recommendation.level))
    earlier = _in_force(session, assessment.company_id)
    starts = new_start(
        today, earlier.ends if earlier else None, edition.lifecycle.renewal.window_opens_days_before_expiry
    )
    return Award(
        company_id=assessment.company_id,
        assessment_id=assessment.id,
        edition=edition.id,
        level=level.id,
        number=number.mint(today.year, next_number(session, today.year)),
        code=number.mint_code(),
        scope_km=recommendation.scope_km,
        scope_en=recommendation.scope_en,
        not_covered_km=recommendation.not_covered_km,
        not_covered_en=recommendation.not_covered_en,
        brands=list(recommendation.brands),
        starts=starts,
        ends=last_day(starts, level.validity_months),
        grace_days=lifecycle_now(session, edition.id).grace.days,
        granted_at=moment,
        last_act=AwardAct.GRANTED,
        acted_at=moment,
    )


def _give_way(session: Session, award: Award, reason: str, proposed_by: int, decided_by: int) -> None:
    """What still waits is replaced, and what the company holds too, unless the new award waits for its end."""
    today = clock.today()
    for one in awards_of(session, award.company_id):
        if one.standing(today) in LIVE and award.starts <= max(today, one.starts):
            _close_proposals(session, one)
            decide_on(session, one, AwardAct.SUPERSEDED, reason, proposed_by, decided_by)


def _close_proposals(session: Session, award: Award) -> None:
    """What was proposed about an award that is no more has been overtaken."""
    for proposal in unclosed_proposals(session, [award.id]):
        proposal.closed_at, proposal.outcome = clock.now(), Outcome.OVERTAKEN


def _in_force(session: Session, company_id: int) -> Award | None:
    today = clock.today()
    return next((award for award in awards_of(session, company_id) if award.standing(today) in IN_FORCE), None)


def facts_of_award(award: Award, public_url: str, signatory: Signatory, marks: Mapping[str, str]) -> CertificateFacts:
    """What the certificate prints, frozen at the decision; `marks` are the digests of the ministry's pictures."""
    edition = catalogue.edition(award.edition)
    level, issued = edition.level(award.level), clock.day_of(award.granted_at)
    return CertificateFacts(
        number=award.number,
        code=award.code,
        company=Words(award.company.name_km, award.company.name_latin),
        kinds=kinds_printed(award.edition, award.company.kinds),
        level=Level(
            level.id,
            Words(level.public_name.km, level.public_name.en),
            Words(level.meaning.km, level.meaning.en),
        ),
        scope=Words(award.scope_km, award.scope_en),
        brands=tuple(award.brands),
        not_covered=Words(award.not_covered_km, award.not_covered_en) if award.not_covered_km else None,
        edition=edition.id,
        issued=issued,
        lunar=lunar_date(issued),
        starts=award.starts,
        expires=award.ends,
        counts_until=award.term.grace_ends,
        verify_url=f"{public_url}/verify/{award.number}",
        signatory=signatory,
        sample=edition.illustrative,
        logo=marks.get("logo", ""),
        seal=marks.get("seal", ""),
    )


def decide_on(
    session: Session,
    award: Award,
    act: AwardAct,
    reason: str,
    proposed_by: int,
    decided_by: int,
    told: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """A dated decision on an award, by two people; `told` is what everybody reads of why."""
    award.last_act, award.acted_at = act, clock.now()
    session.add(
        AwardDecision(
            award_id=award.id,
            act=act,
            reason=reason,
            **told,
            proposed_by=proposed_by,
            decided_by=decided_by,
            decided_at=clock.now(),
        )
    )
    session.flush()
