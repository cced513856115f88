"""What is wrong in an edition's files, in the reader's language; words of the files themselves stay as written."""

from __future__ import annotations

from questionnaires.errors import EditionError
from scoring.phrases import khmer


def in_words(error: EditionError, lang: str) -> str:
    """The place and what is wrong."""
    key = f"{error.key}{': ' if lang == 'en' else '៖ '}" if error.key else ""
    return f"{error.file}:{error.line}:{error.column}: {key}{reason(error, lang)}"


def reason(error: EditionError, lang: str) -> str:
    """What is wrong, without the place; a sentence that the catalogue does not know stays English."""
    if lang == "en":
        return error.reason
    return error.khmer or khmer("questionnaires").said(error.reason) or error.reason
