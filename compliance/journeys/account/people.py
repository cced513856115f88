"""A company's people: who works for it, with which role; inviting, handing over, leaving."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, SelectChoice, SubmitField
from wtforms.validators import Email

from compliance import clock
from compliance.actions import colleagues as acts
from compliance.actions import invitations
from compliance.actions.undoing import contradiction, may_undo
from compliance.domain.errors import InvalidError
from compliance.domain.roles import MAY_MANAGE, CompanyRole
from compliance.journeys.account.blueprint import account
from compliance.journeys.account.invitation import link_for
from compliance.journeys.account.leaving import colleague_of
from compliance.journeys.account.throttle import count_invitation
from compliance.journeys.back import onward
from compliance.journeys.forms import PortalForm, address, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.journeys.role_names import COMPANY_HINTS, COMPANY_ROLES
from compliance.store.base import db, transaction
from compliance.store.colleague_acts import ColleagueChange, to_undo
from compliance.store.companies import company_of
from compliance.store.people import colleagues

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
            return redirect(onward(url_for("account.people", company_id=company_id)))
    return render_template(
        "account/people.html",
        form=form,
        company=company,
        owner=owner,
        own_id=actor.user_id,
        colleagues=colleagues(db.session(), company_id),
        undoable=_undoable(company_id),
        role_hints=[(COMPANY_ROLES[role], hint) for role, hint in COMPANY_HINTS.items()],
        waiting=invitations.open_invitations(db.session(), company_id) if owner else [],
        role_names=COMPANY_ROLES,
    )


def _undoable(company_id: int) -> list[ColleagueChange]:
    """What the reader may still undo."""
    session, actor = db.session(), current_actor()
    found = to_undo(session, company_id, clock.now())
    return [one for one in found if may_undo(actor, one) and not contradiction(session, one)]


@account.route("/company/<id:company_id>/people/<id:membership_id>", methods=["GET", "POST"])
def colleague(company_id: int, membership_id: int) -> str | Response:
    actor = current_actor()
    company = company_of(db.session(), actor, company_id, MAY_MANAGE)
    row = colleague_of(company_id, membership_id)
    form = RoleForm(role=row.role.value)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                acts.set_role(session, current_actor(), company_id, membership_id, CompanyRole(form.role.data))
        except InvalidError as error:
            form.refuse(InvalidError("role", error.message, **error.values))
        else:
            flash(_("The role is changed."), "success")
            return redirect(url_for("account.people", company_id=company_id))
    return render_template(
        "account/colleague.html", form=form, company=company, row=row, own=actor.user_id == row.person_id
    )


@account.post("/invitations/<id:invitation_id>/cancel")
def cancel_invitation(invitation_id: int) -> Response:
    with transaction() as session:
        made = invitations.cancel(session, current_actor(), invitation_id)
        company_id = made.company_id
    flash(_("The invitation is taken back."), "success")
    if company_id is None:
        return redirect(url_for("admin.people"))
    return redirect(url_for("account.people", company_id=company_id))
