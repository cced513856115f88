"""A renewal beside the assessment before it: what is the same, reworded, new or gone; confirming what is the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, SubmitField
from wtforms.validators import DataRequired

from compliance.actions.confirming import Carried, Compared, Confirmed, compared, confirm
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.forms import PortalForm
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.words import differing_words, stored_words
from compliance.store.assessments import assessment_of
from compliance.store.base import db, transaction
from compliance.store.people import names_of
from questionnaires import Question

EVERYTHING = "everything"
"""In the place of a section: all of them at once."""
SEEN = "="
"""Stands between a question and what was shown of its answer."""


class ConfirmForm(PortalForm):
    """The answers ticked, each with what the page showed of it."""

    answers = SelectMultipleField(
        _l("Tick each answer that still holds"),
        [DataRequired(_l("Tick at least one answer that still holds."))],
        validate_choice=False,
        choices=[],
    )
    submit = SubmitField(_l("Confirm the ticked answers"))


@dataclass(frozen=True)
class Met:
    """An answer that is not as it was shown: how it stands now, by whom."""

    question: Question
    answer: str
    who: str
    when: datetime | None


@officer.get(f"{ASSESSMENT}/renewal")
def renewal(assessment_id: int) -> str:
    """The four kinds of questions, and what of the earlier answers is still to be confirmed."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    found = _compared(desk)
    return render_template(
        "officer/renewal.html",
        desk=desk,
        found=found,
        sections=[(one, found.unchanged_in(one.id)) for one in desk.edition.sections if found.unchanged_in(one.id)],
        stored=stored_words,
        differing=differing_words,
        at_once=EVERYTHING if _at_once(desk) else "",
    )


@officer.route(f"{ASSESSMENT}/confirm/<section_id>", methods=["GET", "POST"])
def confirm_section(assessment_id: int, section_id: str) -> str | tuple[str, int] | Response:
    """The unchanged answers of a section, or of all of them, on one list; one press confirms those that are ticked."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    section = None if section_id == EVERYTHING and _at_once(desk) else desk.section(section_id)
    form, met = ConfirmForm(), tuple[Met, ...]()
    if form.is_submitted():
        assessment_of(db.session(), current_actor(), assessment_id, MAY_EDIT)
    if form.validate_on_submit():
        done = _confirm(assessment_id, _shown(form.answers.data))
        desk = open_desk(db.session(), current_actor(), assessment_id)
        if not (met := _met(desk, done)):
            return redirect(_next_list(desk))
    page = render_template(
        "officer/confirm.html",
        desk=desk,
        section=section,
        form=form,
        carried=_compared(desk).unchanged_in(section.id if section else None),
        value=_value,
        met=met,
        here=url_for("officer.confirm_section", assessment_id=assessment_id, section_id=section_id),
    )
    return page, 409 if met else 422 if form.errors else 200


def _at_once(desk: Desk) -> bool:
    """Whether the edition lets a company say of all its answers together that nothing material has changed."""
    return desk.edition.lifecycle.renewal.no_material_change


def _compared(desk: Desk) -> Compared:
    return compared(db.session(), desk.assessment, desk.view, desk.rows, desk.files)


def _confirm(assessment_id: int, shown: Mapping[str, str]) -> Confirmed:
    with transaction() as session:
        done = confirm(session, current_actor(), assessment_id, shown)
    count = len(done.now) + len(done.before)
    if count:
        flash(_("Answers confirmed: %(count)s.", count=km_digits(count)), "success")
    return done


def _value(carried: Carried) -> str:
    """What a tick sends."""
    return f"{carried.question.id}{SEEN}{carried.seen}"


def _shown(values: list[str]) -> dict[str, str]:
    return {name: seen for name, _, seen in (value.partition(SEEN) for value in values)}


def _met(desk: Desk, done: Confirmed) -> tuple[Met, ...]:
    """What colleagues did meanwhile to answers that were ticked."""
    asked = {question.id: question for question in desk.asked}
    rows = [desk.rows[name] for name in done.changed if name in asked and name in desk.rows]
    names = names_of(db.session(), {row.saved_by for row in rows})
    return tuple(
        Met(asked[row.question], stored_words(asked[row.question], row.content()), names.get(row.saved_by, ""),
            row.saved_at)
        for row in rows
    )  # fmt: skip


def _next_list(desk: Desk) -> str:
    """The next section with something to confirm, else the whole renewal."""
    section = next((one.question.section for one in _compared(desk).unchanged_in()), None)
    if section is None:
        return url_for("officer.renewal", assessment_id=desk.assessment.id)
    return url_for("officer.confirm_section", assessment_id=desk.assessment.id, section_id=section)
