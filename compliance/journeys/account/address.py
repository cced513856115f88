"""One's e-mail address: ask for another, confirm it from the mail that went there."""

from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_security import auth_required
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField, SubmitField
from wtforms.validators import Email

from compliance.actions import addresses
from compliance.actions.addresses import SpentAddressLinkError, Wish
from compliance.domain.errors import InvalidError
from compliance.journeys.account.blueprint import account
from compliance.journeys.account.config import FRESH
from compliance.journeys.account.links import public_link
from compliance.journeys.account.sessions import current_browser
from compliance.journeys.account.throttle import count_new_address, count_password
from compliance.journeys.forms import PortalForm, address, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext
from compliance.journeys.responses import error_page
from compliance.store.base import db, transaction
from compliance.store.people import Person

SALT = "another address for an account"


class AddressForm(PortalForm):
    """The new address, and the password once more."""

    email = EmailField(
        lazy_gettext("New email address"),
        [
            *required(lazy_gettext("Enter your new email address."), 255),
            Email(lazy_gettext("Enter an email address, such as name@company.com.")),
        ],
        [address],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        required(lazy_gettext("Enter your password.")),
        render_kw={"autocomplete": "current-password"},
    )
    submit = SubmitField(lazy_gettext("Send the link"))


class ConfirmForm(PortalForm):
    """One press: programs that look into links must not confirm for people."""

    submit = SubmitField(lazy_gettext("Use this address"))


@account.route("/address", methods=["GET", "POST"])
@auth_required("session", within=lambda: FRESH)
def change_address() -> str | Response:
    person: Person = current_user._get_current_object()
    if not _second_factor_passed(person):
        flash(_("Sign out, then sign in with your second factor to open this page."), "warning")
        return redirect(url_for("account.home"))
    form = AddressForm()
    if form.validate_on_submit():
        try:
            _ask(person, form)
        except InvalidError as error:
            form.refuse(error)
        else:
            told = _(
                "If %(email)s can be used, a link is on its way there. Until you open it, your address stays as it is.",
                email=form.email.data,
            )
            flash(told, "success")
            return redirect(url_for("account.home"))
    return render_template("account/change_address.html", form=form, person=person)


def _second_factor_passed(person: Person) -> bool:
    """Whoever has a second factor signed in with it in this browser."""
    if not (person.has_totp or person.webauthn):
        return True
    browser = current_browser()
    return browser is not None and browser.second_factor


def _ask(person: Person, form: AddressForm) -> None:
    count_password(current_actor())
    addresses.require_password(person, form.password.data)
    count_new_address(current_actor())
    wish = addresses.wish_for(person, form.email.data)
    lang = person.language
    link = public_link("account.confirm_address", lang, token=sealed(wish))
    with transaction() as session:
        addresses.ask(session, current_actor(), wish, link, public_link("security.forgot_password", lang))


@account.route("/address/confirm/<token>", methods=["GET", "POST"])
def confirm_address(token: str) -> str | Response:
    form, browser = ConfirmForm(), current_browser()
    try:
        wish = opened(token)
        addresses.require_open(db.session(), current_user._get_current_object(), wish)
        if form.validate_on_submit():
            with transaction() as session:
                keep = browser.token_sha256 if browser else None
                addresses.change(session, current_actor(), wish, keep)
            flash(_("Your email address is changed. Sign in with it from now on."), "success")
            return redirect(url_for("account.home"))
    except SpentAddressLinkError:
        return error_page(410)
    return render_template("account/confirm_address.html", form=form, email=wish.email, token=token)


def _seal() -> URLSafeSerializer:
    """Seals with the portal's secret; what an earlier one sealed is still good."""
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt=SALT)


def sealed(wish: Wish) -> str:
    """The token of the mail's link."""
    return str(_seal().dumps([wish.person_id, wish.email, wish.state, int(wish.until.timestamp())]))


def opened(token: str) -> Wish:
    """Raises SpentAddressLinkError for what we never sealed."""
    try:
        person_id, email, state, until = _seal().loads(token)
    except (BadData, ValueError, TypeError) as error:
        raise SpentAddressLinkError from error
    return Wish(person_id, email, state, datetime.fromtimestamp(until, UTC))
