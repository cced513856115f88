"""Figures about companies that are not public otherwise: told so that none can be worked out, on a day or over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

LARGEST_IS_HIDDEN_BY = Decimal("0.1")
"""All but the two largest amounts together must be at least this share of the largest: the second could subtract."""


@dataclass(frozen=True)
class Part:
    """What one company adds to a figure; `known` when the register tells it anyway."""

    amount: Decimal
    known: bool = False


Parts = Mapping[int, Part]
"""By company."""


def step(number: int, width: int) -> tuple[int, int]:
    """The step of `width` numbers, from its first to its last, that holds a number from 0: 7 is in (5, 9) of width 5.

    A total of several is told by adding up their steps: a step of the exact sum could give its parts away.
    """
    first = number - number % width
    return first, first + width - 1


Step = tuple[int, int]
"""From its first number to its last."""


def stays_open(breakdowns: Sequence[Sequence[tuple[Step, int]]], width: int) -> bool:
    """Whether several breakdowns of one total, read together, narrow no part of any of them.

    Each part is told as a step, and beside it stands how many of it the register shows anyway. All the lowest numbers
    of a breakdown together are the least that the total can be, all the highest the most: as long as the total itself
    may be any of `width` numbers, no other breakdown says more of a part than its own step. Only what readers know is
    looked at, so that leaving a breakdown out says nothing either.
    """
    least = max(sum(max(first, shown) for (first, _last), shown in parts) for parts in breakdowns)
    most = min(sum(last for (_first, last), _shown in parts) for parts in breakdowns)
    return most - least >= width - 1


def may_publish(now: Parts, earlier: Sequence[Parts], minimum: int, *, counted: bool) -> bool:
    """Whether a figure may be told anew: enough to hide in today, and against each state that was told before.

    `earlier` holds the states told so far, the newest last. Against the newest, the parts of at least `minimum`
    companies must have changed; against older ones none or as many. Then every sum and difference of states that were
    told depends on at least `minimum` companies, or on none. `counted`: each part is 1 or 0.
    """
    if not _hides([part.amount for part in now.values() if not part.known], minimum, counted=counted):
        return False
    changes = [_changes(now, before) for before in earlier]
    if changes and not changes[-1]:
        return False
    return all(_hides_change(change, minimum) for change in changes if change)


def _hides(amounts: Sequence[Decimal], minimum: int, *, counted: bool) -> bool:
    """Whether no company can be worked out of the sum of these and their number."""
    if counted:
        ones = sum(amount == 1 for amount in amounts)
        return minimum <= ones <= len(amounts) - minimum
    return len(amounts) >= minimum and _none_stands_out(amounts)


Change = tuple[Decimal, int]
"""What a company's amount grew by, and by how much its being counted did: 1, 0 or -1."""


def _changes(now: Parts, before: Parts) -> list[Change]:
    """What changed between two states; what the register tells of both is no secret."""
    changes = []
    for company in now.keys() | before.keys():
        new, old = now.get(company), before.get(company)
        if not any(part and not part.known for part in (new, old)):
            continue
        amounts = (new.amount if new else Decimal(0)) - (old.amount if old else Decimal(0))
        change = amounts, (new is not None) - (old is not None)
        if any(change):  # a part that the register tells from now on hides nobody in the difference
            changes.append(change)
    return changes


def _hides_change(changes: Sequence[Change], minimum: int) -> bool:
    """Whether no company can be worked out of the difference of two states: enough changed, and not all alike."""
    if len(changes) < minimum or len(set(changes)) == 1:
        return False
    return _none_stands_out([amount for amount, _counted in changes])


def _none_stands_out(amounts: Iterable[Decimal]) -> bool:
    """Whether the sum tells neither all amounts, being alike, nor the largest nearly."""
    sizes = sorted((abs(amount) for amount in amounts), reverse=True)
    if len(sizes) < 3 or sizes[0] == 0:
        return False
    return sum(sizes[2:]) >= LARGEST_IS_HIDDEN_BY * sizes[0]
