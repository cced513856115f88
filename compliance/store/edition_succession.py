"""Which edition took another's place or will, and how long a draft of the earlier one can still be submitted."""

from dataclasses import dataclass
from datetime import date, timedelta

from compliance import clock
from compliance.store.edition_shelf import known_entries
from questionnaires import catalogue


@dataclass(frozen=True)
class Succession:
    """The edition in force, or the next one while none has begun. `last_day`: the last on which a draft of the earlier
    one can be submitted, as it was told when the first after it was published: a third edition changes nothing of it.
    """

    name: str
    begins: date
    last_day: date


def succession(edition_id: str) -> Succession | None:
    """What follows an edition, begun or to come; None while nothing does. Of what came with new code no day is known:
    drafts before it wait for the next that was published here.
    """
    entries = {one.name: one for one in known_entries()}
    order = [*(name for name in catalogue.carried() if name not in entries), *entries]
    after = order[order.index(edition_id) + 1 :] if edition_id in order else []
    later = [entries[name] for name in after if name in entries]
    if not later:
        return None
    found = next((one for one in reversed(later) if one.begins <= clock.today()), later[0])
    return Succession(found.name, found.begins, later[0].begins + timedelta(days=later[0].grace_days))
