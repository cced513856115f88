"""What a policy officer reads when a draft edition is not right: file, line, column, key and what to do."""

import pytest

from questionnaires import load
from questionnaires.catalogue import DIRECTORY, locked
from questionnaires.checking import check
from questionnaires.loader import fingerprint
from tests.questionnaires.conftest import Edit, refused

GOVERNANCE, STATISTICS = "sections/governance.yaml", "sections/statistics.yaml"


LIFECYCLE = (DIRECTORY / "2026" / "lifecycle.yaml").read_text("utf-8")
DISCRETION = LIFECYCLE[LIFECYCLE.index("discretion:\n") : LIFECYCLE.index("prose:\n")]
LOADING = [
    # file, what is replaced, by what, what the error says
    (GOVERNANCE, "      en: Signed pledge\n", "", "this is missing; add it"),
    (GOVERNANCE, "      km: ពាក្យសន្យាដែលមានហត្ថលេខា\n", "      km: ''\n", "write something here"),
    (GOVERNANCE, "    kind: file\n", "    kind: fil\n", "this must be 'single_choice', 'yes_partial_no'"),
    (GOVERNANCE, "    help:\n", "    hlep:\n", "not known here; check its spelling"),
    (GOVERNANCE, "min_files: 1", "min_files: many", "a whole number is needed here"),
    (GOVERNANCE, "required: false", "required: 'no'", "write true or false"),
    (GOVERNANCE, "value: quarterly", "value: Quarterly!", "this does not have the right form"),
    (GOVERNANCE, "id: gov_lead\n", "id: gov_policy\n", "2 questions are called gov_policy"),
    (GOVERNANCE, "value: yearly\n", "value: quarterly\n", "option quarterly stands twice"),
    (GOVERNANCE, "themes: [safeguarding_policy]", "themes: [safeguarding]", "did you mean safeguarding_policy?"),
    (GOVERNANCE, "itu_key_areas: [1]", "itu_key_areas: [9]", "there is no key area called 9"),
    (GOVERNANCE, "{ref: UK_CE,", "{ref: UK_CD,", "did you mean UK_CE?"),
    (GOVERNANCE, "    kind: url\n", "    kind: url\n    choose_at_least: 2\n", "only a multiple_choice question has"),
    (GOVERNANCE, "id: governance\n", "id: governing\n", "must be governance, as edition.yaml lists it"),
    (STATISTICS, "unit: reports", "unit: report", "did you mean reports?"),
    (STATISTICS, "at_most: stat_csam_reports", "at_most: stat_reports", "there is no question called stat_reports"),
    (STATISTICS, "required_for_levels: [silver, gold]", "required_for_levels: [silvr]", "did you mean silver?"),
    ("edition.yaml", "id: '2026'", "id: 2026", "put it in quotes if it looks like a number"),
    ("edition.yaml", "features_question: prof_features", "features_question: prof", "there is no question called prof"),
    ("edition.yaml", "needs_features_any: [connect]", "needs_features_any: [konnect]", "did you mean connect?"),
    ("edition.yaml", "sections: [profile, ", "sections: [profile, profile, ", "section profile stands twice"),
    ("edition.yaml", "sections: [profile, ", "sections: [profil, ", "this file is missing; write it"),
    (
        "award.yaml",
        "extra: [no_false_statement, improvement_plan_given]",
        "extra: [no_lies]",
        "no extra condition called no_lies",
    ),
    ("evidence.yaml", "one_place_kinds: [internet_cafe]", "one_place_kinds: [cafe]", "there are: isp, mobile_operator"),
    ("lifecycle.yaml", DISCRETION, "", "is left to a person's discretion: list the mitigating factors"),
    ("lifecycle.yaml", "id: very_small", "id: no_harm", "a factor stands here twice; give each an id of its own"),
    ("lifecycle.yaml", "  least: 1\n", "  least: 5\n", "no case can have so many factors: there are not that many"),
    ("lifecycle.yaml", "  least: 1\n", "  least: 0\n", "discretion.least"),
    ("lifecycle.yaml", "not_for_levels: [committed]", "not_for_levels: [comitted]", "did you mean committed?"),
    (
        "rules.yaml",
        'registered as "{kind}"',
        'registered as "{kin}"',
        "only what is filled in may stand: {features}, {kind}",
    ),
    ("rules.yaml", 'given for "{other}"', 'given for "{other"', "only what is filled in may stand: {other}"),
    ("rules.yaml", "about: stat_staff_trained", "about: staff_trained", "there is no question called staff_trained"),
    (
        "rules.yaml",
        "{answer: stat_staff_trained, at_most: 0}",
        "{answer: stat_staff, at_most: 0}",
        "'stat_staff_trained'",
    ),
    ("rubric.yaml", "quarterly: 10, ", "", "option quarterly has no points"),
    (
        "rubric.yaml",
        "never: 0}\n    evidence: half\n  gov_risk",
        "never: 0, weekly: 12}\n    evidence: half\n  gov_risk",
        "weekly",
    ),
    ("rubric.yaml", "any_of: [isp, mobile_operator]}", "any_of: [isp, mobil_operator]}", "'mobile_operator'"),
    (
        "rubric.yaml",
        "asked: {answer: gov_policy, in: ['yes', partial]}",
        "asked: {answer: gov_polcy, in: ['yes']}",
        "'gov_policy'",
    ),
    ("rubric.yaml", "      gov_lead: 4\n", "", "earns points but has no weight in the group governance"),
    ("rubric.yaml", "  prof_scope: given\n", "", "rubric.yaml does not know this question"),
    (
        "rubric.yaml",
        "  stat_lea_answered: number\n",
        "  stat_lea_answered: number\n  stat_x: number\n",
        "no section has a question called stat_x",
    ),
    (
        "rubric.yaml",
        "  stat_lea_answered: number\n",
        "  stat_lea_answered: date\n",
        "a number question needs the type number",
    ),
    (
        "rubric.yaml",
        "  submission_date:",
        "  moon: {type: yes_no, default: 'no'}\n  submission_date:",
        "the portal knows no such fact",
    ),
    (
        "rubric.yaml",
        "  submission_date:",
        "  workers: {type: number}\n  submission_date:",
        "not every company tells this; give it a default, or write optional: yes",
    ),
    (
        "rubric.yaml",
        "    type: given\n    asked:\n      all:\n        - {fact: kinds, any_of: [hosting, pl",
        "    type: number\n    asked:\n      all:\n        - {fact: kinds, any_of: [hosting, pl",
        "a number question needs the type given",
    ),
    (
        "rubric.yaml",
        "    exclusive: [none_of_these]\n",
        "",
        "exclusive must name the same options as the section",
    ),
    (
        "rubric.yaml",
        "{adults_only: likely}",
        "{adults_only: not_sure}",
        "counts_as_until_confirmed must say the same as the section",
    ),
    ("edition.yaml", "code: kh_cop", "code: kh_cup", "the rubric must be called kh_cup_industry_code"),
    (
        "rubric.yaml",
        "  prof_scope: given\n",
        "  prof_scope: {type: given, asked: {answer: gov_policy, is: 'yes'}}\n",
        "asked by gov_policy, which is asked later or never",
    ),
    ("rubric.yaml", "      - id: committed\n", "      - id: comitted\n", "the rungs must be the levels of award.yaml"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), LOADING)
def test_refused_with_its_place(draft: Edit, file: str, old: str, new: str, says: str) -> None:
    errors = refused(draft(file, old, new))
    assert any(says in error for error in errors), errors
    for error in errors:
        where, line, column = error.split(" ")[0].split(":")[:3]
        assert where.endswith(".yaml")
        assert int(line) >= 1
        assert int(column) >= 1


def test_points_at_the_line(draft: Edit) -> None:
    folder = draft(GOVERNANCE, "{ref: UK_CE,", "{ref: UK_CD,")
    line = next(i for i, text in enumerate((folder / GOVERNANCE).read_text("utf-8").splitlines(), 1) if "UK_CD" in text)
    (error,) = refused(folder)
    assert error.startswith(f"{GOVERNANCE}:{line}:15: questions[0].sources[0].ref: there is no source called UK_CD")


def test_a_table_beside_the_rubric_belongs_to_the_edition(draft: Edit) -> None:
    folder = draft("rubric.yaml", "\nmaps:", "\nlists: {extra: {table: extra.csv}}\nmaps:")
    assert refused(folder)[0].startswith("rubric.yaml:")
    (folder / "extra.csv").write_text("name,name\na,b\n", "utf-8")
    before = fingerprint(folder)
    assert refused(folder)[0].startswith("extra.csv:1:")
    (folder / "extra.csv").write_text("name,other\na,b\n", "utf-8")
    assert load(folder).rubric.criteria
    assert fingerprint(folder) not in {before, locked()["2026"]}


def test_all_errors_of_all_files_at_once(draft: Edit) -> None:
    draft(GOVERNANCE, "kind: file", "kind: fil")
    draft("award.yaml", "validity_months: 12", "validity_months: soon")
    folder = draft("rules.yaml", "severity: error", "severity: bad")
    assert {error.split(":")[0] for error in refused(folder)} == {GOVERNANCE, "award.yaml", "rules.yaml"}


CHECKING = [
    (
        "rubric.yaml",
        "        - {answer: csam_blocking, in: ['yes', partial]}",
        "        - {answer: csam_blocking, in: ['yes']}\n        - {answer: csam_blocking, in: ['no']}",
        "no company is ever asked this",
    ),
    (
        "rubric.yaml",
        "lea_contact: {met_by: [yes_24_7]",
        "lea_contact: {met_by: ['no']",
        "gold cannot be reached by isp, even with the best answers",
    ),
    ("rubric.yaml", "total: {at_least: 85}", "total: {at_least: 101}", "gold cannot be reached by internet_cafe"),
    (
        GOVERNANCE,
        "    themes: [safeguarding_policy]\n",
        "    not_applicable: {when: {km: មិនដែល, en: Never}}\n    themes: [safeguarding_policy]\n",
        "an essential question always applies",
    ),
    (
        "rubric.yaml",
        "    evidence: full\n    essential: {met_by: ['yes'], evidence: accepted}",
        "    evidence: none\n    essential: {met_by: ['yes'], evidence: accepted}",
        "required is true, but the rubric's gate is none",
    ),
    (
        "rubric.yaml",
        "{written_rule: 10, on_request: 5, not_kept: 0}",
        "{written_rule: 0, on_request: 0, not_kept: 0}",
        "no option earns points",
    ),
    ("rubric.yaml", "      gov_conduct: 3", "      gov_conduct: 0", "gov_conduct weighs nothing. Give it a weight"),
    (
        "rubric.yaml",
        "        total: {at_least: 50}",
        "        total: {at_least: 75}",
        "this rung asks for less than bronze",
    ),
    ("edition.yaml", "units:\n", "units:\n  moons: {km: ខែ, en: moons}\n", "nothing refers to this"),
    ("edition.yaml", "km: មួយផ្នែក", "km: Partly", "this is not Khmer; translate it"),
    ("edition.yaml", "      en: Mobile operator", "      en: ប្រតិបត្តិករទូរសព្ទចល័ត", "this is not English; translate it"),
    ("rules.yaml", "    about: stat_staff_trained\n", "", "name the question the message stands beside"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), CHECKING)
def test_found_by_check(draft: Edit, file: str, old: str, new: str, says: str) -> None:
    found = [str(finding) for finding in check(draft(file, old, new))]
    assert any(says in finding for finding in found), found


def test_the_first_edition_has_nothing_to_mend(draft: Edit) -> None:
    folder = draft("edition.yaml", "id: '2026'", "id: draft")
    assert check(folder) == ()


class TestOtherRules:
    """Kinds of rule and condition the first edition does not use."""

    def test_a_scored_number_and_a_condition_on_it(self, draft: Edit) -> None:
        draft("rubric.yaml", "  stat_lea_received: number\n", "")
        draft(
            "rubric.yaml",
            "criteria:\n",
            "criteria:\n  stat_lea_received:\n    bands: [{above: 2, points: 10}, {otherwise: 0}]\n",
        )
        draft(
            "rubric.yaml",
            "  stat_lea_answered: number\n",
            "  stat_lea_answered:\n    type: number\n    asked: {answer: stat_lea_received, at_least: 3}\n",
        )
        draft(
            "rubric.yaml",
            "  overall:\n",
            "  statistics: {combine: share, times: 100, of: {stat_lea_received: 1}}\n  overall:\n",
        )
        draft(
            "rubric.yaml",
            "{answer: stat_lea_answered, answered: 'yes'}",
            "{answer: stat_lea_received, answered: 'yes'}",
        )
        folder = draft("rubric.yaml", "of: {governance: 20, ", "of: {statistics: 5, governance: 20, ")
        assert check(folder) == ()

    @pytest.mark.parametrize(
        ("condition", "reachable"),
        [
            ("{fact: kinds, all_of: [isp, hosting]}", True),
            ("{not: {answer: prof_features, any_of: [connect]}}", True),
            ("{any: [{answer: prof_child_users, is: likely}, {answer: prof_features, any_of: [ai]}]}", True),
            ("{answer: gov_policy_review_date, at_least: 2030-01-01}", True),
            ("{answer: gov_pledge, answered: 'yes'}", True),
            ("{answer: prof_scope, length: {above: 200}}", True),
            ("{answer: prof_scope, starts_with: [Whole]}", True),
            ("{answer: gov_policy_public, has_link: 'yes'}", True),
            ("{all: [{answer: prof_scope, length: 9}, {answer: prof_scope, length: {below: 9}}]}", False),
            ("{all: [{answer: gov_policy, is: 'no'}, {answer: gov_policy_review_date, answered: 'yes'}]}", False),
        ],
    )
    def test_who_can_be_asked(self, draft: Edit, condition: str, reachable: bool) -> None:
        folder = draft("rubric.yaml", "  ur_support_signpost:\n", f"  ur_support_signpost:\n    asked: {condition}\n")
        never = [found for found in check(folder) if "no company is ever asked" in str(found)]
        assert not never if reachable else len(never) == 1
