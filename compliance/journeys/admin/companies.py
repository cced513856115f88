"""Companies without an owner who can act: found, and given another one by two administrators, with proof."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, SubmitField, TextAreaField
from wtforms.validators import Email

from compliance.actions import access as acts
from compliance.actions.ties import ties_to
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.account.throttle import count_invitation
from compliance.journeys.admin.access import waiting
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm, address, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.journeys.role_names import COMPANY_ROLES as ROLE_NAMES
from compliance.store.base import db, transaction
from compliance.store.companies import Company, find_companies, without_owner
from compliance.store.people import colleagues


class OwnerForm(PortalForm):
    """Who shall own the company, and what was seen."""

    email = EmailField(
        lazy_gettext("Email address of the new owner"),
        [
            *required(lazy_gettext("Enter the person's email address."), 255),
            Email(lazy_gettext("Enter an email address, such as name@company.com.")),
        ],
        [address],
        render_kw={"autocomplete": "off"},
    )
    reason = TextAreaField(
        lazy_gettext("Proof: what have you seen, and when?"),
        required(lazy_gettext("Write what you have seen."), acts.LONGEST_REASON),
        [readable],
        description=lazy_gettext(
            "For example a letter of the company with seal and date, an extract of the commercial register, a call to "
            "a number you know. The second administrator reads it."
        ),
        render_kw={"limit": acts.LONGEST_REASON},
    )
    submit = SubmitField(lazy_gettext("Propose to a second administrator"))


@admin.get("/companies")
def companies() -> str:
    """Those without an owner first; any other by its name or number."""
    session, wanted = db.session(), request.args.get("q", "")[:100].strip()
    return render_template(
        "admin/companies.html",
        wanted=wanted,
        found=find_companies(session, wanted) if wanted else [],
        orphans=without_owner(session),
        proposals=[one for one in waiting(session) if one.company],
    )


@admin.route("/companies/<id:company_id>", methods=["GET", "POST"])
def company(company_id: int) -> str | tuple[str, int] | Response:
    """Who works for it, and the proposal of an owner."""
    session, form = db.session(), OwnerForm()
    found = session.get(Company, company_id)
    if found is None:
        raise NotFoundError
    if form.validate_on_submit():
        count_invitation(current_actor())
        try:
            with transaction() as writing:
                lang = current_language()
                acts.propose_owner(writing, current_actor(), company_id, form.email.data, form.reason.data, lang)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. Another administrator has to confirm it; the company's people are told."), "success")
            return redirect(url_for("admin.companies"))
    page = render_template(
        "admin/company.html",
        form=form,
        company=found,
        colleagues=colleagues(session, company_id),
        role_names=ROLE_NAMES,
        proposals=waiting(session, company_id),
        tie=ties_to(session, current_actor(), [company_id]).get(company_id),
    )
    return page, 422 if form.is_submitted() else 200
