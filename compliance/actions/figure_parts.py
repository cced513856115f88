"""What each company adds to the figures of what companies answer: criteria missed, amounts reported, points claimed."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from compliance.domain.suppression import Part, Parts
from compliance.store.national import Participant
from questionnaires import Edition

MISSED, TOTAL, GAP, POINTS = "missed:", "total:", "gap:", "points:"
"""What figures are called. They go on with a criterion; a question; a question; a kind and a node of the scorecard."""
ASKED = frozenset({"met", "partly_met", "partly", "not_met"})


def missed_parts(edition: Edition, taking_part: Iterable[Participant]) -> dict[str, Parts]:
    """For each criterion the companies that were asked: 1 for who does not meet it.

    That the holder of an award meets what its level demands is public.
    """
    demanded = _demanded(edition)
    found: dict[str, dict[int, Part]] = {MISSED + question.id: {} for question in edition.questions if question.rule}
    for participant in taking_part:
        public = demanded.get(participant.level, frozenset())
        for criterion, outcome in participant.outcomes.items():
            if outcome in ASKED and MISSED + criterion in found:
                part = Part(Decimal(outcome == "not_met"), criterion in public)
                found[MISSED + criterion][participant.company_id] = part
    return dict(found)


def _demanded(edition: Edition) -> Mapping[str, frozenset[str]]:
    """What each level demands by name, with the levels below it."""
    known = frozenset(question.id for question in edition.questions if question.essential)
    levels = {}
    for rung in edition.rubric.levels["award"].rungs:
        known |= rung.gates.keys()
        levels[rung.id] = known
    return levels


def total_parts(edition: Edition, taking_part: Sequence[Participant]) -> dict[str, Parts]:
    """For each figure that companies report, who gave one and which. A median is not added up."""
    asked = (question for section in edition.sections if section.statistics for question in section.questions)
    return {
        TOTAL + question.id: {
            one.company_id: Part(number)
            for one in taking_part
            if (number := _number(one.answers.get(question.id))) is not None
        }
        for question in asked
        if question.number and question.number.unit and question.number.unit != "hours"
    }


def gap_parts(whole: Parts, part: Parts) -> Parts:
    """How far each company's amount is below the one that it is a part of: two totals told together tell this too."""
    nothing = Part(Decimal(0))
    return {
        company: Part(whole.get(company, nothing).amount - part.get(company, nothing).amount)
        for company in whole.keys() | part.keys()
    }


def points_name(kind: str, node: str) -> str:
    """What the figure of a kind's points is called."""
    return f"{POINTS}{kind}:{node}"


def points_parts(edition: Edition, taking_part: Iterable[Participant]) -> dict[str, Parts]:
    """For each kind the points that each of its companies claims under this edition, in all and by section.

    Of 100, to one decimal. A company is of the kind that it names first, so that no two figures share it.
    """
    ladder = edition.rubric.levels["award"]
    found: dict[str, dict[int, Part]] = {}
    for one in taking_part:
        for node in (str(ladder.of), *ladder.sections):
            if one.edition == edition.id and node in one.points:
                amount = Part(Decimal(round(Fraction(one.points[node]) * 10)) / 10)
                found.setdefault(points_name(one.kind, node), {})[one.company_id] = amount
    return dict(found)


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)) if value is not None else None
    except InvalidOperation:
        return None
