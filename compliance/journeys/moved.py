"""A portal that moved: what comes by one of its former addresses goes on to today's, or is answered in the old name."""

from urllib.parse import urlsplit

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from compliance.journeys.gate import ASKING, settings

STAYS = frozenset({"api.did", "api.status_list", "api.credential"})
"""Asked under a former address, these answer there: old credentials name it, and other people's software checks it."""


def address_asked() -> str:
    """Which of the portal's addresses was asked: a former one when the request names it, else today's."""
    kept = settings()
    if not kept.former_addresses or request.host == urlsplit(kept.public_url).netloc:
        return kept.public_url
    former = {urlsplit(each).netloc: each for each in kept.former_addresses}
    return former.get(request.host, kept.public_url)


def init(app: Flask) -> None:
    """Before every view, and before the gate."""

    @app.before_request
    def _moved() -> Response | None:
        today = settings().public_url
        if request.method not in ASKING or request.endpoint in STAYS or address_asked() == today:
            return None
        return redirect(f"{today}{request.full_path.rstrip('?')}", 308)
