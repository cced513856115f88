"""Which submitted assessments are scored twice: the edition's share, drawn one by one, and the first of some levels."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import blind
from compliance.actions.notifying import notify
from compliance.actions.scorecards import REVIEW_FACTS, reviewed_facts, snapshot_from, subject
from compliance.actions.spot_drawing import seed_of
from compliance.domain.drawing import is_within
from compliance.domain.roles import SYSTEM, Role
from compliance.domain.working_days import add_working_days
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.audit import record
from compliance.store.awards import awards_of
from compliance.store.holidays import public_holidays
from compliance.store.people import people_with_role
from compliance.store.second_scorings import Reason, SecondScoring, Settled, open_scoring, scorings_of
from questionnaires import edition
from scoring import evaluate


def consider(session: Session, assessment: Assessment, submission: Submission) -> SecondScoring | None:
    """Draws for an assessment that was just submitted; None under an edition that wants no second scoring.

    Nobody chooses the seed or the digest: the one is the newest head of the trail signed before the day, the other is
    of the submission, and stands on the company's receipt.
    """
    rule = edition(assessment.edition).lifecycle.second_scoring
    first = _is_first(session, assessment, submission)
    if not first and not rule.share_percent:
        return None
    made = _row(session, assessment, submission, Reason.FIRST_AT if first else Reason.DRAW)
    if not first and not is_within(made.seed, made.digest, rule.share_percent):
        blind.close(made, Settled.SPARED)
    return _opened(session, made)


def _is_first(session: Session, assessment: Assessment, submission: Submission) -> bool:
    """Whether its answers would reach one of the edition's levels if the Ministry found nothing against them, and its
    company never had an award at that level."""
    code, snapshot = edition(assessment.edition), snapshot_from(submission)
    facts = reviewed_facts(dict.fromkeys(REVIEW_FACTS, True), snapshot.facts)
    claimed = subject(code, facts, snapshot.replies, snapshot.files)
    level = evaluate(code.rubric, claimed, basis="claimed").levels["award"].reached
    if level not in code.lifecycle.second_scoring.first_at:
        return False
    return all(award.level != level for award in awards_of(session, assessment.company_id))


def again(session: Session, assessment: Assessment) -> None:
    """An appeal opened it anew: what was scored twice before is scored twice again, by others."""
    submission = latest_submission(session, assessment.id)
    if submission is not None and scorings_of(session, assessment.id):
        blind.begin_anew(session, assessment.id)
        _opened(session, _row(session, assessment, submission, Reason.REOPENED))


def drop(session: Session, assessment: Assessment) -> None:
    """The company withdrew: there is nothing to score."""
    found = open_scoring(session, assessment.id)
    if found is not None:
        blind.close(found, Settled.DROPPED)
        session.flush()


def _row(session: Session, assessment: Assessment, submission: Submission, because: Reason) -> SecondScoring:
    rule, today = edition(assessment.edition).lifecycle.second_scoring, clock.today()
    return SecondScoring(
        assessment_id=assessment.id,
        because=because,
        seed=seed_of(session, today),
        digest=submission.digest,
        share=rule.share_percent,
        drawn_on=today,
        due_on=add_working_days(today, rule.working_days, public_holidays(session)),
        scorers=[],
        choices={},
    )


def _opened(session: Session, made: SecondScoring) -> SecondScoring:
    session.add(made)
    session.flush()
    said = {"assessment": made.assessment_id, "seed": made.seed, "digest": made.digest, "because": made.because}
    record(session, clock.now(), SYSTEM, "system:second_scoring:drawn", "second_scoring", made.id, **said,
           wanted=made.closed_at is None)  # fmt: skip
    if made.closed_at is None:
        reviewers = people_with_role(session, Role.REVIEWER)
        notify(session, reviewers, "second_waiting", str(made.id), {"scoring": made.id})
    return made
