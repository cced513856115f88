"""Command: recheck. Derives every stored scorecard anew, from what was frozen beside it, and compares the bytes."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.actions.scorecards import REVIEW_FACTS, facts_from, frozen_reply, subject
from compliance.cli.app_context import application
from compliance.settings import Settings
from compliance.store.assessments import Submission
from compliance.store.audit import AuditEntry
from compliance.store.base import db
from compliance.store.edition_shelf import entries, tampered
from compliance.store.reviews import Recommendation, Ruling
from questionnaires import catalogue
from scoring import Scorecard, evaluate


def register(commands: Any) -> None:
    """Adds this file's command."""
    recheck = commands.add_parser("recheck", help="derive every stored scorecard anew; exit code 1 when one differs")
    recheck.set_defaults(run=lambda _chosen: run(Settings.from_env()))


def run(settings: Settings) -> int:
    """Says which scorecards differ."""
    with application(settings):
        broken = [one.name for one in entries(db.session()) if tampered(db.session(), one)]
        if broken:  # nothing is derived by what nobody published
            print("\n".join(f"DIFFERENT: edition {name} is not as it was published" for name in broken))
            return 1
        checked = list(derived_anew(db.session()))
    for name, same in checked:
        if not same:
            print(f"DIFFERENT: {name}")
    wrong = sum(not same for _name, same in checked)
    print(f"{len(checked)} scorecards derived anew: {f'{wrong} DIFFER' if wrong else 'all are the same'}")
    return 1 if wrong else 0


def derived_anew(session: Session) -> Iterator[tuple[str, bool]]:
    """Every stored scorecard by name, and whether it is the same to the byte."""
    yield from _claimed(session)
    yield from _verified(session)


def _claimed(session: Session) -> Iterator[tuple[str, bool]]:
    for submission in session.scalars(sa.select(Submission).order_by(Submission.id).execution_options(yield_per=100)):
        name = f"submission {submission.id} of assessment {submission.assessment_id}"
        yield name, _same(derive(submission, "claimed"), submission.scorecard, submission.scorecard_sha256)


def _verified(session: Session) -> Iterator[tuple[str, bool]]:
    for made in session.scalars(sa.select(Recommendation).order_by(Recommendation.id)).all():
        submission = session.get_one(Submission, made.submission_id)
        scorecard = derive(submission, "verified", _noted(session, made), _standing(session, made))
        name = f"recommendation {made.id} of assessment {made.assessment_id}"
        yield name, _same(scorecard, made.scorecard, made.scorecard_sha256)


def derive(
    submission: Submission,
    basis: Literal["claimed", "verified"],
    noted: dict[str, Any] | None = None,
    rulings: dict[str, Ruling] | None = None,
) -> Scorecard:
    """The scorecard of a frozen submission; `noted` are facts that only the ministry can say."""
    content = json.loads(submission.content)
    edition = catalogue.edition(content["edition"])
    replies = {
        question: reply
        for question in content["answers"]
        if (reply := frozen_reply(submission, edition.question(question))) is not None
    }
    facts = facts_from({**content["facts"], **(noted or {})})
    files = {question: len(found) for question, found in content["evidence"].items()}
    return evaluate(edition.rubric, subject(edition, facts, replies, files, rulings), basis=basis)


def _same(scorecard: Scorecard, stored: str, sha256: str) -> bool:
    """In the format in which it was stored."""
    again = scorecard.canonical_json(json.loads(stored)["format"])
    return again.decode() == stored and hashlib.sha256(again).hexdigest() == sha256


def _standing(session: Session, made: Recommendation) -> dict[str, Ruling]:
    """The rulings as they stood when the recommendation was made."""
    query = sa.select(Ruling).where(
        Ruling.assessment_id == made.assessment_id,
        Ruling.ruled_at <= made.recommended_at,
        sa.or_(Ruling.withdrawn_at.is_(None), Ruling.withdrawn_at > made.recommended_at),
    )
    return {ruling.question: ruling for ruling in session.scalars(query.order_by(Ruling.id))}


def _noted(session: Session, made: Recommendation) -> dict[str, Any]:
    """What reviewers had noted by then, from the audit trail."""
    query = sa.select(AuditEntry.content).where(
        AuditEntry.tag == "reviewer:assessment:facts_noted",
        AuditEntry.subject == "assessment",
        AuditEntry.subject_id == made.assessment_id,
        AuditEntry.at <= made.recommended_at,
    )
    noted: dict[str, Any] = {}
    for content in session.scalars(query.order_by(AuditEntry.seq)):
        noted |= {name: value for name, value in json.loads(content).items() if name in REVIEW_FACTS}
    return noted
