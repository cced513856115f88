"""What is wrong in an edition's files, in the reader's language; words of the files themselves stay as written."""

from __future__ import annotations

from questionnaires.errors import EditionError
from scoring.phrases import khmer


def in_words(error: EditionError, lang: str) -> str:
    """The place and what is wrong; a sentence that the catalogue does not know stays English."""
    if lang == "en":
        return str(error)
    said = error.khmer or khmer("questionnaires").said(error.reason) or error.reason
    key = f"{error.key}៖ " if error.key else ""
    return f"{error.file}:{error.line}:{error.column}: {key}{said}"
