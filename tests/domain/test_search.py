"""Spelling that does not matter in a search."""

import pytest

from compliance.domain.search import fold


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Café  ÉLAN", "cafe elan"),
        ("a\u0300\u036fb", "ab"),
        ("ក\u200bខ", "កខ"),
        ("២០២៦", "2026"),
        ("ឲ្យ", "ឱ្យ"),
        ("ទូរស័ព្ទ", "ទូរសព្ទ"),
        (" x\u00ad ", "x"),
        ("\u02ff\u0370", "\u02ff\u0371"),
    ],
)
def test_the_same_to_a_reader_is_the_same(typed: str, meant: str) -> None:
    assert fold(typed) == meant
