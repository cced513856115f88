"""How a company stands beside its sector: averages as they were published, never another company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from compliance.actions.figure_parts import points_name
from compliance.journeys import scorecard_view
from compliance.journeys.language import show_number
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.words import reader
from compliance.store.figures import Figure, newest
from scoring import Scorecard
from scoring.numbers import mark


@dataclass(frozen=True)
class Lane:
    """A node's points beside the average, each in words and as a mark of 0 to 100; no `average` without a figure.

    `companies`: how many, as a step.
    """

    label: str
    yours: str
    your_mark: int
    average: str = ""
    average_mark: int = 0
    companies: str = ""
    published_on: date | None = None


@dataclass(frozen=True)
class Sector:
    """The kind that the company names first, and its lanes; `told`: at least one of them has a figure."""

    kind: str
    lanes: tuple[Lane, ...]
    least: int

    @property
    def told(self) -> bool:
        return any(lane.average for lane in self.lanes)


def sector(session: Session, desk: Desk, card: Scorecard) -> Sector | None:
    """Beside what `card` claims; None for a company without a kind."""
    kinds = {kind.id: kind.label[reader()] for kind in desk.edition.kinds}
    own = next((kind for kind in desk.company.kinds if kind in kinds), None)
    if own is None:
        return None
    ladder = scorecard_view.scale_of(card)
    nodes = [node for node in (str(ladder.of), *ladder.sections) if card.nodes[node].value is not None]
    figures = newest(session, [points_name(own, node) for node in nodes])
    lanes = tuple(_lane(desk, card, node, figures, points_name(own, node)) for node in nodes)
    return Sector(kinds[own], lanes, desk.edition.register.national_statistics.min_companies_per_cell)


def _lane(desk: Desk, card: Scorecard, node: str, figures: Mapping[str, Figure], name: str) -> Lane:
    """Without a label: all points together."""
    label = next((section.title[reader()] for section in desk.edition.sections if section.id == node), "")
    lane = Lane(label, scorecard_view.points(card, node, reader()), mark(card.nodes[node].value or Fraction(0)))
    if name not in figures:
        return lane
    told, day = figures[name].told, figures[name].published_on
    average = Fraction(told["average"])
    shown = show_number(round(average), reader())
    companies = "–".join(show_number(told[end], reader()) for end in ("first", "last"))
    return Lane(lane.label, lane.yours, lane.your_mark, shown, mark(average), companies, day)
