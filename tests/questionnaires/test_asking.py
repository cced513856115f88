"""Which questions are asked, what blocks submission, and why this company is asked."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.actions import scorecards
from questionnaires import Edition, Facts, Reply, current, load
from questionnaires.answers import Value
from questionnaires.asked_state import view
from questionnaires.asking import asked, outstanding, progress, warnings
from questionnaires.because import asked_because
from questionnaires.facts import may_use_lighter_evidence
from questionnaires.scorable import subject
from scoring import Ruling, evaluate
from tests.questionnaires.companies import TODAY, answers, best, facts
from tests.questionnaires.conftest import Edit

ISP = facts("isp")
HOST = facts("hosting")


@pytest.fixture(scope="module")
def edition() -> Edition:
    return current()


def ids(edition: Edition, company: Facts, replies: dict[str, Reply], **more: object) -> list[str]:
    return [question.id for question in asked(edition, company, replies, **more)]  # type: ignore[arg-type]


class TestAsked:
    """A question is asked when one of the company's kinds is asked it and its condition holds."""

    def test_of_some_kinds_only(self, edition: Edition) -> None:
        assert "cafe_filter" not in ids(edition, ISP, {})
        assert "cafe_filter" in ids(edition, facts("isp", "internet_cafe"), {})

    def test_in_the_order_of_the_edition(self, edition: Edition) -> None:
        found = ids(edition, ISP, {})
        assert found == [question.id for question in edition.questions if question.id in found]

    def test_a_condition_on_what_is_unanswered_is_false(self, edition: Edition) -> None:
        assert "csam_block_safeguards" not in ids(edition, ISP, {})
        assert "csam_block_safeguards" in ids(edition, ISP, {"csam_blocking": Reply("partial")})

    def test_a_condition_on_what_is_hidden_is_false(self, edition: Edition) -> None:
        assert "csam_block_safeguards" not in ids(edition, HOST, {"csam_blocking": Reply("yes")})

    def test_a_condition_on_what_is_not_applicable_is_false(self, edition: Edition) -> None:
        replies = {"ur_report_tool": Reply("yes", not_applicable=True)}
        assert "ur_report_quality" not in ids(edition, ISP, replies)

    def test_any_of_several_choices(self, edition: Edition) -> None:
        assert "csam_takedown_time" in ids(edition, HOST, {"prof_features": Reply(("connect", "store"))})

    def test_only_adults_counts_once_confirmed(self, edition: Edition) -> None:
        replies = {"prof_child_users": Reply("adults_only")}
        assert "priv_notice" in ids(edition, ISP, replies)
        assert "priv_notice" not in ids(edition, ISP, replies, confirmed={"prof_child_users"})

    @given(st.sets(st.sampled_from([kind.id for kind in current().kinds]), min_size=1), st.data())
    def test_more_kinds_never_ask_less(self, kinds: set[str], data: st.DataObject) -> None:
        edition = current()
        features = data.draw(
            st.lists(st.sampled_from(edition.question("prof_features").options), unique=True, min_size=1)
        )
        replies = {
            "prof_features": Reply(tuple(option.value for option in features)),
            "prof_child_users": Reply(data.draw(st.sampled_from(["likely", "adults_only"]))),
        }
        fewer = {question for kind in kinds for question in ids(edition, facts(kind), replies)}
        assert set(ids(edition, facts(*kinds), replies)) == fewer


@st.composite
def said(draw: st.DrawFn) -> tuple[Facts, dict[str, Reply]]:
    """Any company, any answers: also to questions it is not asked, also claims of not applicable."""
    edition = current()
    kinds = draw(st.sets(st.sampled_from([kind.id for kind in edition.kinds]), min_size=1))
    replies = {}
    for question in edition.questions:
        values = [option.value for option in question.options]
        if not values or draw(st.integers(0, 9)) == 0:
            continue
        claimed = question.not_applicable is not None and draw(st.booleans())
        if question.kind == "multiple_choice":
            chosen = [option.value for option in question.options if not option.exclusive]
            picked = draw(st.sets(st.sampled_from(chosen), min_size=1))
            value: Value = tuple(option for option in chosen if option in picked)
        else:
            value = draw(st.sampled_from(values))
        replies[question.id] = Reply(value, claimed, "x" * 40 if claimed else "")
    return facts(*kinds), replies


class TestAgreement:
    """What is asked, what is scored and what the questionnaire shows is one and the same."""

    @settings(max_examples=60, deadline=None)
    @given(said(), st.booleans())
    def test_asking_and_scoring(self, company_and_replies: tuple[Facts, dict[str, Reply]], reviewed: bool) -> None:
        edition = current()
        company, replies = company_and_replies
        rulings = {
            name: Ruling("confirm", not_applicable="accepted" if reply.not_applicable else None)
            for name, reply in (replies if reviewed else {}).items()
        }
        card = evaluate(
            edition.rubric,
            subject(edition, company, replies, rulings=rulings),
            basis="verified" if reviewed else "claimed",
        )
        shown = asked(edition, company, replies, confirmed=rulings)
        scored = {name for name, found in card.findings.items() if found.state != "not_asked"}
        assert {question.id for question in shown if question.scored} == scored
        found = view(edition, company, replies, rulings)
        for question in shown:
            assert asked_because(edition, found, question) is not None


class TestSubject:
    """One builder: what is scored of a company's replies."""

    def test_a_claim_of_not_applicable_hides_the_answer(self, edition: Edition) -> None:
        replies = {"sd_network_filter": Reply("yes", True, "x" * 40), "gov_policy": Reply("yes")}
        for made in (subject(edition, ISP, replies), scorecards.subject(edition, ISP, replies, {"gov_policy": 2})):
            assert made.answers == {"gov_policy": "yes"}
            assert made.not_applicable == {"sd_network_filter"}

    def test_a_refused_claim_counts_0_until_it_is_answered(self, edition: Edition) -> None:
        replies = {"sd_network_filter": Reply("yes", True, "x" * 40)}
        rulings = {"sd_network_filter": Ruling("confirm", not_applicable="refused", evidence="accepted")}
        card = evaluate(edition.rubric, subject(edition, ISP, replies, rulings=rulings), basis="verified")
        assert (card.findings["sd_network_filter"].outcome, card.nodes["sd_network_filter"].value) == ("unsupported", 0)

    def test_numbers_are_facts_too(self) -> None:
        company = Facts(frozenset({"isp"}), TODAY, workers=9)
        assert [company.value(name) for name in ("workers", "places", "website", "kinds")] == [9, None, "yes", ("isp",)]


class TestBecause:
    def said(self, edition: Edition, company: Facts, replies: dict[str, Reply], name: str) -> str | None:
        found = asked_because(edition, view(edition, company, replies), edition.question(name))
        assert found is None or found.km
        return found and found.en

    def test_everybody(self, edition: Edition) -> None:
        assert self.said(edition, ISP, {}, "gov_policy") == "Every company is asked this."

    def test_the_kinds_it_has(self, edition: Edition) -> None:
        said = self.said(edition, facts("isp", "internet_cafe"), {}, "gov_product_review")
        assert said == 'Asked because the company is registered as "Internet service provider".'

    def test_the_answers_it_gave(self, edition: Edition) -> None:
        said = self.said(edition, HOST, {"prof_features": Reply(("connect", "store"))}, "csam_detection")
        assert said is not None
        assert said.endswith('the answer "Store files or host websites" to "What people can do with the services".')

    def test_until_confirmed(self, edition: Edition) -> None:
        said = self.said(edition, ISP, {"prof_child_users": Reply("adults_only")}, "priv_notice")
        assert said is not None
        assert "until a reviewer has confirmed" in said

    @pytest.mark.parametrize(
        ("condition", "says"),
        [
            (
                "{any: [{answer: prof_child_users, is: likely}, {answer: prof_features, any_of: [ai]}]}",
                'Asked because of the answer "Use AI that makes or recommends content"',
            ),
            ("{not: {answer: prof_child_users, is: likely}}", "Asked because: “Users under 18” is not answered"),
            (
                "{answer: gov_policy_review_date, at_least: 2026-01-01}",
                "Asked because: “Last review of the policy” is 2026-01-01 or later",
            ),
        ],
    )
    def test_other_conditions(self, draft: Edit, condition: str, says: str) -> None:
        folder = draft("rubric.yaml", "  ur_support_signpost:\n", f"  ur_support_signpost:\n    asked: {condition}\n")
        replies = {
            "prof_features": Reply(("connect", "ai")),
            "gov_policy": Reply("yes"),
            "gov_policy_review_date": Reply(date(2026, 2, 1)),
        }
        said = self.said(load(folder), ISP, replies, "ur_support_signpost")
        assert said is not None
        assert said.startswith(says)

    def test_not_asked(self, edition: Edition) -> None:
        assert self.said(edition, ISP, {}, "cafe_filter") is None


class TestOutstanding:
    """Nothing outstanding, or no submission."""

    def codes(self, edition: Edition, replies: dict[str, Reply], company: Facts = ISP) -> dict[str | None, str]:
        return {issue.question: issue.code for issue in outstanding(view(edition, company, replies))}

    def test_nothing_when_all_is_answered(self, edition: Edition) -> None:
        for kind in edition.kinds:
            company = facts(kind.id)
            assert outstanding(view(edition, company, answers(edition, company, best))) == ()

    def test_an_unanswered_question(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"gov_lead": Reply(comment="later")}
        assert self.codes(edition, replies) == {"gov_lead": "unanswered"}

    def test_figures_do_not_block(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"stat_csam_reports": Reply(), "stat_csam_referred": Reply()}
        assert outstanding(view(edition, ISP, replies)) == ()
        missing = [issue for issue in warnings(view(edition, ISP, replies)) if issue.code == "figure_missing"]
        assert [issue.question for issue in missing] == ["stat_csam_reports", "stat_csam_referred"]
        assert "Silver and Gold" in missing[0].message.en

    def test_a_reason_for_not_applicable(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"sd_network_filter": Reply(None, True, "no homes")}
        assert self.codes(edition, replies) == {"sd_network_filter": "justification_too_short"}

    def test_what_always_applies(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"gov_policy": Reply("yes", True, "x" * 60)}
        assert self.codes(edition, replies)["gov_policy"] == "not_applicable_refused"

    def test_a_date_after_submission(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"gov_policy_review_date": Reply(date(2026, 11, 21))}
        assert self.codes(edition, replies) == {"gov_policy_review_date": "date_in_future"}
        assert outstanding(view(edition, replace(ISP, submission_date=date(2026, 11, 21)), replies)) == ()

    def test_features_that_do_not_fit_the_kind(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best, ("store",))
        (issue,) = outstanding(view(edition, ISP, replies))
        assert (issue.code, issue.question) == ("features_match_kind", "prof_features")
        assert "Internet service provider" in issue.message.en
        assert "Go online through your network" in issue.message.en

    def test_figures_that_contradict_each_other(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"stat_csam_referred": Reply(4)}
        (issue,) = outstanding(view(edition, ISP, replies))
        assert (issue.code, issue.question) == ("statistics_order", "stat_csam_referred")
        assert edition.question("stat_csam_reports").text.km in issue.message.km

    def test_in_the_order_of_the_questions(self, edition: Edition) -> None:
        found = [issue.question for issue in outstanding(view(edition, ISP, {}))]
        assert found == [question.id for question in edition.questions if question.id in found]


class TestWarnings:
    def codes(self, edition: Edition, company: Facts, replies: dict[str, Reply]) -> set[str]:
        return {issue.code for issue in warnings(view(edition, company, replies))}

    def test_none_when_all_fits(self, edition: Edition) -> None:
        assert warnings(view(edition, ISP, answers(edition, ISP, best))) == ()

    @pytest.mark.parametrize(
        ("kind", "features"),
        [("isp", ("connect", "store")), ("app_developer", ("post",)), ("platform", ("post", "public_access"))],
    )
    def test_a_kind_may_be_missing(self, edition: Edition, kind: str, features: tuple[str, ...]) -> None:
        company = facts(kind)
        assert "kinds_match_features" in self.codes(edition, company, answers(edition, company, best, features))

    def test_trained_but_zero(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"stat_staff_trained": Reply(0)}
        assert self.codes(edition, ISP, replies) == {"trained_but_zero"}

    def test_only_adults_needs_proof(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best, users="adults_only")
        (issue,) = warnings(view(edition, ISP, replies))
        assert (issue.code, issue.severity) == ("adults_only_needs_proof", "info")
        assert warnings(view(edition, ISP, replies, ["prof_child_users"])) == ()

    def test_many_not_applicable(self, edition: Edition) -> None:
        reason = "Every contract belongs to an adult and no data about children is kept."
        claimed = ("priv_notice", "priv_consent", "priv_images")
        replies = answers(edition, ISP, best) | {name: Reply(None, True, reason) for name in claimed}
        (issue,) = warnings(view(edition, ISP, replies))
        assert (issue.code, issue.section, issue.question) == ("many_not_applicable", "privacy", None)

    def test_evidence_missing(self, edition: Edition) -> None:
        replies = answers(edition, ISP, best) | {"gov_conduct": Reply("no")}
        files = {question.id: 1 for question in edition.questions if question.id != "gov_lead"}
        assert [issue.question for issue in warnings(view(edition, ISP, replies), files=files)] == ["gov_lead"]
        bare = {issue.question for issue in warnings(view(edition, ISP, replies), files={})}
        assert "gov_conduct" not in bare, "an answer worth nothing needs no evidence"
        assert "gov_policy" in bare


class TestProgress:
    def test_from_nothing_to_complete(self, edition: Edition) -> None:
        before = {entry.section: entry for entry in progress(view(edition, ISP, {}))}
        assert (before["governance"].answered, before["governance"].left) == (0, before["governance"].asked)
        assert before["statistics"].complete
        assert before["statistics"].figures_left == 6
        replies = answers(edition, ISP, best)
        after = progress(view(edition, ISP, replies))
        assert all(entry.complete and entry.answered == entry.asked for entry in after)

    def test_not_applicable_is_an_answer(self, edition: Edition) -> None:
        replies = {"sd_network_filter": Reply(None, True)}
        entries = progress(view(edition, ISP, replies))
        assert {entry.section: entry.answered for entry in entries}["safe_design"] == 1


class TestLighterEvidence:
    @pytest.mark.parametrize(
        ("company", "may"),
        [
            (Facts(frozenset({"isp"}), TODAY, workers=9), True),
            (Facts(frozenset({"isp"}), TODAY, workers=10, places=1), False),
            (Facts(frozenset({"internet_cafe"}), TODAY, workers=12, places=1), True),
            (Facts(frozenset({"internet_cafe"}), TODAY, workers=12, places=2), False),
            (Facts(frozenset({"isp"}), TODAY), False),
        ],
    )
    def test_who(self, edition: Edition, company: Facts, may: bool) -> None:
        assert may_use_lighter_evidence(edition, company) is may
