"""Accounts: register, sign in, second factor, sessions, colleagues."""

from typing import Any

from flask import Flask, flash, redirect, request, session, url_for
from flask_login import current_user
from flask_security import Security
from werkzeug.wrappers import Response

from compliance.journeys.account import (
    address,
    calendar,
    config,
    entering,
    events,
    invitation,
    leaving,
    letters,
    people,
    pictures,
    provider,
    provider_sign_in,
    sessions,
    stopping_mail,
    throttle,
    unsent,
    writing,
)
from compliance.journeys.account.blueprint import account
from compliance.journeys.account.mail import OutboxMail
from compliance.journeys.account.security_extensions import Authenticator, Passkeys, Passwords, RecoveryCodes
from compliance.journeys.account.security_forms import FORMS
from compliance.journeys.account.views import ask_before_confirming
from compliance.journeys.gate import ASKING, STAFF
from compliance.journeys.language import gettext
from compliance.settings import Settings
from compliance.store.base import db
from compliance.store.people import Passkey, Person, RoleRow

__all__ = ["account", "address", "calendar", "init", "invitation", "leaving", "letters", "people", "unsent"]


def init(app: Flask, settings: Settings) -> None:
    """Flask-Security behind our pages, our sessions and our throttling."""
    app.config.update(config.security_config(settings))
    app.config.update(sessions.cookie_config(settings))
    datastore = writing.Datastore(db, Person, RoleRow, Passkey)
    forms: dict[str, Any] = FORMS
    security = Security(
        app,
        datastore,
        mail_util_cls=OutboxMail,
        password_util_cls=Passwords,
        totp_cls=Authenticator,
        webauthn_util_cls=Passkeys,
        mf_recovery_codes_util_cls=RecoveryCodes,
        **forms,
    )
    security.want_json(lambda _request: False)
    _drop_principal(app, security)
    sessions.init(app)
    throttle.init(app)
    writing.init(app)
    events.init(app)
    entering.init(app)
    pictures.init(app)
    provider.init(app, settings)
    app.extensions["csrf"].exempt(stopping_mail.stop_mails)
    app.before_request(_another_way)
    app.before_request(_second_factor_first)
    app.before_request(_ask_before_confirming)
    app.before_request(_ways_we_do_not_offer)
    app.before_request(_nothing_to_set_up)


def _drop_principal(app: Flask, security: Security) -> None:
    """Flask-Principal would ask who is there at every request, pictures too; the gate does what is needed of it."""
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if getattr(hook, "__self__", None) is not security.principal]


def _second_factor_first() -> Response | None:
    """The ministry's pages open only to a browser that passed a second factor."""
    if request.blueprint not in STAFF:
        return None
    if not current_user.is_authenticated or not current_user.actor().roles & STAFF[request.blueprint]:
        return None  # the gate says no
    browser = sessions.current_browser()
    if browser is not None and browser.second_factor:
        return None
    flash(gettext("Sign out, then sign in with your second factor to open this page."), "warning")
    return redirect(url_for("account.home"))


def _another_way() -> None:
    """Whoever begins with a password or a passkey does not end what somebody began with a provider."""
    if request.endpoint in {"security.login", "security.wan_signin_response"} and request.method not in ASKING:
        provider_sign_in.forget()


def _nothing_to_set_up() -> Response | None:
    """Flask-Security ends the session of whoever opens the code page without setting anything up; a link must not."""
    if request.endpoint != "security.two_factor_token_validation" or not current_user.is_authenticated:
        return None
    return None if session.get("tf_state") == "validating_profile" else redirect(url_for("account.home"))


def _ways_we_do_not_offer() -> Response | None:
    """There is one second factor by code, so nothing to choose; without the phone a recovery code helps."""
    if request.endpoint in {"security.two_factor_rescue", "security.tf_select"}:
        return redirect(url_for("security.mf_recovery"))
    return None


def _ask_before_confirming() -> str | None:
    if request.endpoint == "security.confirm_email" and request.method in ASKING:
        return ask_before_confirming(**(request.view_args or {}))
    return None
