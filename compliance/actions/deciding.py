"""An approver decides what a different person recommended, on exactly what they saw."""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from certificates.facts import Signatory
from compliance import clock
from compliance.actions import awarding
from compliance.actions.advance import advance, locked, require_approver
from compliance.actions.scorecards import seen_digest
from compliance.actions.ties import require_other_untied
from compliance.actions.under_review import under_review
from compliance.domain.errors import InvalidError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor
from compliance.settings import UNNAMED
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.companies import coverable
from compliance.store.decision_letters import DecisionLetter
from compliance.store.reviews import Deciding, Decision, Recommendation, standing_recommendation

LONGEST_LETTER = 8_000


@dataclass(frozen=True)
class Letter:
    """What the company is told of a decision, in both languages."""

    letter_km: str
    letter_en: str

    def checked(self) -> "Letter":
        """Raises InvalidError for a language that says nothing, or too much."""
        for field, text in asdict(self).items():
            if not text.strip():
                raise InvalidError(field, "Write the letter in both languages.")
            if len(text) > LONGEST_LETTER:
                raise InvalidError(field, "Use at most %(length)s characters.", length=LONGEST_LETTER)
        return Letter(self.letter_km.strip(), self.letter_en.strip())


def approve(
    session: Session,
    actor: Actor,
    assessment_id: int,
    *,
    seen: str,
    public_url: str,
    signatory: Signatory = UNNAMED,
    note: str = "",
    told: str = "",
    letter: Letter | None = None,
) -> Award:
    """Grants the recommended award. `seen` is the digest of what the page showed, `told` what it told of objections;
    the certificate leads to `public_url` and names `signatory`.

    Raises StaleError when answers, rulings, the recommendation or the objections changed since, InvalidError for an
    award against objections without a reason (`note`), that would cover a brand which the company names no more, or
    for kinds of services that it was not asked about.
    """
    assessment, recommendation = _about_to_decide(session, actor, assessment_id, Deciding.APPROVE, seen)
    if recommendation.level is None:
        raise InvalidError("act", "no_level")
    company = assessment.company
    if not set(recommendation.brands) <= set(coverable(company.brands, company.services)):
        raise InvalidError("act", "brands")
    read = under_review(session, assessment)
    if set(assessment.company.kinds) != read.snapshot.facts.kinds:
        raise InvalidError("act", "kinds")
    scorecard = read.verified
    if scorecard.sha256 != recommendation.scorecard_sha256:
        raise StaleError
    against = _objections(session, assessment, told)
    reason = _required(note) if against else note
    decision = _decide(session, actor, assessment, recommendation, Deciding.APPROVE, reason)
    _send(session, decision, letter)
    despite = reason.strip() if against else ""
    award = awarding.grant(session, actor, assessment, recommendation, public_url, signatory, despite)
    advance(session, actor, assessment, "approve", level=award.level, number=award.number)
    return award


def _objections(session: Session, assessment: Assessment, told: str) -> tuple[awarding.Objection, ...]:
    """What stands against the award now, when it is what the approver was told."""
    found = awarding.objections(session, assessment.company_id)
    if told != awarding.told(found):
        raise StaleError
    return found


def refuse(
    session: Session, actor: Actor, assessment_id: int, *, seen: str, reason: str, letter: Letter | None = None
) -> None:
    """Refuses with a reason that the company reads; it may appeal."""
    assessment, recommendation = _about_to_decide(session, actor, assessment_id, Deciding.REFUSE, seen)
    decision = _decide(session, actor, assessment, recommendation, Deciding.REFUSE, _required(reason))
    _send(session, decision, letter)
    advance(session, actor, assessment, "refuse", reason=reason.strip())


def send_back(session: Session, actor: Actor, assessment_id: int, *, seen: str, reason: str) -> None:
    """Returns the assessment to its reviewer with a reason; the recommendation is withdrawn but kept."""
    assessment, recommendation = _about_to_decide(session, actor, assessment_id, Deciding.RETURN, seen)
    _decide(session, actor, assessment, recommendation, Deciding.RETURN, _required(reason))
    recommendation.withdrawn_at = clock.now()
    advance(session, actor, assessment, "return", reason=reason.strip())


def _required(reason: str) -> str:
    if not reason.strip():
        raise InvalidError("reason", "required")
    return reason


def _about_to_decide(
    session: Session, actor: Actor, assessment_id: int, act: Deciding, seen: str
) -> tuple[Assessment, Recommendation]:
    assessment = locked(session, assessment_id)
    require_approver(session, actor, assessment)
    awarding.hold_company(session, assessment.company_id)
    recommendation = standing_recommendation(session, assessment.id)
    if assessment.state is not State.RECOMMENDED or recommendation is None:
        raise WrongStateError("decide", assessment.state)
    if act is not Deciding.RETURN:
        require_other_untied(session, recommendation.recommended_by, assessment.company_id)
    if seen != seen_digest(session, assessment):
        raise StaleError
    return assessment, recommendation


def _decide(
    session: Session, actor: Actor, assessment: Assessment, recommendation: Recommendation, act: Deciding, reason: str
) -> Decision:
    decision = Decision(
        assessment_id=assessment.id,
        recommendation_id=recommendation.id,
        act=act,
        reason=reason.strip(),
        recommended_by=recommendation.recommended_by,
        decided_by=actor.user_id or 0,
        decided_at=clock.now(),
    )
    session.add(decision)
    session.flush()
    return decision


def _send(session: Session, decision: Decision, letter: Letter | None) -> None:
    """The letter is frozen with the decision; the worker makes its PDF, and the decision's mail brings its words."""
    if letter is not None:
        told = letter.checked()
        session.add(DecisionLetter(decision_id=decision.id, text_km=told.letter_km, text_en=told.letter_en))
        session.flush()
