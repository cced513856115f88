"""Small figures that could tell of one company are not published, nor what would let them be computed."""

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def hidden_cells(cells: Mapping[Key, int], lines: Collection[Collection[Key]], minimum: int) -> frozenset[Key]:
    """The cells not to show when each line's total is shown.

    A cell from one to `minimum` - 1 is hidden. So is the smallest other cell of its line, until at least two are
    hidden there and together hold `minimum`: otherwise total minus the rest would give them away.
    """
    hidden = {key for key, number in cells.items() if 0 < number < minimum}
    changed = True
    while changed:
        changed = False
        for line in lines:
            inside = [key for key in line if key in hidden]
            others = [key for key in line if key not in hidden]
            unsafe = len(inside) == 1 or sum(cells[key] for key in inside) < minimum
            if inside and unsafe and others:
                hidden.add(min(others, key=lambda key: (cells[key] == 0, cells[key])))
                changed = True
    return frozenset(hidden)


def total_shown(cells: Mapping[Key, int], line: Collection[Key], hidden: Collection[Key], minimum: int) -> bool:
    """Whether a line's total may be shown: not when all of it is hidden and together too little."""
    inside = [key for key in line if key in hidden]
    return not inside or (len(inside) > 1 and sum(cells[key] for key in inside) >= minimum)
