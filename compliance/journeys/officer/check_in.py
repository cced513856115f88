"""The check-in in the middle of an award's term: figures, contacts, ways to report, what changed; saved, sent."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, SubmitField, TextAreaField
from wtforms.validators import Length

from compliance import clock
from compliance.actions import checking_in
from compliance.actions.checking_in import MAY_CHECK_IN, Due, Entered, figures_asked, stored_figures
from compliance.actions.trying_channels import Way, problems, ways_to_try
from compliance.domain.check_in import full_months
from compliance.domain.errors import InvalidError, NotFoundError, SentBeforeError, StaleError
from compliance.domain.roles import MAY_SIGN
from compliance.journeys.answer_text import answer_text
from compliance.journeys.declaration_words import kind_names
from compliance.journeys.forms import PortalForm, VersionField, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.hotlines import shown_hotlines
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import officer
from compliance.journeys.officer.service_form import national
from compliance.journeys.officer.ways_form import by_service, filled_ways, said_text, show_anew, tried_of, with_ways
from compliance.journeys.officer.words import reader
from compliance.store.base import db, transaction
from compliance.store.change_declarations import declarations_of
from compliance.store.check_ins import CheckIn
from compliance.store.companies import company_of
from compliance.store.people import colleagues, names_of
from questionnaires import Question, catalogue
from questionnaires.forms import COMMENT, filled, form_class, read

SAVE = "save"


class CheckInForm(PortalForm):
    """What every check-in asks beside the edition's figures."""

    due_on = HiddenField()
    version = VersionField()
    contacts_right = BooleanField(_l("These people still act for the company, and their addresses are right."))
    all_declared = BooleanField(
        _l("All important changes since then are declared: incidents, owners, services, names and brands.")
    )
    changed = TextAreaField(
        _l("What else changed, in general? (optional)"),
        [Length(max=checking_in.LONGEST)],
        [squeeze],
        description=_l("For example how many people work on it, or a new tool. Nothing about a case or a child."),
        render_kw={"limit": checking_in.LONGEST},
    )
    save = SubmitField(_l("Save the draft"))
    submit = SubmitField(_l("Send the check-in to the Ministry"))


@officer.route("/<id:company_id>/check-in", methods=["GET", "POST"])
def check_in(company_id: int) -> str | tuple[str, int] | Response:
    """The page of the check-in that is due; saved by colleagues, sent by an owner or signatory."""
    session, actor = db.session(), current_actor()
    company = company_of(session, actor, company_id)
    if request.method == "POST":
        actor.require_company(company_id, MAY_CHECK_IN if SAVE in request.form else MAY_SIGN)
        sent = checking_in.sent_for(session, company_id, request.form.get("due_on", ""))
        if sent is not None:
            return _after_it_was_sent(session, sent)
    due = checking_in.due_check_in(session, company_id)
    if due is None or not due.open:
        return render_template("officer/check_in_none.html", company=company, due=due)
    questions, ways = figures_asked(session, due.award), ways_to_try(session, company)
    form = _form(due, questions, ways)
    if form.validate_on_submit():
        if (done := _done(form, company_id, questions, ways)) is not None:
            return done
    elif form.is_submitted() and SAVE not in request.form:
        _tell_what_is_missing(form, questions, ways)
    show_anew(form, ways)
    return _page(session, due, questions, ways, form), 422 if form.is_submitted() else 200


def _tell_what_is_missing(form: Any, questions: tuple[Question, ...], ways: Sequence[Way]) -> None:
    """Beside what is wrong, so that all is told at once."""
    given = {question.id for question in questions if form[question.id].data}
    ticked = {name: bool(form[name].data) for name in ("contacts_right", "all_declared")}
    refusals = [*checking_in.lacking(questions, given, **ticked)]
    refusals += problems(ways, tried_of(form, ways), national(shown_hotlines()))
    for refusal in refusals:
        if not form[refusal.field].errors:
            form.refuse(refusal)


def _after_it_was_sent(session: Session, found: CheckIn) -> tuple[str, int] | Response:
    """The receipt; where other words were sent than were typed here, these beside it, for they are not taken."""
    questions = figures_asked(session, found.award)
    ways = [Way(one["service"], one["way"], one["value"]) for one in found.channels]
    form = form_class(questions, with_ways(CheckInForm, ways), reader(), today=clock.today())()
    if form.validate() and SAVE not in request.form and checking_in.says(found, _entered(form, questions, ways)):
        return redirect(url_for("officer.check_in_receipt", check_in_id=found.id))
    typed = [(question.title[reader()], form[question.id].data) for question in questions]
    typed.append((_("What else changed"), form.changed.data))
    return _receipt(session, found, [(name, text) for name, text in typed if text]), 409


def _entered(form: Any, questions: tuple[Question, ...], ways: Sequence[Way]) -> Entered:
    ticked = bool(form.contacts_right.data), bool(form.all_declared.data)
    return Entered(read(form, questions), *ticked, form.changed.data or "", tried_of(form, ways))


def _form(due: Due, questions: tuple[Question, ...], ways: Sequence[Way]) -> Any:
    found = due.found
    data = {
        **filled(questions, stored_figures(found, questions)),
        **filled_ways(ways, found.channels if found else ()),
        "due_on": str(due.due_on),
        "version": found.draft_version if found else 0,
        "contacts_right": found.contacts_right if found else False,
        "all_declared": found.all_declared if found else False,
        "changed": found.changed if found else "",
    }
    return form_class(questions, with_ways(CheckInForm, ways), reader(), today=clock.today())(data=data)


def _done(form: Any, company_id: int, questions: tuple[Question, ...], ways: Sequence[Way]) -> Response | None:
    """The way on after the press; None when the form has something to say first."""
    entered, seen = _entered(form, questions, ways), (form.due_on.data or "", form.version.seen)
    sends = SAVE not in request.form
    try:
        with transaction() as session:
            if sends:
                lines = national(shown_hotlines())
                made = checking_in.send(session, current_actor(), company_id, entered, seen, lines).id
            else:
                made = checking_in.save(session, current_actor(), company_id, entered, seen).id
    except InvalidError as error:
        form.refuse(error)
        return None
    except SentBeforeError as error:
        return make_response(_after_it_was_sent(db.session(), db.session().get_one(CheckIn, error.number)))
    except StaleError:
        _show_theirs(form, company_id, questions, ways)
        return None
    if sends:
        return redirect(url_for("officer.check_in_receipt", check_in_id=made))
    flash(_("The draft is saved. The Ministry sees nothing until an owner or a signatory sends it."), "success")
    return redirect(url_for("officer.check_in", company_id=company_id))


def _show_theirs(form: Any, company_id: int, questions: tuple[Question, ...], ways: Sequence[Way]) -> None:
    """A colleague was quicker: what they saved is said beside what was typed, and saving again keeps what stands."""
    due = checking_in.due_check_in(db.session(), company_id)
    theirs = stored_figures(due.found if due else None, questions)
    form.version.data = str(due.found.draft_version) if due and due.found else "0"
    form.form_errors.append(_("A colleague saved another draft meanwhile. Yours is still here; choose what to keep."))
    for question in questions:
        answer = theirs.get(question.id)
        if answer is not None and answer != read(form, (question,))[question.id]:
            said = answer_text(question, answer, reader())
            form[question.id].errors = [*form[question.id].errors, _("Your colleague saved: %(answer)s", answer=said)]
    for one in due.found.channels if due and due.found else ():
        way = Way(one["service"], one["way"], one["value"])
        if way in ways and (one["said"], one["right"]) != (
            form[way.said_field].data or "",
            form[way.right_field].data or "",
        ):
            said = _("Your colleague saved: %(answer)s", answer=said_text(one)[1])
            form[way.said_field].errors = [*form[way.said_field].errors, said]
    if due and due.found and due.found.changed != (form.changed.data or ""):
        said = _("Your colleague saved: %(answer)s", answer=due.found.changed or "–")
        form.changed.errors = [*form.changed.errors, said]


def _page(session: Session, due: Due, questions: tuple[Question, ...], ways: Sequence[Way], form: Any) -> str:
    actor, company_id = current_actor(), due.award.company_id
    return render_template(
        "officer/check_in.html",
        company=due.award.company,
        due=due,
        edition=catalogue.edition(due.award.edition),
        questions=questions,
        months=full_months(clock.today()),
        comment=COMMENT,
        form=form,
        named=by_service(due.award.company, ways),
        may_save=actor.companies[company_id] in MAY_CHECK_IN,
        may_sign=actor.companies[company_id] in MAY_SIGN,
        people=colleagues(session, company_id),
        declared=[
            (one, kind_names()[one.kind][0])
            for one in declarations_of(session, company_id)
            if clock.day_of(one.declared_at) >= due.award.starts
        ],
        drafted_by=names_of(session, {due.found.drafted_by}) if due.found else {},
    )


@officer.get("/check-ins/<id:check_in_id>")
def check_in_receipt(check_in_id: int) -> str:
    """What was sent, by whom, when, and its digest."""
    session = db.session()
    found = checking_in.own_check_in(session, current_actor(), check_in_id)
    return _receipt(session, found)


def _receipt(session: Session, found: CheckIn, typed: Sequence[tuple[str, str]] = ()) -> str:
    """`typed` is what somebody else wrote for it, which was not taken."""
    if found.sent_by is None or found.sent_at is None:
        raise NotFoundError
    return render_template(
        "officer/check_in_receipt.html",
        found=found,
        figures=figure_words(session, found),
        ways=[said_text(one) for one in found.channels],
        by=names_of(session, {found.sent_by}).get(found.sent_by, ""),
        typed=typed,
        months=full_months(clock.day_of(found.sent_at)),
    )


def figure_words(session: Session, found: CheckIn) -> list[tuple[str, str]]:
    """Each figure with its answer, in the reader's language."""
    questions = figures_asked(session, found.award)
    replies = stored_figures(found, questions)
    return [
        (question.title[reader()], answer_text(question, replies.get(question.id), reader())) for question in questions
    ]
