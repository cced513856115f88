"""What the ministry verified for one award, and how: in all, and part by part of the Code."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.reviews import Verdict, standing_rulings
from questionnaires import catalogue

VISIT = "verification_visit_or_call_passed"


@dataclass(frozen=True)
class Verified:
    """What the ministry found true for one award: how many answers, for how many of them with evidence, by a visit."""

    answers: int
    evidenced: int
    visited: bool


@dataclass(frozen=True)
class PartRead:
    """A part of the Code that a reviewer went through, and whether documents were accepted for it."""

    title: str
    documents: bool


def verified_for(session: Session, award_id: int) -> Verified | None:
    """None when nothing of it is on record."""
    award = session.get_one(Award, award_id)
    rulings = standing_rulings(session, award.assessment_id).values()
    confirmed = [ruling for ruling in rulings if ruling.verdict is Verdict.CONFIRM]
    found = Verified(
        answers=len(confirmed),
        evidenced=sum(bool(ruling.evidence_accepted) for ruling in rulings),
        visited=session.get_one(Assessment, award.assessment_id).review_facts.get(VISIT) is True,
    )
    return found if found.answers or found.evidenced or found.visited else None


def parts_read(session: Session, award_id: int, lang: str) -> list[PartRead]:
    """The parts of the Code that were ruled on, in their order, and whether evidence was accepted in each."""
    award = session.get_one(Award, award_id)
    edition, rulings = catalogue.edition(award.edition), standing_rulings(session, award.assessment_id)
    found = []
    for section in edition.sections:
        ruled = [rulings[question.id] for question in section.questions if question.id in rulings]
        if ruled:
            found.append(PartRead(section.title[lang], any(one.evidence_accepted for one in ruled)))
    return found
