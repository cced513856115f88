"""Which edition follows another, from when on, and how long a draft of the earlier one can still be submitted."""

from dataclasses import dataclass
from datetime import date, timedelta

from compliance.store.edition_shelf import known_entries
from questionnaires import catalogue


@dataclass(frozen=True)
class Succession:
    """The next edition. `last_day`: the last on which a draft of the one before can be submitted."""

    name: str
    begins: date
    last_day: date


def succession(edition_id: str) -> Succession | None:
    """What follows an edition, begun or to come; None while nothing does, and for what came with new code."""
    entries = {one.name: one for one in known_entries()}
    order = [*(name for name in catalogue.carried() if name not in entries), *entries]
    after = order[order.index(edition_id) + 1 :] if edition_id in order else []
    found = entries.get(after[0]) if after else None
    return Succession(found.name, found.begins, found.begins + timedelta(days=found.grace_days)) if found else None
