"""What every page gets: its language, where its other language is, hotlines, the day."""

from typing import Any
from urllib.parse import quote

from flask import Flask, request

from compliance.clock import today
from compliance.journeys.assets import asset
from compliance.journeys.frame import hotlines
from compliance.journeys.hotlines import shown_hotlines
from compliance.journeys.language import LANGUAGES, SAFE, current_language, other, switch_url
from compliance.settings import Settings


def init(app: Flask, settings: Settings) -> None:
    """Gives templates their common words."""
    app.jinja_env.globals["asset"] = asset  # macros know globals only
    fixed: dict[str, dict[str, Any]] = {
        lang: {
            "lang": lang,
            "other_lang": other(lang),
            "demonstration": settings.demonstration,
            "mailbox_shown": settings.show_mailbox,
            "public_url": settings.public_url,
        }
        for lang in LANGUAGES
    }

    @app.context_processor
    def _common() -> dict[str, Any]:
        lang = current_language()
        lines = hotlines(shown_hotlines(), lang)
        switch, shared = switch_url(other(lang)), shared_as(settings.public_url)
        return {**fixed[lang], "hotlines": lines, "switch_url": switch, "shared_as": shared, "today": today()}


def shared_as(public_url: str) -> dict[str, str]:
    """The full address of a public page in each language, for engines and for whoever shares it.

    Empty for pages that are somebody's own, and for answers to a question, which have no address of their own.
    """
    if request.blueprint != "public" or request.method not in {"GET", "HEAD"} or request.query_string:
        return {}
    rest = quote(request.path[3:], safe=SAFE)
    return {lang: f"{public_url}/{lang}{rest}" for lang in LANGUAGES}
