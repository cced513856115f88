"""What can be wrong with an edition's files, and with an answer."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaires.text import Text
from scoring import Problem
from scoring.loading.khmer import in_khmer


class EditionError(ValueError):
    """One thing wrong in one file of an edition, at the place where it stands (line and column from 1)."""

    def __init__(self, file: str, line: int, column: int, key: str, reason: str, khmer: str = "") -> None:
        """``khmer`` where the reason holds words of the edition, which have their own."""
        super().__init__(f"{file}:{line}:{column}: {f'{key}: ' if key else ''}{reason}")
        self.file, self.line, self.column, self.key, self.reason = file, line, column, key, reason
        self.khmer = khmer

    @classmethod
    def of(cls, problem: Problem) -> EditionError:
        """A problem of the rubric language, or of a file that cannot be read, as an error of the edition."""
        found = f" (found: {problem.value})" if problem.value else ""
        reason = f"{problem.reason}{found}. {problem.fix}"
        return cls(problem.file, problem.line or 1, problem.column or 1, problem.node, reason, in_khmer(problem))


class EditionRefusedError(ValueError):
    """An edition cannot be used; ``errors`` holds everything that is wrong with it, in reading order."""

    def __init__(self, errors: Iterable[EditionError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.file, error.line, error.column, error.reason)))
        super().__init__("\n".join(str(error) for error in self.errors))


class UnknownEditionError(KeyError):
    """No published edition has this id."""

    def __init__(self, edition: str) -> None:
        super().__init__(edition)
        self.edition = edition

    def __str__(self) -> str:
        return f"no published edition is called {self.edition!r}"


class TamperedEditionError(Exception):
    """An edition's files are not those that were published: nobody is asked or scored by it."""


class AnswerError(ValueError):
    """A value cannot be an answer to its question; ``message[lang]`` says so to the person who typed it."""

    def __init__(self, code: str, question: str, message: Text) -> None:
        super().__init__(f"{question}: {code}: {message.en}")
        self.code, self.question, self.message = code, question, message
