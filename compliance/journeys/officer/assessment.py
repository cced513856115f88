"""The task list of an assessment, and its sections."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions.after_acts import begins_again_on
from compliance.actions.confirming import compared
from compliance.actions.renewing import start as start_assessment
from compliance.actions.submitting import open_issues
from compliance.domain.errors import WrongStateError
from compliance.journeys import scorecard_view
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, km_digits
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.way import prefers_all, question_address, section_address
from compliance.journeys.officer.words import answer_words
from compliance.journeys.working_days import counted_review, days_left
from compliance.store.assessments import latest_submission
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.edition_succession import succession
from compliance.store.plans import plan_of
from compliance.store.reviews import decisions, open_clarification
from questionnaires import Question
from questionnaires.asking import Progress
from questionnaires.consistency import Issue


@dataclass(frozen=True)
class Task:
    """One line of a task list."""

    text: str
    href: str
    status: str
    hint: str = ""
    done: bool = False
    section: str = ""


@officer.post("/<id:company_id>/start")
def start(company_id: int) -> Response:
    try:
        with transaction() as session:
            assessment_id = start_assessment(session, current_actor(), company_id).id
    except WrongStateError as error:
        flash(
            _("Your award was revoked. Your company's page says from which day you can begin a new assessment.")
            if error.state == "revoked"
            else _("Your appeal runs. Withdraw it first to begin a new assessment, or wait for the panel's decision.")
        )
        return redirect(url_for("officer.company", company_id=company_id))
    return redirect(url_for("officer.assessment", assessment_id=assessment_id))


@officer.get(ASSESSMENT)
def assessment(assessment_id: int) -> str:
    """Where the assessment stands, what is done and what comes next."""
    session = db.session()
    desk = open_desk(session, current_actor(), assessment_id)
    asked = open_clarification(session, assessment_id) if desk.reopened else None
    left = open_issues(desk.view, desk.rows) if desk.draft or desk.reopened else ()
    return render_template(
        "officer/assessment.html",
        desk=desk,
        sections=section_tasks(desk),
        left=len(left),
        first=_first_open(desk, left),
        planned=len(plan_of(session, assessment_id)),
        submission=latest_submission(session, assessment_id),
        decisions=decisions(session, assessment_id),
        review_counted=counted_review(desk.assessment),
        asked=asked,
        reply_left=days_left(asked.due_on) if asked else None,
        lapse_left=days_left(asked.lapses_on) if asked else None,
        total=scorecard_view.total(desk.score, current_language()),
        again=begins_again_on(awards_of(session, desk.assessment.company_id), clock.today()) if desk.draft else None,
        following=succession(desk.edition.id) if desk.draft else None,
        today=clock.today(),
    )


@dataclass(frozen=True)
class First:
    """The question to go on with; `begun`: something is answered already."""

    question: Question
    href: str
    begun: bool


def _first_open(desk: Desk, left: Iterable[Issue]) -> First | None:
    """The first thing to do in a draft, for who may do it."""
    name = next((issue.question for issue in left if issue.question), None)
    if name is None or not desk.draft or not desk.may_edit or desk.to_confirm:
        return None
    question = desk.edition.question(name)
    return First(question, question_address(desk.assessment.id, question), bool(desk.rows))


def section_tasks(desk: Desk) -> list[Task]:
    """A line for each section in which something is asked."""
    lang = current_language()
    tasks = []
    for section in desk.edition.sections:
        done = desk.progress.get(section.id)
        if done is None:
            continue
        complete = done.answered == done.asked
        href = section_address(desk.assessment.id, section.id)
        hint = _figures_hint(done.figures_left, complete)
        tasks.append(Task(section.title[lang], href, section_status(done), hint, complete, section.id))
    return tasks


def section_status(done: Progress) -> str:
    """An earlier answer does not count before somebody confirms it."""
    if done.to_confirm:
        return str(_("%(count)s to confirm", count=km_digits(done.to_confirm)))
    if done.answered == done.asked:
        return str(_("Complete"))
    return f"{km_digits(done.answered)}/{km_digits(done.asked)}"


def _figures_hint(left: int, complete: bool) -> str:
    return _("Figures may be left out, but Silver and Gold need them.") if left and not complete else ""


@officer.get(f"{ASSESSMENT}/section/<section_id>")
def section(assessment_id: int, section_id: str) -> str | Response:
    """The questions of one section, each with its answer; whoever answers them on one page is led there."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    found = desk.section(section_id)
    if prefers_all():
        return redirect(section_address(assessment_id, section_id))
    tasks = [
        Task(
            text=question.title[current_language()],
            href=url_for("officer.question", assessment_id=assessment_id, question_id=question.id),
            status=_status(desk, question.id),
            hint=_shorten(answer_words(question, desk.replies[question.id])) if desk.answered(question.id) else "",
            done=desk.answered(question.id) and question.id not in desk.unconfirmed,
        )
        for question in desk.asked_in(section_id)
    ]
    unchanged = compared(db.session(), desk.assessment, desk.view, desk.rows, desk.files).unchanged_in(section_id)
    return render_template(
        "officer/section.html",
        desk=desk,
        section=found,
        tasks=tasks,
        unchanged=len(unchanged),
        sections=section_tasks(desk),
    )


def _status(desk: Desk, question_id: str) -> str:
    if question_id in desk.reopened:
        return str(_("Reviewer asks"))
    if question_id in desk.unconfirmed:
        return str(_("To confirm"))
    return str(_("Answered") if desk.answered(question_id) else _("Not answered"))


def _shorten(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:90]}…"
