"""Signs of a case in a text: what has a shape is found in Khmer and Latin; what concerns say every day is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.case_details import Detail, details_in

CASES = {
    Detail.LINK: [
        "see https://a.example/x", "look at www.a.example", "it is on t.me/abc", "bad.onion", "hxxp:a",
        "video at a[.]b", "tube . com has it", "fac\u200bebook.com/x",
    ],
    Detail.ADDRESS: ["write to sok@mail.test", "his name there is @sokdara99"],
    Detail.TELEPHONE: ["call 012 345 678", "+855 12 345 678", "០១២ ៣៤៥ ៦៧៨", "00855-12-345-678", "12345678",
                       "(023) 000 100"],
    Detail.AGE: ["she is 12 years old", "a 9-year-old", "aged 14", "អាយុ ១២ ឆ្នាំ", "អាយុប្រហែល ៩ឆ្នាំ", "13 yo", "12 y/o",
                 "a girl of 12", "one boy (9)", "ក្មេង ៩ឆ្នាំ", "ក្មេងស្រី ១២ ឆ្នាំ"],
    Detail.NAME: ["a boy named Dara", "her name is Bopha", "ក្មេងស្រីឈ្មោះ បុប្ផា", "a girl called Sophea"],
    Detail.CHILD: ["my daughter was asked", "our neighbour's son", "កូនស្រីខ្ញុំ", "រៀនថ្នាក់ទី៦", "a man raped her",
                   "he sent me a photo"],
}  # fmt: skip
CONCERNS = [
    "The report page opens only in English, and the telephone is not answered in the evening.",
    "They show the Gold badge for a shop that the award does not cover since 27.3.2026.",
    "Certificate COP-KH-2026-00042-17 hangs in a second café.",
    "The app says 13 years old and above but lets everybody in.",
    "It is open to users under 13 years old without asking.",
    "A child of 13 and above may join, a kid under 13 too.",
    "កុមារក្រោម ១៣ ឆ្នាំ និងក្មេង ១៣ ឆ្នាំឡើង អាចចុះឈ្មោះបាន។",
    "For 2 years nobody answered. Call 1280 is shown nowhere, 117 neither.",
    "ទំព័ររាយការណ៍មានតែភាសាអង់គ្លេស ហើយទូរសព្ទមិនមានអ្នកទទួលពេលល្ងាច។",
    "អ្នកប្រើក្រោមអាយុ ១៣ ឆ្នាំ អាចចុះឈ្មោះបាន។",
    "ឈ្មោះក្រុមហ៊ុនលើផ្លាកមិនត្រឹមត្រូវ។ ពួកគេមិនបានបណ្តុះបណ្តាលបុគ្គលិកទេ។",
    "They promised to check uploads against a list of known material, and a manager said they never did.",
    "Their policy of 2026 says 24 hours. It takes 14 days.",
    "No filter for children in the evening.The line is dead.",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in CASES.items() for text in texts])
def test_a_case_is_seen(kind: Detail, text: str) -> None:
    assert kind in details_in(f"They do not answer. {text} and so on.")


@pytest.mark.parametrize("text", CONCERNS)
def test_a_concern_is_none(text: str) -> None:
    assert details_in(text) == ()


@given(st.sampled_from([text for texts in CASES.values() for text in texts]), st.text(max_size=40))
def test_words_after_it_hide_nothing(text: str, more: str) -> None:
    """Nor does upper case. What follows directly may make a limit of an age, so a full stop stands between."""
    assert details_in(f"They do nothing. {text}.\n{more}")
    assert details_in(f"THEY DO NOTHING. {text.upper()}.\nX")


def test_a_long_text_is_looked_at_in_no_time() -> None:
    for text in ("a" * 1000, "1 " * 500, "- " * 500, "w.w." * 250, "អាយុ" * 200, "my little " * 100, "0." * 500):
        details_in(text)
