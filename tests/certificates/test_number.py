"""Numbers and codes: what is mistyped is noticed, what is typed differently is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import NumberError, mint, mint_code, parse, parse_code
from certificates.number import CODE_LENGTH, check, grouped

KHMER = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
numbers = st.builds(mint, st.integers(2000, 9999), st.integers(1, 999_999_999))


def test_a_number_looks_as_printed() -> None:
    assert mint(2026, 42).startswith("COP-KH-2026-00042-")


def test_the_check_digits_are_those_of_iso_7064() -> None:
    """The standard's rule for MOD 97-10: the number with its check digits leaves 1."""
    assert int("202600042" + check("202600042")) % 97 == 1


@given(numbers)
def test_a_minted_number_reads_back(number: str) -> None:
    assert parse(number) == number


@given(numbers, st.data())
def test_every_single_wrong_digit_is_noticed(number: str, data: st.DataObject) -> None:
    places = [place for place, character in enumerate(number) if character.isdigit()]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(NumberError):
        parse(number[:place] + wrong + number[place + 1 :])


@given(numbers, st.data())
def test_any_two_digits_swapped_are_noticed(number: str, data: st.DataObject) -> None:
    places = [place for place, character in enumerate(number) if character.isdigit()]
    first, second = sorted(data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True)))
    swapped = list(number)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    if swapped != list(number):
        with pytest.raises(NumberError):
            parse("".join(swapped))


@given(numbers)
def test_a_number_is_understood_however_it_is_typed(number: str) -> None:
    for typed in (
        number.lower(),
        number.replace("-", ""),
        number.replace("-", " "),
        number.replace("-", "–"),
        number.translate(KHMER),
        f"  {number}\u200b\n",
    ):
        assert parse(typed) == number


@pytest.mark.parametrize("text", ["", "COP-KH", "COP-KH-2026-042-11", "X" * 10_000, "\ud800"])
def test_what_is_no_number_says_so(text: str) -> None:
    with pytest.raises(NumberError) as error:
        parse(text)
    assert error.value.reason == "form"


@pytest.mark.parametrize(("year", "sequence"), [(26, 1), (2026, 0), (2026, 10**9), (10_000, 1)])
def test_no_number_is_minted_outside_its_room(year: int, sequence: int) -> None:
    with pytest.raises(ValueError, match="no certificate number"):
        mint(year, sequence)


def test_a_code_cannot_be_guessed() -> None:
    """At least 128 bits: 26 characters of 32."""
    codes = {mint_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == CODE_LENGTH and 32**CODE_LENGTH >= 2**128 for code in codes)


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26))
def test_a_code_is_understood_however_it_is_typed(code: str) -> None:
    for typed in (code, code.lower(), grouped(code), code.replace("0", "o").replace("1", "l"), code.translate(KHMER)):
        assert parse_code(typed) == code


@pytest.mark.parametrize("text", ["", "ABC", "U" * 26, "A" * 27, "A" * 10_000])
def test_what_is_no_code_says_so(text: str) -> None:
    with pytest.raises(NumberError):
        parse_code(text)
