"""One company's awards, one after the other: which begins, which gives way, which one counts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standing import IN_FORCE, AwardAct, Standing, Term, standing
from compliance.domain.succession import Held, counting, replaced_from, successor
from tests.helpers import company_standing

DAY = date(2026, 3, 1)
YEAR = timedelta(days=365)


def held(number: int, starts: date, act: AwardAct = AwardAct.GRANTED, acted_on: date | None = None) -> Held:
    return Held(number, Term(starts, starts + YEAR - timedelta(days=1), 30), act, acted_on or starts)


@st.composite
def awards(draw: st.DrawFn) -> list[Held]:
    days = st.integers(0, 1500).map(lambda day: DAY + timedelta(days=day))
    starts = draw(st.lists(days, min_size=1, max_size=5))
    return [held(n, day, draw(st.sampled_from(AwardAct)), draw(days)) for n, day in enumerate(starts, 1)]


@given(awards(), st.integers(-10, 2200))
def test_at_most_one_award_of_a_company_is_in_force_and_it_is_the_one_that_counts(all_: list[Held], days: int) -> None:
    on, gives_way = DAY + timedelta(days=days), replaced_from(all_)
    in_force = [one.id for one in all_ if standing(one.term, one.last_act, on, gives_way[one.id]) in IN_FORCE]
    shown = counting(all_, on)
    assert len(in_force) <= 1
    assert in_force == [shown.id] if shown and company_standing(all_, on) in IN_FORCE else not in_force


@given(awards())
def test_awards_hand_over_without_a_gap_or_an_overlap(all_: list[Held]) -> None:
    begun = [one for one in all_ if one.begins]
    days = replaced_from(all_)
    for one in begun:
        following = days[one.id]
        later = [other.term.starts for other in begun if (other.term.starts, other.id) > (one.term.starts, one.id)]
        assert following == (min(later) if later else None)


def test_before_its_first_award_a_company_has_no_standing() -> None:
    one = held(1, DAY)
    assert counting([], DAY) is None
    assert company_standing([one], DAY - timedelta(days=1)) is None
    assert (counting([one], DAY), company_standing([one], DAY)) == (one, Standing.CURRENT)


def test_ended_on_its_first_day_an_award_has_begun() -> None:
    assert held(1, DAY, AwardAct.REVOKED, DAY).begins
    assert not held(1, DAY, AwardAct.REVOKED, DAY - timedelta(days=1)).begins
    assert held(1, DAY, AwardAct.SUSPENDED, DAY - timedelta(days=1)).begins


class TestARenewal:
    """The old award, the renewal that waits, and the days around its first one."""

    old = held(1, DAY)
    new = held(2, DAY + YEAR, acted_on=DAY + YEAR - timedelta(days=60))

    def said(self, on: date, *all_: Held) -> list[Standing]:
        gives_way = replaced_from(all_)
        return [standing(one.term, one.last_act, on, gives_way[one.id]) for one in all_]

    def test_it_waits_then_takes_over(self) -> None:
        both = self.old, self.new
        assert self.said(DAY + YEAR - timedelta(days=1), *both) == [Standing.EXPIRING, Standing.WAITING]
        assert self.said(DAY + YEAR, *both) == [Standing.SUPERSEDED, Standing.CURRENT]
        assert self.said(DAY + 2 * YEAR, *both)[0] is Standing.SUPERSEDED
        assert successor(both, 1, DAY) == successor(both, 1, DAY + YEAR) == 2
        assert successor(both, 2, DAY) is None

    def test_revoked_before_its_first_day_it_never_takes_the_place(self) -> None:
        ended = held(2, DAY + YEAR, AwardAct.REVOKED, DAY + YEAR - timedelta(days=9))
        assert self.said(DAY + YEAR, self.old, ended) == [Standing.IN_GRACE, Standing.REVOKED]
        assert successor((self.old, ended), 1, DAY + YEAR) is None

    def test_an_award_that_expired_long_before_the_next_one_stays_expired(self) -> None:
        late = held(2, DAY + 2 * YEAR)
        assert self.said(DAY + 3 * YEAR - timedelta(days=1), self.old, late) == [Standing.EXPIRED, Standing.EXPIRING]
