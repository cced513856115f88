"""What every page gets: its language, where its other language is, hotlines, the day."""

from typing import Any

from flask import Flask

from compliance.clock import today
from compliance.journeys.assets import asset
from compliance.journeys.frame import hotlines
from compliance.journeys.hotlines import shown_hotlines
from compliance.journeys.language import LANGUAGES, current_language, other, switch_url
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
        return {**fixed[lang], "hotlines": lines, "switch_url": switch_url(other(lang)), "today": today()}
