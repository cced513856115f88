"""Whose answers were scored as a whole, and how often: a counter around the one algorithm."""

import importlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from scoring import Rubric, Subject
from scoring.results import Basis
from scoring.rubric import Unit
from scoring.work import Work

MODULE = importlib.import_module("scoring.evaluate")


@contextmanager
def scored() -> Iterator[list[tuple[Subject, Basis]]]:
    """Every scoring of a whole rubric while the block runs; parts of one are left out."""
    seen: list[tuple[Subject, Basis]] = []
    work_out = MODULE._run

    def counted(rubric: Rubric, subject: Subject, basis: Basis, units: Iterable[Unit]) -> Work:
        if units is rubric.order:
            seen.append((subject, basis))
        found: Work = work_out(rubric, subject, basis, units)
        return found

    with patch.object(MODULE, "_run", counted):
        yield seen


def twice(seen: list[tuple[Subject, Basis]]) -> list[Subject]:
    """Whose answers were scored more than once, though nothing had changed."""
    return [one[0] for at, one in enumerate(seen) if one in seen[:at]]
