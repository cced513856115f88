"""What happens to an account is written to the audit trail, and sessions that must end, end."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import flask_security as fs
from flask import Flask, g, request, url_for
from flask import session as flask_session
from flask_login import user_logged_out

from compliance import clock
from compliance.actions.notifying import notify
from compliance.journeys.account import provider_sign_in, throttle
from compliance.journeys.account.links import public_link
from compliance.journeys.account.sessions import current_browser
from compliance.journeys.account.writing import begin
from compliance.store.audit import record
from compliance.store.base import db
from compliance.store.people import LONGEST_PREVIEW, Person
from compliance.store.sessions import end_browsers

Receiver = Callable[..., None]


def _record(person: Person, act: str, **content: Any) -> None:
    begin()
    session = db.session()
    session.flush()
    record(session, clock.now(), person.actor(), f"account:{act}", "person", person.id, **content)


def _registered(_app: Flask, user: Person, **_more: object) -> None:
    user.preview = _previewed(request.values.get("next", ""))
    _record(user, "person:registered", language=user.language, roles=[])


def _previewed(wanted: str) -> str:
    """The answers of the preview that somebody makes an account to go on with: the query of the page they want."""
    page = urlsplit(wanted)
    return page.query if page.path == url_for("officer.register") and len(page.query) <= LONGEST_PREVIEW else ""


def _registered_again(_app: Flask, user: Person, **_more: object) -> None:
    _record(user, "person:registered_again")


def _confirmed(_app: Flask, user: Person, **_more: object) -> None:
    _record(user, "person:confirmed")


def _signed_in(_app: Flask, user: Person, authn_via: list[str] | None = None, **_more: object) -> None:
    if authn_via == ["change"]:
        return
    throttle.succeeded(user)
    browser = current_browser()
    way = {"by": "provider"} if provider_sign_in.finish(user) else {}
    _record(user, "session:started", second_factor=bool(browser and browser.second_factor), **way)


def _signed_out(_app: Flask, user: Person | None = None, **_more: object) -> None:
    if isinstance(user, Person) or getattr(user, "is_authenticated", False):
        _record(user, "session:ended")  # type: ignore[arg-type]


def _password_changed(_app: Flask, user: Person, **_more: object) -> None:
    browser = current_browser()
    ended = end_browsers(db.session(), user.id, keep=browser.token_sha256 if browser else None)
    _record(user, "password:changed", ended=ended)


def _password_reset(_app: Flask, user: Person, **_more: object) -> None:
    ended = end_browsers(db.session(), user.id)
    browser = current_browser()
    if browser is not None and browser.person_id == user.id:
        g.pop("browser")  # what it had passed counts no more
    throttle.succeeded(user)
    _record(user, "password:reset", ended=ended)
    g.new_password_of = user


def _second_factor_set(_app: Flask, user: Person, **_more: object) -> None:
    """An authenticator app or a passkey was added: the owner hears of it, other browsers are signed out."""
    browser = current_browser()
    end_browsers(db.session(), user.id, keep=browser.token_sha256 if browser else None)
    _record(user, "second_factor:set", by=str(request.endpoint))
    about = f"{user.id}:{clock.now().timestamp():.0f}"
    link = public_link("account.home", user.language)
    notify(db.session(), [user], "account_new_second_factor", about, {"account_link": link})


def _code_confirmed(app: Flask, user: Person, **more: object) -> None:
    """A code was right while signing in; the first time it also sets the app up."""
    if flask_session.get("tf_state") == "validating_profile":
        _second_factor_set(app, user, **more)


def _passkey_removed(_app: Flask, user: Person, **_more: object) -> None:
    _record(user, "passkey:removed")


def init(app: Flask) -> None:
    """Connects the signals; the receivers are module functions, so they live as long as the application."""
    pairs: list[tuple[Any, Receiver]] = [
        (fs.user_registered, _registered),
        (fs.user_not_registered, _registered_again),
        (fs.user_confirmed, _confirmed),
        (fs.user_authenticated, _signed_in),
        (user_logged_out, _signed_out),
        (fs.password_changed, _password_changed),
        (fs.password_reset, _password_reset),
        (fs.tf_profile_changed, _second_factor_set),
        (fs.tf_code_confirmed, _code_confirmed),
        (fs.wan_registered, _second_factor_set),
        (fs.wan_deleted, _passkey_removed),
    ]
    for signal, receiver in pairs:
        signal.connect(receiver, app)
