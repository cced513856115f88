"""A company's people: who works for it, with which role; inviting, handing over, leaving."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, SelectChoice, SubmitField
from wtforms.validators import Email

from compliance.actions import colleagues as acts
from compliance.actions import invitations
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import MAY_MANAGE, CompanyRole
from compliance.journeys.account.blueprint import account
from compliance.journeys.account.invitation import link_for
from compliance.journeys.account.throttle import count_invitation
from compliance.journeys.forms import PortalForm, address, refusal_text, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.journeys.role_names import COMPANY_HINTS, COMPANY_ROLES
from compliance.store.base import db, transaction
from compliance.store.companies import company_of
from compliance.store.people import Membership, colleagues

ROLES = [SelectChoice(role.value, name, {"hint": COMPANY_HINTS[role]}) for role, name in COMPANY_ROLES.items()]


class InviteForm(PortalForm):
    """Whom to invite, as what."""

    email = EmailField(
        lazy_gettext("Email address"),
        [
            *required(lazy_gettext("Enter the colleague's email address."), 255),
            Email(lazy_gettext("Enter an email address, such as name@company.com.")),
        ],
        [address],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(lazy_gettext("Role"), choices=ROLES, default=CompanyRole.EDITOR.value)
    submit = SubmitField(lazy_gettext("Send the invitation"))


class RoleForm(PortalForm):
    """Another role for a colleague."""

    role = RadioField(lazy_gettext("Role"), choices=ROLES)
    submit = SubmitField(lazy_gettext("Save"))


@account.route("/company/<id:company_id>/people", methods=["GET", "POST"])
def people(company_id: int) -> str | Response:
    actor = current_actor()
    company = company_of(db.session(), actor, company_id)
    owner = actor.companies[company_id] in MAY_MANAGE
    form = InviteForm()
    if owner and form.validate_on_submit():
        count_invitation(actor)
        try:
            with transaction() as session:
                role = CompanyRole(form.role.data)
                invitations.invite_colleague(
                    session, current_actor(), company_id, form.email.data, role, current_language(), link_for
                )
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "success")
            return redirect(url_for("account.people", company_id=company_id))
    return render_template(
        "account/people.html",
        form=form,
        company=company,
        owner=owner,
        own_id=actor.user_id,
        colleagues=colleagues(db.session(), company_id),
        waiting=invitations.open_invitations(db.session(), company_id) if owner else [],
        role_names=COMPANY_ROLES,
    )


@account.route("/company/<id:company_id>/people/<id:membership_id>", methods=["GET", "POST"])
def colleague(company_id: int, membership_id: int) -> str | Response:
    actor = current_actor()
    company = company_of(db.session(), actor, company_id, MAY_MANAGE)
    row = _colleague(company_id, membership_id)
    form = RoleForm(role=row.role.value)
    if form.validate_on_submit():
        with transaction() as session:
            acts.set_role(session, current_actor(), company_id, membership_id, CompanyRole(form.role.data))
        flash(_("The role is changed."), "success")
        return redirect(url_for("account.people", company_id=company_id))
    return render_template(
        "account/colleague.html", form=form, company=company, row=row, own=actor.user_id == row.person_id
    )


def _colleague(company_id: int, membership_id: int) -> Membership:
    found = next((row for row in colleagues(db.session(), company_id) if row.id == membership_id), None)
    if found is None:
        raise NotFoundError
    return found


@account.post("/company/<id:company_id>/people/<id:membership_id>/remove")
def remove_colleague(company_id: int, membership_id: int) -> Response:
    with transaction() as session:
        acts.remove(session, current_actor(), company_id, membership_id)
    flash(_("The colleague no longer works for the company here."), "success")
    return redirect(url_for("account.people", company_id=company_id))


@account.post("/company/<id:company_id>/people/<id:membership_id>/hand-over")
def hand_over(company_id: int, membership_id: int) -> Response:
    with transaction() as session:
        acts.hand_over(session, current_actor(), company_id, membership_id)
    flash(_("The ownership is handed over; you are an editor now."), "success")
    return redirect(url_for("account.people", company_id=company_id))


@account.post("/company/<id:company_id>/leave")
def leave_company(company_id: int) -> Response:
    try:
        with transaction() as session:
            acts.leave(session, current_actor(), company_id)
    except InvalidError as error:
        flash(refusal_text(error), "error")
        return redirect(url_for("account.people", company_id=company_id))
    flash(_("You no longer work for the company here."), "success")
    return redirect(url_for("account.home"))


@account.post("/invitations/<id:invitation_id>/cancel")
def cancel_invitation(invitation_id: int) -> Response:
    with transaction() as session:
        made = invitations.cancel(session, current_actor(), invitation_id)
        company_id = made.company_id
    flash(_("The invitation is taken back."), "success")
    if company_id is None:
        return redirect(url_for("admin.people"))
    return redirect(url_for("account.people", company_id=company_id))
