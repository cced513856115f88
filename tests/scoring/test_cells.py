"""Cells of tables: nothing in them is run by a spreadsheet, and what was put in comes out again."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.cells import harmless, unmarked
from scoring.numbers import khmer_digits, latin_digits, parse

SIGNS = "=+-@|%＝＋－＠｜％\t\r\n"
TEXTS = st.text(st.sampled_from(SIGNS + " '\u200b\u00a0\ufeff\0a1.ក")) | st.text()


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\0", "\u202e", "'", "''", "' "])
def test_a_formula_is_marked(sign: str, before: str) -> None:
    assert harmless(f"{before}{sign}cmd()") == f"'{before}{sign}cmd()"


@pytest.mark.parametrize(
    "text", ["", "ok", "-1", "-0.5", "-1/3", "0", "'quoted'", " spaced", "a=b", "ក", "a@b.kh", "5%"]
)
def test_the_rest_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(TEXTS)
@example("'=1")
@example("'-1")
@example("'")
def test_what_was_put_in_comes_out(text: str) -> None:
    assert unmarked(harmless(text)) == text


@given(TEXTS)
def test_nothing_starts_a_formula(text: str) -> None:
    cell = harmless(text)
    assert cell[:1] not in set(SIGNS) or parse(cell) is not None


def test_digits() -> None:
    assert khmer_digits(1234567890) == "១២៣៤៥៦៧៨៩០"
    assert latin_digits("ឆ្នាំ ២០២៦") == "ឆ្នាំ 2026"
