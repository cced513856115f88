"""Dossiers that are open to observers, and the form that opens one."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectField, SubmitField, TextAreaField

from compliance.actions import dossiers as acts
from compliance.actions.dossiers import LONGEST
from compliance.clock import today
from compliance.domain.errors import ForbiddenError, InvalidError
from compliance.domain.roles import Role
from compliance.journeys.dossiers.blueprint import dossiers
from compliance.journeys.forms import DateField, PortalForm, readable, required, whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.paging import Page, page_stored
from compliance.store.awards import Award, named_awards
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.dossier_flags import all_flags
from compliance.store.people import names_of, people_with_role
from questionnaires.typed import one_line

LONGEST_TEXT = 100


class FlagForm(PortalForm):
    """Whose dossier, to whom, why, until when."""

    award = SelectField(_l("Company"), validate_choice=False)
    observer = SelectField(_l("Observer"), validate_choice=False)
    reason = TextAreaField(
        _l("Why"),
        required(_l("Say why; the observer reads it."), LONGEST),
        [readable],
        description=_l("The observer reads it. Nothing about a case, nobody's name."),
        render_kw={"limit": LONGEST, "rows": 2},
    )
    ends_on = DateField(
        _l("Last day"),
        required(_l("Enter a day.")),
        format="%d %m %Y",
        description=_l("For example 27 3 2026."),
    )
    submit = SubmitField(_l("Open the dossier"))


def _companies(session: Session, text: str) -> Page[Award]:
    """A page of the companies with an award whose name in either language holds the text; in order of their names."""
    first = sa.select(sa.func.min(Award.id)).group_by(Award.company_id)
    name = Company.name_km if current_language() == "km" else Company.name_latin
    query = named_awards(text).where(Award.id.in_(first)).order_by(None).order_by(name, Award.id)
    return page_stored(session, "page", query)


def _form(session: Session, companies: Sequence[Award]) -> FlagForm:
    form, khmer = FlagForm(), current_language() == "km"
    form.award.choices = [(str(one.id), one.company.name_km if khmer else one.company.name_latin) for one in companies]
    form.observer.choices = [(str(one.id), one.full_name) for one in people_with_role(session, Role.OBSERVER)]
    return form


@dossiers.route("/", methods=["GET", "POST"])
def flags() -> str | tuple[str, int] | Response:
    """What is open and what was, and the form below."""
    session, text = db.session(), (one_line(request.args.get("q", "")))[:LONGEST_TEXT]
    companies = _companies(session, text)
    form = _form(session, companies.lines)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                acts.flag(
                    writing, current_actor(), whole_number(form.award.data) or 0, whole_number(form.observer.data) or 0,
                    form.reason.data or "", form.ends_on.data,
                )  # fmt: skip
        except InvalidError as error:
            form.refuse(error)
        except ForbiddenError as error:
            form.observer.errors = [_tied(error)]
        else:
            flash(_("The dossier is open to the observer."), "success")
            return redirect(url_for("dossiers.flags"))
    found = all_flags(session)
    page = render_template(
        "dossiers/flags.html",
        form=form,
        flags=found,
        text=text,
        companies=companies,
        names=names_of(session, {one.observer_id for one in found} | {one.flagged_by for one in found}),
        day=today(),
    )
    return page, 422 if form.is_submitted() else 200


def _tied(error: ForbiddenError) -> str:
    if error.reason == "tie_of_first":
        return str(_("This observer has a tie to the company. Choose another one."))
    return str(_("You have a tie to this company, so somebody else opens its dossier."))


@dossiers.post("/<id:flag_id>/end")
def end(flag_id: int) -> Response:
    """Closes a dossier before its day."""
    with transaction() as session:
        acts.end_flag(session, current_actor(), flag_id)
    flash(_("The dossier is closed."), "success")
    return redirect(url_for("dossiers.flags"))
