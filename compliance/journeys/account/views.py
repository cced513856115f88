"""One's own account: where to go after signing in, name and language, signed-in browsers."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as flask_session
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice

from compliance import clock
from compliance.actions import accounts
from compliance.domain.errors import InvalidError
from compliance.domain.notices import OptionalMail
from compliance.domain.roles import Role
from compliance.journeys.account.blueprint import account
from compliance.journeys.account.security_forms import LANGUAGES
from compliance.journeys.account.sessions import current_browser, ends_at
from compliance.journeys.forms import PortalForm, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, lazy_gettext
from compliance.journeys.unsent import DUE
from compliance.store.base import db, transaction
from compliance.store.colleague_acts import ColleagueChange, left_by
from compliance.store.companies import Company, companies_of
from compliance.store.people import Person
from compliance.store.sessions import browsers_of

STARTS = (
    (Role.REVIEWER, "reviewer.queue"),
    (Role.APPROVER, "approver.queue"),
    (Role.PANEL_MEMBER, "panel.queue"),
    (Role.ADMINISTRATOR, "admin.home"),
    (Role.OBSERVER, "observer.home"),
)


class ProfileForm(PortalForm):
    """Name, language, and how mails come."""

    full_name = StringField(
        lazy_gettext("Full name"),
        required(lazy_gettext("Enter your full name."), 120),
        [squeeze],
        render_kw={"autocomplete": "name"},
    )
    language = RadioField(lazy_gettext("Language for emails"), choices=LANGUAGES)
    optional_mail = RadioField(
        lazy_gettext("Mails that can wait"),
        choices=[
            SelectChoice(OptionalMail.AT_ONCE, lazy_gettext("Each at once")),
            SelectChoice(OptionalMail.DAILY, lazy_gettext("Together, once a day in the morning")),
            SelectChoice(OptionalMail.NONE, lazy_gettext("None")),
        ],
        coerce=OptionalMail,
        description=lazy_gettext(
            "New work in a queue, a review that has begun, a draft left alone. Decisions, questions, days that run out"
            " and what is done with your account are mailed at once in any case."
        ),
    )
    submit = SubmitField(lazy_gettext("Save"))


@account.get("/start")
def signed_in() -> Response:
    """Where each person's work waits."""
    person: Person = current_user._get_current_object()
    actor = current_actor()
    if flask_session.get(DUE):
        return redirect(url_for("account.unsent"))
    own_factor = person.has_totp or person.webauthn  # else the provider's counted as one
    if actor.staff and own_factor and not person.mf_recovery_codes:
        return redirect(url_for("security.mf_recovery_codes"))
    known = current_app.view_functions
    starts = [endpoint for role, endpoint in STARTS if actor.has(role)] or ["officer.home"]
    return redirect(url_for(next((name for name in starts if name in known), "account.home")))


@account.get("/check-mail")
def check_mail() -> str:
    return render_template("account/check_mail.html")


@account.route("/", methods=["GET", "POST"])
def home() -> str | Response:
    person: Person = current_user._get_current_object()
    form = ProfileForm(obj=person)
    if form.validate_on_submit():
        with transaction() as session:
            accounts.edit_profile(
                session, current_actor(), form.full_name.data, form.language.data, form.optional_mail.data
            )
        flash(_("Your choices are saved."), "success")
        return redirect(url_for("account.home"))
    browser = current_browser()
    rows = [row for row in browsers_of(db.session(), person.id) if ends_at(row) > clock.now()]
    return render_template(
        "account/home.html",
        form=form,
        person=person,
        companies=companies_of(db.session(), current_actor()),
        left=[
            (one, db.session.get_one(Company, one.company_id)) for one in left_by(db.session(), person.id, clock.now())
        ],
        browsers=[(row, ends_at(row)) for row in rows],
        here=browser.token_sha256 if browser else "",
    )


def _left(person: Person) -> list[ColleagueChange]:
    """What the person left within the day."""
    return left_by(db.session(), person.id, clock.now())


@account.post("/browsers/end")
def end_browsers() -> Response:
    """Signs the person out in one other browser (`browser`), or in all but this one."""
    browser = current_browser()
    only = request.form.get("browser") or None
    with transaction() as session:
        actor = current_actor()
        ended = accounts.sign_out_everywhere(
            session, actor, actor.user_id or 0, keep=browser.token_sha256 if browser else None, only=only
        )
    flash(_("Signed out in %(count)s other browsers.", count=km_digits(ended)), "success")
    return redirect(url_for("account.home"))


class PasswordForm(PortalForm):
    """The password once more."""

    password = PasswordField(
        lazy_gettext("Password"),
        required(lazy_gettext("Enter your password.")),
        render_kw={"autocomplete": "current-password"},
    )
    submit = SubmitField(lazy_gettext("Switch the second factor off"))


@account.get("/second-factor")
def second_factor_done() -> Response:
    """After setting up: recovery codes first, for the day the phone is lost."""
    if current_user.mf_recovery_codes:
        return redirect(url_for("account.home"))
    return redirect(url_for("security.mf_recovery_codes"))


@account.route("/second-factor/off", methods=["GET", "POST"])
def second_factor_off() -> str | Response:
    """Company people may do without; a short password then has to be changed first."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                accounts.switch_second_factor_off(session, current_actor(), form.password.data)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("The second factor is off."), "success")
            return redirect(url_for("account.home"))
    return render_template("account/second_factor_off.html", form=form)


def ask_before_confirming(token: str) -> str:
    """The link in the mail opens a page with a button: programs that look into links must not confirm for people."""
    return render_template("account/confirm.html", action=url_for("security.confirm_email", token=token))
