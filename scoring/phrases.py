"""Sentences that hold values, in another language: each `{}` stands for a value, which is carried over."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

CATALOGUES = Path(__file__).parents[1] / "translations" / "km" / "of_files"
"""What is said of files and their subjects; `make translations` compiles it."""


class Phrases:
    """A table from sentences to sentences, both with the same `{}` in the same order."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = table
        # The sentence that says most of its own fits best.
        longest = sorted((one for one in table if "{}" in one), key=len, reverse=True)
        self._patterns = [(re.compile("(.*)".join(map(re.escape, one.split("{}"))), re.DOTALL), one) for one in longest]

    def said(self, text: str, inside: Callable[[str], str] = str) -> str | None:
        """The sentence in the other language, its values by way of `inside`; None when the table does not know it."""
        if text in self.table:
            return self.table[text]
        for pattern, sentence in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                pieces = self.table[sentence].split("{}")
                values = (*map(inside, found.groups()), "")
                return "".join(part for pair in zip(pieces, values, strict=True) for part in pair)
        return None


class _Catalogue(GNUTranslations):
    """A compiled catalogue that can be gone through, not only asked."""

    _catalog: dict[str, str]

    def sentences(self) -> dict[str, str]:
        return {english: khmer for english, khmer in self._catalog.items() if english}


@cache
def khmer(catalogue: str = "scoring") -> Phrases:
    """The sentences of one of CATALOGUES, read once; where it is not installed, none, and all stays English."""
    path = CATALOGUES / f"{catalogue}.mo"
    if not path.is_file():
        return Phrases({})
    with path.open("rb") as file:
        return Phrases(_Catalogue(file).sentences())
