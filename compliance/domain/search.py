"""Spelling that must not matter: Khmer and Latin text folded so that variants find each other."""

import re
import unicodedata

from scoring.numbers import latin_digits

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_VARIANTS = (
    ("\u17d2\u178a", "\u17d2\u178f"),  # coeng da is written for coeng ta
    ("ឲ", "ឱ"),
    ("ទូរស័ព្ទ", "ទូរសព្ទ"),
    ("\u17c1\u17b8", "\u17be"),  # a vowel typed in two halves
    ("\u17c1\u17b6", "\u17c4"),
)


def fold(text: str) -> str:
    """The text as it is compared in searches: case, digits, invisible marks and known spelling variants made equal."""
    folded = latin_digits(unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).casefold())
    folded = "".join(mark for mark in folded if not ("\u0300" <= mark <= "\u036f"))
    for written, meant in _VARIANTS:
        folded = folded.replace(written, meant)
    return _SPACES.sub(" ", folded).strip()
