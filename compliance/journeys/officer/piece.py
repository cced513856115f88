"""The page of one piece of evidence: its days, the answers it supports, and newer evidence in its place."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from compliance import clock
from compliance.actions import replacing
from compliance.actions.pieces import Piece, pieces
from compliance.actions.uploading import NO_DATES
from compliance.actions.virus_scan import ScannerAwayError
from compliance.bounded.runner import BusyError
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.gate import current_actor
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import current_language, km_digits
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.evidence_form import EvidenceFields, accepted_endings
from compliance.journeys.officer.giving import (
    accepted_words,
    checked_dates,
    looked_into,
    refuse_file,
    refuse_page,
    sent_files,
)
from compliance.journeys.officer.question import largest_evidence
from compliance.journeys.officer.refusals import file_refusal
from compliance.store.base import db, transaction
from compliance.store.evidence_files import EvidenceFile, used_in
from questionnaires import Question

PIECE = f"{ASSESSMENT}/evidence/<id:file_id>"


class PieceForm(EvidenceFields):
    """`shown` are the answers that the page had ticked."""

    answers = SelectMultipleField(_l("Answers that it supports"), validate_choice=False)
    shown = HiddenField()


@dataclass(frozen=True)
class Opened:
    """A piece on the desk of an assessment. `open_uses` are its answers that may be changed now."""

    desk: Desk
    file: EvidenceFile
    uses: tuple[Question, ...]

    @property
    def open_uses(self) -> tuple[Question, ...]:
        return tuple(question for question in self.uses if self.desk.may_answer(question.id))

    @property
    def can_support(self) -> tuple[Question, ...]:
        """Answers that it may be put on or taken off here; a question answered by files has its own page for that."""
        return tuple(
            question
            for question in self.desk.asked
            if self.desk.may_answer(question.id)
            and question.kind != "file"
            and self.file.kind in question.evidence.accepts
        )

    @property
    def may_end(self) -> bool:
        """Whether an answer asks until when it holds."""
        return any(question.evidence.proves == "in_force" for question in self.uses)

    @property
    def ticked(self) -> list[str]:
        names = {question.id for question in self.uses}
        return [question.id for question in self.can_support if question.id in names]


@officer.route(PIECE, methods=["GET", "POST"])
@takes_files("file", most_bytes=largest_evidence, signed_in=True)
def piece(assessment_id: int, file_id: int) -> str | tuple[str, int] | Response:
    """Each of its forms says which act it is."""
    found = _opened(db.session(), assessment_id, file_id)
    form = _form(found)
    if form.is_submitted():
        _require_open(found)
    act = ACTS.get(request.form.get("act", "")) if form.is_submitted() else None
    if act is None or not form.validate():
        return _page(found, form), 422 if form.is_submitted() else 200
    shown = act(found, form)
    if shown is None:
        return _page(_opened(db.session(), assessment_id, file_id), form), 422
    flash(_("Saved."), "success")
    return redirect(url_for("officer.piece", assessment_id=assessment_id, file_id=shown))


def _opened(session: Session, assessment_id: int, file_id: int) -> Opened:
    """Raises NotFoundError for a piece that never supported an answer here, and for one that is locked away."""
    desk = open_desk(session, current_actor(), assessment_id)
    file = session.get(EvidenceFile, file_id)
    known = used_in(session, assessment_id, file_id)
    if file is None or not known or file.quarantined_at is not None:
        raise NotFoundError
    uses = {name for name, files in desk.files.items() if any(one.id == file_id for one in files)}
    return Opened(desk, file, tuple(question for question in desk.edition.questions if question.id in uses))


def _require_open(found: Opened) -> None:
    """Raises ForbiddenError for who may not, WrongStateError when none of its answers may be changed now."""
    current_actor().require_company(found.desk.assessment.company_id, MAY_EDIT)
    if not found.open_uses:
        raise WrongStateError("replace", found.desk.assessment.state)


def _form(found: Opened) -> PieceForm:
    file = found.file
    form = PieceForm(
        data={
            "dated": file.dated,
            "valid_until": file.valid_until,
            "answers": found.ticked,
            "shown": " ".join(found.ticked),
            "link_title": file.name if file.address else "",
            "link_address": file.address,
            "link_seen": clock.today(),
        }
    )
    lang = current_language()
    form.answers.choices = [SelectChoice(question.id, question.title[lang]) for question in found.can_support]
    form.file.label.text = _("Newer file")
    return form


def _page(found: Opened, form: PieceForm) -> str:
    questions = found.uses or found.desk.edition.questions[:1]
    asked = found.open_uses[0] if found.open_uses else questions[0]
    most = found.desk.edition.evidence.max_file_mb
    shown: Piece = pieces(db.session(), found.desk.edition, asked, [found.file], clock.today())[0]
    return render_template(
        "officer/piece.html",
        found=found,
        desk=found.desk,
        one=shown,
        form=form if found.open_uses else None,
        asked=asked,
        accepts=accepted_words(asked, km_digits(most)),
        endings=accepted_endings(asked.evidence),
        most_bytes=most * 1_000_000,
        too_large=file_refusal(InvalidError("file", "file_too_large", most=most)),
    )


def _set_dates(found: Opened, form: PieceForm) -> int | None:
    if (dates := checked_dates(form)) is None:
        return None
    if form.valid_until.name not in request.form:
        dates = replace(dates, valid_until=found.file.valid_until)
    with transaction() as session:
        replacing.set_dates(session, current_actor(), found.desk.assessment.id, found.file.id, dates)
    return found.file.id


def _support(found: Opened, form: PieceForm) -> int | None:
    offered = {question.id for question in found.can_support}
    shown = offered.intersection((form.shown.data or "").split())
    chosen = offered.intersection(form.answers.data or ())
    if not chosen and shown == {question.id for question in found.uses}:
        form.answers.errors = [_("Keep one answer at least, or remove it on the page of its question.")]
        return None
    try:
        with transaction() as session:
            replacing.support(session, current_actor(), found.desk.assessment.id, found.file.id, shown, chosen)
    except InvalidError as error:
        form.answers.errors = [file_refusal(error)]
        return None
    return found.file.id


def _replace(found: Opened, form: PieceForm) -> int | None:
    """By a file when one came, else by what the fields of a link say."""
    if not (sent := sent_files("file")):
        return _replace_by_page(found, form)
    number, question = found.desk.assessment.id, found.open_uses[0]
    file_id = found.file.id
    try:
        stored = looked_into(number, question, sent[0])
        with transaction() as session:
            return replacing.replace(session, current_actor(), number, file_id, stored, NO_DATES).id
    except (InvalidError, BusyError, ScannerAwayError) as error:
        refuse_file(form, error, str(sent[0].filename))
        return None


def _replace_by_page(found: Opened, form: PieceForm) -> int | None:
    page = form.page
    if page is None or (page.title, page.address, page.seen_on) == _as_it_is(found.file):
        form.file.errors = [_("Choose a file, or say which page takes its place.")]
        return None
    try:
        with transaction() as session:
            number = found.desk.assessment.id
            return replacing.replace(session, current_actor(), number, found.file.id, page, NO_DATES).id
    except InvalidError as error:
        refuse_page(form, error)
        return None


def _as_it_is(file: EvidenceFile) -> tuple[str, str, object]:
    return file.name, file.address, file.seen_on


ACTS: dict[str, Callable[[Opened, PieceForm], int | None]] = {
    "dates": _set_dates,
    "answers": _support,
    "replace": _replace,
}
