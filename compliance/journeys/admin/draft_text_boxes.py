"""The boxes of a page of texts: one text in two languages, with what somebody else stored and what is in force."""

import re
from dataclasses import dataclass

from compliance.actions.draft_texts import Told
from questionnaires import Lang
from questionnaires.passages import DOCUMENT

BRACKETS = re.compile(r"\[[^\[\]]+\]")
ROW = 46
"""Characters that a line of a box holds, about."""


@dataclass(frozen=True)
class Box:
    """One language of one text on the page."""

    lang: Lang
    id: str
    name: str
    value: str
    seen: str
    errors: tuple[str, ...] = ()
    theirs: str | None = None
    """What somebody else stored meanwhile; None when nobody did."""
    before: str | None = None
    """The edition in force, where it says something else."""

    @property
    def rows(self) -> int:
        return min(14, sum(len(line) // ROW + 1 for line in self.value.split("\n")) + 1)


@dataclass(frozen=True)
class Entry:
    """One text on the page."""

    told: Told
    label: str
    boxes: tuple[Box, ...]
    check: bool

    @property
    def brackets(self) -> tuple[int, ...]:
        """How many places a document leaves to the company, by language, where they are not as many; else none."""
        counts = tuple(len(BRACKETS.findall(box.value)) for box in self.boxes)
        return counts if self.told.passage.part.startswith(DOCUMENT) and len(set(counts)) > 1 else ()
