"""One question a page: why it is asked, the answer, its evidence, its history; every save keeps what was typed."""

from functools import cache
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from compliance.actions.answering import EditConflictError, Saved, content_of, keep_rejected, question_of, save
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.gate import current_actor
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.answer_form import AnswerForm, sent_form, stored_form, taken_form
from compliance.journeys.officer.answer_history import content_named, entries
from compliance.journeys.officer.blueprint import QUESTION, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.giving import change_evidence
from compliance.journeys.officer.question_page import after, render, render_conflict
from compliance.journeys.officer.way import ALL, CHECK, back_address, question_address, remember
from compliance.journeys.officer.words import saved_words
from compliance.store.assessments import How, edition_of
from compliance.store.base import abandon, db, transaction
from compliance.store.evidence_files import evidence_for
from compliance.store.group_commit import in_shared_transaction
from questionnaires import Question, Reply, catalogue, editions


@cache
def largest_evidence() -> int:
    """Bytes of the files that one answer may be sent with, by the most generous edition."""
    rules = [catalogue.edition(name).evidence for name in editions()]
    return max(rule.max_files_per_question * rule.max_file_mb * 1_000_000 for rule in rules)


@officer.get(QUESTION)
def question(assessment_id: int, question_id: str) -> str | Response:
    desk = open_desk(db.session(), current_actor(), assessment_id)
    question = question_of(desk.edition.id, question_id)
    if question not in desk.asked:
        flash(_("This question is not asked of your company."))
        return redirect(url_for("officer.assessment", assessment_id=assessment_id))
    return _shown(desk, question)


def _shown(desk: Desk, question: Question) -> str:
    """The page with what is stored, or with what an entry of the history says (`?use=v3`), which is not saved yet."""
    session, name = db.session(), request.args.get("use", "")
    content = content_named(session, desk.assessment.id, question.id, name) if name else None
    if content is None or not desk.may_answer(question.id):
        return render(session, desk, question, stored_form(desk, question))
    entry = next((one for one in entries(session, desk, question) if one.name == name), None)
    return render(session, desk, question, taken_form(desk, question, content, name), entry)


@officer.post(QUESTION)
@takes_files("file", most_bytes=largest_evidence, signed_in=True)
def answer(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    """Files first, so that a wrong answer does not lose them; then the answer itself."""
    question, form = _sent(assessment_id, question_id)
    met, kept = "met" in request.form, request.form.get("keep")
    if met and kept == "theirs":
        return redirect(url_for("officer.question", assessment_id=assessment_id, question_id=question_id))
    if met and kept != "mine":
        form.version.data = ""
    form.validate()
    busy = change_evidence(assessment_id, question, form)
    if form.errors:
        page = render(db.session(), open_desk(db.session(), current_actor(), assessment_id), question, form)
        return page, 503 if busy else 422
    try:
        _save(assessment_id, question, form)
    except EditConflictError as conflict:
        _keep_rejected(assessment_id, question, conflict)
        return render_conflict(db.session(), assessment_id, form, conflict), 409
    return redirect(_next_address(assessment_id, question))


@officer.post(f"{QUESTION}/autosave")
def autosave(assessment_id: int, question_id: str) -> tuple[dict[str, Any], int]:
    """The same save for a program in the page: says when it was stored and the version to send next."""
    question, form = _sent(assessment_id, question_id)
    form.without_evidence()
    if not form.validate():
        return {"errors": form.errors}, 422
    try:
        saved, reply = _save(assessment_id, question, form)
    except EditConflictError as conflict:
        return {"version": str(conflict.theirs.version)}, 409
    partly = not reply.not_applicable and reply.value is None
    said = {"saved": saved_words(saved.saved_at, partly=partly), "version": str(saved.version)}
    return said | ({"partly": True} if partly else {}), 200


def _sent(assessment_id: int, question_id: str) -> tuple[Question, AnswerForm]:
    edition = edition_of(db.session(), current_actor(), assessment_id, MAY_EDIT)
    question = question_of(edition, question_id)
    return question, sent_form(edition, question)


def _save(assessment_id: int, question: Question, form: AnswerForm) -> tuple[Saved, Reply]:
    files = len(evidence_for(db.session(), assessment_id).get(question.id, [])) if question.kind == "file" else 0
    actor, reply, seen = current_actor(), form.reply(files), form.version.seen
    how = _how(assessment_id, question, reply)
    saved = in_shared_transaction(
        lambda session: save(session, actor, assessment_id, question.id, reply, seen, how)
    )  # fmt: skip
    return saved, reply


def _how(assessment_id: int, question: Question, reply: Reply) -> How:
    """Typed, unless the form says where it comes from, and what is sent still is that."""
    if "met" in request.form:
        return How.CHOSEN
    taken = request.form.get("taken")
    if taken and content_named(db.session(), assessment_id, question.id, taken) == content_of(reply):
        return How.TAKEN
    return How.TYPED


def _keep_rejected(assessment_id: int, question: Question, conflict: EditConflictError) -> None:
    """Whatever the person chooses now, or when they close the page: what they wrote is in the history."""
    abandon()
    with transaction() as session:
        keep_rejected(
            session, current_actor(), assessment_id, question.id, conflict.mine, conflict.theirs.version
        )  # fmt: skip


def _next_address(number: int, question: Question) -> str:
    """Where the pressed button leads; the next question is looked up now, for the answer may have opened others."""
    pressed, back = request.form.get("act", ""), request.form.get("back")
    if pressed == ALL:
        remember(ALL)
        return question_address(number, question)
    if pressed == "continue" or "enter" in request.form:
        way_back = back_address(number, question, back)
        return way_back or after(open_desk(db.session(), current_actor(), number), question)
    if pressed == "leave":
        return url_for("officer.assessment", assessment_id=number)
    known = back if back in {ALL, CHECK} else None
    here = url_for("officer.question", assessment_id=number, question_id=question.id, back=known)
    return here if pressed == "stay" else f"{here}#evidence"
