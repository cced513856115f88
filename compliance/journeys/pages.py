"""What every page gets: language, navigation, hotlines, addresses of assets."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compliance.clock import today
from compliance.domain.roles import Role
from compliance.journeys.language import current_language, other, switch_url
from compliance.settings import Settings

STAFF_PAGES = (
    (Role.REVIEWER, "reviewer.queue"),
    (Role.APPROVER, "approver.queue"),
    (Role.ADMINISTRATOR, "admin.home"),
    (Role.OBSERVER, "observer.home"),
)


@lru_cache(maxsize=256)
def fingerprint(path: Path, _stamp: float) -> str:
    """Twelve characters of the file's digest: a changed asset has a changed address."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a built asset, cached by browsers for a year because it changes with the content."""
    path = Path(str(current_app.static_folder)) / name
    return url_for("static", filename=name, v=fingerprint(path, path.stat().st_mtime))


def navigation() -> list[dict[str, Any]]:
    """The links of the masthead, by who is reading."""
    if current_user.is_authenticated:
        roles = current_user.actor().roles
        labels = {
            Role.REVIEWER: _("My queue"),
            Role.APPROVER: _("Decisions"),
            Role.ADMINISTRATOR: _("Administration"),
            Role.OBSERVER: _("Overview"),
        }
        links = [(endpoint, labels[role]) for role, endpoint in STAFF_PAGES if role in roles]
        links = links or [("officer.home", _("My company"))]
        links += [("public.register", _("Register")), ("account.home", _("My account"))]
    else:
        links = [
            ("public.register", _("Register")),
            ("public.code", _("How it works")),
            ("public.verify", _("Check a certificate")),
            ("public.for_companies", _("For companies")),
        ]
    known = current_app.view_functions
    shown: list[dict[str, Any]] = [
        {"href": url_for(endpoint), "text": text, "current": request.endpoint == endpoint}
        for endpoint, text in links
        if endpoint in known
    ]
    if current_user.is_authenticated:
        shown.append({"href": url_for("security.logout"), "text": _("Sign out"), "post": True})
    return shown


def init(app: Flask, settings: Settings) -> None:
    """Gives templates their common words."""
    app.jinja_env.globals["asset"] = asset  # macros know globals only

    @app.context_processor
    def _common() -> dict[str, Any]:
        lang = current_language()
        return {
            "lang": lang,
            "other_lang": other(lang),
            "switch_url": switch_url(other(lang)),
            "nav": navigation(),
            "hotlines": hotlines(settings, lang),
            "demonstration": settings.demonstration,
            "illustrative": True,
            "mailbox_shown": settings.show_mailbox,
            "public_url": settings.public_url,
            "today": today(),
        }


def hotlines(settings: Settings, lang: str) -> list[dict[str, str]]:
    """Where to report harm, in one language."""
    khmer = lang == "km"
    return [
        {
            "name": line.name_km if khmer else line.name_en,
            "text": line.text_km if khmer else line.text_en,
            "tel": line.tel,
            "url": line.url,
        }
        for line in settings.hotlines
    ]
