"""Default deny: a blueprint that is not listed here answers nobody."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from compliance.domain.roles import Actor, Role
from compliance.settings import Settings
from compliance.store.base import WRITING, db
from compliance.store.people import rights_now

ANYONE = frozenset({"public", "api", "static", "account", "security", "provider", "health"})
COMPANY = frozenset({"officer"})
STAFF = {
    "reviewer": frozenset({Role.REVIEWER}),
    "approver": frozenset({Role.APPROVER}),
    "admin": frozenset({Role.ADMINISTRATOR}),
    "panel": frozenset({Role.PANEL_MEMBER}),
    "observer": frozenset({Role.OBSERVER}),
    "concerns": frozenset({Role.REVIEWER, Role.APPROVER}),
    "authorities": frozenset({Role.REVIEWER, Role.APPROVER}),
    "second": frozenset({Role.REVIEWER, Role.APPROVER}),
    "dossiers": frozenset({Role.REVIEWER, Role.APPROVER}),
    "quarantine": frozenset(Role) - {Role.OBSERVER},
    "evidence": frozenset({Role.REVIEWER, Role.APPROVER}),
}
ASKING = frozenset({"GET", "HEAD", "OPTIONS"})


def current_actor() -> Actor:
    """Whoever is signed in, as the use cases want them; inside a writing transaction with the rights of that moment."""
    if "actor" not in g:
        if not current_user.is_authenticated:
            abort(401)
        g.actor = current_user.actor()
    session = db.session()
    return rights_now(session, g.actor) if session.info.get(WRITING) else g.actor


def init(app: Flask, settings: Settings) -> None:
    """Puts the gate before every view."""
    own = urlsplit(settings.public_url)
    anyone = ANYONE | ({"mailbox"} if settings.show_mailbox else set())

    @app.before_request
    def _same_origin() -> None:
        """A form of ours is posted from a page of ours: a second lock beside the CSRF token."""
        origin = request.headers.get("Origin")
        if request.method in ASKING or origin is None:
            return
        sent = urlsplit(origin)
        if sent.netloc not in {own.netloc, request.host}:
            abort(403)

    @app.before_request
    def _gate() -> Response | None:
        blueprint = request.blueprint or ("static" if request.endpoint == "static" else None)
        if request.endpoint is None or request.endpoint == "front_door" or blueprint in anyone:
            return None
        if blueprint not in COMPANY and blueprint not in STAFF:
            abort(403)
        if not current_user.is_authenticated:
            if request.method not in ASKING:
                abort(401)
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        actor = current_actor()
        if blueprint in COMPANY:
            return None if not actor.staff else abort(403)
        return None if actor.roles & STAFF[str(blueprint)] else abort(403)


def settings() -> Settings:
    """The application's settings."""
    return current_app.extensions["portal_settings"]  # type: ignore[no-any-return]
