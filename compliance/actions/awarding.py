"""Awards: granted with a number that is never used again; suspended, reinstated and revoked by two people."""

from sqlalchemy.orm import Session

from certificates import CertificateFacts, number
from certificates.facts import Level, Signatory, Words
from compliance import clock
from compliance.actions.notifying import company_people, notify
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.renewal import last_day, new_start
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import IN_FORCE, AwardAct
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.awards import Award, AwardDecision, AwardProposal, Certificate, awards_of, next_number
from compliance.store.register import refresh_entry
from compliance.store.reviews import Recommendation
from questionnaires import Edition, edition

ACTS_FROM = {
    AwardAct.SUSPENDED: frozenset({AwardAct.GRANTED, AwardAct.REINSTATED}),
    AwardAct.REINSTATED: frozenset({AwardAct.SUSPENDED}),
    AwardAct.REVOKED: frozenset({AwardAct.GRANTED, AwardAct.REINSTATED, AwardAct.SUSPENDED}),
}


def grant(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    recommendation: Recommendation,
    public_url: str,
    signatory: Signatory,
) -> Award:
    """The award, its certificate's facts, the register entry; the worker makes the PDF from the facts."""
    code = edition(assessment.edition)
    level = code.level(str(recommendation.level))
    today = clock.today()
    earlier = _in_force(session, assessment.company_id)
    starts = new_start(today, earlier.ends if earlier else None, code.lifecycle.renewal.window_opens_days_before_expiry)
    award = Award(
        company_id=assessment.company_id,
        assessment_id=assessment.id,
        edition=code.id,
        level=level.id,
        number=number.mint(today.year, next_number(session, today.year)),
        code=number.mint_code(),
        scope_km=recommendation.scope_km,
        scope_en=recommendation.scope_en,
        starts=starts,
        ends=last_day(starts, level.validity_months),
        grace_days=code.lifecycle.grace.days,
        granted_at=clock.now(),
        last_act=AwardAct.GRANTED,
    )
    session.add(award)
    session.flush()
    if earlier is not None and starts <= today:
        _act(session, earlier, AwardAct.SUPERSEDED, "renewed", recommendation.recommended_by, actor.user_id or 0)
    _act(session, award, AwardAct.GRANTED, "", recommendation.recommended_by, actor.user_id or 0)
    session.refresh(award, ["company"])
    facts = _facts(code, award, public_url, signatory)
    session.add(Certificate(award_id=award.id, number=award.number, facts=facts.to_json().decode()))
    session.flush()
    record(
        session,
        clock.now(),
        actor,
        "approver:award:granted",
        "award",
        award.id,
        number=award.number,
        level=award.level,
        starts=award.starts.isoformat(),
        ends=award.ends.isoformat(),
    )
    refresh_entry(session, award.company_id)
    return award


def _in_force(session: Session, company_id: int) -> Award | None:
    today = clock.today()
    return next((award for award in awards_of(session, company_id) if award.standing(today) in IN_FORCE), None)


def _facts(code: Edition, award: Award, public_url: str, signatory: Signatory) -> CertificateFacts:
    """What the certificate prints, frozen at the decision."""
    level = code.level(award.level)
    labels = {kind.id: kind.label for kind in code.kinds}
    return CertificateFacts(
        number=award.number,
        code=award.code,
        company=Words(award.company.name_km, award.company.name_latin),
        kinds=tuple(Words(labels[kind].km, labels[kind].en) for kind in award.company.kinds if kind in labels),
        level=Level(
            level.id,
            Words(level.public_name.km, level.public_name.en),
            Words(level.meaning.km, level.meaning.en),
        ),
        scope=Words(award.scope_km, award.scope_en),
        edition=code.id,
        issued=clock.day_of(award.granted_at),
        starts=award.starts,
        expires=award.ends,
        verify_url=f"{public_url}/verify/{award.number}",
        signatory=signatory,
        sample=code.illustrative,
    )


def propose(session: Session, actor: Actor, award_id: int, act: AwardAct, reason: str) -> AwardProposal:
    """One person of the ministry proposes to suspend, reinstate or revoke; another one must confirm."""
    actor.require(Role.REVIEWER, Role.APPROVER)
    award = _locked(session, award_id)
    _require_possible(actor, award, act)
    if not reason.strip():
        raise InvalidError("reason", "required")
    proposal = AwardProposal(
        award_id=award.id,
        act=act,
        reason=reason.strip(),
        proposed_by=actor.user_id or 0,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    record(session, clock.now(), actor, "staff:award:proposed", "award", award.id, act=act)
    return proposal


def confirm(session: Session, actor: Actor, proposal_id: int) -> Award:
    """A second person, an approver, makes the proposed act real; it shows everywhere at once."""
    actor.require(Role.APPROVER)
    proposal = session.get(AwardProposal, proposal_id, with_for_update={"of": AwardProposal}, populate_existing=True)
    if proposal is None:
        raise NotFoundError
    award = _locked(session, proposal.award_id)
    if proposal.closed_at is not None:
        raise WrongStateError(proposal.act, award.last_act)
    if proposal.proposed_by == actor.user_id:
        raise ForbiddenError("four_eyes")
    _require_possible(actor, award, proposal.act)
    proposal.closed_at = clock.now()
    _act(session, award, proposal.act, proposal.reason, proposal.proposed_by, actor.user_id or 0)
    record(session, clock.now(), actor, f"approver:award:{proposal.act}", "award", award.id, number=award.number)
    notify(
        session,
        company_people(session, award.company_id),
        f"award_{proposal.act}",
        f"{award.id}:{proposal.id}",
        {
            "number": award.number,
            "reason": proposal.reason,
            "company_km": award.company.name_km,
            "company_latin": award.company.name_latin,
        },
    )
    refresh_entry(session, award.company_id)
    return award


def _locked(session: Session, award_id: int) -> Award:
    award = session.get(Award, award_id, with_for_update={"of": Award}, populate_existing=True)
    if award is None:
        raise NotFoundError
    return award


def _require_possible(actor: Actor, award: Award, act: AwardAct) -> None:
    if award.company_id in actor.companies:
        raise ForbiddenError("own_company")
    if award.last_act not in ACTS_FROM.get(act, frozenset()):
        raise WrongStateError(act, award.last_act)


def _act(session: Session, award: Award, act: AwardAct, reason: str, proposed_by: int, decided_by: int) -> None:
    award.last_act = act
    session.add(
        AwardDecision(
            award_id=award.id,
            act=act,
            reason=reason,
            proposed_by=proposed_by,
            decided_by=decided_by,
            decided_at=clock.now(),
        )
    )
    session.flush()
