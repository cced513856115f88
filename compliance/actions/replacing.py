"""A piece of evidence changes: newer takes its place, its days are put right, it supports more answers or fewer."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked
from compliance.actions.answering import asked_question, may_answer
from compliance.actions.evidence_pages import SeenPage, new_page
from compliance.actions.uploading import (
    Dates,
    StoredFile,
    link,
    new_file,
    own_file,
    put_on,
    refuse_kind,
    take_off,
    unlink,
    upload,
)
from compliance.domain.errors import NotFoundError, WrongStateError
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.evidence_files import EvidenceFile, EvidenceLink, uses_of
from questionnaires import Question


def replace(
    session: Session, actor: Actor, assessment_id: int, file_id: int, new: StoredFile | SeenPage, dates: Dates
) -> EvidenceFile:
    """Newer evidence takes the place of a piece on every answer that may be changed now; the old one stays as history.

    Raises InvalidError on the new one's fields, WrongStateError when none of the answers may be changed.
    """
    assessment, old, uses = _open_piece(session, actor, assessment_id, file_id)
    if isinstance(new, SeenPage):
        piece = new_page(session, actor, old.company_id, new.checked())
    else:
        piece = new_file(session, actor, old.company_id, new, dates)
    piece.replaces_id = old.id
    for use in uses:
        refuse_kind(asked_question(assessment, use.question), piece.kind, "link_address" if piece.address else "file")
        take_off(session, actor, use)
        put_on(session, actor, assessment, use.question, piece)
    record(
        session, clock.now(), actor, "officer:evidence:replaced", "evidence", piece.id, sha256=piece.sha256,
        earlier=old.sha256, assessment=assessment.id, questions=[use.question for use in uses],
    )  # fmt: skip
    return piece


def set_dates(session: Session, actor: Actor, assessment_id: int, file_id: int, dates: Dates) -> None:
    """Says which days a document bears; what was submitted keeps those it had. Raises InvalidError beside a day."""
    _assessment, piece, _uses = _open_piece(session, actor, assessment_id, file_id)
    dates = dates.checked()
    if (piece.dated, piece.valid_until) == (dates.dated, dates.valid_until):
        return
    piece.dated, piece.valid_until = dates.dated, dates.valid_until
    session.flush()
    told = {name: day.isoformat() if day else None for name, day in vars(dates).items()}
    record(session, clock.now(), actor, "officer:evidence:dated", "evidence", piece.id, **told)


def support(
    session: Session, actor: Actor, assessment_id: int, file_id: int, shown: Iterable[str], chosen: Iterable[str]
) -> None:
    """Lets a piece support the chosen answers and no others of those that the page had ticked (`shown`).

    What a colleague changed meanwhile stays. Raises InvalidError when an answer takes no more or no such evidence.
    """
    before, after = set(shown), set(chosen)
    for question in sorted(after - before):
        link(session, actor, assessment_id, question, file_id)
    for question in sorted(before - after):
        unlink(session, actor, assessment_id, question, file_id)


def share(
    session: Session,
    actor: Actor,
    assessment_id: int,
    first: Question,
    questions: Sequence[Question],
    stored: StoredFile,
) -> list[Question]:
    """Makes a stored file, looked into for `first`, evidence of every one of these answers that takes its kind.

    The questions that it supports now. Raises InvalidError when an answer takes no more.
    """
    piece = upload(session, actor, assessment_id, first.id, stored)
    supported = [question for question in questions if piece.kind in question.evidence.accepts]
    for question in supported:
        link(session, actor, assessment_id, question.id, piece.id)
    return supported


def _open_piece(
    session: Session, actor: Actor, assessment_id: int, file_id: int
) -> tuple[Assessment, EvidenceFile, list[EvidenceLink]]:
    """A piece of the company's own, and its uses on answers that may be changed now; one at least."""
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT)
    piece, uses = own_file(session, actor, file_id), uses_of(session, assessment.id, file_id)
    if piece.company_id != assessment.company_id or not uses:
        raise NotFoundError
    if not (open_uses := [use for use in uses if may_answer(session, assessment, use.question)]):
        raise WrongStateError("replace", assessment.state)
    return assessment, piece, open_uses
