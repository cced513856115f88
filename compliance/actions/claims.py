"""What a company claims with its present answers, in the form that scoring reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from compliance.actions.scorecards import facts_of, replies_of, subject
from compliance.store.assessments import Assessment
from compliance.store.evidence_files import evidence_for
from questionnaires import Edition, Facts, Question, Reply, catalogue
from questionnaires.asking import asked
from scoring import Scorecard, Subject, Work, run, scorecard_of


@dataclass(frozen=True)
class Claim:
    """An assessment's edition, facts, answers and files, as they are stored on a day."""

    edition: Edition
    facts: Facts
    replies: Mapping[str, Reply]
    subject: Subject

    @property
    def asked(self) -> tuple[Question, ...]:
        return asked(self.edition, self.facts, self.replies)

    def same_answers(self, other: "Claim") -> bool:
        """Whether nothing differs but that a plan was made: that changes no answer."""
        facts = {replace(one.facts, improvement_plan_given=False) for one in (self, other)}
        return len(facts) == 1 and self.replies == other.replies and self.subject.evidence == other.subject.evidence

    @cached_property
    def scored(self) -> Work:
        """Raises ScoringError while an answer cannot be scored."""
        return run(self.edition.rubric, self.subject, "claimed")

    @property
    def card(self) -> Scorecard:
        return scorecard_of(self.scored)


def claim_of(session: Session, assessment: Assessment, on: date) -> Claim:
    """The company's claim on a day."""
    edition = catalogue.edition(assessment.edition)
    facts, replies = facts_of(session, assessment, on), replies_of(session, assessment)
    files = {question: len(found) for question, found in evidence_for(session, assessment.id).items()}
    return Claim(edition, facts, replies, subject(edition, facts, replies, files))
