"""Awards: what was granted or decided, while it is so; proposals, while somebody can confirm them; locked files."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.after_acts import rests_too_long, rests_until
from compliance.actions.contested import appeal_day, contested_act, contested_decision
from compliance.actions.hearing import is_open
from compliance.actions.ties import untied
from compliance.domain.roles import MAY_SIGN, Role
from compliance.domain.standing import IN_FORCE, AwardAct, Standing
from compliance.jobs.facts.assessments import letter_words
from compliance.jobs.facts.companies import colleague, holds, named
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award, AwardProposal, Certificate, Outcome, awards_of, holding_certificate
from compliance.store.hearings import hearing_about
from compliance.store.outbox import Notice
from compliance.store.people import Person, names_of

STANDING = (AwardAct.GRANTED, AwardAct.REINSTATED)
Known = dict[str, Any] | None


def award_facts(session: Session, award: Award) -> dict[str, Any]:
    """What letters say of an award."""
    return {
        **named(session, award.company_id),
        "number": award.number,
        "code": award.code,
        "level": award.level,
        "edition": award.edition,
        "starts": award.starts,
        "ends": award.ends,
    }


def counts(award: Award) -> bool:
    """Whether it stands today or will, undisturbed by the ministry."""
    standing = award.standing(clock.today())
    return award.last_act in STANDING and (standing in IN_FORCE or standing is Standing.WAITING)


def _granted(session: Session, notice: Notice, person: Person | None) -> Known:
    award = session.scalars(sa.select(Award).where(Award.assessment_id == notice.values["assessment"])).one()
    if not counts(award) or not colleague(person, award.company_id):
        return None
    ready = holding_certificate(session, award.id).issued_at is not None
    decided = contested_decision(session, session.get_one(Assessment, award.assessment_id))
    told = {"assessment": award.assessment_id, "ready": ready, **letter_words(session, award.assessment_id)}
    return {**award_facts(session, award), **told, **appeal_day(session, decided)}


def _ready(session: Session, notice: Notice, person: Person | None) -> Known:
    """Until another certificate takes its place."""
    certificate = session.get_one(Certificate, notice.values["issued"])
    award = session.get_one(Award, certificate.award_id)
    if certificate.replaced_at is not None or not counts(award) or not colleague(person, award.company_id):
        return None
    links = {name: one for name, one in notice.values.items() if name in {"certificate", "verify", "replaces"}}
    return {**award_facts(session, award), **links}


def _decided(session: Session, notice: Notice, person: Person | None) -> Known:
    """What was decided on an award and on those that wait behind it, while it is the last word on it."""
    proposal = session.get_one(AwardProposal, notice.values["proposal"])
    award = session.get_one(Award, notice.values["award"])
    if award.last_act is not proposal.act or not colleague(person, award.company_id):
        return None
    standing = award.standing(clock.today())
    if standing is Standing.EXPIRED and proposal.act is not AwardAct.REVOKED:
        return None
    together = [award, *(one for one in awards_of(session, award.company_id) if _decided_with(one, award, proposal))]
    return {
        **award_facts(session, award),
        "number": ", ".join(one.number for one in together),
        "reason": _public(proposal, notice.language),
        "heard_until": _heard_until(session, proposal),
        "on": clock.day_of(proposal.closed_at or notice.queued_at),
        "in_force": standing in IN_FORCE,
        **appeal_day(session, contested_act(session, award)),
    }


def _decided_with(one: Award, award: Award, proposal: AwardProposal) -> bool:
    same = one.last_act is proposal.act and proposal.closed_at is not None
    return one.id != award.id and same and one.acted_at == award.acted_at


def _proposed(session: Session, notice: Notice, person: Person | None) -> Known:
    """While it waits for a second person, and this one may be it."""
    proposal = session.get_one(AwardProposal, notice.values["proposal"])
    is_open = proposal.closed_at is None and clock.now() < proposal.lapses_at
    if not is_open or not holds(person, Role.APPROVER):
        return None
    return {
        **named(session, proposal.award.company_id),
        "number": proposal.award.number,
        "reason": proposal.reason,
        "until": proposal.lapses_at,
        "heard_until": _heard_until(session, proposal),
    }


def _public(proposal: AwardProposal, lang: str) -> str:
    """The reason that everybody reads; what was decided before there was one has the Ministry's own."""
    return (proposal.public_km if lang == "km" else proposal.public_en) or proposal.reason


def _heard_until(session: Session, proposal: AwardProposal) -> date | None:
    found = hearing_about(session, proposal.id)
    return found.until if found is not None and is_open(found, proposal) else None


def _over(session: Session, notice: Notice, person: Person | None) -> Known:
    """While it still rests, for whoever of the ministry has no tie."""
    award = session.get_one(Award, notice.values["award"])
    if not rests_too_long(award, clock.today()) or person is None:
        return None
    if not holds(person, Role.REVIEWER) and not holds(person, Role.APPROVER):
        return None
    if not untied(session, person.id, award.company_id):
        return None
    said = {"since": clock.day_of(award.acted_at), "until": rests_until(award)}
    return {**named(session, award.company_id), "number": award.number, **said}


def _hearing(session: Session, notice: Notice, person: Person | None) -> Known:
    """While the company can still state, and this one may."""
    proposal = session.get_one(AwardProposal, notice.values["proposal"])
    until = _heard_until(session, proposal)
    if until is None or not colleague(person, proposal.award.company_id, MAY_SIGN):
        return None
    about = {"proposal": proposal.id, "act": proposal.act.value, "reason": _public(proposal, notice.language)}
    return {**_named(session, proposal), **about, "until": until}


def _dropped(session: Session, notice: Notice, person: Person | None) -> Known:
    proposal = session.get_one(AwardProposal, notice.values["proposal"])
    if not colleague(person, proposal.award.company_id, MAY_SIGN):
        return None
    return {**_named(session, proposal), "act": proposal.act.value}


def _answered(session: Session, notice: Notice, person: Person | None) -> Known:
    """While somebody of the Ministry has to read it."""
    proposal = session.get_one(AwardProposal, notice.values["proposal"])
    if not holds(person, Role.APPROVER) or proposal.outcome not in {None, Outcome.CONFIRMED}:
        return None
    return {**_named(session, proposal), "act": proposal.act.value, "after": proposal.outcome is not None}


def _declined(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever proposed it, with the words of whoever did not confirm."""
    proposal = session.get_one(AwardProposal, notice.values["proposal"])
    entry = session.get_one(AuditEntry, notice.values["entry"])
    if not holds(person, Role.REVIEWER) and not holds(person, Role.APPROVER):
        return None
    by = names_of(session, {entry.actor_id or 0}).get(entry.actor_id or 0, "")
    said = {"act": proposal.act.value, "by": by, "reason": json.loads(entry.content)["reason"]}
    return {**_named(session, proposal), **said}


def _named(session: Session, proposal: AwardProposal) -> dict[str, Any]:
    return {**named(session, proposal.award.company_id), "number": proposal.award.number}


def _locked(_session: Session, notice: Notice, person: Person | None) -> Known:
    told = person is None or holds(person, Role.ADMINISTRATOR)
    return dict(notice.values) if told else None


FACTS = {
    "award_granted": _granted,
    "award_hearing": _hearing,
    "award_hearing_dropped": _dropped,
    "award_suspended": _decided,
    "award_reinstated": _decided,
    "award_revoked": _decided,
    "suspension_over": _over,
    "proposal_waiting": _proposed,
    "proposal_declined": _declined,
    "proposal_answered": _answered,
    "certificate_ready": _ready,
    "certificate_anew": _ready,
    "evidence_quarantined": _locked,
}
