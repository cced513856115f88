"""What the first edition yields for each kind of company, as worked out by hand before it was carried over."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from questionnaires import Edition, Facts, Question, Reply, current
from questionnaires.answers import Value
from questionnaires.asking import asked
from questionnaires.scorable import subject
from scoring import Files, Ruling, Scorecard, evaluate
from tests.questionnaires.companies import Manner, all_evidence, answers, best, facts, middle, only_essentials, worst

# kind: seen, scored, essentials, then per cent and level with only the essentials and with the middle answers
TABLE: Mapping[str, tuple[int, int, int, str, str, str]] = {
    "isp": (47, 38, 7, "20.0", "56.9", "bronze"),
    "mobile_operator": (48, 39, 7, "20.0", "56.9", "bronze"),
    "hosting": (44, 34, 8, "21.4", "55.8", "bronze"),
    "platform": (52, 42, 8, "20.4", "57.3", "bronze"),
    "app_developer": (50, 40, 7, "20.4", "57.4", "bronze"),
    "content_producer": (47, 38, 7, "21.8", "57.7", "bronze"),
    "internet_cafe": (31, 22, 7, "30.1", "59.6", "committed"),
}
KINDS = list(TABLE)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return current()


def scored(edition: Edition, company: Facts, replies: Mapping[str, Reply]) -> Scorecard:
    return evaluate(edition.rubric, subject(edition, company, replies, files=all_evidence(edition)))


def result(edition: Edition, kind: str, manner: Manner) -> tuple[str, str | None]:
    company = facts(kind)
    card = scored(edition, company, answers(edition, company, manner))
    return tenths(card.nodes["overall"].value), card.levels["award"].reached


def tenths(value: Fraction | None) -> str:
    """Rounded half up to one decimal, as shown to people."""
    assert value is not None
    return str((value * 10 + Fraction(1, 2)) // 1 / Fraction(10) * 1.0)


@pytest.mark.parametrize("kind", KINDS)
class TestEachKind:
    def test_questions(self, edition: Edition, kind: str) -> None:
        company = facts(kind)
        replies = answers(edition, company, best)
        seen = asked(edition, company, replies)
        card = scored(edition, company, replies)
        assert len(seen) == TABLE[kind][0]
        assert sum(question.scored for question in seen) == TABLE[kind][1]
        assert sum(found.outcome == "pass" for found in card.essentials.values()) == TABLE[kind][2]

    def test_worst(self, edition: Edition, kind: str) -> None:
        assert result(edition, kind, worst) == ("0.0", None)

    def test_only_the_essentials(self, edition: Edition, kind: str) -> None:
        assert result(edition, kind, only_essentials(edition, worst)) == (TABLE[kind][3], "committed")

    def test_middle(self, edition: Edition, kind: str) -> None:
        assert result(edition, kind, only_essentials(edition, middle)) == (TABLE[kind][4], TABLE[kind][5])

    def test_best(self, edition: Edition, kind: str) -> None:
        assert result(edition, kind, best) == ("100.0", "gold")

    def test_asking_and_scoring_agree_on_what_is_asked(self, edition: Edition, kind: str) -> None:
        company = facts(kind)
        for manner in (worst, middle, best):
            replies = answers(edition, company, manner)
            card = scored(edition, company, replies)
            shown = {question.id for question in asked(edition, company, replies) if question.scored}
            assert shown == {name for name, found in card.findings.items() if found.state != "not_asked"}


SEEN = {
    "isp": (44, 47),
    "mobile_operator": (44, 48),
    "hosting": (44, 45),
    "platform": (46, 53),
    "app_developer": (44, 53),
    "content_producer": (42, 52),
    "internet_cafe": (31, 31),
}


@pytest.mark.parametrize("kind", KINDS)
def test_few_and_many_questions(edition: Edition, kind: str) -> None:
    """Few: one feature, only adults, confirmed. Many: every feature, and children."""
    one = edition.kind(kind).needs_features_any[:1]
    everything = tuple(option.value for option in edition.question("prof_features").options)
    company = facts(kind)
    few = answers(edition, company, best, one, "adults_only")
    many = answers(edition, company, best, everything)
    counts = len(asked(edition, company, few, confirmed=["prof_child_users"])), len(asked(edition, company, many))
    assert counts == SEEN[kind]


class TestTheAward:
    def test_no_essential_no_award(self, edition: Edition) -> None:
        company = facts("platform")
        for question in edition.questions:
            if question.essential:
                replies = answers(edition, company, best)
                bad = worst(question)
                replies |= {question.id: Reply(bad)}
                assert scored(edition, company, replies).levels["award"].reached is None, question.id

    @pytest.mark.parametrize("name", ["csam_terms", "ur_support_signpost", "edu_staff_trained"])
    def test_gates_of_bronze(self, edition: Edition, name: str) -> None:
        company = facts("isp")
        replies = answers(edition, company, best) | {name: Reply(worst(edition.question(name)))}
        assert scored(edition, company, replies).levels["award"].reached == "committed"

    def test_the_cafe_s_filter(self, edition: Edition) -> None:
        company = facts("internet_cafe")
        replies = answers(edition, company, best) | {"cafe_filter": Reply("partial")}
        assert scored(edition, company, replies).levels["award"].reached == "committed"

    def test_day_and_night_contact_is_for_networks_hosts_and_platforms(self, edition: Edition) -> None:
        for kind in KINDS:
            company = facts(kind)
            replies = answers(edition, company, best) | {"lea_contact": Reply("yes_office_hours")}
            asked_of = ("isp", "mobile_operator", "hosting", "platform")
            reached = scored(edition, company, replies).levels["award"].reached
            assert reached == ("silver" if kind in asked_of else "gold"), kind

    @pytest.mark.parametrize(
        ("fact", "reached"),
        [
            ("no_false_statement", None),
            ("improvement_plan_given", "gold"),
            ("no_open_major_finding", "bronze"),
            ("verification_visit_or_call_passed", "silver"),
            ("no_suspension_in_last_12_months", "silver"),
        ],
    )
    def test_what_is_needed_besides_points(self, edition: Edition, fact: str, reached: str | None) -> None:
        company = facts("isp")
        replies = answers(edition, company, best)
        without = replace(company, **{fact: False})
        assert scored(edition, without, replies).levels["award"].reached == reached

    def test_silver_needs_the_figures(self, edition: Edition) -> None:
        company = facts("hosting")
        replies = answers(edition, company, best)
        assert scored(edition, company, replies | {"stat_lea_received": Reply()}).levels["award"].reached == "bronze"
        no_case = replies | {"stat_takedown_median_hours": Reply("no_case")}
        assert scored(edition, company, no_case).levels["award"].reached == "gold"

    @pytest.mark.parametrize("kind", KINDS)
    def test_yes_everywhere_and_the_rest_middle_is_silver(self, edition: Edition, kind: str) -> None:
        """Hosting companies also need three of five measures against abuse."""

        def manner(question: Question) -> Value | None:
            return best(question) if question.kind == "yes_partial_no" else middle(question)

        company = facts(kind)
        in_time = {"csam_report_authority": Reply("within_72h")}
        replies = answers(edition, company, manner) | in_time
        card = scored(edition, company, replies)
        value = card.nodes["overall"].value
        assert value is not None
        if kind == "hosting":
            assert (round(value), card.levels["award"].reached) == (75, "bronze")
            three = {"sd_hosting_abuse": Reply(("abuse_contact", "customer_known", "repeat_rule"))}
            card = scored(edition, company, replies | three)
        else:
            assert 82 < value < Fraction("84.5")
        assert card.levels["award"].reached == "silver"


class TestVerified:
    """Only what a reviewer supports counts; gates hold back what has no accepted evidence."""

    def verified(self, edition: Edition, accepted: int, **rulings: Ruling) -> Scorecard:
        company = facts("isp")
        replies = answers(edition, company, best)
        confirmed = {question.id: Ruling("confirm") for question in asked(edition, company, replies)}
        files = {question.id: Files(1, accepted) for question in edition.questions if question.evidence.required}
        whole = subject(edition, company, replies, files=files, rulings={**confirmed, **rulings})
        return evaluate(edition.rubric, whole, basis="verified")

    def test_all_confirmed_with_evidence(self, edition: Edition) -> None:
        card = self.verified(edition, 1)
        assert (card.nodes["overall"].value, card.levels["award"].reached) == (100, "gold")

    def test_without_accepted_evidence(self, edition: Edition) -> None:
        card = self.verified(edition, 0)
        assert card.levels["award"].reached is None
        assert card.nodes["gov_policy"].value == 0
        assert card.nodes["gov_conduct"].value == 5
        assert card.nodes["lea_national_forum"].value == 10

    def test_lowered(self, edition: Edition) -> None:
        card = self.verified(edition, 1, gov_conduct=Ruling("adjust", value="partial"))
        assert card.nodes["gov_conduct"].value == 5

    def test_adults_only_counts_once_confirmed(self, edition: Edition) -> None:
        company = facts("isp")
        replies = answers(edition, company, best, users="adults_only")
        claimed = scored(edition, company, replies)
        confirmed = {question.id: Ruling("confirm") for question in asked(edition, company, replies)}
        files = {question.id: Files(1, 1) for question in edition.questions if question.evidence.required}
        whole = subject(edition, company, replies, files=files, rulings=confirmed)
        verified = evaluate(edition.rubric, whole, basis="verified")
        assert claimed.findings["priv_notice"].state == "value"
        assert verified.findings["priv_notice"].state == "not_asked"

    def test_an_accepted_not_applicable_drops_out(self, edition: Edition) -> None:
        company = facts("isp")
        reason = "We sell only to other operators, not to homes or private persons."
        replies = answers(edition, company, best) | {"sd_network_filter": Reply(None, True, reason)}
        card = scored(edition, company, replies)
        assert card.findings["sd_network_filter"].outcome == "not_applicable"
        assert card.nodes["overall"].value == 100
