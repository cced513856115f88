"""The awards of one company, one after the other: which begin, when each gives way, which one counts on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from compliance.domain.standing import ENDED_BY, AwardAct, Term


@dataclass(frozen=True)
class Held:
    """An award among its company's awards; `acted_on` is the day of the last decision on it."""

    id: int
    term: Term
    last_act: AwardAct
    acted_on: date

    @property
    def begins(self) -> bool:
        """Whether it is ever in the register: an award ended before its first day is not."""
        return self.last_act not in ENDED_BY or self.acted_on >= self.term.starts


def in_order(awards: Sequence[Held]) -> list[Held]:
    """By first day; of two that begin together the one granted later comes last, and counts."""
    return sorted(awards, key=lambda award: (award.term.starts, award.id))


def replaced_from(awards: Sequence[Held]) -> dict[int, date | None]:
    """For each award the first day of the next one that begins; None for the last, and for those that never begin."""
    days: dict[int, date | None] = {award.id: None for award in awards}
    begun = in_order([award for award in awards if award.begins])
    days.update({award.id: following.term.starts for award, following in pairwise(begun)})
    return days


def counting(awards: Sequence[Held], on: date) -> Held | None:
    """The award that says how the company stands on a day: the last one begun."""
    begun = [award for award in awards if award.begins and award.term.starts <= on]
    return in_order(begun)[-1] if begun else None


def successor(awards: Sequence[Held], number: int, on: date) -> int | None:
    """The id of the award that an older one leads to: the one that counts, else the next that will begin."""
    order = in_order(awards)
    place = next(place for place, award in enumerate(order) if award.id == number)
    later = [award for award in order[place + 1 :] if award.begins]
    begun = [award for award in later if award.term.starts <= on]
    return begun[-1].id if begun else (later[0].id if later else None)
