"""Forms made from the edition: nothing about a question is written in Python."""

from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.widgets import TextArea, TextInput

from questionnaires import Edition, Reply, current
from questionnaires.answers import GIVEN, NO_CASE
from questionnaires.forms import filled, form_class, questions_of, read
from tests.questionnaires.companies import TODAY

REASON = "The company sells only to other operators, never to homes."


@pytest.fixture(scope="module")
def edition() -> Edition:
    return current()


def posted(edition: Edition, section: str, lang: Any, *pairs: tuple[str, str], **more: Any) -> Any:
    return form_class(edition.section(section), Form, lang, **more)(MultiDict(pairs))


@pytest.mark.parametrize("lang", ["km", "en"])
class TestWords:
    def test_from_the_edition_in_the_reader_s_language(self, edition: Edition, lang: Any) -> None:
        for section in edition.sections:
            form = form_class(section, Form, lang)()
            for question in section.questions:
                assert form[question.id].label.text == question.text[lang]
                assert form[question.id].description == question.help[lang]
                for shown, option in zip(getattr(form[question.id], "choices", []), question.options, strict=False):
                    assert (shown.value, shown.label) == (option.value, option.label[lang])

    def test_an_empty_draft_is_valid(self, edition: Edition, lang: Any) -> None:
        for section in edition.sections:
            form = form_class(section, Form, lang, today=TODAY)(MultiDict())
            assert form.validate(), form.errors

    def test_errors_too(self, edition: Edition, lang: Any) -> None:
        form = posted(edition, "statistics", lang, ("stat_csam_reports", "many"), ("stat_lea_received", "-1"))
        assert not form.validate()
        assert form.errors == {
            "stat_csam_reports": [
                {"km": "សូមបញ្ចូលតួលេខ ឧទាហរណ៍ ១២ (លេខខ្មែរ ឬលេខឡាតាំង)។", "en": "Enter a number, for example 12."}[lang]
            ],
            "stat_lea_received": [{"km": "តួលេខនេះត្រូវស្មើ ឬធំជាង ០។", "en": "The number must be 0 or more."}[lang]],
        }


class TestNotApplicable:
    def test_a_reason_is_wanted(self, edition: Edition) -> None:
        form = posted(edition, "safe_design", "en", ("sd_network_filter__not_applicable", "y"))
        assert not form.validate()
        assert list(form.errors) == ["sd_network_filter__justification"]

    def test_the_answer_is_then_left_out(self, edition: Edition) -> None:
        form = posted(
            edition,
            "safe_design",
            "en",
            ("sd_network_filter", "nonsense"),
            ("sd_network_filter__not_applicable", "y"),
            ("sd_network_filter__justification", REASON),
        )
        assert form.validate(), form.errors
        question = edition.question("sd_network_filter")
        assert read(form, [question]) == {question.id: Reply(None, True, REASON)}

    def test_only_where_the_edition_allows_it(self, edition: Edition) -> None:
        for question in edition.questions:
            form = form_class(question, Form, "en")()
            assert (f"{question.id}__not_applicable" in form) is (question.not_applicable is not None)
            assert f"{question.id}__comment" in form


class TestReading:
    def test_each_kind(self, edition: Edition) -> None:
        form = posted(
            edition,
            "governance",
            "km",
            ("gov_policy", "yes"),
            ("gov_policy__comment", "  adopted in March  "),
            ("gov_policy_public", "example.com.kh/policy"),
            *(("gov_policy_review_date", part) for part in ("២៧", "៣", "២០២៦")),
        )
        assert form.validate(), form.errors
        replies = read(form, edition.section("governance").questions, files={"gov_pledge": 1})
        assert replies["gov_policy"] == Reply("yes", comment="adopted in March")
        assert replies["gov_policy_public"].value == "https://example.com.kh/policy"
        assert replies["gov_policy_review_date"].value == date(2026, 3, 27)
        assert replies["gov_pledge"].value == GIVEN
        assert replies["gov_lead"] == Reply()

    def test_an_empty_box_that_means_no_case(self, edition: Edition) -> None:
        form = posted(edition, "statistics", "en", ("stat_takedown_median_hours", ""), ("stat_csam_reports", ""))
        replies = read(form, edition.section("statistics").questions)
        assert replies["stat_takedown_median_hours"].value == NO_CASE
        assert replies["stat_csam_reports"].value is None

    def test_what_was_typed_stays(self, edition: Edition) -> None:
        form = posted(edition, "governance", "en", ("gov_policy_review_date", "31"), ("gov_policy_review_date", "2"))
        assert not form.validate()
        assert form["gov_policy_review_date"].raw_data == ["31", "2", ""]

    @pytest.mark.parametrize(("typed_in", "shown"), [("2026-03-27", ["27", "03", "2026"]), ("soon", ["soon", "", ""])])
    def test_a_date_in_one_text(self, edition: Edition, typed_in: str, shown: list[str]) -> None:
        form = posted(edition, "governance", "en", ("gov_policy_review_date", typed_in))
        assert form.validate() is (typed_in != "soon")
        assert form["gov_policy_review_date"].raw_data == shown

    def test_what_was_said_is_shown_again(self, edition: Edition) -> None:
        said = {
            "gov_policy": Reply("partial", comment="soon"),
            "gov_policy_review_date": Reply(date(2026, 3, 27)),
            "sd_network_filter": Reply(None, True, REASON),
            "sd_hosting_abuse": Reply(("abuse_contact", "repeat_rule")),
        }
        form = form_class(edition.questions, Form, "en")(data=filled(edition.questions, said))
        assert form["gov_policy"].data == "partial"
        assert form["gov_policy__comment"].data == "soon"
        assert form["gov_policy_review_date"].data == date(2026, 3, 27)
        assert form["gov_policy_review_date"]._value() == "27 3 2026"
        assert form["sd_network_filter__not_applicable"].data is True
        assert form["sd_hosting_abuse"].data == ["abuse_contact", "repeat_rule"]
        assert "checked" in form["sd_hosting_abuse"]()


class TestRules:
    def test_a_later_date(self, edition: Edition) -> None:
        pairs = [("gov_policy_review_date", part) for part in ("21", "11", "2026")]
        assert posted(edition, "governance", "en", *pairs).validate()
        form = posted(edition, "governance", "en", *pairs, today=TODAY)
        assert not form.validate()
        assert form.errors == {"gov_policy_review_date": ["The date cannot be later than today."]}

    def test_a_long_comment(self, edition: Edition) -> None:
        form = posted(edition, "governance", "en", ("gov_lead__comment", "x" * 4001))
        assert not form.validate()


class TestRendering:
    def test_widgets_come_from_the_caller(self, edition: Edition) -> None:
        widgets = {"single_choice": TextInput(), "not_applicable": TextInput(), "comment": TextArea()}
        form = form_class(edition.section("safe_design"), Form, "en", widgets=widgets)()
        assert form["sd_network_filter"].widget is widgets["single_choice"]
        assert form["sd_network_filter__not_applicable"].widget is widgets["not_applicable"]
        assert form["sd_network_filter__comment"].widget is widgets["comment"]
        assert form["sd_moderation"].widget is not widgets["single_choice"]

    def test_the_base_class_is_kept(self, edition: Edition) -> None:
        class Base(Form):
            pass

        assert issubclass(form_class(edition.question("gov_policy"), Base, "en"), Base)

    def test_some_questions_of_a_section(self, edition: Edition) -> None:
        two = edition.section("governance").questions[:2]
        assert questions_of(two) == two
        assert "gov_lead" not in form_class(two, Form, "en")()
