"""Who takes part, told in steps by kind, province and size: no breakdown says of a part what its step does not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compliance.domain.provinces import PROVINCES
from compliance.domain.sizes import SIZES, size_of
from compliance.domain.suppression import Part, Parts, Step, stays_open, step
from compliance.store.figures import Figure
from compliance.store.national import Member
from questionnaires import Edition

REGISTERED, SUBMITTED, PROVINCE, SIZE = "registered", "submitted:", "province:", "size:"
"""What figures are called; the last three go on with a kind of company, a province, a class of size."""
NO_LIMIT = 10**9


@dataclass(frozen=True)
class Breakdown:
    """The same companies by one trait: for each figure who is counted. `shown_by`: the register tells the trait."""

    cells: Mapping[str, Parts]
    shown: Mapping[str, int]

    def steps(self, width: int) -> dict[str, Step]:
        """What is told of each cell."""
        return {name: step(len(parts), width) for name, parts in self.cells.items()}

    def known(self, width: int) -> list[tuple[Step, int]]:
        """Each step with how many of it the register shows."""
        return [(found, self.shown[name]) for name, found in self.steps(width).items()]


def breakdowns(edition: Edition, members: Iterable[Member]) -> list[Breakdown]:
    """By kind, province and size: companies that submitted; the first is told before the second, and so on."""
    taking_part = [one for one in members if one.submitted]
    traits = (
        ({SUBMITTED + kind.id: [one for one in taking_part if one.kind == kind.id] for kind in edition.kinds}, True),
        ({PROVINCE + name: [one for one in taking_part if one.province == name] for name in PROVINCES}, True),
        ({SIZE + name: [one for one in taking_part if size_of(one.workers) == name] for name in SIZES}, False),
    )
    return [
        Breakdown(
            {name: _parts(found) for name, found in cells.items()},
            {name: sum(one.shown for one in found) if public else 0 for name, found in cells.items()},
        )
        for cells, public in traits
    ]


def _parts(members: Iterable[Member]) -> Parts:
    return {one.company_id: Part(Decimal(1), one.shown) for one in members}


def participation(
    edition: Edition, members: Sequence[Member], width: int, told: Mapping[str, Figure]
) -> dict[str, tuple[Step, Parts]]:
    """What may be told of a moment: by kind always; how many are registered, and by province and size, where that
    narrows no part. `told`: the newest figures so far, which bound the total from below."""
    by_kind, *others = breakdowns(edition, members)
    registered = step(len(members), width)
    everybody: Parts = {one.company_id: Part(Decimal(1), one.submitted and one.shown) for one in members}
    at_most = [((0, registered[1]), 0)]
    further = [(at_most, {REGISTERED: (registered, everybody)})]
    further += [(one.known(width), _told(one, width)) for one in others]
    found, read = _told(by_kind, width), [by_kind.known(width), *_before(told)]
    for known, figures in further:
        if stays_open([*read, known], width):
            read.append(known)
            found |= figures
    return found


def _told(breakdown: Breakdown, width: int) -> dict[str, tuple[Step, Parts]]:
    return {name: (found, breakdown.cells[name]) for name, found in breakdown.steps(width).items()}


def _before(told: Mapping[str, Figure]) -> list[list[tuple[Step, int]]]:
    """The least that each breakdown told so far said of the total: nobody who submitted ever did not."""
    lows = [
        sum(int(figure.told["first"]) for name, figure in told.items() if name.startswith(trait))
        for trait in (SUBMITTED, PROVINCE, SIZE)
    ]
    return [[((low, NO_LIMIT), 0)] for low in lows]


def newcomers(now: Mapping[str, tuple[Step, Parts]], earlier: Mapping[str, Sequence[Parts]]) -> int:
    """How many companies came, left or changed their place in a figure since it was told last."""
    found: set[int] = set()
    for name, (_step, parts) in now.items():
        before = earlier[name][-1] if earlier.get(name) else {}
        found |= parts.keys() ^ before.keys()
    return len(found)
