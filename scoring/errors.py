"""What can go wrong, with the data a reader needs to put it right."""

from dataclasses import dataclass

from scoring.phrases import khmer

_MAX_SHOWN = 120


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a rubric file: where it stands, what it is, and what to do."""

    file: str
    line: int
    column: int
    node: str
    value: str
    reason: str
    fix: str

    @property
    def place(self) -> str:
        """File, line and column, as editors understand them."""
        file = self.file or "rubric"
        return f"{file}:{self.line}:{self.column}" if self.line else file

    def __str__(self) -> str:
        found = f" (found: {self.value})" if self.value else ""
        return f"{self.place}: {self.node or 'rubric'}: {self.reason}{found}. {self.fix}"


class RubricError(Exception):
    """The rubric is not usable; carries every problem of the file at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ScoringError(Exception):
    """One subject cannot be scored; names rubric, node and value, so that nothing is skipped in silence."""

    def __init__(self, code: str, rubric: str, node: str, value: object, reason: str) -> None:
        found = "" if value is None else f"value: {_shown(value)}, "
        super().__init__(f"{rubric}: {node}: {reason} ({found}code: {code})")
        self.code = code
        self.rubric = rubric
        self.node = node
        self.value = value
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.code, self.rubric, self.node, self.value, self.reason)

    def because(self, lang: str) -> str:
        """The same in the reader's language; only the code stays."""
        if lang == "en":
            return str(self)
        said = khmer().said(self.reason) or self.reason
        found = "" if self.value is None else f"តម្លៃ៖ {_shown(self.value)}, "
        return f"{self.rubric}: {self.node}៖ {said} ({found}{self.code})"


def _shown(value: object) -> str:
    """Texts in quotes, numbers as they are written; long values cut."""
    text = repr(value) if isinstance(value, str | list | tuple | set | frozenset | dict) else str(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"


class ReadingError(Exception):
    """A file of subjects cannot be read; raised before or between subjects, never scored as empty."""


class ValueRefusedError(ValueError):
    """A raw value does not fit the type of its fact or answer; `code` is for programs, `reason` for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
