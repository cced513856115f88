"""One assessment as its officer has it on the desk: answers, files, questions asked, and what this person may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.scorecards import facts_of, replies_from, snapshot_of, subject
from compliance.domain.errors import NotFoundError
from compliance.domain.lifecycle import FINAL, State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor, CompanyRole
from compliance.store.answers import AnswerRow, answer_rows
from compliance.store.assessments import Assessment, assessment_of, latest_submission
from compliance.store.companies import Company
from compliance.store.evidence_files import EvidenceFile, evidence_for
from compliance.store.reviews import open_clarification
from questionnaires import Edition, Facts, Question, Reply, Section, catalogue
from questionnaires.asked_state import View, view
from questionnaires.asking import Progress, progress
from scoring import Scorecard, Subject, Work, run, scorecard_of

OPEN = frozenset({State.DRAFT, State.CLARIFYING})


@dataclass(frozen=True)
class Desk:
    """What the pages of one assessment show. `reopened` holds a clarification's questions and the reviewer's words."""

    assessment: Assessment
    edition: Edition
    facts: Facts
    rows: Mapping[str, AnswerRow]
    files: Mapping[str, list[EvidenceFile]]
    reopened: Mapping[str, str]
    role: CompanyRole

    @property
    def company(self) -> Company:
        return self.assessment.company

    @property
    def draft(self) -> bool:
        return self.assessment.state is State.DRAFT

    @property
    def ended(self) -> bool:
        return self.assessment.state in FINAL

    @property
    def may_edit(self) -> bool:
        return self.role in MAY_EDIT

    @property
    def may_sign(self) -> bool:
        return self.role in MAY_SIGN

    @cached_property
    def replies(self) -> Mapping[str, Reply]:
        return replies_from(self.edition, self.rows)

    @cached_property
    def view(self) -> View:
        """What is asked, and what conditions see."""
        return view(self.edition, self.facts, self.replies)

    @property
    def asked(self) -> tuple[Question, ...]:
        return self.view.questions

    @cached_property
    def progress(self) -> Mapping[str, Progress]:
        return {part.section: part for part in progress(self.view, unconfirmed=self.unconfirmed)}

    @property
    def unconfirmed(self) -> frozenset[str]:
        """The questions whose answer comes from an earlier assessment, and that nobody has confirmed yet."""
        return frozenset(name for name, row in self.rows.items() if row.carried_over)

    @property
    def to_confirm(self) -> int:
        """How many of them are asked."""
        return sum(part.to_confirm for part in self.progress.values())

    @property
    def counts(self) -> Mapping[str, int]:
        """Files given, by question."""
        return {question: len(files) for question, files in self.files.items()}

    @cached_property
    def subject(self) -> Subject:
        return subject(self.edition, self.facts, self.replies, self.counts)

    @cached_property
    def scored(self) -> Work:
        """What the company claims with its present answers, for whatever goes on from there."""
        return run(self.edition.rubric, self.subject, "claimed")

    @cached_property
    def score(self) -> Scorecard:
        return scorecard_of(self.scored)

    def may_answer(self, question_id: str) -> bool:
        return self.may_edit and (self.draft or question_id in self.reopened)

    def section(self, section_id: str) -> Section:
        """Raises NotFoundError."""
        try:
            return self.edition.section(section_id)
        except KeyError as error:
            raise NotFoundError from error

    def asked_in(self, section_id: str) -> tuple[Question, ...]:
        return tuple(question for question in self.asked if question.section == section_id)

    def answered(self, question_id: str) -> bool:
        reply = self.replies.get(question_id)
        return reply is not None and (reply.not_applicable or reply.value is not None)


def open_desk(session: Session, actor: Actor, assessment_id: int) -> Desk:
    """The desk of an assessment of the actor's own company. Raises NotFoundError for strangers."""
    assessment = assessment_of(session, actor, assessment_id)
    clarification = open_clarification(session, assessment.id) if assessment.state is State.CLARIFYING else None
    return Desk(
        assessment=assessment,
        edition=catalogue.edition(assessment.edition),
        facts=_facts(session, assessment),
        rows=answer_rows(session, assessment.id),
        files=evidence_for(session, assessment.id),
        reopened=clarification.questions if clarification else {},
        role=actor.companies[assessment.company_id],
    )


def _facts(session: Session, assessment: Assessment) -> Facts:
    """Today's while the answers are open, the frozen ones from then on."""
    if assessment.state in OPEN or latest_submission(session, assessment.id) is None:
        return facts_of(session, assessment, clock.today())
    return snapshot_of(session, assessment).facts
