"""One question a page, or all of a section on one: the person chooses, and every way leads there."""

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from compliance.actions.preferences import choose_page
from compliance.journeys.gate import current_actor
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.store.assessments import assessment_of
from compliance.store.base import db, transaction
from questionnaires import Question, catalogue

ALL, ONE = "all", "one"
CHECK = "check"
"""`back` in an address of a question: where saving leads to, the check page or (ALL) the page of the whole section."""


def prefers_all() -> bool:
    """What the person who reads has chosen."""
    return bool(current_user.all_questions)


def section_address(assessment_id: int, section_id: str) -> str:
    """The page of a section: all its questions, or the list of them."""
    endpoint = "officer.all_questions" if prefers_all() else "officer.section"
    return url_for(endpoint, assessment_id=assessment_id, section_id=section_id)


def question_address(assessment_id: int, question: Question, *, back: str | None = None) -> str:
    """Where the person answers this question."""
    if prefers_all():
        address = url_for(
            "officer.all_questions", assessment_id=assessment_id, section_id=question.section, back=back
        )  # fmt: skip
        return f"{address}#q-{question.id}"
    return url_for("officer.question", assessment_id=assessment_id, question_id=question.id, back=back)


def back_address(assessment_id: int, question: Question, back: str | None) -> str | None:
    """Where the person came from to this one question; None when they came along the way of the questions."""
    if back == CHECK:
        return f"{url_for('officer.check', assessment_id=assessment_id)}#s-{question.section}"
    if back == ALL:
        section = url_for("officer.all_questions", assessment_id=assessment_id, section_id=question.section)
        return f"{section}#q-{question.id}"
    return None


def remember(way: str) -> None:
    """Holds from now on, for this person, in every assessment."""
    with transaction() as session:
        choose_page(session, current_actor(), all_questions=way == ALL)


@officer.post(f"{ASSESSMENT}/section/<section_id>/way")
def way(assessment_id: int, section_id: str) -> Response:
    """The choice from a page without answers in it; leads to what was chosen."""
    assessment = assessment_of(db.session(), current_actor(), assessment_id)
    chosen = ALL if request.form.get("way") == ALL else ONE
    remember(chosen)
    if chosen == ONE and "begin" in request.form:
        section = next((one for one in catalogue.edition(assessment.edition).sections if one.id == section_id), None)
        if section is not None:
            first = section.questions[0].id
            return redirect(url_for("officer.question", assessment_id=assessment_id, question_id=first))
    endpoint = "officer.all_questions" if chosen == ALL else "officer.section"
    return redirect(url_for(endpoint, assessment_id=assessment_id, section_id=section_id))
