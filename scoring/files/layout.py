"""How a file of subjects is laid out, and what one of its subjects is read as."""

from dataclasses import dataclass

from scoring.subject import Subject


@dataclass(frozen=True, slots=True)
class Row:
    """One subject, or why its row cannot be read."""

    id: str
    subject: Subject | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """`id`: the columns that together name a subject; `criterion` and `value`: those of a file with a row a value.

    `skip_unknown` passes over columns no rubric knows; the header starts on `header_line`.
    """

    id: tuple[str, ...] = ()
    delimiter: str = ""
    skip_unknown: bool = False
    criterion: tuple[str, ...] = ("criterion",)
    value: str = "value"
    header_line: int = 1


def unread(name: str, line: int, error: Exception | str) -> Row:
    """A row that cannot be read; one without a name is called by its line, which need not be said twice."""
    return Row(name, None, str(error) if name == f"line {line}" else f"line {line}: {error}")
