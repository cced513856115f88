"""From what is stored to what is scored: facts, replies, evidence and rulings of an assessment; its two scorecards."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import NotFoundError
from compliance.domain.renewal import add_months
from compliance.domain.standing import AwardAct
from compliance.store.answers import AnswerRow, answer_rows
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.audit import canonical
from compliance.store.awards import Award, AwardDecision
from compliance.store.companies import public_details
from compliance.store.evidence_files import EvidenceFile
from compliance.store.plans import has_plan
from compliance.store.reviews import Judged, Verdict, standing_recommendation, standing_rulings
from questionnaires import Edition, Facts, Question, catalogue, scorable
from questionnaires.answers import Reply, load
from questionnaires.asking import asked
from scoring import Files, Scorecard, Subject, evaluate
from scoring import Ruling as ScoredRuling

READ_SUBMISSIONS = 32
"""How many frozen documents a process holds as read: what is frozen never changes."""
REVIEW_FACTS = ("no_false_statement", "no_open_major_finding", "verification_visit_or_call_passed")


@dataclass(frozen=True)
class Snapshot:
    """A frozen submission, read back."""

    submission_id: int
    round: int
    digest: str
    content: Mapping[str, Any]
    facts: Facts
    replies: Mapping[str, Reply]
    files: Mapping[str, int]
    asked: tuple[str, ...]


def facts_of(session: Session, assessment: Assessment, on: date) -> Facts:
    """What is known about the company on a day, as the edition's conditions read it."""
    company = assessment.company
    return Facts(
        kinds=frozenset(company.kinds),
        submission_date=on,
        workers=company.workers,
        places=company.places,
        website=bool(company.website),
        improvement_plan_given=has_plan(session, assessment.id),
        no_suspension_in_last_12_months=not _suspended_since(session, company.id, add_months(on, -12)),
    )


def _suspended_since(session: Session, company_id: int, day: date) -> bool:
    query = sa.select(AwardDecision.decided_at).join(Award, Award.id == AwardDecision.award_id)
    dates = session.scalars(query.where(Award.company_id == company_id, AwardDecision.act == AwardAct.SUSPENDED))
    return any(clock.day_of(moment) >= day for moment in dates)


def replies_of(session: Session, assessment: Assessment) -> dict[str, Reply]:
    """The answers of a draft, typed by its edition."""
    return replies_from(catalogue.edition(assessment.edition), answer_rows(session, assessment.id))


def replies_from(edition: Edition, rows: Mapping[str, AnswerRow]) -> dict[str, Reply]:
    """Stored answers, typed."""
    return {
        question: _reply(edition, question, row.value, row.not_applicable, row.na_reason, row.comment)
        for question, row in rows.items()
    }


def _reply(edition: Edition, question: str, value: Any, not_applicable: bool, na_reason: str, comment: str) -> Reply:
    typed = None if value is None else load(edition.question(question), value)
    return Reply(typed, not_applicable, na_reason, comment)


def snapshot_of(session: Session, assessment: Assessment) -> Snapshot:
    """The newest frozen submission. Raises NotFoundError when nothing was submitted."""
    submission = latest_submission(session, assessment.id)
    if submission is None:
        raise NotFoundError
    return snapshot_from(submission)


def snapshot_from(submission: Submission) -> Snapshot:
    """A frozen submission, read back."""
    return Snapshot(submission.id, submission.round, submission.digest, *_read_content(submission.content))


@lru_cache(maxsize=READ_SUBMISSIONS)
def _read_content(
    frozen: str,
) -> tuple[Mapping[str, Any], Facts, Mapping[str, Reply], Mapping[str, int], tuple[str, ...]]:
    """The members of a snapshot that its content says: one page reads them several times."""
    content = json.loads(frozen)
    edition = catalogue.edition(content["edition"])
    facts, replies = facts_from(content["facts"]), frozen_replies(content)
    order = tuple(question.id for question in asked(edition, facts, replies))
    return content, facts, MappingProxyType(replies), MappingProxyType(frozen_files(content)), order


def frozen_replies(content: Mapping[str, Any]) -> dict[str, Reply]:
    """The answers of a frozen submission, typed by its edition."""
    edition = catalogue.edition(content["edition"])
    return {
        question: _reply(
            edition, question, given["value"], given["not_applicable"], given["na_reason"], given["comment"]
        )
        for question, given in content["answers"].items()
    }


def frozen_files(content: Mapping[str, Any]) -> dict[str, int]:
    """How many files each answer of a frozen submission had."""
    return {question: len(files) for question, files in content["evidence"].items()}


def frozen_reply(submission: Submission, question: Question) -> Reply | None:
    """One answer of a frozen submission; None when it was not asked then."""
    return frozen_replies(json.loads(submission.content)).get(question.id)


def facts_json(facts: Facts) -> dict[str, Any]:
    """Facts as they are frozen."""
    return {
        **asdict(facts),
        "kinds": sorted(facts.kinds),
        "submission_date": facts.submission_date.isoformat(),
    }


def facts_from(frozen: Mapping[str, Any]) -> Facts:
    """Frozen facts, read back."""
    return Facts(
        **{
            **frozen,
            "kinds": frozenset(frozen["kinds"]),
            "submission_date": date.fromisoformat(frozen["submission_date"]),
        }
    )


def subject(
    edition: Edition,
    facts: Facts,
    replies: Mapping[str, Reply],
    files: Mapping[str, int],
    rulings: Mapping[str, Judged] | None = None,
) -> Subject:
    """What `scoring.evaluate` is given. Evidence counts as accepted where a ruling says so."""
    ruled = rulings or {}
    counted = {
        question: Files(given=count, accepted=count if _accepted(ruled.get(question)) else 0)
        for question, count in files.items()
        if count
    }
    said = {question: _scored(edition, ruling) for question, ruling in ruled.items()}
    return scorable.subject(edition, facts, replies, files=counted, rulings=said)


def _accepted(ruling: Judged | None) -> bool:
    return ruling is not None and ruling.evidence_accepted is True


def _scored(edition: Edition, ruling: Judged) -> ScoredRuling:
    adjusted = None
    if ruling.verdict is Verdict.ADJUST:
        adjusted = load(edition.question(ruling.question), ruling.adjusted)
    return ScoredRuling(
        verdict=ruling.verdict.value,
        value=adjusted,
        evidence=None if ruling.evidence_accepted is None else "accepted" if ruling.evidence_accepted else "refused",
        not_applicable=None if ruling.na_accepted is None else "accepted" if ruling.na_accepted else "refused",
        essential=_decided(ruling),
        reason=ruling.excuse or ruling.reason,
    )


def _decided(ruling: Judged) -> Literal["pass", "fail"] | None:
    """What a person decided on an essential point that is left to discretion."""
    return "pass" if ruling.essential == "pass" else "fail" if ruling.essential == "fail" else None


def claimed_scorecard(
    session: Session, assessment: Assessment, evidence: Mapping[str, Sequence[EvidenceFile]], on: date
) -> Scorecard:
    """The company's estimate from its present answers."""
    edition = catalogue.edition(assessment.edition)
    files = {question: len(found) for question, found in evidence.items()}
    given = subject(edition, facts_of(session, assessment, on), replies_of(session, assessment), files)
    return evaluate(edition.rubric, given, basis="claimed")


@lru_cache(maxsize=READ_SUBMISSIONS)
def read_scorecard(frozen: str, edition_id: str) -> Scorecard:
    """A scorecard as it was stored."""
    return Scorecard.from_json(frozen, catalogue.edition(edition_id).rubric)


def reviewed_facts(noted: Mapping[str, Any], frozen: Facts) -> Facts:
    """The frozen facts with what only the ministry can say."""
    return replace(frozen, **{name: noted[name] for name in REVIEW_FACTS if name in noted})


def seen_digest(session: Session, assessment: Assessment) -> str:
    """What a page showed, in 64 characters: a decision on anything else is refused."""
    snapshot = snapshot_of(session, assessment)
    recommendation = standing_recommendation(session, assessment.id)
    rulings = standing_rulings(session, assessment.id)
    shown = [
        assessment.id,
        assessment.version,
        snapshot.digest,
        sorted((question, ruling.id) for question, ruling in rulings.items()),
        assessment.review_facts,
        recommendation.id if recommendation else None,
        public_details(assessment.company),
    ]
    return hashlib.sha256(canonical(shown).encode()).hexdigest()
