"""One address, one form: whatever its width, case, script of the @ or what is invisible at its ends."""

import sys
import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from compliance.domain.addresses import TOO_LONG, normal_address

PLAIN = "known@company.example"
LETTERS = [chr(code) for code in range(sys.maxunicode + 1)]


def lookalikes(plain: str) -> list[str]:
    """All of Unicode that is the same letter but for width, style and case."""
    return [one for one in LETTERS if unicodedata.normalize("NFKC", one).casefold() == plain]


@pytest.mark.parametrize("plain", sorted(set(PLAIN) - {"."}))
def test_every_way_to_type_a_letter_is_the_same_address(plain: str) -> None:
    found = lookalikes(plain)
    assert len(found) > 2, "there is the letter itself, full width, and more"
    for one in found:
        assert normal_address(PLAIN.replace(plain, one)) == PLAIN


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("known@company\u3002example", PLAIN),
        ("known@company\uff61example", PLAIN),
        ("known@company\uff0eexample.", PLAIN),
        ("\ufeff known\uff20ＣＯＭＰＡＮＹ.example\u200b\u00a0\n", PLAIN),
        ("known@com\u00adpany.example", PLAIN),
        ("known@straße.example", "known@xn--strae-oqa.example"),
        ("known@STRASSE.example", "known@strasse.example"),
        ("known@XN--STRAE-OQA.example", "known@xn--strae-oqa.example"),
        ("known@ក្រុមហ៊ុន.example", normal_address("known@ក្រុមហ៊ុន.EXAMPLE")),
        ("no address", "no address"),
        ("@", "@"),
        ("", ""),
    ],
)
def test_examples(typed: str, normal: str) -> None:
    assert normal_address(typed) == normal


@given(st.text(max_size=60) | st.emails())
@example("ǰ@ſ\u0345ﷺ.ß")
@example("a@xn--.\u3002")
@example("a@" + "ﷺ" * 90)
def test_what_is_normal_stays(typed: str) -> None:
    assert normal_address(normal_address(typed)) == normal_address(typed)


@given(st.emails())
def test_a_good_address_stays_good(typed: str) -> None:
    try:
        validate_email(typed, check_deliverability=False)
    except EmailNotValidError:
        return
    validate_email(normal_address(typed), check_deliverability=False, test_environment=True)


@pytest.mark.parametrize("typed", ["ﷺ" * 100 + "@a.example", "a" * 100_000, "a@" + "。" * 99_999])
def test_what_is_longer_than_any_address_is_cut(typed: str) -> None:
    assert len(normal_address(typed)) == TOO_LONG


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("A" * (TOO_LONG - 1), "a" * (TOO_LONG - 1)),
        ("A" * TOO_LONG, "A" * TOO_LONG),  # not even folded: it is no address
        ("\u00df" * (TOO_LONG // 2) + " ", "s" * TOO_LONG),
        ("\u00df" * (TOO_LONG // 2 - 1) + " ", "s" * (TOO_LONG - 2)),
    ],
)
def test_at_the_edge_of_what_is_read(typed: str, made: str) -> None:
    assert normal_address(typed) == made
