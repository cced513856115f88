"""Sessions on the server: the cookie carries a random token, the row decides whether it still means anything."""

import logging
import secrets
from datetime import datetime

import sqlalchemy.exc
from flask import Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import user_logged_in, user_logged_out
from flask_security.utils import set_request_attr
from itsdangerous import URLSafeTimedSerializer

from compliance import clock
from compliance.domain.session_limits import TOUCH_EVERY, limits_for
from compliance.journeys.account.provider_trip import PROVED
from compliance.journeys.unsent import DUE, KEPT, TOKEN_FIELD
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import LiveSession, Person
from compliance.store.sessions import Browser, digest, end_browsers, find_browser, touch_browser
from compliance.store.wait_budget import limited_waiting

log = logging.getLogger(__name__)

TOKEN = "_user_id"  # noqa: S105 (Flask-Login's name for what identifies the visitor)
SECOND_FACTOR_AT = frozenset(
    {"security.two_factor_token_validation", "security.mf_recovery", "security.wan_signin_response"}
)
TOUCH_SECONDS = 0.2
KEPT_AT_SIGN_IN = frozenset({"_flashes", TOKEN, "_fresh", KEPT, DUE, PROVED})


def cookie_config(settings: Settings) -> dict[str, object]:
    """Flask configuration of the one cookie."""
    secure = settings.secure_cookies
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
    }


def load(token: str | None) -> Person | None:
    """The person whose live browser sent this token; a dead token is dropped from the cookie."""
    found = find_browser(db.session(), token) if token else None
    if found is not None:
        browser, person = found
        if clock.now() < limits_for(staff=browser.staff).ends_at(browser.started_at, browser.seen_at):
            g.browser = browser
            set_request_attr("fs_authn_via", "session")
            set_request_attr("fs_paa", session.get("fs_paa", 0))
            return person
    for name in set(session) - {TOKEN_FIELD}:  # a form on this very page has that token already
        session.pop(name)
    return None


def current_browser() -> Browser | None:
    """The row behind this request; None for anonymous visitors."""
    browser: Browser | None = g.get("browser")
    return browser


def start(_app: Flask, user: Person, **_more: object) -> None:
    """A new token at every sign-in; the one before it ends. Runs inside the sign-in's write transaction."""
    write = db.session()
    before = current_browser()
    if before is not None:
        end_browsers(write, before.person_id, only=before.token_sha256)
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    second = request.endpoint in SECOND_FACTOR_AT or g.pop("second_factor", False)
    second = second or bool(before and before.second_factor and before.person_id == user.id)
    row = LiveSession(
        token_sha256=digest(token),
        person_id=user.id,
        data={"second_factor": second},
        started_at=moment,
        seen_at=moment,
        staff=user.staff,
        browser=browser_name(request.user_agent.string),
    )
    write.add(row)
    write.flush()
    for name in set(session) - KEPT_AT_SIGN_IN:
        session.pop(name)
    g.pop("csrf_token", None)
    session[TOKEN] = token
    session[TOKEN_FIELD] = f"{secrets.token_hex(20)}.{user.id}"  # a form of theirs says whose it is
    g.browser = Browser(row.token_sha256, user.id, moment, moment, user.staff, second)


def end(_app: Flask, user: Person | None = None, **_more: object) -> None:
    """Signing out ends the row; a copied cookie is worth nothing afterwards."""
    browser = current_browser()
    if browser is not None and user is not None:
        end_browsers(db.session(), browser.person_id, only=browser.token_sha256)
        g.pop("browser")


def touch(response: Response) -> Response:
    """Once a minute a used browser is remembered as used; a full disk or a busy writer must not stop the page."""
    browser, moment = current_browser(), clock.now()
    if browser is not None and moment - browser.seen_at >= TOUCH_EVERY and response.status_code < 500:
        try:
            with limited_waiting(TOUCH_SECONDS), transaction() as write:
                touch_browser(write, browser.token_sha256, moment)
        except sqlalchemy.exc.SQLAlchemyError:
            log.warning("a session's last use could not be stored")
    return response


def ends_at(row: LiveSession) -> datetime:
    """When this browser is signed out if it is not used again."""
    return limits_for(staff=row.staff).ends_at(row.started_at, row.seen_at)


SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("OPR", "Opera"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def browser_name(agent: str) -> str:
    """Browser and system in two words, so that people recognise their own devices."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "Browser")
    system = next((name for mark, name in (*SYSTEMS, ("Linux", "Linux")) if mark in agent), "")
    return f"{browser}, {system}" if system else browser


class SignedCookie(SecureCookieSessionInterface):
    """Flask's session cookie; what signs it is made once, not twice a request."""

    def __init__(self) -> None:
        self.signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        self.signer = self.signer or super().get_signing_serializer(app)
        return self.signer


def init(app: Flask) -> None:
    """Flask-Login asks us who a visitor is, and tells us who signs in and out."""
    app.session_interface = SignedCookie()
    manager = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(load)
    manager.request_loader(lambda _request: None)
    manager.session_protection = None
    user_logged_in.connect(start, app)
    user_logged_out.connect(end, app)
    app.after_request(touch)
