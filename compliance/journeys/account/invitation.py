"""An invitation's page: accept with the account one has, or make one."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, StringField, SubmitField
from wtforms.validators import EqualTo

from compliance.actions import invitations
from compliance.actions.invitation_links import SpentInvitationError, find
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Role
from compliance.journeys.account.blueprint import account
from compliance.journeys.account.entering import enter
from compliance.journeys.account.links import public_link
from compliance.journeys.account.security_forms import LANGUAGES, NEW, PASSWORD_HINT
from compliance.journeys.forms import PortalForm, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.journeys.responses import error_page
from compliance.journeys.role_names import COMPANY_HINTS, COMPANY_ROLES, STAFF_ROLES
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import Person, person_by_email


class NewAccountForm(PortalForm):
    """The account of whoever was invited; the address is known already."""

    full_name = StringField(
        lazy_gettext("Full name"),
        required(lazy_gettext("Enter your full name."), 120),
        [squeeze],
        render_kw={"autocomplete": "name"},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        required(lazy_gettext("Choose a password.")),
        render_kw=NEW,
        description=PASSWORD_HINT,
    )
    password_confirm = PasswordField(
        lazy_gettext("The same password again"),
        [
            *required(lazy_gettext("Enter the password again.")),
            EqualTo("password", lazy_gettext("The two passwords differ.")),
        ],
        render_kw=NEW,
    )
    language = RadioField(lazy_gettext("Language for emails"), choices=LANGUAGES, default=current_language)
    submit = SubmitField(lazy_gettext("Create account and accept"))


class AcceptForm(PortalForm):
    """Accepts with the account that is signed in."""

    submit = SubmitField(lazy_gettext("Accept the invitation"))


@account.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> str | Response:
    try:
        made = find(db.session(), token)
        known = person_by_email(db.session(), made.email) is not None
        form = AcceptForm() if known else NewAccountForm()
        signed_in = current_user.is_authenticated
        own = signed_in and current_user.email == made.email
        if form.validate_on_submit() and known == own == signed_in:
            return _accepted(token, form)
    except SpentInvitationError as error:
        return _spent(error)
    except InvalidError as error:
        form.refuse(error)
    company = db.session.get(Company, made.company_id) if made.company_id else None
    inviter = db.session.get(Person, made.invited_by) if made.invited_by else None
    return render_template(
        "account/invitation.html",
        form=form,
        made=made,
        company=company,
        inviter=inviter.actor().name if inviter else "",
        role=COMPANY_ROLES[made.company_role] if made.company_role else STAFF_ROLES[made.staff_role or Role.OBSERVER],
        may=COMPANY_HINTS[made.company_role] if made.company_role else "",
        known=known,
        own=own,
        token=token,
    )


def _accepted(token: str, form: PortalForm) -> Response:
    """The account that was made is signed in; who joins the Ministry's side with one they had signs in anew."""
    with transaction() as session:
        made = find(session, token)
        start = url_for("officer.company", company_id=made.company_id) if made.company_id else None
        wanted = start or url_for("account.signed_in")
        flash(_("You accepted the invitation."), "success")
        if isinstance(form, NewAccountForm):
            said = form.full_name.data, form.language.data, form.password.data
            return enter(invitations.accept_as_new(session, token, *said), "invitation", wanted)
        if invitations.accept(session, current_actor(), token).staff:
            logout_user()  # every browser is signed out by now, and what a dead session would say is not shown
    return redirect(wanted)


def _spent(error: SpentInvitationError) -> Response:
    own = current_user.is_authenticated and current_user.email == error.email
    return error_page(410, invitation=error.why, own=own)


def link_for(token: str, lang: str) -> str:
    """The link of an invitation's mail."""
    return public_link("account.invitation", lang, token=token)
