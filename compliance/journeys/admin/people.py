"""People on the ministry's side: invited, given roles, switched off. Whatever gives a role, another one confirms."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, RadioField, SelectChoice, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import AnyOf, Email, Length

from compliance.actions import access, accounts, invitations
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Role
from compliance.journeys.account.throttle import count_invitation
from compliance.journeys.admin.access import waiting
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm, address, readable, refusal_text, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, km_digits, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.journeys.role_names import STAFF_ROLES as ROLE_NAMES
from compliance.store.base import db, transaction
from compliance.store.people import Person, people_with_role, staff

ROLES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]


def why() -> TextAreaField:
    """What the second administrator reads."""
    return TextAreaField(
        lazy_gettext("Why? (optional)"),
        [Length(max=access.LONGEST_REASON)],
        [readable],
        description=lazy_gettext("The second administrator reads it: who the person is, and how you know the address."),
    )


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
    reason = why()
    submit = SubmitField(lazy_gettext("Propose to a second administrator"))


class SwitchForm(PortalForm):
    """What an account shall be."""

    to = HiddenField(validators=[AnyOf(["on", "off"])])


class RolesForm(PortalForm):
    """All roles of one person."""

    roles = SelectMultipleField(lazy_gettext("Roles"), choices=ROLES)
    reason = why()
    submit = SubmitField(lazy_gettext("Propose to a second administrator"))


@admin.route("/people", methods=["GET", "POST"])
def people() -> str | Response:
    actor = current_actor()
    form = InviteForm()
    if form.validate_on_submit():
        count_invitation(actor)
        try:
            with transaction() as session:
                role, lang, reason = Role(form.role.data), current_language(), form.reason.data or ""
                access.propose_invitation(session, current_actor(), form.email.data, role, lang, reason)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. The invitation goes out when another administrator confirms it."), "success")
            return redirect(url_for("admin.people"))
    return render_template(
        "admin/people.html",
        form=form,
        staff=staff(db.session()),
        proposals=[one for one in waiting(db.session()) if not one.company],
        alone=len(people_with_role(db.session(), Role.ADMINISTRATOR)) < 2,
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
                access.propose_roles(session, current_actor(), person_id, roles, form.reason.data or "")
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. The roles change when another administrator confirms it."), "success")
            return redirect(url_for("admin.people"))
    return render_template(
        "admin/person.html",
        form=form,
        somebody=somebody,
        own=person_id == current_actor().user_id,
        role_names=ROLE_NAMES,
        proposals=[one for one in waiting(db.session()) if one.proposal.person_id == person_id],
    )


def _somebody(person_id: int) -> Person:
    """A person on the ministry's side, or one who was; people of companies are not administered here."""
    found = db.session.get(Person, person_id)
    if found is None or found.actor().companies:
        raise NotFoundError
    return found


SWITCHED = {
    (True, True): lazy_gettext("Proposed. The account is on again when another administrator confirms it."),
    (True, False): lazy_gettext("The account is on again."),
    (False, False): lazy_gettext("The account is off. The other administrators are told."),
}


@admin.post("/people/<id:person_id>/active")
def switch(person_id: int) -> Response:
    """Off at once; on again at once without staff roles, with them when another administrator confirms it.

    The button says which of both it is (`to`): pressed twice, or on an old page, it never does the other.
    """
    somebody, form = _somebody(person_id), SwitchForm()
    if not form.validate_on_submit():
        abort(400)
    active = form.to.data == "on"
    proposes = active and somebody.staff and not somebody.active
    try:
        with transaction() as session:
            if proposes:
                access.propose_enabling(session, current_actor(), person_id)
            else:
                accounts.set_active(session, current_actor(), person_id, active=active)
    except InvalidError as error:
        flash(refusal_text(error), "error")
    else:
        flash(SWITCHED[active, proposes], "success")
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
