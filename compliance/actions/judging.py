"""What a reviewer says of one finding, and when it says enough; written among the rulings of one side."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.scorecards import Snapshot
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Actor
from compliance.store.reviews import Judged, Verdict
from questionnaires.answers import dump

Row = TypeVar("Row", bound=Judged)
REASONS = ("not_in_force", "not_found", "out_of_scope", "too_old", "not_complete", "contradicts", "other")


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says of one finding. `adjusted` is the value the evidence does support."""

    verdict: Verdict
    adjusted: Any = None
    evidence_accepted: bool | None = None
    na_accepted: bool | None = None
    reason: str = ""
    note: str = ""


def put_ruling(
    session: Session,
    side: type[Row],
    earlier: Row | None,
    actor: Actor,
    assessment_id: int,
    snapshot: Snapshot,
    question_id: str,
    judgement: Judgement,
) -> Row:
    """Writes the verdict among the rulings of one side; the earlier one is withdrawn but kept."""
    if earlier is not None:
        earlier.withdrawn_at = clock.now()
        session.flush()
    ruling = side(
        assessment_id=assessment_id,
        submission_id=snapshot.submission_id,
        question=question_id,
        verdict=judgement.verdict,
        adjusted=judgement.adjusted,
        evidence_accepted=judgement.evidence_accepted,
        na_accepted=judgement.na_accepted,
        reason=judgement.reason,
        note=judgement.note.strip(),
        ruled_by=actor.user_id or 0,
        ruled_at=clock.now(),
    )
    session.add(ruling)
    session.flush()
    return ruling


def said_before(standing: Judged, actor: Actor, snapshot: Snapshot, judgement: Judgement) -> bool:
    """Whether this person said the same of the same submission."""
    said = Judgement(
        standing.verdict,
        standing.adjusted,
        standing.evidence_accepted,
        standing.na_accepted,
        standing.reason,
        standing.note,
    )
    same = said == replace(judgement, note=judgement.note.strip())
    return same and standing.ruled_by == actor.user_id and standing.submission_id == snapshot.submission_id


def check_judgement(snapshot: Snapshot, question_id: str, judgement: Judgement) -> None:
    """Raises InvalidError for a verdict that is incomplete, or of an answer that was not asked."""
    if question_id not in snapshot.asked:
        raise InvalidError("question", "not_asked")
    if judgement.verdict is Verdict.ADJUST and judgement.adjusted is None:
        raise InvalidError("adjusted", "required")
    if judgement.verdict is Verdict.ADJUST and _claims(snapshot, question_id, judgement.adjusted):
        raise InvalidError("adjusted", "as_claimed")
    supports = judgement.verdict is not Verdict.NOT_SUPPORTED
    if supports and snapshot.files.get(question_id) and judgement.evidence_accepted is None:
        raise InvalidError("evidence", "required")
    reply = snapshot.replies.get(question_id)
    if supports and reply is not None and reply.not_applicable and judgement.na_accepted is None:
        raise InvalidError("not_applicable", "required")
    if judgement.verdict is not Verdict.CONFIRM:
        if judgement.reason not in REASONS:
            raise InvalidError("reason", "required")
        if not judgement.note.strip():
            raise InvalidError("note", "required")


def _claims(snapshot: Snapshot, question_id: str, adjusted: Any) -> bool:
    reply = snapshot.replies.get(question_id)
    claimed = reply.value if reply is not None and not reply.not_applicable else None
    return claimed is not None and dump(claimed) == adjusted
