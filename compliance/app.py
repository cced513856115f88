"""The application factory: extensions, the gate, the journeys, the error pages."""

from pathlib import Path
from typing import Any

from flask import Flask, redirect
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from compliance import logs
from compliance.journeys import (
    BLUEPRINTS,
    account,
    assets,
    back,
    frame,
    gate,
    headers,
    incoming,
    khmer_lines,
    language,
    limits,
    mailbox,
    moved,
    page_cache,
    pages,
    patience,
    request_log,
    responses,
    templating,
)
from compliance.journeys.api import entries
from compliance.journeys.portal import Portal
from compliance.journeys.public import rows
from compliance.settings import Mode, Settings
from compliance.store import base, sqlite_guard
from compliance.store.base import db
from compliance.store.edition_shelf import Shelf
from questionnaires import catalogue

ROOT = Path(__file__).parents[1]


class IdConverter(IntegerConverter):
    """A row's id: what no database could hold (2^63 and more) is no address; each row has one spelling."""

    regex = "[1-9][0-9]*"  # werkzeug's own takes the digits of every script

    def __init__(self, map: Any) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, min=1, max=2**63 - 1)


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.old_secret_keys),
        "WTF_CSRF_SECRET_KEY": [*reversed(settings.old_secret_keys), settings.secret_key],
        "MAX_CONTENT_LENGTH": incoming.TEXT_BYTES,
        "MAX_FORM_MEMORY_SIZE": incoming.TEXT_BYTES,
        "MAX_FORM_PARTS": 1_000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        **base.settings_database(settings.database_url),
    }


def create_app(settings: Settings) -> Flask:
    """A portal ready to serve. Raises UnsafeSqliteError on a SQLite that can lose rows."""
    if settings.database_url.startswith("sqlite"):
        sqlite_guard.require_safe(base.sqlite_version())
    app = Portal("compliance", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(_configuration(settings))
    app.extensions["portal_settings"] = settings
    app.url_map.converters["id"] = IdConverter
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    db.init_app(app)
    catalogue.put_beside(Shelf())
    with app.app_context():
        base.prepare_app()
    if settings.mode is not Mode.TEST:
        logs.to_stderr()
    request_log.init(app)
    language.init(app)
    incoming.init(app)
    CSRFProtect(app)
    account.init(app, settings)
    moved.init(app)
    gate.init(app, settings)
    headers.init(app, settings)
    pages.init(app, settings)
    frame.init(app, settings)
    back.init(app)
    responses.init(app)
    khmer_lines.init(app)
    rows.init(app)
    entries.init(app)
    app.add_url_rule("/", "front_door", lambda: redirect(f"/{language.preferred_language()}/"))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    mailbox.init(app, settings)
    templating.init(app)
    page_cache.init(app, settings)
    patience.init(app)
    limits.init(app, settings)
    assets.init(app)
    return app
