"""Spelling that does not matter in a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.collation import collation_key
from compliance.domain.search import fold
from compliance.domain.sounds import beginnings, sounds

SUBSCRIPTS = ["\u17d2" + letter for letter in "ករសតម"]
VOWELS = ["\u17b6", "\u17b7", "\u17b8", "\u17bc", "\u17be", "\u17c1", "\u17c2", "\u17c4", "\u17c6"]
SIGNS = ["\u17c7", "\u17c9", "\u17ca", "\u17cb", "\u17cc", "\u17d0"]
MARKS = st.lists(st.sampled_from([*SUBSCRIPTS, *VOWELS, *SIGNS]), unique=True, max_size=5)
INVISIBLE = st.sampled_from(["", "\u200b", "\u200c", "\u200d", "\u2060", "\ufe00", "\u200e", "\u17b4"])


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


@given(st.data(), st.sampled_from("កខមសអ"), MARKS)
def test_marks_are_found_in_whatever_order_they_were_typed(data: st.DataObject, letter: str, marks: list[str]) -> None:
    other = data.draw(st.permutations(marks))
    doubled = [mark * data.draw(st.integers(1, 2)) for mark in other]
    typed = "".join(mark + data.draw(INVISIBLE) for mark in doubled)
    assert fold(f"x {letter}{typed}ន") == fold(f"x {letter}{''.join(marks)}ន")


@given(st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17DD) | st.sampled_from("ab \u200b\u0301")))
def test_a_folded_text_is_folded(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ខែ្មរ", "ខ្មែរ"),
        ("មូ៉បាល", "ម៉ូបាល"),
        ("អី៊ន", "អ៊ីន"),
        ("អុីន", "អ៊ីន"),
        ("ផែ្អម", "ផ្អែម"),
        ("ស្រ្តី", "ស្ត្រី"),
        ("កេាះ", "កោះ"),
        ("ធេ្វី", "ធ្វើ"),
        ("\u17a3ាហារ", "អាហារ"),
        ("\u17a4ហារ", "អាហារ"),
        ("កំំពតត", "កំពតត"),
    ],
)
def test_what_looks_the_same_is_the_same(typed: str, meant: str) -> None:
    assert typed != meant
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [("កំ", "កុំ"), ("កុ", "កូ"), ("ប៉ា", "បា"), ("ក្រ", "រ្ក"), ("កត", "ក្ត"), ("តា", "ត"), ("ប៉ា", "ប៊ា")],
)
def test_what_looks_different_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("krma", "Blue Krama Mobile"),
        ("bluekrama", "Blue Krama Mobile"),
        ("blu kramma", "Blue Krama Mobile"),
        ("ប្លូក្រមា", "Blue Krama Mobile"),
        ("មូបាល", "ក្រមា ម៉ូបាល"),
        ("mobail", "ក្រមា ម៉ូបាល"),
        ("telekom", "Lotus Telecom"),
        ("fiber", "Fast Turtle Fibre"),
        ("phnom penh", "រាជធានី ភ្នំពេញ"),
    ],
)
def test_a_name_is_found_by_how_it_sounds(heard: str, name: str) -> None:
    assert f" {sounds(heard)}" in beginnings(name)


@pytest.mark.parametrize(("heard", "name"), [("rama", "Blue Krama"), ("krama", "Karaoke"), ("", "Krama")])
def test_a_name_is_not_found_by_other_sounds(heard: str, name: str) -> None:
    assert not sounds(heard) or f" {sounds(heard)}" not in beginnings(name)


def test_names_stand_as_in_a_dictionary() -> None:
    khmer = ["ក", "កណ្តាល", "កា", "កី", "កែប", "កំពត", "កោះកុង", "ក្រ", "ក្រចេះ", "ខ្មែរ", "ឫស្សី", "លោក", "អាហារ", "Aba"]
    assert sorted(set(khmer), key=lambda name: collation_key(name, "km")) == khmer
    latin = ["Apsara", "apsara 2", "Élan", "Fast", "Zebra", "ខ្មែរ"]
    assert sorted(set(latin), key=lambda name: collation_key(name, "en")) == latin
