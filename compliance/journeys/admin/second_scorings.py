"""How often two scorers of the same assessment agree: counts by year, of no case."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template

from compliance.clock import day_of
from compliance.journeys.admin.blueprint import admin
from compliance.store.base import db
from compliance.store.second_scorings import SecondScoring, Settled, open_scorings, settled_scorings
from questionnaires import current


@dataclass(frozen=True)
class Year:
    """`first`, `second` and `own` count settled answers by whose ruling stood; `back` how often both were sent back."""

    year: int
    drawn: int
    agreed: int
    moderated: int
    dropped: int
    first: int
    second: int
    own: int
    back: int

    @property
    def share(self) -> int | None:
        """Of those that were compared, in hundredths; None where none was."""
        compared = self.agreed + self.moderated
        return round(100 * self.agreed / compared) if compared else None


def years_of(found: Iterable[SecondScoring]) -> list[Year]:
    """The newest first; a draw that spared an assessment counts nowhere."""
    by_year: dict[int, list[SecondScoring]] = {}
    for one in found:
        if one.closed_at is not None and one.settled is not Settled.SPARED:
            by_year.setdefault(day_of(one.closed_at).year, []).append(one)
    return [_year(year, by_year[year]) for year in sorted(by_year, reverse=True)]


def _year(year: int, found: list[SecondScoring]) -> Year:
    settled = [one.settled for one in found]
    sides = [choice["side"] for one in found for choice in one.choices.values()]
    return Year(
        year=year,
        drawn=len(found),
        agreed=settled.count(Settled.AGREED),
        moderated=settled.count(Settled.MODERATED),
        dropped=settled.count(Settled.DROPPED),
        first=sides.count("first"),
        second=sides.count("second"),
        own=sides.count("own"),
        back=sum(one.times_back for one in found),
    )


@admin.get("/second-scorings")
def second_scorings() -> str:
    session = db.session()
    return render_template(
        "admin/second_scorings.html",
        years=years_of(settled_scorings(session)),
        open=len(open_scorings(session)),
        rule=current().lifecycle.second_scoring,
    )
