"""How a file of subjects is laid out, and what one of its subjects is read as."""

from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from scoring.subject import Subject


@dataclass(frozen=True, slots=True)
class Row:
    """One subject, or why it cannot be read and the line that says so."""

    id: str
    subject: Subject | None
    error: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """`id`: the columns that together name a subject; `criterion` and `value`: those of a file with a row a value.

    Unknown names are errors, but for those that match `pass_over` ("Rank", "Z*") and, with `skip_unknown`, columns;
    `passed` counts them. The header starts on `header_line`.
    """

    id: tuple[str, ...] = ()
    delimiter: str = ""
    skip_unknown: bool = False
    criterion: tuple[str, ...] = ()
    value: str = ""
    header_line: int = 1
    pass_over: tuple[str, ...] = ()
    passed: Counter[str] = field(default_factory=Counter)

    def passes(self, name: str) -> bool:
        """Whether the name is listed, or matches a pattern."""
        return any(fnmatchcase(name, pattern) for pattern in self.pass_over)


def unread(name: str, line: int, error: Exception | str) -> Row:
    """A subject that cannot be read."""
    return Row(name, None, str(error), line)
