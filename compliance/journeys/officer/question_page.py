"""What the page of one question shows."""

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from compliance.actions.answering import EditConflictError, content_of
from compliance.journeys.language import current_language, show_datetime
from compliance.journeys.officer.answer_form import AnswerForm
from compliance.journeys.officer.answer_history import Entry, entries
from compliance.journeys.officer.assessment import section_tasks
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.earlier import Earlier, earlier_notes
from compliance.journeys.officer.evidence_shown import evidence_shown
from compliance.journeys.officer.way import ALL, CHECK, back_address
from compliance.journeys.officer.words import saved_words, whole_answer
from compliance.store.people import names_of
from questionnaires import Question
from questionnaires.because import asked_because


def render(session: Session, desk: Desk, question: Question, form: AnswerForm, taken: Entry | None = None) -> str:
    """The page with its form, or to read only when this person or this state changes nothing.

    `taken` is the entry of the history that the form is filled with.
    """
    back = request.values.get("back", "")
    here = desk.asked_in(question.section)
    row = desk.rows.get(question.id)
    return render_template(
        "officer/question.html",
        desk=desk,
        question=question,
        section=desk.section(question.section),
        form=form if desk.may_answer(question.id) else None,
        row=row,
        taken=taken,
        place=here.index(question) + 1 if question in here else 1,
        places=len(here),
        previous=back_address(desk.assessment.id, question, back) or before(desk, question),
        back=back if back in {ALL, CHECK} else "",
        following=after(desk, question),
        sections=section_tasks(desk),
        saved=saved_words(row.saved_at, partly=not desk.answered(question.id)) if row else "",
        partly=not desk.answered(question.id),
        evidence=evidence_shown(session, desk, question, form),
        history=entries(session, desk, question),
        because=asked_because(desk.edition, desk.view, question) if question.asked_when else None,
        earlier=earlier_notes(session, desk, [question]).get(question.id, Earlier()),
    )


def before(desk: Desk, question: Question) -> str:
    """The address of the question before; the task list before the first."""
    return _beside(desk, question, -1) or url_for("officer.assessment", assessment_id=desk.assessment.id)


def after(desk: Desk, question: Question) -> str:
    """The address of the next question; the check page after the last."""
    return _beside(desk, question, 1) or url_for("officer.check", assessment_id=desk.assessment.id)


def _beside(desk: Desk, question: Question, step: int) -> str | None:
    """In a clarification the way leads through the reopened questions only."""
    way = [found for found in desk.asked if not desk.reopened or found.id in desk.reopened]
    at = next((place for place, found in enumerate(way) if found.id == question.id), None)
    if at is None or not 0 <= at + step < len(way):
        return None
    return url_for("officer.question", assessment_id=desk.assessment.id, question_id=way[at + step].id)


def render_conflict(session: Session, assessment_id: int, form: AnswerForm, conflict: EditConflictError) -> str:
    """Both texts, and a form that sends mine again over the version that is stored now."""
    question, theirs = form.question, conflict.theirs
    names = names_of(session, {theirs.saved_by})
    return render_template(
        "officer/conflict.html",
        assessment_id=assessment_id,
        question=question,
        form=form,
        version=theirs.version,
        mine={"text": whole_answer(question, content_of(conflict.mine)), "when": ""},
        theirs={
            "text": whole_answer(question, theirs.content()),
            "who": names.get(theirs.saved_by, ""),
            "when": show_datetime(theirs.saved_at, current_language()),
        },
    )
