"""Which passwords are refused, and why."""

import pytest

from compliance.domain.passwords import LONGEST, SHORTEST, SHORTEST_WITH_SECOND_FACTOR, refusal

GOOD = "krahom sraem bay chhnang trei"
COMMON = frozenset({"correcthorsebattery"})


def why(password: str, *about: str, second_factor: bool = False) -> str | None:
    return refusal(password, second_factor=second_factor, common=COMMON, about=about)


@pytest.mark.parametrize(("second_factor", "shortest"), [(False, SHORTEST), (True, SHORTEST_WITH_SECOND_FACTOR)])
def test_the_shortest_is_long_enough_and_one_less_is_not(second_factor: bool, shortest: int) -> None:
    assert why(GOOD[:shortest], second_factor=second_factor) is None
    assert why(GOOD[: shortest - 1], second_factor=second_factor) == "short"


def test_the_longest_is_taken_and_one_more_is_not() -> None:
    text = (GOOD * 20)[:LONGEST]
    assert why("x1y2z3 w4!" + text[10:]) is None
    assert why("x1y2z3 w4!" + text[10:] + "q") == "long"


@pytest.mark.parametrize(
    "password",
    [
        "correcthorsebattery", "CorrectHorseBattery", "12!correcthorsebattery99", "aaaaaaaaaaaaaaa", "abcabcabcabcabc",
        "trei bay trei bay ", "fourteenletterfourteenletter", "abcdefghijklmnopqrst", "mnbvcxzlkjhgfdsapoiu",
        "012345678901234567",
    ],
)  # fmt: skip
def test_what_many_choose_is_common(password: str) -> None:
    assert why(password) == "common"


@pytest.mark.parametrize("password", ["ab" * 7 + "cd", "krahomsraembaychhnang" + "krahomsraembaychhnanx"])
def test_what_only_begins_to_repeat_is_no_repetition(password: str) -> None:
    assert why(password) is None


def test_a_piece_as_long_as_the_shortest_password_may_be_said_twice() -> None:
    assert why("trei bay krahom" * 2) is None
    assert why("trei bay kraho" * 2) == "common"


@pytest.mark.parametrize(("left", "said"), [("krahom", None), ("kraho", "about_you")])
def test_enough_is_left_beside_ones_own_words(left: str, said: str | None) -> None:
    assert why(f"ministry portal {left} 2026", "Sok Dara") == said
    assert why(f"dara sok-company {left}", "Sok Dara", "dara@company.example") == said


def test_words_of_two_letters_are_not_taken_out() -> None:
    assert why("kakakrahakakomka", "Ka Om") is None
    assert why("ministry kra portal", "Kra") == "about_you"
