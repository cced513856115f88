"""Publishes the national figures of a month: what would give a company's answer away stays as it was told before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from compliance.domain.suppression import Part, Parts, may_publish, step
from compliance.store import figures
from compliance.store.concerns import raised_and_closed
from compliance.store.national import Participant, company_count, participants
from compliance.store.register import bump
from questionnaires import Edition, current

MISSED, TOTAL, SUBMITTED, REGISTERED = "missed:", "total:", "submitted:", "registered"
"""What figures are called; the first three go on with a criterion, a question, a kind of company."""
CONCERNS = ("concerns:raised", "concerns:closed")
POINTS = "points:"
"""Goes on with a kind of company and a node of the scorecard: what companies of the kind claim."""
ASKED = frozenset({"met", "partly_met", "partly", "not_met"})


def publish_month(session: Session, today: date) -> int:
    """Publishes what may be, once a month; returns how many figures were told anew."""
    if figures.published_in_month(session, today):
        return 0
    edition, taking_part = current(), list(participants(session))
    minimum = edition.register.national_statistics.min_companies_per_cell
    steps = participation(edition, taking_part, company_count(session), minimum)
    steps |= {name: step(number, minimum) for name, number in zip(CONCERNS, raised_and_closed(session), strict=True)}
    for name, ends in steps.items():
        figures.publish(session, name, today, {"first": ends[0], "last": ends[1]})
    earlier = figures.states(session)
    told = 0
    exact = total_parts(edition, taking_part) | points_parts(edition, taking_part)
    for name, parts in [*missed_parts(edition, taking_part).items(), *exact.items()]:
        if may_publish(parts, earlier.get(name, ()), minimum, counted=name.startswith(MISSED)):
            amount = sum((part.amount for part in parts.values()), Decimal(0))
            figures.publish(session, name, today, {"sum": str(amount), "companies": len(parts)}, parts)
            told += 1
    figures.publish(session, figures.PUBLISHED, today, {})
    bump(session)
    return told


def participation(
    edition: Edition, taking_part: Sequence[Participant], registered: int, width: int
) -> dict[str, tuple[int, int]]:
    """Companies registered, and those that submitted by kind, in steps."""
    submitted = Counter(participant.kind for participant in taking_part)
    kinds = {SUBMITTED + kind.id: step(submitted[kind.id], width) for kind in edition.kinds}
    return {REGISTERED: step(registered, width), **kinds}


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
