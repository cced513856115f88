"""What is known about a company besides its answers: the facts that asking, lighter evidence and levels look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from questionnaires.model import Edition
from scoring.condition import Value

_RUBRIC_TRUTH = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one company at one time.

    The names are those of the rubric's ``facts``. The defaults are what holds until somebody finds otherwise, so an
    estimate made before review caps at the level that needs no visit.
    """

    kinds: frozenset[str]
    """Kinds of company, by id; the first thing that decides what is asked."""
    submission_date: date
    """The day answers are dated from: the day of submission, until then today."""
    workers: int | None = None
    """How many people work for the company; None when not told."""
    places: int | None = None
    """How many places serve customers."""
    website: bool = True
    """Whether the company has a website."""
    improvement_plan_given: bool = False
    no_false_statement: bool = True
    no_open_major_finding: bool = True
    verification_visit_or_call_passed: bool = False
    no_suspension_in_last_12_months: bool = True

    def value(self, name: str) -> Value | None:
        """A fact as the rubric's conditions read it; None when it is not known."""
        found: bool | int | date | frozenset[str] | None = getattr(self, name, None)
        if isinstance(found, bool):
            return _RUBRIC_TRUTH[found]
        if isinstance(found, frozenset):
            return tuple(sorted(found))
        return Fraction(found) if isinstance(found, int) else found


def may_use_lighter_evidence(edition: Edition, facts: Facts) -> bool:
    """Whether the company is small enough for the alternatives that some questions give; the points are the same."""
    rule = edition.evidence.small_business
    few = facts.workers is not None and facts.workers < rule.workers_below
    return few or (facts.places == 1 and not facts.kinds.isdisjoint(rule.one_place_kinds))
