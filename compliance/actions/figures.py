"""Publishes the national figures of a month: what would give a company's answer away stays as it was told before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.figure_parts import (
    GAP,
    MISSED,
    POINTS,
    TOTAL,
    gap_parts,
    missed_parts,
    points_parts,
    total_parts,
)
from compliance.actions.participation import SUBMITTED, newcomers, participation
from compliance.domain.suppression import Parts, may_publish, step
from compliance.store import figures
from compliance.store.concerns import raised_and_closed
from compliance.store.figures import Figure
from compliance.store.national import Participant, members, participants
from compliance.store.register import bump
from questionnaires import Edition, current

CONCERNS = ("concerns:raised", "concerns:closed")
ANSWERED = (MISSED, TOTAL, POINTS)
Told = tuple[str, dict[str, Any], Parts]
"""A figure, what readers see of it, and what it was made of."""


@dataclass(frozen=True)
class Before:
    """What was told so far: the parts of every figure each time, the newest of each, and the smallest cell."""

    states: Mapping[str, Sequence[Parts]]
    newest: Mapping[str, Figure]
    minimum: int

    def may_tell(self, name: str, parts: Parts, *, counted: bool = False) -> bool:
        """Whether nobody can be worked out of the figure, alone or beside what it was before."""
        return may_publish(parts, self.states.get(name, ()), self.minimum, counted=counted)

    def least(self, kinds: set[str]) -> int:
        """How many companies of these kinds took part at least, as readers know from the steps."""
        names = [SUBMITTED + kind for kind in kinds]
        return sum(int(self.newest[name].told["first"]) for name in names if name in self.newest)


def publish_month(session: Session, today: date) -> int:
    """Publishes what may be, once a month; returns how many figures of what companies answer were told anew."""
    return publish(session, today, figures_of_month(session))


def publish(session: Session, today: date, found: Sequence[Told]) -> int:
    """Writes the figures that were found, unless the month has its own by now."""
    if figures.published_in_month(session, today):
        return 0
    for name, said, parts in found:
        figures.publish(session, name, today, said, parts)
    figures.publish(session, figures.PUBLISHED, today, {})
    bump(session)
    return sum(bool(said) and name.startswith(ANSWERED) for name, said, _parts in found)


def figures_of_month(session: Session) -> list[Told]:
    """What may be told anew at this moment. Reads only: it takes its time, and nobody has to wait for it."""
    edition, moment = current(), clock.now()
    minimum = edition.register.national_statistics.min_companies_per_cell
    before = Before(figures.states(session), figures.newest(session), minimum)
    counts = _participation(session, edition, before)
    counted = zip(CONCERNS, raised_and_closed(session, moment), strict=True)
    concerns: list[Told] = [(name, _ends(step(number, minimum)), {}) for name, number in counted]
    newest = {**before.newest, **{name: Figure(clock.day_of(moment), said) for name, said, _parts in counts}}
    answers = answered(edition, list(participants(session, moment)), replace(before, newest=newest))
    return [*counts, *concerns, *answers]


def _participation(session: Session, edition: Edition, before: Before) -> list[Told]:
    """Together or not at all, and only once so many companies came or changed that nobody stands alone in a step."""
    everybody = list(members(session, clock.now()))
    now = participation(edition, everybody, before.minimum, before.newest)
    told = any(name.startswith(SUBMITTED) for name in before.newest)
    if told and newcomers(now, before.states) < before.minimum:
        return []
    return [(name, _ends(ends), parts) for name, (ends, parts) in now.items()]


def _ends(found: tuple[int, int]) -> dict[str, int]:
    return {"first": found[0], "last": found[1]}


def answered(edition: Edition, taking_part: Sequence[Participant], before: Before) -> list[Told]:
    """What may be told anew of what companies answer."""
    kinds = {one.company_id: one.kind for one in taking_part}
    return [
        *_missed(missed_parts(edition, taking_part), kinds, before),
        *_totals(edition, total_parts(edition, taking_part), kinds, before),
        *_points(points_parts(edition, taking_part), before),
    ]


def _missed(found: Mapping[str, Parts], kinds: Mapping[int, str], before: Before) -> Iterator[Told]:
    """In steps, without how many were asked: that would be a count of the kinds that are asked."""
    for name, parts in found.items():
        ends = step(int(sum(part.amount for part in parts.values())), before.minimum)
        known = sum(part.known for part in parts.values())
        # Who misses it and who is known to meet it are different companies of these kinds: as many took part at least.
        nothing_new = ends[0] + known <= before.least({kinds[company] for company in parts})
        if nothing_new and before.may_tell(name, parts, counted=True):
            yield name, _ends(ends), parts


def _totals(edition: Edition, found: Mapping[str, Parts], kinds: Mapping[int, str], before: Before) -> Iterator[Told]:
    """Exact sums; one that is a part of another only beside it, and where the rest between them may be told too."""
    wholes = {TOTAL + question.id: question.number.at_most for question in edition.questions if question.number}
    told: set[str] = set()
    for name, parts in found.items():
        whole, gap = wholes.get(name), GAP + name
        rest = gap_parts(found[TOTAL + whole], parts) if whole and TOTAL + whole in found else None
        apart = rest is None or (TOTAL + str(whole) in told and before.may_tell(gap, rest))
        if apart and before.may_tell(name, parts):
            told.add(name)
            yield name, _sum(parts, kinds, before), parts
            if rest is not None:
                yield gap, {}, rest


def _sum(parts: Parts, kinds: Mapping[int, str], before: Before) -> dict[str, Any]:
    """The sum, and in a step how many gave it where that says no more than the steps of their kinds."""
    amount = sum((part.amount for part in parts.values()), Decimal(0))
    ends = step(len(parts), before.minimum)
    known = ends[0] <= before.least({kinds[company] for company in parts})
    return {"sum": str(amount), **(_ends(ends) if known else {})}


def _points(found: Mapping[str, Parts], before: Before) -> Iterator[Told]:
    """Averages to one decimal, with the step of how many companies."""
    for name, parts in found.items():
        if before.may_tell(name, parts):
            average = sum((part.amount for part in parts.values()), Decimal(0)) / len(parts)
            yield name, {"average": str(round(average, 1)), **_ends(step(len(parts), before.minimum))}, parts
