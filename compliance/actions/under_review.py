"""One submitted assessment as the ministry reads it: what was frozen, the rulings that stand, and what they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from compliance.actions.scorecards import Snapshot, read_scorecard, reviewed_facts, snapshot_from, subject
from compliance.domain.errors import NotFoundError
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.reviews import Ruling, Verdict, standing_rulings
from questionnaires import Edition, catalogue
from questionnaires.asking import asked
from scoring import Scorecard, evaluate


@dataclass(frozen=True)
class UnderReview:
    """Read once for a page or an act, which asks it several things. `rulings` are the standing ones by question."""

    assessment: Assessment
    edition: Edition
    submission: Submission
    snapshot: Snapshot
    rulings: Mapping[str, Ruling]

    @property
    def claimed(self) -> Scorecard:
        """The company's estimate as it was frozen."""
        return read_scorecard(self.submission.scorecard, self.assessment.edition)

    @cached_property
    def verified(self) -> Scorecard:
        """The score after the rulings that stand, as it is shown, recommended and decided on."""
        return self.verified_with(self.rulings)

    def verified_with(self, rulings: Mapping[str, Ruling]) -> Scorecard:
        """The score if other rulings stood."""
        facts = reviewed_facts(self.assessment, self.snapshot.facts)
        given = subject(self.edition, facts, self.snapshot.replies, self.snapshot.files, rulings)
        return evaluate(self.edition.rubric, given, basis="verified")

    @cached_property
    def to_rule(self) -> tuple[str, ...]:
        """The questions a reviewer has to rule, in order; a confirmed answer may leave later ones unasked."""
        confirmed = {question for question, ruling in self.rulings.items() if ruling.verdict is Verdict.CONFIRM}
        questions = asked(self.edition, self.snapshot.facts, self.snapshot.replies, confirmed=confirmed)
        return tuple(question.id for question in questions)

    @property
    def unruled(self) -> tuple[str, ...]:
        """Those that no standing ruling covers yet."""
        return tuple(question for question in self.to_rule if question not in self.rulings)


def under_review(session: Session, assessment: Assessment) -> UnderReview:
    """Raises NotFoundError when nothing was submitted."""
    submission = latest_submission(session, assessment.id)
    if submission is None:
        raise NotFoundError
    return UnderReview(
        assessment=assessment,
        edition=catalogue.edition(assessment.edition),
        submission=submission,
        snapshot=snapshot_from(submission),
        rulings=standing_rulings(session, assessment.id),
    )
