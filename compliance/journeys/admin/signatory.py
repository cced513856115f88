"""Who signs certificates: proposed with a preview of the certificate, confirmed by a second administrator."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, SubmitField

from certificates.facts import LONGEST
from compliance.actions import signing_for as acts
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.sample import drawn, pictures_in_use
from compliance.journeys.forms import PortalForm, required, squeeze
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.base import db, transaction
from compliance.store.people import names_of
from compliance.store.signatories import open_signatory, signatories

LISTED = 20
OFFICE, NAME = LONGEST["signatory.office"], LONGEST["signatory.name"]


class SignatoryForm(PortalForm):
    """Office and name, as they are printed."""

    office_km = StringField(_l("Office in Khmer"), required(_l("Enter the office in Khmer."), OFFICE), [squeeze])
    office_en = StringField(_l("Office in English"), required(_l("Enter the office in English."), OFFICE), [squeeze])
    name_km = StringField(_l("Name in Khmer"), required(_l("Enter the name in Khmer."), NAME), [squeeze])
    name_en = StringField(_l("Name in English"), required(_l("Enter the name in English."), NAME), [squeeze])
    look = SubmitField(_l("Look at the certificate first"))
    submit = SubmitField(_l("Propose to a second administrator"))

    def texts(self) -> dict[str, str]:
        return {field: self[field].data or "" for field in acts.FIELDS}


@admin.route("/signatory", methods=["GET", "POST"])
def signatory() -> str | tuple[str, int] | Response:
    """Whom certificates name, whom somebody proposes, and the form: the one button draws, the other proposes."""
    form = SignatoryForm()
    if form.validate_on_submit():
        try:
            if form.look.data:
                return drawn(acts.checked(form.texts()), pictures_in_use())
            with transaction() as session:
                acts.propose(session, current_actor(), form.texts())
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. Certificates name the new signatory when another administrator confirms it."), "success")
            return redirect(url_for("admin.signatory"))
    session = db.session()
    waiting, rows = open_signatory(session), signatories(session, LISTED)
    people = {one.proposed_by for one in rows} | {one.confirmed_by for one in rows if one.confirmed_by}
    page = render_template(
        "admin/signatory.html",
        form=form,
        now=acts.signatory_now(session, settings()),
        waiting=waiting,
        own=waiting is not None and waiting.proposed_by == current_actor().user_id,
        rows=rows,
        names=names_of(session, people),
    )
    return page, 422 if form.is_submitted() else 200


@admin.get("/signatory/sample.pdf")
def signatory_sample() -> Response:
    """A certificate as it is printed today, or as the proposal that waits would have it (`of=proposal`)."""
    session = db.session()
    waiting = open_signatory(session)
    if request.args.get("of") != "proposal":
        return drawn(acts.signatory_now(session, settings()), pictures_in_use())
    if waiting is None:
        raise NotFoundError
    return drawn(acts.signatory_of(waiting), pictures_in_use())


@admin.post("/signatory/<id:signatory_id>/confirm")
def confirm_signatory(signatory_id: int) -> Response:
    """The second administrator makes it so."""
    with transaction() as session:
        acts.confirm(session, current_actor(), signatory_id)
    flash(
        _("Confirmed. What is granted from now on names the new signatory; certificates before stay as they are."),
        "success",
    )
    return redirect(url_for("admin.signatory"))


@admin.post("/signatory/<id:signatory_id>/withdraw")
def withdraw_signatory(signatory_id: int) -> Response:
    """Taken back, or declined by the other one."""
    with transaction() as session:
        acts.withdraw(session, current_actor(), signatory_id)
    flash(_("The proposal is withdrawn."), "success")
    return redirect(url_for("admin.signatory"))
