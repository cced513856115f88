"""All questions of a section on one page: each answer is saved by itself, what is wrong or met a colleague's stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.actions.answering import EditConflictError, Saved, Sent, content_of, keep_rejected, save_each
from compliance.domain.errors import ForbiddenError, WrongStateError
from compliance.domain.roles import MAY_EDIT
from compliance.domain.three_way import NOTHING
from compliance.journeys.gate import current_actor
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.all_questions_page import CONFIRM, KEEP, MET, VERSION, Answered, render
from compliance.journeys.officer.answer_form import AnswerForm, typed_form_of
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import OPEN, Desk, open_desk
from compliance.journeys.officer.giving_many import OWN, SHARED, take_own, take_shared
from compliance.journeys.officer.question import largest_evidence
from compliance.journeys.officer.way import ALL, CHECK, ONE, remember
from compliance.store.answers import AnswerRow, contents_at
from compliance.store.assessments import How
from compliance.store.base import db
from compliance.store.group_commit import in_shared_transaction

ADDRESS = f"{ASSESSMENT}/section/<section_id>/all"
EVIDENCE = "evidence-"
"""How a button's value begins that saves and leads to a question's files."""


@dataclass
class Sorted:
    """The answers of one post: to be saved, to be kept in the history only, and what is shown again."""

    to_save: list[Sent] = field(default_factory=list)
    to_keep: list[Sent] = field(default_factory=list)
    again: dict[str, Answered] = field(default_factory=dict)


@officer.get(ADDRESS)
def all_questions(assessment_id: int, section_id: str) -> str:
    desk = open_desk(db.session(), current_actor(), assessment_id)
    return render(db.session(), desk, desk.section(section_id), {})


@officer.post(ADDRESS)
@takes_files(SHARED, begins=OWN, most_bytes=largest_evidence, signed_in=True)
def answer_all(assessment_id: int, section_id: str) -> tuple[str, int] | Response:
    """Saves what was changed on this page and is right; nothing else is touched, nothing typed is lost."""
    actor = current_actor()
    desk = open_desk(db.session(), actor, assessment_id)
    actor.require_company(desk.assessment.company_id, MAY_EDIT)
    forms = _forms(desk, section_id)
    if desk.assessment.state not in OPEN:
        raise WrongStateError("answer", desk.assessment.state)
    if take_own(assessment_id, forms):
        desk = open_desk(db.session(), actor, assessment_id)
    found = _sorted(desk, forms)
    found.again |= _save(assessment_id, found, forms)
    refused = take_shared(assessment_id, section_id, forms)
    if not found.again and not refused:
        return redirect(_onward(assessment_id, section_id, forms))
    now = open_desk(db.session(), actor, assessment_id)
    wrong = refused or any(one.form.errors or one.unchosen for one in found.again.values())
    return render(db.session(), now, now.section(section_id), found.again, refused), 422 if wrong else 409


def _forms(desk: Desk, section_id: str) -> dict[str, AnswerForm]:
    """The answers that the page sent, through the forms of their own pages."""
    forms = {}
    for question in desk.section(section_id).questions:
        seen = request.form.get(VERSION + question.id)
        if seen is not None:
            forms[question.id] = typed_form_of(desk.edition.id, question, request.form)
            forms[question.id].version.data = seen
    return forms


def _sorted(desk: Desk, forms: Mapping[str, AnswerForm]) -> Sorted:
    """Three ways: what a person did not change on this page is not theirs to save, whatever is stored meanwhile."""
    found = Sorted()
    versions = {name: form.version.seen for name, form in forms.items() if form.version.seen > 0}
    seen = contents_at(db.session(), desk.assessment.id, versions)
    for name, form in forms.items():
        if not _right(found, name, form):
            continue
        sent = Sent(name, form.reply(desk.counts.get(name, 0)), form.version.seen)
        base = NOTHING if sent.seen_version == 0 else seen.get(name)
        if MET + name in request.form:
            _sort_met(found, desk, form, sent)
        elif content_of(sent.reply) != base or _confirmed(desk, name):
            _require_open(desk, name)
            found.to_save.append(sent)
    return found


def _right(found: Sorted, name: str, form: AnswerForm) -> bool:
    """Whether the answer can be saved. What is wrong with it, or with its files, is shown again."""
    refused = list(form.file.errors)
    valid = form.validate()
    form.file.errors = refused
    if refused or not valid:
        found.again[name] = Answered(form)
    return bool(valid)


def _sort_met(found: Sorted, desk: Desk, form: AnswerForm, sent: Sent) -> None:
    """Both texts were shown; without a choice they are shown again."""
    kept = request.form.get(KEEP + sent.question)
    if kept == "mine":
        found.to_save.append(Sent(sent.question, sent.reply, sent.seen_version, How.CHOSEN))
        return
    found.to_keep.append(sent)
    if kept != "theirs":
        theirs = desk.rows.get(sent.question, AnswerRow(sent.question))
        found.again[sent.question] = Answered(form, EditConflictError(theirs, sent.reply), unchosen=True)


def _confirmed(desk: Desk, name: str) -> bool:
    """An earlier answer holds only where somebody says so."""
    return name in desk.unconfirmed and CONFIRM + name in request.form


def _require_open(desk: Desk, name: str) -> None:
    if not desk.may_answer(name):
        raise ForbiddenError("not_reopened")


def _save(assessment_id: int, found: Sorted, forms: Mapping[str, AnswerForm]) -> dict[str, Answered]:
    """All in one transaction; what met a colleague's is given back."""
    if not found.to_save and not found.to_keep:
        return {}
    actor = current_actor()

    def work(session: Session) -> dict[str, Saved | EditConflictError]:
        for one in found.to_keep:
            keep_rejected(session, actor, assessment_id, one.question, one.reply, one.seen_version)
        return save_each(session, actor, assessment_id, found.to_save)

    results = in_shared_transaction(work)
    return {name: Answered(forms[name], met) for name, met in results.items() if isinstance(met, EditConflictError)}


def _onward(assessment_id: int, section_id: str, sent: Iterable[str]) -> str:
    """Where the pressed button leads. What the answers opened is asked before the next section is."""
    pressed = request.form.get("act", "")
    if pressed == "leave":
        return url_for("officer.assessment", assessment_id=assessment_id)
    if pressed == ONE:
        remember(ONE)
        return url_for("officer.section", assessment_id=assessment_id, section_id=section_id)
    desk = open_desk(db.session(), current_actor(), assessment_id)
    if pressed.startswith(EVIDENCE):
        return _evidence(desk, section_id, pressed.removeprefix(EVIDENCE))
    opened = [one for one in desk.asked_in(section_id) if one.id not in sent and not desk.answered(one.id)]
    if opened and desk.draft:
        flash(_("Saved. Your answers led to more questions in this section."))
        return f"{_address(assessment_id, section_id)}#q-{opened[0].id}"
    return _next_section(desk, section_id) if pressed == "continue" else _address(assessment_id, section_id)


def _address(assessment_id: int, section_id: str) -> str:
    back = CHECK if request.form.get("back") == CHECK else None
    return url_for("officer.all_questions", assessment_id=assessment_id, section_id=section_id, back=back)


def _evidence(desk: Desk, section_id: str, name: str) -> str:
    """The files of a question are given on its own page, and saving leads back here."""
    if name not in {one.id for one in desk.asked_in(section_id)}:
        return _address(desk.assessment.id, section_id)
    page = url_for("officer.question", assessment_id=desk.assessment.id, question_id=name, back=ALL)
    return f"{page}#evidence"


def _next_section(desk: Desk, section_id: str) -> str:
    """In a clarification only sections with a reopened question are on the way."""
    if request.form.get("back") == CHECK:
        return f"{url_for('officer.check', assessment_id=desk.assessment.id)}#s-{section_id}"
    way = [question for question in desk.asked if not desk.reopened or question.id in desk.reopened]
    order = [section.id for section in desk.edition.sections]
    later = {question.section for question in way if order.index(question.section) > order.index(section_id)}
    after = next((name for name in order if name in later), None)
    if after is not None:
        return _address(desk.assessment.id, after)
    endpoint = "officer.clarification" if desk.reopened else "officer.check"
    return url_for(endpoint, assessment_id=desk.assessment.id)
