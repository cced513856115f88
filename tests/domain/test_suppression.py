"""What may be told of many without telling it of one: the edges."""

from decimal import Decimal

import pytest

from compliance.domain.suppression import Part, Parts, may_publish, step

MINIMUM = 5


def parts(*amounts: float, known: bool = False) -> Parts:
    return {number: Part(Decimal(str(amount)), known) for number, amount in enumerate(amounts)}


def told(now: Parts, *earlier: Parts, counted: bool = False) -> bool:
    return may_publish(now, earlier, MINIMUM, counted=counted)


@pytest.mark.parametrize(
    ("number", "width", "expected"), [(7, 5, (5, 9)), (0, 5, (0, 4)), (4, 5, (0, 4)), (5, 5, (5, 9)), (3, 1, (3, 3))]
)
def test_steps(number: int, width: int, expected: tuple[int, int]) -> None:
    assert step(number, width) == expected


@pytest.mark.parametrize(("ones", "zeros", "said"), [(5, 5, True), (4, 6, False), (6, 4, False), (4, 4, False)])
def test_enough_on_either_side_of_a_count(ones: int, zeros: int, said: bool) -> None:
    assert told(parts(*[1] * ones, *[0] * zeros), counted=True) is said


def test_enough_in_a_sum() -> None:
    assert told(parts(3, 4, 5, 6, 7))
    assert not told(parts(3, 4, 5, 6))
    assert not told({**parts(3, 4, 5, 6), 9: Part(Decimal(7), known=True)})


@pytest.mark.parametrize(("rest", "said"), [(10, True), (9.9, False)])
def test_all_but_two_hide_the_largest(rest: float, said: bool) -> None:
    assert told(parts(100, 50, rest, 0, 0)) is said
    assert not told(parts(0, 0, 0, 0, 0))


def test_what_did_not_change_is_not_told_anew() -> None:
    now = parts(3, 4, 5, 6, 7)
    assert not told(now, now)
    assert not told(now, {**now, 9: Part(Decimal(1), known=True)}), "what the register tells changes nothing"


def test_enough_changed_since_each_state_and_not_all_alike() -> None:
    before = parts(3, 4, 5, 6, 7)
    assert told(parts(4, 6, 8, 10, 12), before)
    assert not told(parts(4, 5, 6, 7, 8), before), "one more each"
    assert not told(parts(3, 6, 8, 10, 12), before), "only four changed"
    assert not told(parts(4, 6, 8, 10, 12), parts(4, 6, 8, 10, 11), before), "one since the newest"
    assert told(parts(4, 6, 8, 10, 12), before, parts(5, 8, 11, 14, 17))


def test_a_state_told_before_the_newest_may_come_back() -> None:
    now = parts(4, 6, 8, 10, 12)
    assert told(now, now, parts(3, 4, 5, 6, 7))
