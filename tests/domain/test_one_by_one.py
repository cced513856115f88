"""A draw that takes each for itself: by the share, the same for everybody, and no other way."""

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.drawing import is_within

KEYS = st.text("0123456789abcdef", min_size=1, max_size=64)


@given(KEYS, KEYS, st.integers(0, 100), st.integers(0, 100))
def test_a_greater_share_takes_all_that_a_smaller_one_does(seed: str, key: str, one: int, other: int) -> None:
    small, great = sorted((one, other))
    assert is_within(seed, key, small) <= is_within(seed, key, great)
    assert not is_within(seed, key, 0)
    assert is_within(seed, key, 100)


def test_about_the_share_is_taken_whatever_the_seed() -> None:
    for seed in ("a", "b", "c"):
        taken = sum(is_within(seed, str(key), 10) for key in range(5_000))
        assert 400 < taken < 600


def test_the_same_draw_is_what_a_stranger_works_out() -> None:
    """printf 'seed:digest' | sha256sum begins 5e40: 0x5e40 of 0x10000 is a little under 37 in a hundred."""
    assert [is_within("seed", "digest", share) for share in (36, 37)] == [False, True]
