"""How a company shows its award on pages of its own: the live badge, and the lines to copy."""

from dataclasses import dataclass

from flask import abort, render_template
from markupsafe import Markup

from compliance.clock import today
from compliance.journeys.gate import settings
from compliance.journeys.language import LANGUAGES, speaking
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.store.base import db
from compliance.store.register import RegisterEntry, entry_by_slug

IMAGE = Markup('<img src="{badge}?lang={lang}" width="360" height="128" alt="{alt}">')
DARK = Markup('<source srcset="{badge}?lang={lang}&amp;theme=dark" media="(prefers-color-scheme: dark)">')


@dataclass(frozen=True)
class Snippet:
    """A badge in one language: what to say where it cannot be seen, and the HTML for a light page and for any page."""

    lang: str
    alt: str
    light: str
    both: str


@public.get("/register/<slug>/badge")
@cached
def company_badges(slug: str) -> str:
    entry = entry_by_slug(db.session(), slug, today()) if len(slug) <= 80 and "\0" not in slug else None
    if entry is None:
        abort(404)
    snippets = [_snippet(entry, lang) for lang in LANGUAGES]
    return render_template("public/badges.html", entry=entry, snippets=snippets)


def _snippet(entry: RegisterEntry, lang: str) -> Snippet:
    """The text says what the picture is of, not what it says: that changes with the award."""
    base, name = settings().public_url, entry.name_km if lang == "km" else entry.name_latin
    with speaking(lang):
        alt = _("%(company)s in the Champion Companies award: how it stands today", company=name)
    given = {"badge": f"{base}/badge/company/{entry.slug}.svg", "lang": lang, "alt": alt}
    link = Markup('<a href="{}">{}</a>')
    page, image = f"{base}/{lang}/register/{entry.slug}", IMAGE.format(**given)
    picture = Markup("<picture>{}{}</picture>").format(DARK.format(**given), image)
    return Snippet(lang, alt, link.format(page, image), link.format(page, picture))
