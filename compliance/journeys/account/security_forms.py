"""Flask-Security's forms in our words and markup; each begins the write transaction once it is found good."""

from typing import Any

import flask_security as fs
from flask import url_for
from flask_login import current_user
from flask_security.forms import EmailValidation, unique_user_email, valid_user_email
from flask_security.recovery_codes import MfRecoveryCodesForm, MfRecoveryForm
from flask_security.utils import hash_password, validate_redirect_url
from flask_security.webauthn import WebAuthnDeleteForm, WebAuthnRegisterForm, WebAuthnSigninForm, WebAuthnVerifyForm
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectChoice, StringField, SubmitField
from wtforms.validators import EqualTo

from compliance import clock
from compliance.actions.accounts import named
from compliance.domain.errors import InvalidError
from compliance.journeys.account.throttle import WINDOW
from compliance.journeys.account.writing import begin
from compliance.journeys.forms import PortalForm, address, lower, required, squeeze
from compliance.journeys.language import current_language
from compliance.journeys.language import lazy_gettext as _
from compliance.store.base import db
from compliance.store.sessions import count_try, digest

LANGUAGES = (SelectChoice("km", "ខ្មែរ"), SelectChoice("en", "English"))
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "width": "10", "spellcheck": "false"}
CURRENT = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password"}
PASSWORD_HINT = _("At least 15 characters; four or five words are easy to remember. Khmer letters are fine.")
EMAIL_NEEDED = _("Enter your email address.")
PASSWORD_NEEDED = _("Enter your password.")


class Writing(PortalForm):
    """A form after whose success the view writes."""

    def validate(self, **kwargs: Any) -> bool:
        good = bool(super().validate(**kwargs))
        if good:
            begin()
        return good

    def validate_next(self, field: HiddenField) -> None:
        """Whoever follows a tampered link signs in all the same, and stays here."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""


def email_field(*more: Any, **settings: Any) -> EmailField:
    return EmailField(
        _("Email address"),
        [*required(EMAIL_NEEDED, 255), *more],
        [address],
        render_kw={"autocomplete": "email"},
        **settings,
    )


class LoginForm(Writing, fs.LoginForm):
    """Sign in."""

    email = email_field(EmailValidation(verify=False))
    password = PasswordField(_("Password"), [*required(PASSWORD_NEEDED)], render_kw=CURRENT, description=" ")
    remember = None
    submit = SubmitField(_("Sign in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = self.next.data or url_for("account.signed_in")


class VerifyForm(Writing, fs.VerifyForm):
    """The password once more before something delicate."""

    password = PasswordField(_("Password"), [*required(PASSWORD_NEEDED)], render_kw=CURRENT)
    submit = SubmitField(_("Continue"))


class RegisterForm(Writing, fs.RegisterFormV2):
    """A new account."""

    full_name = StringField(
        _("Full name"), required(_("Enter your full name."), 120), [squeeze], render_kw={"autocomplete": "name"}
    )
    email = email_field(EmailValidation(verify=True), unique_user_email)
    password = PasswordField(_("Password"), required(_("Choose a password.")), render_kw=NEW, description=PASSWORD_HINT)
    password_confirm = PasswordField(
        _("The same password again"),
        [*required(_("Enter the password again.")), EqualTo("password", _("The two passwords differ."))],
        render_kw=NEW,
    )
    language = RadioField(_("Language for emails"), choices=LANGUAGES, default=current_language)
    submit = SubmitField(_("Create account"))

    def validate_full_name(self, field: StringField) -> None:
        try:
            field.data = named(field.data or "")
        except InvalidError:
            field.data = ""


class Asking(Writing):
    """Asks for a mail. Whoever has no account costs the same: a row is written and committed too."""

    def validate(self, **kwargs: Any) -> bool:
        good = super().validate(**kwargs)
        if not good:
            begin()
            count_try(db.session(), f"no mail:{digest(str(self.email.data))}", clock.now(), WINDOW)
        if "@" not in (self.email.data or ""):
            self.form_errors.append(EMAIL_NEEDED)  # the view hides what is said beside the field, for any address
        return good


class ForgotPasswordForm(Asking, fs.ForgotPasswordForm):
    """Asks for a link to choose a new password."""

    def validate(self, **kwargs: Any) -> bool:
        good = super().validate(**kwargs)
        if good:
            hash_password("Flask-Security hashes something for an address it does not know")
        return good

    email = email_field(EmailValidation(verify=False), valid_user_email)
    submit = SubmitField(_("Send the link"))


class SendConfirmationForm(Asking, fs.SendConfirmationForm):
    """Asks for the confirmation once more."""

    email = email_field(EmailValidation(verify=False), valid_user_email)
    submit = SubmitField(_("Send the link again"))


class ResetPasswordForm(Writing, fs.ResetPasswordForm):
    """A new password after a reset."""

    password = PasswordField(
        _("New password"), required(_("Choose a password.")), render_kw=NEW, description=PASSWORD_HINT
    )
    password_confirm = PasswordField(
        _("The same password again"),
        [*required(_("Enter the password again.")), EqualTo("password", _("The two passwords differ."))],
        render_kw=NEW,
    )
    submit = SubmitField(_("Save the new password"))


class ChangePasswordForm(Writing, fs.ChangePasswordForm):
    """Another password for whoever knows the present one."""

    password = PasswordField(_("Present password"), required(PASSWORD_NEEDED), render_kw=CURRENT)
    new_password = PasswordField(
        _("New password"), required(_("Choose a password.")), render_kw=NEW, description=PASSWORD_HINT
    )
    new_password_confirm = PasswordField(
        _("The same password again"),
        [*required(_("Enter the password again.")), EqualTo("new_password", _("The two passwords differ."))],
        render_kw=NEW,
    )
    submit = SubmitField(_("Save the new password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not current_user.password:  # who signs in with a provider has none to type
            self.password.validators = ()


class SetupForm(PortalForm, fs.TwoFactorSetupForm):
    """Begins to set up an authenticator app; switching off has its own page."""

    setup = HiddenField(default="authenticator")
    phone = HiddenField()
    submit = SubmitField(_("Set up an authenticator app"))

    def validate(self, **kwargs: Any) -> bool:
        return bool(super().validate(**kwargs)) and self.setup.data == "authenticator"


class CodeForm(PortalForm, fs.TwoFactorVerifyCodeForm):
    """The six digits of the authenticator app."""

    code = StringField(
        _("Six-digit code"),
        required(_("Enter the six digits your authenticator app shows."), 20),
        [squeeze],
        render_kw=CODE,
    )
    submit = SubmitField(_("Continue"), id="submit-code")


class RescueForm(PortalForm, fs.TwoFactorRescueForm):
    """Not offered: a recovery code is the one way without the phone."""

    help_setup = RadioField(choices=list[SelectChoice]())


class RecoveryCodesForm(PortalForm, MfRecoveryCodesForm):
    """Makes new recovery codes."""

    show_codes = None
    generate_new_codes = SubmitField(_("Make new recovery codes"))


class RecoveryForm(PortalForm, MfRecoveryForm):
    """Signs in with a recovery code."""

    code = StringField(
        _("Recovery code"),
        required(_("Enter one of your recovery codes."), 40),
        [squeeze, lower],
        render_kw={"autocomplete": "off", "width": "20", "spellcheck": "false"},
    )
    submit = SubmitField(_("Continue"))


class PasskeyForm(PortalForm, WebAuthnRegisterForm):
    """Names a new passkey; each is good for signing in alone, because it checks who holds it."""

    name = StringField(_("A name for this passkey"), required(_("Enter a name, such as “work laptop”."), 64), [squeeze])
    usage = HiddenField(default="first")
    submit = SubmitField(_("Add a passkey"), id="wan_register")

    def validate(self, **kwargs: Any) -> bool:
        self.usage.data = "first"
        return bool(super().validate(**kwargs))


class PasskeySignInForm(PortalForm, WebAuthnSigninForm):
    """Begins to sign in with a passkey."""

    identity = HiddenField()
    remember = HiddenField()
    submit = SubmitField(_("Sign in with a passkey"), id="wan_signin")


class PasskeyVerifyForm(PortalForm, WebAuthnVerifyForm):
    """The passkey once more before something delicate."""

    submit = SubmitField(_("Continue"), id="wan_verify")


class PasskeyRemoveForm(PortalForm, WebAuthnDeleteForm):
    """Removes a passkey."""

    name = HiddenField(validators=required(_("Enter a name, such as “work laptop”."), 64), id="delete-name")
    submit = SubmitField(_("Remove"))


FORMS: dict[str, type[FlaskForm]] = {
    "login_form": LoginForm,
    "verify_form": VerifyForm,
    "register_form": RegisterForm,
    "forgot_password_form": ForgotPasswordForm,
    "send_confirmation_form": SendConfirmationForm,
    "reset_password_form": ResetPasswordForm,
    "change_password_form": ChangePasswordForm,
    "two_factor_setup_form": SetupForm,
    "two_factor_verify_code_form": CodeForm,
    "two_factor_rescue_form": RescueForm,
    "mf_recovery_codes_form": RecoveryCodesForm,
    "mf_recovery_form": RecoveryForm,
    "wan_register_form": PasskeyForm,
    "wan_signin_form": PasskeySignInForm,
    "wan_verify_form": PasskeyVerifyForm,
    "wan_delete_form": PasskeyRemoveForm,
}
