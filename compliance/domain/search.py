"""Spelling that must not matter: Khmer and Latin text folded so that variants find each other."""

import re
import unicodedata

from compliance.domain.khmer_looks import as_it_looks
from scoring.numbers import latin_digits

_SPACES = re.compile(r"\s+")
_VARIANTS = (
    ("\u17d2\u178a", "\u17d2\u178f"),  # coeng da is written for coeng ta
    ("ទូរស័ព្ទ", "ទូរសព្ទ"),
)


def fold(text: str) -> str:
    """The text as it is compared in searches: case, digits, the order of typing and known spelling variants equal."""
    folded = latin_digits(unicodedata.normalize("NFKD", text).casefold())
    folded = as_it_looks("".join(mark for mark in folded if not ("\u0300" <= mark <= "\u036f")))
    for written, meant in _VARIANTS:
        folded = folded.replace(written, meant)
    return _SPACES.sub(" ", folded).strip()
