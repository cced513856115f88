"""Laws of an answer that comes back: what nobody touched stays, what a colleague wrote is never lost in silence."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.three_way import NOTHING, TO_CHOOSE, Meeting, meet

contents = st.one_of(
    st.just(dict(NOTHING)),
    st.fixed_dictionaries(
        {
            "value": st.sampled_from([None, "yes", "no", ["a"], ["a", "b"]]),
            "not_applicable": st.booleans(),
            "na_reason": st.sampled_from(["", "because"]),
            "comment": st.sampled_from(["", "one", "two"]),
        }
    ),
)
bases = st.none() | contents


@given(bases, contents)
def test_a_row_that_was_left_as_it_was_changes_nothing_whatever_is_stored(base: Any, now: Any) -> None:
    assert meet(base, now, base if base is not None else NOTHING) is Meeting.UNCHANGED
    assert meet(base, now, now) is Meeting.UNCHANGED


@given(bases, contents, contents)
def test_what_is_taken_without_asking_replaces_nothing_but_what_the_person_saw(base: Any, now: Any, mine: Any) -> None:
    met = meet(base, now, mine)
    if met not in {Meeting.UNCHANGED, *TO_CHOOSE}:
        assert now in (base, NOTHING)
        assert mine != NOTHING or now == NOTHING
    if met is Meeting.CONFLICT:
        assert now != base
        assert mine not in (now, base)
    if base == now != mine == NOTHING:
        assert met is Meeting.EMPTIED
