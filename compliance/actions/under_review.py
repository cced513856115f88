"""One submitted assessment as the ministry reads it: what was frozen, the rulings that stand, and what they give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions.scorecards import Snapshot, read_scorecard, reviewed_facts, snapshot_from, subject
from compliance.domain.errors import NotFoundError
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.reviews import Judged, Ruling, Verdict, standing_rulings
from questionnaires import Edition, Question, Reply, catalogue
from questionnaires.answers import Value
from questionnaires.asking import asked
from scoring import Scorecard, evaluate


@dataclass(frozen=True)
class UnderReview:
    """Read once for a page or an act, which asks it several things. `rulings` are the standing ones by question,
    `noted` is what only the Ministry can say."""

    assessment: Assessment
    edition: Edition
    submission: Submission
    snapshot: Snapshot
    rulings: Mapping[str, Judged]
    noted: Mapping[str, Any]

    @property
    def claimed(self) -> Scorecard:
        """The company's estimate as it was frozen."""
        return read_scorecard(self.submission.scorecard, self.assessment.edition)

    @cached_property
    def verified(self) -> Scorecard:
        """The score after the rulings that stand, as it is shown, recommended and decided on."""
        all_ruled = all(question in self.rulings for question in self.snapshot.asked)
        return self.so_far if all_ruled else self.verified_with(self.rulings)

    @cached_property
    def so_far(self) -> Scorecard:
        """The score while every answer without a ruling counts as claimed."""
        return self.so_far_with({})

    def so_far_with(self, more: Mapping[str, Judged]) -> Scorecard:
        """As `so_far`, if these rulings stood besides, or instead."""
        ruled = {**self.rulings, **more}
        waiting = [question for question in self.snapshot.asked if question not in ruled]
        return self._verified({**ruled, **{one: as_claimed(one) for one in waiting}}, self._counted(waiting))

    def verified_with(self, rulings: Mapping[str, Judged]) -> Scorecard:
        """The score if other rulings stood."""
        return self._verified(rulings, self.snapshot.replies)

    def _verified(self, rulings: Mapping[str, Judged], replies: Mapping[str, Reply]) -> Scorecard:
        facts = reviewed_facts(self.noted, self.snapshot.facts)
        given = subject(self.edition, facts, replies, self.snapshot.files, rulings)
        return evaluate(self.edition.rubric, given, basis="verified")

    def _counted(self, waiting: Iterable[str]) -> dict[str, Reply]:
        """What is claimed, where an option counts as another one until a reviewer has confirmed it: as that one."""
        found = dict(self.snapshot.replies)
        for question in waiting:
            if (reply := found.get(question)) is not None:
                found[question] = replace(reply, value=_meant(self.edition.question(question), reply.value))
        return found

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


def as_claimed(question: str) -> Ruling:
    """What leaves a claim as it is: the answer, its evidence, and that it does not apply."""
    return Ruling(question=question, verdict=Verdict.CONFIRM, evidence_accepted=True, na_accepted=True)


def _meant(question: Question, value: Value | None) -> Value | None:
    counts = {option.value: option.counts_as_until_confirmed or option.value for option in question.options}
    if isinstance(value, tuple):
        meant = {counts[one] for one in value}
        return tuple(option.value for option in question.options if option.value in meant)
    return counts[value] if isinstance(value, str) and value in counts else value


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
        noted=assessment.review_facts,
    )
