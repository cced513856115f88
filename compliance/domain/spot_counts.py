"""Outcomes of spot checks as the public reads them: years that are over, and no figure that tells of a company."""

from collections.abc import Mapping
from typing import NamedTuple


class YearCounts(NamedTuple):
    """Checks that were closed in a year; `in_order` is None where it would tell of single companies."""

    year: int
    closed: int
    in_order: int | None


def told_years(closed: Mapping[int, Mapping[str, int]], this_year: int, least: int) -> list[YearCounts]:
    """The newest year first. `closed` counts by year and outcome; what a draw drew can be worked out by anybody, so
    fewer than `least` on either side are not told apart."""
    told = []
    for year in sorted(closed, reverse=True):
        counts = {outcome: number for outcome, number in closed[year].items() if outcome != "dropped"}
        total, good = sum(counts.values()), counts.get("in_order", 0)
        if year < this_year and total:
            plain = good >= least and (total == good or total - good >= least)
            told.append(YearCounts(year, total, good if plain else None))
    return told
