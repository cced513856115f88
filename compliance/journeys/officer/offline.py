"""Answering offline: the form to download, what a filled form would change, and saving what the person chose of it."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compliance.actions.answering import EditConflictError
from compliance.actions.importing import Chosen, Filled, compare, take
from compliance.bounded.runner import BusyError, Sender
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import MAY_EDIT
from compliance.domain.three_way import Meeting
from compliance.journeys.forms import NO_VERSION, whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits
from compliance.journeys.officer.answer_form import typed_form_of
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import OPEN, Desk, open_desk
from compliance.journeys.officer.form_reading import MOST_BYTES, Wrong, form_errors, read_form
from compliance.journeys.officer.form_sheet import form_request, offered, workbook
from compliance.journeys.officer.offline_page import BASE, CHOICE, LEAVE, PLACE, SEEN, TAKE, Sent, lines
from compliance.journeys.officer.refusals import form_refusal
from compliance.store.base import abandon, db, transaction
from questionnaires import LANGS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = f"{ASSESSMENT}/form"


@officer.get(f"{FORM}.<language>.xlsx")
def form_file(assessment_id: int, language: str) -> Response:
    """The form with today's answers, in one language."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    lang = next((one for one in LANGS if one == language), None)
    if lang is None:
        raise NotFoundError
    slug, told = desk.company.slug, form_request(desk, lang)
    abandon()  # drawing takes its time: nothing is held meanwhile
    response = make_response(workbook(told))
    response.headers["Content-Type"] = XLSX
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{lang}.xlsx"'
    return response


@officer.get(FORM)
def offline(assessment_id: int) -> str:
    """How it goes, the form to download, and the place to upload it."""
    return _page(open_desk(db.session(), current_actor(), assessment_id))


@officer.post(FORM)
@takes_files("form", most_bytes=lambda: MOST_BYTES, signed_in=True)
def filled_form(assessment_id: int) -> str | tuple[str, int]:
    """What the form would change. Nothing is saved, and the file is not kept."""
    desk = _open_to_change(assessment_id)
    sent = request.files.get("form")
    if sent is None or not sent.filename:
        return _page(desk, error=_("Choose the form that you filled in.")), 422
    try:
        reading = read_form(desk, sent.read(), Sender(f"person {current_actor().user_id}", known=True))
        found = Sent({one.question: one for one in reading.filled}, reading.fields, reading.places, {}, {})
        return _preview(desk, found, wrong=reading.wrong, missing=reading.missing)
    except (InvalidError, BusyError) as error:
        return _page(desk, error=form_refusal(error)), 503 if isinstance(error, BusyError) else 422


@officer.post(f"{FORM}/take")
def take_form(assessment_id: int) -> str | tuple[str, int] | Response:
    """Saves the answers that were chosen, all in one; a colleague who was quicker is shown first."""
    desk = _open_to_change(assessment_id)
    sent, wrong = _sent_back(desk)
    if wrong:
        return _preview(desk, sent, wrong=wrong), 422
    open_ones = [name for name in sent.filled if sent.choices[name] not in {TAKE, LEAVE}]
    if open_ones:
        return _preview(desk, sent, unchosen=open_ones), 422
    chosen = [
        Chosen(name, one.reply, sent.seen[name]) for name, one in sent.filled.items() if sent.choices[name] == TAKE
    ]
    left = _left(desk, sent)
    try:
        with transaction() as session:
            saved = take(session, current_actor(), assessment_id, chosen, left)
    except EditConflictError:
        return _preview(open_desk(db.session(), current_actor(), assessment_id), sent, overtaken=True), 409
    flash(_("Answers saved from your form: %(number)s.", number=km_digits(saved)), "success")
    return redirect(url_for("officer.assessment", assessment_id=assessment_id))


def _left(desk: Desk, sent: Sent) -> list[Chosen]:
    """Answers of the form that met a colleague's which the person lets stand."""
    met = compare(db.session(), desk.assessment.id, sent.filled.values(), desk.rows)
    return [
        Chosen(one.filled.question, one.filled.reply, one.now.version)
        for one in met
        if one.meeting is Meeting.CONFLICT and sent.choices[one.filled.question] == LEAVE
    ]


def _open_to_change(assessment_id: int) -> Desk:
    """The desk, for who may change answers, while it takes any."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    current_actor().require_company(desk.assessment.company_id, MAY_EDIT)
    if desk.assessment.state not in OPEN:
        raise WrongStateError("answer", desk.assessment.state)
    return desk


def _sent_back(desk: Desk) -> tuple[Sent, list[Wrong]]:
    """The answers that the preview sent back, through the forms of their pages."""
    filled, wrong = {}, []
    for question in offered(desk):
        if SEEN + question.id not in request.form:
            continue
        form = typed_form_of(desk.edition.id, question, request.form)
        if not form.validate():
            wrong += form_errors(form, question, request.form.get(PLACE + question.id, ""))
            continue
        files = desk.counts.get(question.id, 0) if question.kind == "file" else 0
        filled[question.id] = Filled(question.id, form.reply(files), whole_number(request.form.get(BASE + question.id)))
    seen = {name: whole_number(request.form[SEEN + name]) for name in filled}
    return Sent(
        filled=filled,
        fields=dict.fromkeys(filled, request.form),
        places={name: request.form.get(PLACE + name, "")[:60] for name in filled},
        choices={name: request.form.get(CHOICE + name, "") for name in filled},
        seen={name: NO_VERSION if version is None else version for name, version in seen.items()},
    ), wrong


def _page(desk: Desk, error: str = "") -> str:
    opened = desk.may_edit and desk.assessment.state in OPEN
    most = MOST_BYTES // 1_000_000
    return render_template("officer/offline.html", desk=desk, error=error, opened=opened, most=most)


def _preview(
    desk: Desk, sent: Sent, *, wrong: Sequence[Wrong] = (), missing: int = 0, unchosen: Sequence[str] = (),
    overtaken: bool = False,
) -> str:  # fmt: skip
    found, closed, unchanged = lines(db.session(), desk, sent)
    return render_template(
        "officer/filled_form.html",
        desk=desk,
        lines=found,
        unchanged=None if sent.choices else unchanged,  # what is sent back is only what would change
        wrong=[*wrong, *closed],
        missing=missing,
        unchosen=unchosen,
        overtaken=overtaken,
    )
