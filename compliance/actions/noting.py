"""A reviewer writes down beside an answer what stays in the Ministry, and what the next round of questions will ask."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked, require_reviewer
from compliance.actions.scorecards import snapshot_of
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.review_notes import NoteKind, ReviewNote, internal_notes, to_ask

LONGEST_NOTE = 2_000


def note(session: Session, actor: Actor, assessment_id: int, question: str, text: str) -> ReviewNote | None:
    """Adds an internal note; None when there is nothing to add, or when it is the last one sent again."""
    assessment = _held(session, actor, assessment_id, question, text)
    written = internal_notes(session, assessment.id, question)
    if not text.strip() or (written and (written[-1].text, written[-1].written_by) == (text.strip(), actor.user_id)):
        return None
    return _write(session, actor, assessment, NoteKind.INTERNAL, question, text)


def put_aside(session: Session, actor: Actor, assessment_id: int, question: str, text: str) -> ReviewNote | None:
    """Keeps a question for the next round, in the place of the one kept before; without a text nothing is asked."""
    assessment = _held(session, actor, assessment_id, question, text)
    before = to_ask(session, assessment.id).get(question)
    if (before.text if before else "") == text.strip():
        return before
    if before is not None:
        before.withdrawn_at = clock.now()
        session.flush()
    return _write(session, actor, assessment, NoteKind.TO_ASK, question, text) if text.strip() else None


def _held(session: Session, actor: Actor, assessment_id: int, question: str, text: str) -> Assessment:
    assessment = locked(session, assessment_id)
    require_reviewer(session, actor, assessment)
    if assessment.state is not State.IN_REVIEW:
        raise WrongStateError("note", assessment.state)
    if question not in snapshot_of(session, assessment).asked:
        raise InvalidError("question", "not_asked")
    if len(text) > LONGEST_NOTE:
        raise InvalidError("text", "Use at most %(length)s characters.", length=LONGEST_NOTE)
    return assessment


def _write(
    session: Session, actor: Actor, assessment: Assessment, kind: NoteKind, question: str, text: str
) -> ReviewNote:
    """The trail tells that something was written, not what."""
    written = ReviewNote(
        assessment_id=assessment.id,
        question=question,
        kind=kind,
        text=text.strip(),
        written_by=actor.user_id or 0,
        written_at=clock.now(),
    )
    session.add(written)
    session.flush()
    record(
        session, clock.now(), actor, "reviewer:assessment:noted", "assessment", assessment.id,
        question=question, kind=kind,
    )  # fmt: skip
    return written
