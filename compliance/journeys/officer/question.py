"""One question a page: why it is asked, the answer, its evidence, its history; every save keeps what was typed."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions.answering import EditConflictError, question_of, save
from compliance.actions.uploading import link, unlink, upload
from compliance.domain.errors import InvalidError
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.officer.answer_form import AnswerForm, answer_form
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.question_page import after, render, render_conflict
from compliance.journeys.officer.refusals import file_refusal
from compliance.journeys.officer.words import saved_words
from compliance.store.base import db, transaction
from compliance.store.evidence_files import evidence_for
from compliance.store.files import file_store
from questionnaires import Question

QUESTION = f"{ASSESSMENT}/question/<question_id>"


@officer.get(QUESTION)
def question(assessment_id: int, question_id: str) -> str | Response:
    desk = open_desk(db.session(), current_actor(), assessment_id)
    found = question_of(desk.code.id, question_id)
    if found not in desk.asked:
        flash(_("This question is not asked of your company."))
        return redirect(url_for("officer.assessment", assessment_id=assessment_id))
    return render(db.session(), desk, found, answer_form(desk, found))


@officer.post(QUESTION)
def answer(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    """Files first, so that a wrong answer does not lose them; then the answer itself."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    found = question_of(desk.code.id, question_id)
    form = answer_form(desk, found)
    if request.form.get("met") and (kept := request.form.get("keep")) != "mine":
        return _other_text(desk, found, form, kept)
    valid = form.validate()
    _change_files(desk, found, form)
    if not valid or form.errors:
        fresh = open_desk(db.session(), current_actor(), assessment_id)
        return render(db.session(), fresh, found, form), 422
    try:
        _save(desk, found, form)
    except EditConflictError as conflict:
        return render_conflict(db.session(), desk, form, conflict), 409
    return redirect(_next_address(desk, found))


@officer.post(f"{QUESTION}/autosave")
def autosave(assessment_id: int, question_id: str) -> tuple[dict[str, Any], int]:
    """The same save for a program in the page: says when it was stored and the version to send next."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    found = question_of(desk.code.id, question_id)
    form = answer_form(desk, found)
    if not form.validate():
        return {"errors": form.errors}, 422
    try:
        version = _save(desk, found, form)
    except EditConflictError as conflict:
        return {"version": conflict.theirs.version}, 409
    return {"saved": saved_words(clock.now()), "version": str(version)}, 200


def _other_text(desk: Desk, found: Question, form: AnswerForm, kept: str | None) -> tuple[str, int] | Response:
    """Two answers met and mine is not the one to keep: theirs stays, or the choice is asked for again."""
    if kept == "theirs":
        return redirect(url_for("officer.question", assessment_id=desk.assessment.id, question_id=found.id))
    form.version.data = ""
    try:
        _save(desk, found, form)
    except EditConflictError as conflict:
        return render_conflict(db.session(), desk, form, conflict), 409
    return redirect(_next_address(desk, found))


def _save(desk: Desk, found: Question, form: AnswerForm) -> int:
    with transaction() as session:
        files = len(evidence_for(session, desk.assessment.id).get(found.id, [])) if found.kind == "file" else 0
        reply = form.reply(files)
        return save(session, current_actor(), desk.assessment.id, found.id, reply, form.seen_version).version


def _change_files(desk: Desk, found: Question, form: AnswerForm) -> None:
    """Uploads, links and unlinks what the form says; a refusal stands beside the upload."""
    number, actor = desk.assessment.id, current_actor()
    if (removed := request.form.get("remove", "")).isdecimal():
        with transaction() as session:
            unlink(session, actor, number, found.id, int(removed[:18]))
    if (chosen := form.chosen_file()) is not None:
        with transaction() as session:
            link(session, actor, number, found.id, chosen)
    for sent in request.files.getlist("file"):
        if sent.filename:
            _upload(number, found, form, sent)


def _upload(number: int, found: Question, form: AnswerForm, sent: FileStorage) -> None:
    try:
        with transaction() as session:
            name, data = str(sent.filename), sent.read()
            upload(session, current_actor(), file_store(settings()), number, found.id, name, data)
    except InvalidError as error:
        form.file.errors = [*form.file.errors, f"{sent.filename}: {file_refusal(error)}"]


def _next_address(desk: Desk, found: Question) -> str:
    """Where the pressed button leads; the next question is looked up again, for the answer may have opened others."""
    number, pressed = desk.assessment.id, request.form.get("act", "")
    if pressed == "continue":
        fresh = open_desk(db.session(), current_actor(), number)
        return after(fresh, found)
    if pressed == "leave":
        return url_for("officer.assessment", assessment_id=number)
    here = url_for("officer.question", assessment_id=number, question_id=found.id)
    return here if pressed == "stay" else f"{here}#evidence"
