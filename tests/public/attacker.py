"""Whoever keeps every edition of the figures and the register, adds, subtracts and compares: what can be worked out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Step = tuple[int, int]


@dataclass(frozen=True)
class Edition:
    """What was told at one time: each breakdown of those who submitted by cell, the most that registered, and what
    counts of answers say: at least so many of these cells."""

    breakdowns: Mapping[str, Mapping[str, Step]]
    registered_most: int | None = None
    at_least: Sequence[tuple[frozenset[str], int]] = ()


Known = Mapping[str, int]
"""How many of each cell the register shows."""


@dataclass(frozen=True)
class Finding:
    """What is worked out of a cell of an edition: it holds at least `first` and at most `last`."""

    edition: int
    cell: str
    told: Step
    known: int
    first: int
    last: int


def work_out(editions: Sequence[Edition], known: Sequence[Known]) -> Iterator[Finding]:
    """Bounds of every cell: all breakdowns of an edition have one total, and no total is below an earlier one."""
    totals = _totals(editions, known)
    for number, (edition, shown) in enumerate(zip(editions, known, strict=True)):
        least, most = totals[number]
        for cells in edition.breakdowns.values():
            lows = {cell: max(first, shown.get(cell, 0)) for cell, (first, _last) in cells.items()}
            for cell, told in cells.items():
                others_low = sum(lows.values()) - lows[cell]
                others_high = sum(last for _first, last in cells.values()) - told[1]
                first = max(lows[cell], least - others_high, *_from_answers(edition, cells, cell))
                yield Finding(number, cell, told, shown.get(cell, 0), first, min(told[1], most - others_low))


def _from_answers(edition: Edition, cells: Mapping[str, Step], cell: str) -> Iterator[int]:
    yield 0
    for names, least in edition.at_least:
        if cell in names and names <= cells.keys():
            yield least - sum(cells[name][1] for name in names if name != cell)


def _totals(editions: Sequence[Edition], known: Sequence[Known]) -> list[Step]:
    """From the least to the most that the total of each edition can be."""
    found: list[Step] = []
    for edition, shown in zip(editions, known, strict=True):
        lows = [
            sum(max(first, shown.get(cell, 0)) for cell, (first, _last) in cells.items())
            for cells in edition.breakdowns.values()
        ]
        highs = [sum(last for _first, last in cells.values()) for cells in edition.breakdowns.values()]
        if edition.registered_most is not None:
            highs.append(edition.registered_most)
        found.append((max(lows, default=0), min(highs, default=10**9)))
    for place in range(1, len(found)):
        found[place] = (max(found[place][0], found[place - 1][0]), found[place][1])
    for place in reversed(range(len(found) - 1)):
        found[place] = (found[place][0], min(found[place][1], found[place + 1][1]))
    return found
