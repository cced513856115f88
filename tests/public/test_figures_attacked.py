"""An attacker reads every edition of the figures and the register, adds, subtracts and compares: no company."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from hypothesis import event, given, settings
from hypothesis import strategies as st

from compliance.actions.participation import PROVINCE, REGISTERED, SIZE, SUBMITTED, newcomers, participation
from compliance.domain.provinces import PROVINCES
from compliance.domain.sizes import size_of
from compliance.domain.suppression import Parts
from compliance.store.figures import Figure
from compliance.store.national import Member
from questionnaires import current
from tests.public.attacker import Edition, Finding, Known, work_out

MINIMUM = 5
KINDS = [kind.id for kind in current().kinds]
FEW_PROVINCES = list(PROVINCES)[:4]

member = st.builds(
    Member,
    company_id=st.just(0),
    kind=st.sampled_from(KINDS[:3]),
    province=st.sampled_from(FEW_PROVINCES),
    workers=st.sampled_from([3, 20, 100]),
    submitted=st.booleans(),
    shown=st.booleans(),
)
steps_of_a_month = st.lists(st.tuples(st.integers(0, 70), member), max_size=9)
towns = st.tuples(st.lists(member, max_size=60), st.lists(steps_of_a_month, min_size=1, max_size=5))


@dataclass(frozen=True)
class Month:
    """Who was there, and what was told anew, if anything."""

    members: dict[int, Member]
    told: Mapping[str, tuple[int, int]]


def months_of(town: tuple[list[Member], list[list[tuple[int, Member]]]]) -> list[Month]:
    """A town month after month, with what is published of it: companies come, submit, are shown."""
    first, changes = town
    now = {number: _whole(number, one) for number, one in enumerate(first)}
    told: dict[str, Figure] = {}
    states: dict[str, list[Parts]] = {}
    months = []
    for change in [[], *changes]:
        for number, one in change:
            was = now.get(number)
            now[number] = _whole(number, _later(was, one))
        found = participation(current(), list(now.values()), MINIMUM, told)
        new = {}
        if not told or newcomers(found, states) >= MINIMUM:
            for name, (ends, parts) in found.items():
                told[name] = Figure(date(2026, 1, 1), {"first": ends[0], "last": ends[1]})
                states.setdefault(name, []).append(parts)
                new[name] = ends
        months.append(Month(dict(now), new))
    return months


def _whole(number: int, one: Member) -> Member:
    return replace(one, company_id=number, shown=one.shown and one.submitted)


def _later(was: Member | None, one: Member) -> Member:
    """Who submitted or was shown stays so, where it was."""
    if was is None:
        return one
    return replace(was, submitted=was.submitted or one.submitted, shown=was.shown or one.shown)


def edition_of(month: Month) -> Edition:
    told = month.told
    parts = {
        trait: {n: ends for n, ends in told.items() if n.startswith(trait)} for trait in (SUBMITTED, PROVINCE, SIZE)
    }
    most = told[REGISTERED][1] if REGISTERED in told else None
    return Edition({trait: cells for trait, cells in parts.items() if cells}, most)


def cells_of(one: Member) -> tuple[str, str, str]:
    return SUBMITTED + one.kind, PROVINCE + one.province, SIZE + size_of(one.workers)


def shown_in(members: Mapping[int, Member], ever: Mapping[int, Member]) -> Known:
    """How many of each cell the register shows, of those that `ever` are shown; it tells no size."""
    counted: dict[str, int] = {}
    for number, one in members.items():
        if one.submitted and ever[number].shown:
            for cell in cells_of(one)[:2]:
                counted[cell] = counted.get(cell, 0) + 1
    return counted


def pinned(found: Finding) -> bool:
    """Whether it is certain that from 1 to 4 companies are there that the register does not show."""
    rest = (found.first - found.known, found.last - found.known)
    return rest[0] == rest[1] and 0 < rest[0] < MINIMUM


@settings(max_examples=150, deadline=None)
@given(towns)
def test_no_edition_narrows_a_step_of_another(
    town: tuple[list[Member], list[list[tuple[int, Member]]]],
) -> None:
    """With the register as it was: every cell stays as wide as it was told, whatever is added and subtracted."""
    months = [month for month in months_of(town) if month.told]
    event(f"{len(months)} editions, {max(len(edition_of(month).breakdowns) for month in months)} breakdowns")
    known = [shown_in(month.members, month.members) for month in months]
    for found in work_out([edition_of(month) for month in months], known):
        assert (found.first, found.last) == (max(found.told[0], found.known), found.told[1])
        assert not pinned(found)


@settings(max_examples=150, deadline=None)
@given(towns)
def test_who_is_shown_later_leaves_nobody_standing_alone(
    town: tuple[list[Member], list[list[tuple[int, Member]]]],
) -> None:
    """With the register of today beside the editions of the past: still nobody who is not shown is certain."""
    all_months = months_of(town)
    months, ever = [month for month in all_months if month.told], all_months[-1].members
    for found in work_out([edition_of(month) for month in months], [shown_in(one.members, ever) for one in months]):
        assert not pinned(found)


def test_towns_do_tell() -> None:
    """The laws above are not kept by silence."""
    some = [
        Member(n, KINDS[n % 3], FEW_PROVINCES[n % 2], 3 + n % 30, submitted=True, shown=n % 2 == 0) for n in range(60)
    ]
    (month,) = [month for month in months_of((some, [])) if month.told]
    assert set(edition_of(month).breakdowns) == {SUBMITTED, PROVINCE, SIZE}


def test_a_breakdown_that_would_narrow_another_stays_covered() -> None:
    """Every kind has its highest number, every province its lowest: together they would tell each one exactly."""
    few = [
        Member(5 * place + n, kind, FEW_PROVINCES[0], 3, submitted=True, shown=False)
        for place, kind in enumerate(KINDS)
        for n in range(4)
    ]
    more = [replace(one, company_id=100 + one.company_id, province=FEW_PROVINCES[1]) for one in few[:2]]
    (month,) = [month for month in months_of(([*few, *more], [])) if month.told]
    judged = list(work_out([edition_of(month)], [{}]))
    assert all((found.first, found.last) == found.told for found in judged)
    all_told = Edition(
        {
            SUBMITTED: {SUBMITTED + kind: (0, 4) for kind in KINDS},
            PROVINCE: {PROVINCE + FEW_PROVINCES[0]: (25, 29)},
        }
    )
    assert any((found.first, found.last) != found.told for found in work_out([all_told], [{}])), "the attacker attacks"


@given(st.lists(st.integers(0, 5), min_size=4, max_size=4), st.integers(2, 3))
def test_the_attacker_misses_nothing_that_is_certain(counts: list[int], width: int) -> None:
    """Beside trying every town of two kinds and two provinces that fits what was told."""

    def told(number: int) -> tuple[int, int]:
        first = number - number % width
        return first, first + width - 1

    rows = {"r0": told(counts[0] + counts[1]), "r1": told(counts[2] + counts[3])}
    columns = {"c0": told(counts[0] + counts[2]), "c1": told(counts[1] + counts[3])}
    fits = [
        {"r0": a + b, "r1": c + d, "c0": a + c, "c1": b + d}
        for a, b, c, d in product(range(13), repeat=4)
        if rows["r0"][0] <= a + b <= rows["r0"][1]
        and rows["r1"][0] <= c + d <= rows["r1"][1]
        and columns["c0"][0] <= a + c <= columns["c0"][1]
        and columns["c1"][0] <= b + d <= columns["c1"][1]
    ]
    for found in work_out([Edition({"rows": rows, "columns": columns})], [{}]):
        possible = [fit[found.cell] for fit in fits]
        assert (found.first, found.last) == (min(possible), max(possible))
