"""Typed answers: from forms, with Khmer digits, and through JSON without loss."""

from datetime import date
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import AnswerError, Question, Text, current
from questionnaires.answers import GIVEN, NO_CASE, Reply, Value, check_reply, dump, load, parse, typed_form
from questionnaires.messages import LABELS, MESSAGES, REASONS
from questionnaires.typed import length, number, one_line, tidy, web_address
from questionnaires.wording import NumberRules


def question(name: str) -> Question:
    return current().question(name)


def refused(name: str, *typed_in: str) -> str:
    with pytest.raises(AnswerError) as caught:
        parse(question(name), typed_in)
    assert caught.value.message.km
    assert caught.value.message.en
    return caught.value.code


class TestChoices:
    def test_one(self) -> None:
        assert parse(question("gov_policy"), ["partial"]) == "partial"

    def test_nothing_typed_is_no_answer(self) -> None:
        assert parse(question("gov_policy"), []) is None
        assert parse(question("gov_policy"), [""]) is None

    def test_several_come_in_the_order_of_the_question(self) -> None:
        assert parse(question("prof_features"), ["ai", "connect", "ai"]) == ("connect", "ai")

    def test_refusals(self) -> None:
        assert refused("gov_policy", "perhaps") == "unknown_option"
        assert refused("gov_policy", "yes", "no") == "one_only"
        assert refused("prof_features", "connect", "fly") == "unknown_option"
        assert refused("cafe_supervision", "none_of_these", "rules_posted") == "exclusive_option"


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed_in", "value"),
        [
            ("12", 12),
            ("១២", 12),
            (" 1,234 ", 1234),
            ("១ ២៣៤", 1234),
            ("0", 0),
            ("12.50", Decimal("12.5")),
            ("៣.៥", Decimal("3.5")),
            ("4.0", 4),
            ("\u200b7", 7),
        ],
    )
    def test_taken(self, typed_in: str, value: int | Decimal) -> None:
        assert parse(question("stat_takedown_median_hours"), [typed_in]) == value

    @pytest.mark.parametrize("typed_in", ["many", "1e5", "nan", "inf", "1,23", "--4", "1.2.3", "0x10", "²"])
    def test_refused(self, typed_in: str) -> None:
        assert refused("stat_takedown_median_hours", typed_in) == "not_a_number"

    def test_whole_numbers_only(self) -> None:
        assert refused("stat_csam_reports", "3.5") == "not_whole"

    def test_too_small(self) -> None:
        assert refused("stat_csam_reports", "-1") == "number_too_small"

    def test_empty_means_no_case_only_where_the_edition_says_so(self) -> None:
        assert parse(question("stat_takedown_median_hours"), [""]) == NO_CASE
        assert parse(question("stat_takedown_median_hours"), []) is None
        assert parse(question("stat_csam_reports"), [""]) is None

    @given(st.integers(0, 10**11), st.integers(0, 999_999))
    def test_exact(self, whole: int, part: int) -> None:
        assert number(f"{whole}.{part:06}") == Decimal(f"{whole}.{part:06}")


class TestDates:
    @pytest.mark.parametrize(
        "typed_in", [("27", "3", "2026"), ("២៧", "០៣", "២០២៦"), ("2026-03-27",), ("27/3/2026",), ("27.03.2026",)]
    )
    def test_taken(self, typed_in: tuple[str, ...]) -> None:
        assert parse(question("gov_policy_review_date"), typed_in) == date(2026, 3, 27)

    def test_refusals(self) -> None:
        name = "gov_policy_review_date"
        assert refused(name, "31", "2", "2026") == "not_a_date"
        assert refused(name, "27", "", "2026") == "date_incomplete"
        assert refused(name, "27", "3", "2569") == "year_out_of_range"
        assert refused(name, "27", "3", "26") == "year_out_of_range"
        assert refused(name, "soon") == "not_a_date"
        assert refused(name, "27", "3", "20x6") == "not_a_date"


class TestWebAddresses:
    @pytest.mark.parametrize(
        ("typed_in", "value"),
        [
            ("https://example.com.kh/policy", "https://example.com.kh/policy"),
            ("example.com.kh", "https://example.com.kh"),
            ("http://ក្រុមហ៊ុន.com/គោលនយោបាយ", "http://ក្រុមហ៊ុន.com/គោលនយោបាយ"),
        ],
    )
    def test_taken(self, typed_in: str, value: str) -> None:
        assert parse(question("gov_policy_public"), [typed_in]) == value

    @pytest.mark.parametrize(
        "typed_in",
        ["javascript:alert(1)", "ftp://example.com", "https://", "https://user:pw@example.com", "https://localhost",
         "two words.com", "https://10.0.0.1/", "https://example.com:0/", "https://[x", "x" * 3000 + ".com"],
    )  # fmt: skip
    def test_refused(self, typed_in: str) -> None:
        assert web_address(typed_in) is None
        assert refused("gov_policy_public", typed_in) == "not_a_web_address"


class TestTexts:
    def test_length_limits_from_the_edition(self) -> None:
        assert refused("prof_scope", "too short") == "text_too_short"
        assert refused("prof_scope", "a" * 1501) == "text_too_long"
        assert parse(question("prof_scope"), ["  Everything we sell.\r\nIn all places  "]) == (
            "Everything we sell.\nIn all places"
        )

    def test_invisible_characters_say_nothing(self) -> None:
        assert length("\u200bក\u200bខ") == 2
        assert refused("prof_scope", "\u200b" * 30 + "x") == "text_too_short"


class TestBesidesTheEdition:
    """Rules an edition may have although the first one does not use them."""

    def test_at_most(self) -> None:
        rules = NumberRules(min=0, max=100, integer=True, unit="people")
        with pytest.raises(AnswerError) as caught:
            parse(question("stat_staff_trained").model_copy(update={"number": rules}), ["101"])
        assert caught.value.code == "number_too_large"

    def test_at_least_two(self) -> None:
        with pytest.raises(AnswerError) as caught:
            parse(question("prof_features").model_copy(update={"choose_at_least": 2}), ["ai"])
        assert caught.value.code == "too_few_options"


class TestFiles:
    def test_the_answer_is_that_a_file_was_given(self) -> None:
        assert parse(question("gov_pledge"), [GIVEN]) == GIVEN
        assert refused("gov_pledge", "x.pdf") == "wrong_form"


SOME: dict[str, list[Value]] = {
    "gov_policy": ["yes", "no"],
    "csam_detection": ["none"],
    "prof_features": [("connect", "ai"), ("store",)],
    "stat_csam_reports": [0, 12],
    "stat_takedown_median_hours": [Decimal("3.25"), 7, NO_CASE],
    "gov_policy_review_date": [date(2026, 3, 27)],
    "gov_policy_public": ["https://example.com.kh/policy"],
    "prof_scope": ["All our services in Cambodia"],
    "gov_pledge": [GIVEN],
}
PAIRS = [(name, value) for name, values in SOME.items() for value in values]


class TestRoundTrips:
    @pytest.mark.parametrize(("name", "value"), PAIRS)
    def test_through_json(self, name: str, value: Value) -> None:
        again = load(question(name), dump(value))
        assert again == value
        assert type(again) is type(value)

    @pytest.mark.parametrize(("name", "value"), PAIRS)
    def test_through_a_form(self, name: str, value: Value) -> None:
        shown = typed_form(value) or [""]
        assert parse(question(name), shown) == value

    @pytest.mark.parametrize("stored", [None, 5, True, {"a": 1}, [1], ["yes"], "", "maybe"])
    def test_what_is_no_answer_is_refused(self, stored: object) -> None:
        with pytest.raises(AnswerError):
            load(question("gov_policy"), stored)


class TestNotApplicable:
    REASON = "We sell only to other operators, never to homes or private persons."

    def test_allowed_with_a_reason(self) -> None:
        check_reply(question("sd_network_filter"), Reply(None, True, self.REASON), least=40)

    @pytest.mark.parametrize(
        ("name", "reason", "code"),
        [("sd_network_filter", "no", "justification_too_short"), ("gov_policy", REASON, "not_applicable_refused")],
    )
    def test_refused(self, name: str, reason: str, code: str) -> None:
        with pytest.raises(AnswerError) as caught:
            check_reply(question(name), Reply(None, True, reason), least=40)
        assert caught.value.code == code


def test_numbers_in_messages_have_the_digits_of_their_language() -> None:
    with pytest.raises(AnswerError) as caught:
        parse(question("prof_scope"), ["short"])
    assert "20" in caught.value.message.en
    assert "២០" in caught.value.message.km


@pytest.mark.parametrize("table", [MESSAGES, LABELS, REASONS])
def test_messages_fill_the_same_names_in_both_languages(table: dict[str, object]) -> None:
    for text in table.values():
        assert isinstance(text, Text)
        names = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in (text.km, text.en)]
        assert names[0] == names[1]


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_a_tidy_text_holds_only_what_every_format_may(text: str) -> None:
    """XML's characters (W3C XML 1.0, 2.2) without the controls of the second row; what can be read stays."""
    tidied = tidy(text)
    assert all(mark in "\t\n" or " " <= mark < "\x7f" or mark >= "\xa0" for mark in tidied)
    assert not {"\u2028", "\u2029", "\ufffe", "\uffff"} & set(tidied)
    assert not any("\ud800" <= mark <= "\udfff" for mark in tidied)
    assert tidy(tidied) == tidied


def test_a_line_that_word_broke_stays_broken() -> None:
    assert tidy("one\x0btwo\x0cthree\u2028four") == "one\ntwo\nthree\nfour"
    assert tidy("\u200b \u2060\u202e\ufe0f\u17b4") == one_line("\u3164\u00ad") == ""
    assert [tidy(sign) for sign in ("?", "😀", "ំ", "\u200bក")] == ["?", "😀", "ំ", "\u200bក"]
    assert tidy("ក\u200bខ\u200dគ") == "ក\u200bខ\u200dគ"


@pytest.mark.parametrize(("typed", "kept"), [
    ("  Sok\u202e Dara\x01 ", "Sok Dara"), ("សុខ\u200bដារ៉ា\n\u2067", "សុខ\u200bដារ៉ា"), ("A\tB  C", "A B C"),
])  # fmt: skip
def test_a_name_is_one_line_that_reads_as_it_was_typed(typed: str, kept: str) -> None:
    assert one_line(typed) == kept
    assert one_line(kept) == kept
