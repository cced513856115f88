"""Conditions on texts: what counts as a link, how long a text is, how it starts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Rubric, RubricError, Subject, evaluate, load_rubric
from scoring.condition import say
from scoring.links import has_link
from scoring.rules import Cases
from scoring.text import length
from tests.scoring.laws.trying import law

LINKS = [
    "https://example.org",
    "http://example.org/",
    "HTTPS://EXAMPLE.ORG",
    "see (https://example.org/licence).",
    "see https://example.org.",
    "https://example.org: here it is",
    "<https://example.org>",
    "[licence](https://example.org/a_b)",
    "_https://example.org/page_",
    "https://example.org:8443/path?query=a@b#part",
    "https://example.org?x",
    "https://sub-domain.example.org",
    "https://xn--i-7iq.example",
    "https://ខ្មែរ.កម្ពុជា/ទំព័រ",
    "សូមមើលhttps://example.org។",
    "https://example.org\u200bនិង",
    "https://example https://example.org",
    "https://1.example.org",
]
NOT_LINKS = [
    "",
    "example.org",
    "www.example.org",
    "ftp://example.org",
    "https:///x.org",
    "https://",
    "https:// example.org",
    "https://example",
    "https://example.",
    "https://localhost:5000/x.org",
    "https://portal.local",
    "https://192.168.0.1/x.org",
    "https://[2001:db8::1]/x.org",
    "https://user@example.org",
    "https://user:secret@example.org",
    "https://example.org:80@other.org",
    "https://example.org:0/",
    "https://example.org:99999/",
    "https://example.org:x/",
    "https://example..org",
    "https://.example.org",
    "https://-example.org",
    "https://example-.org",
    "https://exa_mple.org",
    "https://example.org%00.test",
    "https://example.o",
    "xhttps://example.org",
    "https:\\\\example.org",
    "https://" + "a" * 64 + ".org",
    "https://" + "a." * 130 + "org",
]


@pytest.mark.parametrize("text", LINKS)
def test_is_a_link(text: str) -> None:
    assert has_link(text)


@pytest.mark.parametrize("text", NOT_LINKS)
def test_is_no_link(text: str) -> None:
    assert not has_link(text)


class TestLinks:
    """A link stays one whatever words stand around it, and no text without `://` has one."""

    @law
    @given(st.text(st.sampled_from("ab ក.,()«»\n\t"), max_size=5), st.sampled_from(LINKS), st.text(max_size=5))
    def test_words_around(self, before: str, link: str, after: str) -> None:
        assert has_link(f"{before} {link} {after}")

    @law
    @given(st.text())
    def test_without_a_scheme(self, text: str) -> None:
        assert not has_link(text.replace("://", ""))


@pytest.mark.parametrize(
    ("text", "signs"),
    [("", 0), ("abc", 3), (" a \n b ", 3), ("é", 1), ("e\u0301", 1), ("ខ្មែរ", 3), ("ក\u200bខ", 2), ("1️⃣", 1)],
)
def test_length_counts_what_a_reader_counts(text: str, signs: int) -> None:
    assert length(text) == signs


def asking(**test: Any) -> Rubric:
    case = {"when": {"answer": "t", **test}, "points": 1}
    answers = {"t": {"type": "text", "title": {"km": "មូលហេតុ", "en": "the reason"}}}
    return load_rubric({"rubric": "x", "answers": answers, "criteria": {"c": {"cases": [case, {"points": 0}]}}})


def holds(text: str | None, **test: Any) -> bool:
    answers = {} if text is None else {"t": text}
    return evaluate(asking(**test), Subject(answers=answers)).nodes["c"].value == 1


def test_length() -> None:
    assert holds("abc", length={"at_least": 3})
    assert holds("abc", length=3)
    assert not holds("abc", length={"above": 3})
    assert holds("abc", length={"at_most": 3})
    assert not holds("abc", length={"below": 3})
    assert not holds(None, length={"below": 3})


def test_starts_with() -> None:
    assert holds("RFC 9110", starts_with=["ISO", "RFC"])
    assert not holds("the RFC", starts_with="RFC")
    assert not holds("rfc", starts_with="RFC")
    assert not holds(None, starts_with="RFC")


def test_link() -> None:
    assert holds("HTTPS://EXAMPLE.ORG", has_link="yes")
    assert holds("https://example", has_link="no")
    assert not holds(None, has_link="no")


@pytest.mark.parametrize(
    ("test", "english", "khmer"),
    [
        ({"length": {"at_least": 20}}, "“the reason” has at least 20 characters", "«មូលហេតុ» មានយ៉ាងតិច ២០ តួអក្សរ"),
        ({"length": {"above": 20}}, "“the reason” has more than 20 characters", "«មូលហេតុ» មានលើសពី ២០ តួអក្សរ"),
        ({"length": {"at_most": 5}}, "“the reason” has at most 5 characters", "«មូលហេតុ» មានច្រើនបំផុត ៥ តួអក្សរ"),
        ({"length": {"below": 5}}, "“the reason” has fewer than 5 characters", "«មូលហេតុ» មានតិចជាង ៥ តួអក្សរ"),
        ({"starts_with": ["A", "B"]}, "“the reason” starts with “A” or “B”", "«មូលហេតុ» ចាប់ផ្តើមដោយ «A» ឬ «B»"),
        ({"contains": ["A or B"]}, "“the reason” contains “A or B”", "«មូលហេតុ» មានពាក្យ «A or B»"),
    ],
)
def test_says_itself(test: dict[str, Any], english: str, khmer: str) -> None:
    rule = asking(**test).criteria["c"].rule
    assert isinstance(rule, Cases)
    when = rule.cases[0].when
    assert when is not None
    assert (say(when, "en"), say(when, "km")) == (english, khmer)


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ({"length": {"at_least": "long"}}, "a number is needed here"),
        ({"length": {}}, "exactly one limit is needed"),
        ({"starts_with": []}, "at least one value is needed"),
    ],
)
def test_mistakes(test: dict[str, Any], reason: str) -> None:
    with pytest.raises(RubricError, match=reason):
        asking(**test)
    with pytest.raises(RubricError, match="does not fit"):
        load_rubric({
            "rubric": "x",
            "criteria": {"n": {"linear": {}}, "c": {"points": 1, "applies": {"answer": "n", **test}}},
        })  # fmt: skip
