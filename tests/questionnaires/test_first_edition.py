"""The first edition holds everything of the text it was written from, and never changes once published."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from questionnaires import LANGS, Edition, current, edition, editions
from questionnaires.catalogue import DIRECTORY, locked
from questionnaires.errors import UnknownEditionError
from questionnaires.loader import fingerprint
from tests.questionnaires.original import digest, original

FROZEN = json.loads((Path(__file__).parent / "original_digests.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def first() -> Edition:
    return edition("2026")


@pytest.fixture(scope="module")
def rebuilt(first: Edition) -> dict[str, Any]:
    return original(first)


class TestNothingWasLost:
    """Put back into the shape of the original text, every part and every question has the original's digest."""

    @pytest.mark.parametrize("part", FROZEN["parts"])
    def test_part(self, rebuilt: dict[str, Any], part: str) -> None:
        assert digest(rebuilt[part]) == FROZEN["parts"][part]

    @pytest.mark.parametrize("number", range(60))
    def test_question(self, rebuilt: dict[str, Any], number: int) -> None:
        name = list(FROZEN["questions"])[number]
        assert rebuilt["questions"][number]["id"] == name
        assert digest(rebuilt["questions"][number]) == FROZEN["questions"][name]

    def test_and_nothing_was_added(self, rebuilt: dict[str, Any]) -> None:
        assert set(rebuilt) == {*FROZEN["parts"], "questions"}
        assert len(rebuilt["questions"]) == len(FROZEN["questions"]) == 60


class TestCounts:
    def test_questions_options_sources(self, first: Edition) -> None:
        assert len(first.sections) == 9
        assert len(first.sources) == 38
        assert sum(len(question.options) for question in first.questions) == 175
        assert sum(question.scored for question in first.questions) == 50
        assert sum(question.not_applicable is not None for question in first.questions) == 12
        assert sum(question.evidence.small_business_alternative is not None for question in first.questions) == 23

    def test_kinds(self, first: Edition) -> None:
        assert Counter(question.kind for question in first.questions) == {
            "yes_partial_no": 31,
            "single_choice": 14,
            "number": 7,
            "multiple_choice": 4,
            "text": 1,
            "file": 1,
            "url": 1,
            "date": 1,
        }

    def test_essentials(self, first: Edition) -> None:
        assert [question.id for question in first.questions if question.essential] == [
            "gov_pledge",
            "gov_policy",
            "gov_lead",
            "csam_procedure",
            "csam_report_authority",
            "csam_takedown_time",
            "lea_contact",
            "ur_report_tool",
        ]

    def test_gates(self, first: Edition) -> None:
        rungs = first.rubric.levels["award"].rungs
        assert {rung.id: len(rung.gates) for rung in rungs} == {"committed": 0, "bronze": 4, "silver": 9, "gold": 9}


class TestWhatGoodLooksLike:
    def test_the_best_option(self, first: Edition) -> None:
        assert [option.value for option in first.question("csam_report_authority").good] == ["within_24h"]

    def test_every_option_that_earns(self, first: Edition) -> None:
        good = [option.value for option in first.question("cafe_supervision").good]
        assert "none_of_these" not in good
        assert len(good) == 5

    def test_nothing_where_no_points_are_given(self, first: Edition) -> None:
        assert first.question("prof_child_users").good == ()

    def test_each_question_has_an_example_of_its_own(self, first: Edition) -> None:
        examples = [question.example for question in first.questions if question.example]
        assert len(examples) == 60
        for lang in LANGS:
            assert len({example[lang] for example in examples}) == 60


class TestWords:
    def test_the_rubric_speaks_with_the_edition_s_words(self, first: Edition) -> None:
        scale = first.rubric.levels["award"]
        assert scale.rungs[3].title.km == first.level("gold").title.km
        visit = next(c for c in scale.rungs[3].conditions if "visit" in c.says.en)
        assert visit.says.en + "." == first.extra_conditions["verification_visit_or_call_passed"].en

    def test_a_condition_says_itself(self, first: Edition) -> None:
        rule = first.question("csam_block_safeguards").asked_if
        assert rule is not None
        assert "“Blocking of abuse websites” is answered “Yes, fully” or “Partly”" in rule.en


class TestPublished:
    """A published edition is immutable: to correct it, publish a new one."""

    @pytest.mark.parametrize("name", editions())
    def test_lock(self, name: str) -> None:
        assert fingerprint(DIRECTORY / name) == locked()[name], f"{name} is published: publish a new edition instead"
        assert edition(name).sha256 == locked()[name]

    def test_current_is_the_newest(self) -> None:
        assert current() is edition(editions()[-1])

    def test_unknown(self) -> None:
        with pytest.raises(UnknownEditionError, match="1999"):
            edition("1999")

    def test_id_is_the_directory(self) -> None:
        assert all(edition(name).id == name for name in editions())


class TestLookingUp:
    def test_by_id(self, first: Edition) -> None:
        assert first.section("csam").title.km
        assert first.level("gold").champion
        assert first.kind("isp").label.en == "Internet service provider"
        assert first.question("gov_policy").option("partial").label["km"] == "មួយផ្នែក"

    def test_what_is_not_there(self, first: Edition) -> None:
        for look in (first.section, first.level, first.kind, first.question, first.question("gov_policy").option):
            with pytest.raises(KeyError):
                look("nothing")
        with pytest.raises(KeyError):
            first.title["fr"]

    def test_what_is_read_most(self, first: Edition) -> None:
        assert first.illustrative
        assert first.marker.en == "Illustrative until MPTC adopts its own text."
        assert first.version == "0.1.0-illustrative"
        assert first.title.km.startswith("ក្រមប្រតិបត្តិ")
        assert first.declaration.en.startswith("I am allowed to answer")
        assert first.lifecycle.renewal.reminders_days_before_expiry == (180, 90, 60, 30, 14, 7, 1)
        assert first.register.national_statistics.min_companies_per_cell == 5
        assert first.question("gov_policy").why is first.question("gov_policy").help
        assert first.question("gov_policy").asked_if is None
