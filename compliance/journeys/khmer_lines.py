"""Words that browsers end a line within, because their Khmer dictionary does not know them, are held together.

Chromium's reads ពានរ, a monkey, in ពានរង្វាន់, an award. A word joiner stands there in the page that is sent, and
nowhere else: it is not in our texts, data or mails, readers do not see or hear it, and finding in a page skips it.
"""

import re

from flask import Flask
from flask.wrappers import Response

from compliance.journeys.language import KHMER, current_language

PARTED = ("ពានរ|ង្វាន់", "អេ|ក្រង់", "ទ|ទេ", "យឺ|តតាំង", "កុំ|ព្យូទ័រ", "ឡា|តាំង", "រា|រាំង")
"""With the place where they are parted."""
JOINER = "\u2060"
_SHOWN = r"(?=[^<>]*<(?!/(?:textarea|title|script|style|option)\b))"
"""In a text that is shown: neither in a tag nor where a reader's own words stand."""
_WORDS = [
    (
        word.replace("|", "").encode(),
        re.compile((word.replace("|", "") + _SHOWN).encode()),
        word.replace("|", JOINER).encode(),
    )
    for word in PARTED
]


def init(app: Flask) -> None:
    """Holds them together on every page."""

    @app.after_request
    def _joined(response: Response) -> Response:
        whole = response.mimetype == "text/html" and not response.is_streamed and not response.direct_passthrough
        if whole and current_language() == KHMER:
            response.set_data(joined(response.get_data()))
        return response


def joined(page: bytes) -> bytes:
    """The page (HTML) with its words held together."""
    for word, shown, held in _WORDS:
        if word in page:
            page = shown.sub(held, page)
    return page
