"""Links in mails: always from the configured public address, never from what a request claims."""

from typing import Any

from flask import url_for

from compliance.journeys.gate import settings


def public_link(endpoint: str, lang: str, **values: Any) -> str:
    """A page's full address in the reader's language."""
    return settings().public_url + url_for(endpoint, lang=lang, _external=False, **values)
