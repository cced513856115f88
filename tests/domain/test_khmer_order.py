"""Khmer marks in syllable order: one spelling for what looks alike."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.khmer_order import in_syllable_order
from compliance.domain.provinces import PROVINCES, province_name

KHMER = st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17DD) | st.sampled_from(" a1\u200b"))


@given(KHMER)
def test_it_keeps_every_letter_and_a_second_time_changes_nothing(text: str) -> None:
    ordered = in_syllable_order(text)
    assert sorted(ordered) == sorted(text)
    assert in_syllable_order(ordered) == ordered


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("បុ៉ស្តិ៍", "ប៉ុស្តិ៍"),
        ("ក្រ៊ុម", "ក្រ៊ុម"),
        ("ស្ត្រី", "ស្ត្រី"),
        ("ស្រ្តី", "ស្ត្រី"),
        ("ប\u17c9\u17d2\u179a", "ប\u17d2\u179a\u17c9"),  # a shifter typed before the subscript ro
        ("ប\u17c9\u17d2\u178f", "ប\u17d2\u178f\u17c9"),
        ("ប\u17d2\u178f\u17cc", "ប\u17cc\u17d2\u178f"),
        ("Cambodia 2026", "Cambodia 2026"),
    ],
)
def test_spellings(typed: str, meant: str) -> None:
    assert in_syllable_order(typed) == meant


def test_what_the_portal_says_is_in_order_already() -> None:
    names = [province_name(province, "km") for province in PROVINCES]
    catalogue = (Path(__file__).parents[2] / "translations/km/LC_MESSAGES/messages.po").read_text()
    assert [in_syllable_order(name) for name in names] == names
    unordered = [line for line in catalogue.splitlines() if in_syllable_order(line) != line]
    assert unordered == []
