"""Change declarations: one form that says what each kind leads to, and its receipt."""

import secrets
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp

from compliance.actions import declaring
from compliance.actions.declaring import MAY_DECLARE, Told
from compliance.clock import today
from compliance.domain.errors import InvalidError
from compliance.journeys.declaration_words import kind_names, report_names
from compliance.journeys.forms import DateField, PortalForm, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import officer
from compliance.store.base import db, transaction
from compliance.store.change_declarations import ChangeKind, ReportedTo
from compliance.store.companies import company_of
from compliance.store.people import names_of
from questionnaires import current

NAME = "name"
"""Of the kinds to choose from, the one that leads to a change request."""
KEY = r"\A[0-9a-f]{32}\Z"


class DeclareForm(PortalForm):
    """What happened in general, since when, what was done; `key` makes pressing twice one declaration."""

    key = HiddenField(validators=[Regexp(KEY)])
    kind = RadioField(_l("What do you want to tell?"), required(_l("Choose what you want to tell.")))
    since = DateField(
        _l("Since when?"), required(_l("Enter a day.")), format="%d %m %Y", description=_l("For example 27 3 2026.")
    )
    what = TextAreaField(
        _l("What happened or changed, in general?"),
        required(_l("Say in general what happened or changed."), declaring.LONGEST),
        [squeeze],
        description=_l(
            "Only in general, such as: a filter failed for two days. Nothing about a case, a child or any material."
        ),
        render_kw={"limit": declaring.LONGEST},
    )
    done = TextAreaField(
        _l("What has your company done about it?"),
        [Length(max=declaring.LONGEST)],
        [squeeze],
        description=_l("Needed for an incident."),
        render_kw={"limit": declaring.LONGEST},
    )
    reported_to = SelectMultipleField(
        _l("To whom did your company report it?"),
        description=_l("Needed for an incident. This form reports to none of them: it tells only the Ministry."),
        validate_choice=False,
    )
    submit = SubmitField(_l("Declare it to the Ministry"))

    def validate(self, extra_validators: Any = None) -> bool:
        """All that is wrong is told at once: what only an incident needs, too."""
        fine = bool(super().validate(extra_validators))
        if self.kind.data in list(ChangeKind):
            for refusal in self.told.refusals(today()):
                if not self[refusal.field].errors:
                    self.refuse(refusal)
                    fine = False
        return fine

    @property
    def told(self) -> Told:
        """What was typed, today where no day was; `Told.checked` judges it."""
        known = {one.value for one in ReportedTo}
        reported = tuple(ReportedTo(one) for one in self.reported_to.data or () if one in known)
        return Told(
            ChangeKind(self.kind.data), self.since.data or today(), self.what.data or "", self.done.data or "", reported
        )  # fmt: skip


def _form() -> DeclareForm:
    form = DeclareForm(data={"key": secrets.token_hex(16)})
    kinds: list[tuple[str, tuple[str, str]]] = [*kind_names().items(), (NAME, _name())]
    form.kind.choices = [SelectChoice(kind, name, {"hint": hint}) for kind, (name, hint) in kinds]
    form.reported_to.choices = [
        SelectChoice(one, name, {"exclusive": one is ReportedTo.NOBODY}) for one, name in report_names().items()
    ]
    return form


def _name() -> tuple[str, str]:
    return _("A new name or brand"), _(
        "Leads to your company's details: the Ministry confirms the change before the public reads it."
    )


@officer.route("/<id:company_id>/declare", methods=["GET", "POST"])
def declare(company_id: int) -> str | tuple[str, int] | Response:
    """The form; a new name or brand goes on to the company's details."""
    session, actor = db.session(), current_actor()
    company, form = company_of(session, actor, company_id, MAY_DECLARE), _form()
    award = declaring.declared_under(session, company_id)
    if form.is_submitted() and form.kind.data == NAME:
        return redirect(url_for("officer.details", company_id=company_id))
    if form.validate_on_submit() and award is not None:
        try:
            with transaction() as writing:
                made = declaring.declare(writing, current_actor(), company_id, form.told, form.key.data).id
        except InvalidError as error:
            form.refuse(error)
        else:
            return redirect(url_for("officer.declaration", declaration_id=made))
    page = render_template(
        "officer/declare.html",
        company=company,
        form=form,
        award=award,
        within=current().lifecycle.must_report_changes_days,
    )
    return page, 422 if form.is_submitted() else 200


@officer.get("/declarations/<id:declaration_id>")
def declaration(declaration_id: int) -> str:
    """The receipt: what was declared, by whom, when, its digest, and what it leads to."""
    session = db.session()
    found = declaring.own_declaration(session, current_actor(), declaration_id)
    return render_template(
        "officer/declaration.html",
        declaration=found,
        by=names_of(session, {found.declared_by}).get(found.declared_by, ""),
        kind=kind_names()[found.kind][0],
        reported=[name for one, name in report_names().items() if one in found.reported_to],
    )
