"""What a page of the queue shows of its lines: groups, who is tied, how far each is, who has how much."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.ties import ties_to
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, Role
from compliance.journeys.reviewer.queue_asked import Asked, in_order
from compliance.journeys.reviewer.queue_items import Item, Place
from compliance.store.appeals import shut_out
from compliance.store.assessments import Assessment
from compliance.store.holidays import Holiday, holidays_between
from compliance.store.people import names_of, people_with_role
from compliance.store.review_queue import Handing, last_handings, last_replies, recommended_levels, ruled_counts
from compliance.store.second_scorings import second_people
from compliance.store.spot_checks import verified_by
from compliance.store.ties import Tie
from questionnaires import current

FIRST, LINES = 10, 50
"""Lines of each place where all stand under each other, and of one place alone."""
HOLIDAYS_AHEAD = timedelta(days=120)


@dataclass(frozen=True)
class Group:
    """The lines of one place that a page shows, of `total`."""

    place: Place
    items: Sequence[Item]
    total: int


@dataclass(frozen=True)
class Known:
    """What is looked up of the lines that are shown, and of no others."""

    ties: Mapping[int, Tie] = field(default_factory=dict)
    barred: Collection[tuple[str, int]] = ()
    ruled: Mapping[int, int] = field(default_factory=dict)
    replied: Mapping[int, datetime | None] = field(default_factory=dict)
    handed: Mapping[int, Handing] = field(default_factory=dict)
    recommended: Mapping[int, str | None] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Load:
    """What one reviewer holds; `first`: working days to their nearest deadline; `share`: of what fits, 0 to 100."""

    name: str
    me: bool
    held: int
    first: int | None
    share: int


def groups_of(found: Sequence[Item], asked: Asked, lang: str, places: Sequence[Place]) -> tuple[list[Group], int]:
    """The groups of a page, and how many pages there are: one where all places stand under each other."""
    if asked.show:
        items = in_order((item for item in found if item.place == asked.show), asked.sort, lang)
        pages = max(1, -(-len(items) // LINES))
        page = min(asked.page, pages)
        return [Group(items[0].place, items[(page - 1) * LINES : page * LINES], len(items))] if items else [], pages
    groups = []
    for place in places:
        items = in_order((item for item in found if item.place == place), asked.sort, lang)
        if items:
            groups.append(Group(place, items[:FIRST], len(items)))
    return groups, 1


def known_of(session: Session, actor: Actor, items: Sequence[Item]) -> Known:
    cases = [item.id for item in items if item.what == "assessment" and not item.blind]
    handed = last_handings(session, cases)
    people = {item.holder_id for item in items if item.holder_id} | {one.by for one in handed.values() if one.by}
    return Known(
        ties=ties_to(session, actor, [item.company_id for item in items]),
        barred=_barred(session, actor, items),
        ruled=ruled_counts(session, cases),
        replied=last_replies(session, cases),
        handed=handed,
        recommended=recommended_levels(session, [item.id for item in items if item.state is State.RECOMMENDED]),
        names=names_of(session, people),
    )


def _barred(session: Session, actor: Actor, items: Iterable[Item]) -> set[tuple[str, int]]:
    """Lines that somebody without a tie may still not take: they had a part in what is looked at again."""
    reopened = [item.id for item in items if item.what == "assessment" and item.reopened]
    barred = {
        ("assessment", number)
        for number in reopened
        if actor.user_id in shut_out(session, session.get_one(Assessment, number))
    }
    blind = [item.id for item in items if item.blind]
    barred |= {("assessment", number) for number in blind if actor.user_id in second_people(session, number)}
    checks = [item.id for item in items if item.what == "spot_check" and item.place == "free"]
    return barred | {("spot_check", number) for number in verified_by(session, actor.user_id or 0, checks)}


def loads_of(session: Session, items: Iterable[Item], me: int | None) -> list[Load]:
    """Every reviewer, whoever reads first; change requests are nobody's."""
    fits = current().lifecycle.review.assessments_at_once
    held: dict[int, list[Item]] = {}
    for item in items:
        if item.holder_id and item.state is not State.RECOMMENDED:
            held.setdefault(item.holder_id, []).append(item)
    loads = []
    for person in people_with_role(session, Role.REVIEWER):
        mine = held.get(person.id, [])
        first = min((item.days for item in mine if item.days is not None and not item.held), default=None)
        share = min(100, round(100 * len(mine) / fits))
        loads.append(Load(person.full_name, person.id == me, len(mine), first, share))
    return sorted(loads, key=lambda load: not load.me)


def next_holiday(session: Session) -> Holiday | None:
    """The next day that no working day falls on, weekends aside."""
    today = clock.today()
    coming = holidays_between(session, today + timedelta(days=1), today + HOLIDAYS_AHEAD)
    return next((one for one in coming if not one.weekend), None)


def counts_of(found: Iterable[Item]) -> Mapping[str, int]:
    """How many lines each place has; all together under "", where one's colleagues' do not count."""
    counts = {"": 0, "mine": 0, "free": 0, "waiting": 0, "others": 0}
    for item in found:
        counts[item.place] += 1
        counts[""] += item.place != "others"
    return counts


def urgency(items: Iterable[Item], soon: int) -> Mapping[str, int]:
    """How many of one's own and the free lines are late, late and free, and due within `soon` working days."""
    open_ones = [item for item in items if item.place in {"mine", "free"} and item.days is not None]
    return {
        "late": sum((item.days or 0) < 0 for item in open_ones),
        "free": sum((item.days or 0) < 0 and item.place == "free" for item in open_ones),
        "soon": sum(0 <= (item.days or 0) <= soon for item in open_ones),
    }
