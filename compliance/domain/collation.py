"""The order of names: Khmer as Khmer dictionaries have it, Latin as English ones, the same on every database."""

from functools import lru_cache

from icu import Collator, Locale

from compliance.domain.khmer_looks import as_it_looks

LONGEST_KEY = 400
"""Bytes: enough to tell any two names apart that a reader would."""


def collation_key(text: str, lang: str) -> bytes:
    """Bytes that compare as the texts do in `lang` (km puts Khmer script before Latin); at most LONGEST_KEY."""
    key: bytes = _collator(lang).getSortKey(as_it_looks(text))
    return key[:LONGEST_KEY]


@lru_cache(maxsize=2)
def _collator(lang: str) -> Collator:
    return Collator.createInstance(Locale(lang))
