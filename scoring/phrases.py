"""Sentences that hold values, in another language: each `{}` stands for a value, which is carried over."""

import re
from collections.abc import Mapping


class Phrases:
    """A table from sentences to sentences, both with the same `{}` in the same order."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = table
        # The sentence that says most of its own fits best.
        longest = sorted((one for one in table if "{}" in one), key=len, reverse=True)
        self._patterns = [(re.compile("(.*)".join(map(re.escape, one.split("{}"))), re.DOTALL), one) for one in longest]

    def said(self, text: str) -> str | None:
        """The sentence in the other language; None when the table does not know it."""
        if text in self.table:
            return self.table[text]
        for pattern, sentence in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                pieces = self.table[sentence].split("{}")
                return "".join(part for pair in zip(pieces, (*found.groups(), ""), strict=True) for part in pair)
        return None
