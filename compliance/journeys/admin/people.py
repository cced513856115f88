"""People on the ministry's side: invited, given roles, switched off."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, SelectChoice, SelectMultipleField, SubmitField
from wtforms.validators import Email

from compliance.actions import accounts, invitations
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Role
from compliance.journeys.account.invitation import link_for
from compliance.journeys.account.throttle import count_invitation
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm, address, refusal_text, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, km_digits, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.store.base import db, transaction
from compliance.store.people import Person, staff

ROLE_NAMES = {
    Role.REVIEWER: lazy_gettext("Reviewer"),
    Role.APPROVER: lazy_gettext("Approver"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
    Role.OBSERVER: lazy_gettext("Observer"),
}
ROLES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]


class InviteForm(PortalForm):
    """Whom to invite to the ministry's side, as what."""

    email = EmailField(
        lazy_gettext("Email address"),
        [
            *required(lazy_gettext("Enter the person's email address."), 255),
            Email(lazy_gettext("Enter an email address, such as name@company.com.")),
        ],
        [address],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(lazy_gettext("Role"), choices=ROLES, default=Role.REVIEWER.value)
    submit = SubmitField(lazy_gettext("Send the invitation"))


class RolesForm(PortalForm):
    """All roles of one person."""

    roles = SelectMultipleField(lazy_gettext("Roles"), choices=ROLES)
    submit = SubmitField(lazy_gettext("Save"))


@admin.route("/people", methods=["GET", "POST"])
def people() -> str | Response:
    actor = current_actor()
    form = InviteForm()
    if form.validate_on_submit():
        count_invitation(actor)
        try:
            with transaction() as session:
                role = Role(form.role.data)
                invitations.invite_staff(session, current_actor(), form.email.data, role, current_language(), link_for)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "success")
            return redirect(url_for("admin.people"))
    return render_template(
        "admin/people.html",
        form=form,
        staff=staff(db.session()),
        waiting=invitations.open_invitations(db.session(), None),
        role_names=ROLE_NAMES,
        own_id=actor.user_id,
    )


@admin.route("/people/<id:person_id>", methods=["GET", "POST"])
def person(person_id: int) -> str | Response:
    somebody = _somebody(person_id)
    form = RolesForm(roles=[row.name for row in somebody.roles])
    if form.validate_on_submit():
        try:
            with transaction() as session:
                roles = [Role(name) for name in form.roles.data or []]
                accounts.set_roles(session, current_actor(), person_id, roles)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("The roles are saved. The person has to sign in again."), "success")
            return redirect(url_for("admin.people"))
    own = person_id == current_actor().user_id
    return render_template("admin/person.html", form=form, somebody=somebody, own=own, role_names=ROLE_NAMES)


def _somebody(person_id: int) -> Person:
    """A person on the ministry's side, or one who was; people of companies are not administered here."""
    found = db.session.get(Person, person_id)
    if found is None or found.actor().companies:
        raise NotFoundError
    return found


@admin.post("/people/<id:person_id>/active")
def switch(person_id: int) -> Response:
    """Switches the account off, or on again."""
    active = not _somebody(person_id).active
    try:
        with transaction() as session:
            accounts.set_active(session, current_actor(), person_id, active=active)
    except InvalidError as error:
        flash(refusal_text(error), "error")
    else:
        flash(_("The account is on again.") if active else _("The account is off."), "success")
    return redirect(url_for("admin.person", person_id=person_id))


@admin.post("/people/<id:person_id>/second-factor")
def reset_second_factor(person_id: int) -> Response:
    """After the administrator made sure who is asking."""
    _somebody(person_id)
    with transaction() as session:
        accounts.reset_second_factor(session, current_actor(), person_id)
    flash(_("The second factor is removed; the person sets up a new one at the next sign-in."), "success")
    return redirect(url_for("admin.person", person_id=person_id))


@admin.post("/people/<id:person_id>/sign-out")
def sign_out(person_id: int) -> Response:
    """Ends all the person's browsers."""
    _somebody(person_id)
    with transaction() as session:
        ended = accounts.sign_out_everywhere(session, current_actor(), person_id)
    flash(_("Signed out in %(count)s browsers.", count=km_digits(ended)), "success")
    return redirect(url_for("admin.person", person_id=person_id))
