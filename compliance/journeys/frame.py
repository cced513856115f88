"""What surrounds every page: rendered once for a language and the roles of its reader, with two places left open.

Nothing in it belongs to one person: the token of the sign-out form and the address of the page's other language are put
into a copy for each request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from compliance.actions.hotlines import Lines
from compliance.domain.roles import Role
from compliance.journeys.gate import current_actor
from compliance.journeys.hotlines import KnownHotlines, shown_hotlines
from compliance.journeys.language import current_language
from compliance.journeys.language import lazy_gettext as _
from compliance.settings import Settings

MOST_FRAMES = 256
TOKEN, SWITCH = Markup("\x1ftoken\x1f"), Markup("\x1fswitch\x1f")
"""The open places; the separator of units stands in no text of ours."""
STAFF = {
    "reviewer.queue": ({Role.REVIEWER}, _("My queue")),
    "approver.queue": ({Role.APPROVER}, _("Decisions")),
    "concerns.queue": ({Role.REVIEWER, Role.APPROVER}, _("Concerns")),
    "panel.queue": ({Role.PANEL_MEMBER}, _("Appeals")),
    "admin.home": ({Role.ADMINISTRATOR}, _("Administration")),
    "observer.home": ({Role.OBSERVER}, _("Overview")),
}
SIGNED_IN = {"public.register": _("Register"), "account.letters": _("Letters"), "account.home": _("My account")}
ANYBODY = {
    "public.register": _("Register"),
    "public.code": _("How it works"),
    "public.verify": _("Check a certificate"),
    "public.for_companies": _("For companies"),
}


@dataclass(frozen=True)
class Frame:
    """The markup before a page's own, the help strip and the footer."""

    top: Markup
    help: Markup
    foot: Markup


@dataclass(frozen=True)
class Kind:
    """All that two frames can differ by. `roles` is None for visitors who are not signed in."""

    lang: str
    roles: frozenset[Role] | None
    current: str
    wide: bool
    compact_help: bool
    long_note: bool
    lines: Lines


def links(roles: frozenset[Role] | None) -> dict[str, Any]:
    """The masthead's pages by endpoint, each with its name."""
    if roles is None:
        return ANYBODY
    staff = {endpoint: name for endpoint, (theirs, name) in STAFF.items() if theirs & roles}
    return {**(staff or {"officer.home": _("My company")}), **SIGNED_IN}


def hotlines(lines: Lines, lang: str) -> list[dict[str, str]]:
    """Where to report harm, in one language."""
    khmer = lang == "km"
    return [
        {
            "name": line.name_km if khmer else line.name_en,
            "text": line.text_km if khmer else line.text_en,
            "tel": line.tel,
            "url": line.url,
        }
        for line in lines
    ]


def render(kind: Kind, settings: Settings) -> Frame:
    """A frame with its places open; knows neither the request nor the reader."""
    macros: Any = current_app.jinja_env.get_template("components/frame.html").module
    help_strip: Any = current_app.jinja_env.get_template("components/help_strip.html").module
    container = "cp-wide" if kind.wide else "govuk-width-container"
    pages = [
        {"href": url_for(endpoint), "text": text, "current": endpoint == kind.current}
        for endpoint, text in links(kind.roles).items()
        if endpoint in current_app.view_functions
    ]
    leave = url_for("security.logout") if kind.roles is not None else ""
    return Frame(
        top=macros.top(container, pages, leave, TOKEN, SWITCH, settings.demonstration, kind.long_note),
        help=help_strip.help_strip(hotlines(kind.lines, kind.lang), container, kind.compact_help),
        foot=macros.footer(container),
    )


def reader_roles() -> frozenset[Role] | None:
    """Of whoever reads; an error page takes what the request has learned already and asks no database."""
    if "actor" in g:
        found: frozenset[Role] = g.actor.roles
        return found
    return current_actor().roles if current_user.is_authenticated else None


def page_frame(frames: Callable[[Kind], Frame], switch: str, wide: bool, compact_help: bool, long_note: bool) -> Frame:
    """The frame of this request's page."""
    roles = reader_roles()
    current = request.endpoint if request.endpoint in links(roles) else ""
    frame = frames(Kind(current_language(), roles, current or "", wide, compact_help, long_note, shown_hotlines()))
    top = frame.top.replace(SWITCH, switch)
    return Frame(top.replace(TOKEN, generate_csrf()) if roles is not None else top, frame.help, frame.foot)


def init(app: Flask, settings: Settings) -> None:
    """Gives base.html its frame."""
    app.extensions["hotlines"] = KnownHotlines()
    frames = lru_cache(maxsize=MOST_FRAMES)(lambda kind: render(kind, settings))
    app.extensions["frames"] = frames
    app.jinja_env.globals["page_frame"] = lambda *given: page_frame(frames, *given)
