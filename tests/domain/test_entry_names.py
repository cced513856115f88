"""Names inside archives unpack on every system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.entry_names import LIMIT, RESERVED, entry_name


@given(st.text(max_size=300))
def test_any_name_unpacks_everywhere(name: str) -> None:
    made = entry_name(name)
    assert 0 < len(made.encode()) <= LIMIT
    assert not set(made) & set('"<>:|?*/\\\0\n')
    assert not RESERVED.match(made)
    assert not made.endswith((".", " "))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("គោលការណ៍ណែនាំ.pdf", "គោលការណ៍ណែនាំ.pdf"),
        ('a<b>"c":d|e?f*.pdf', "a_b__c__d_e_f_.pdf"),
        ("aux.pdf", "_aux.pdf"),
        ("COM1", "_COM1"),
        ("console.txt", "console.txt"),
        ("report. ", "report"),
        ("", "_"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        ("x" * 300 + "." + "y" * 16, "x" * 103 + "." + "y" * 16),
        ("x" * 300 + "." + "y" * 17, "x" * 120),
        ("x." + "y" * 300, "x." + "y" * 118),
        (".hidden", ".hidden"),
    ],
)
def test_what_is_kept(name: str, made: str) -> None:
    assert entry_name(name) == made


def test_a_long_khmer_name_keeps_its_ending() -> None:
    made = entry_name("ក" * 100 + ".pdf")
    assert made == "ក" * 38 + ".pdf"
