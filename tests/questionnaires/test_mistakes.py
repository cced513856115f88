"""Several mistakes in several files of a draft: each is told with its place, and nothing that only follows."""

import pytest

from questionnaires.catalogue import DIRECTORY
from tests.questionnaires.conftest import Edit, refused

GOVERNANCE = "sections/governance.yaml"
BLOCKING, MISSPELT = "{answer: csam_blocking, in: ['yes', partial]}", "{answer: csam_blockng, in: ['yes', partial]}"
NO_SUCH_ANSWER = "rubric.yaml:120"
SEVERAL = {
    "a wrong version hides nothing": (
        [
            ("edition.yaml", "version: 0.1.0-illustrative", "version: 2028"),
            ("sections/csam.yaml", "    help:\n", "    hlep:\n"),
            (GOVERNANCE, "themes: [safeguarding_policy]", "themes: [safeguarding]"),
            ("rubric.yaml", BLOCKING, MISSPELT),
        ],
        ["edition.yaml:8", NO_SUCH_ANSWER, "sections/csam.yaml:14", "sections/csam.yaml:26", f"{GOVERNANCE}:35"],
    ),
    "nor from where questions and rules are joined": (
        [
            ("edition.yaml", "version: 0.1.0-illustrative", "version: 2028"),
            ("rubric.yaml", "quarterly: 10, ", ""),
            ("rules.yaml", "about: stat_staff_trained", "about: stat_staff_trainee"),
        ],
        ["edition.yaml:8", "rubric.yaml:79", "rules.yaml"],
    ),
    "sections are read although their list cannot be": (
        [
            ("edition.yaml", "code:", "\tcode:"),
            (GOVERNANCE, "kind: file", "kind: fil"),
            ("templates/pledge.yaml", "heading:", "headin:"),
            ("rubric.yaml", BLOCKING, MISSPELT),
        ],
        ["edition.yaml:7", NO_SUCH_ANSWER, f"{GOVERNANCE}:15", "templates/pledge.yaml:19"],
    ),
    "a section that cannot be read makes no other wrong": (
        [(GOVERNANCE, "    help:\n", "\thelp:\n"), ("award.yaml", "validity_months: 12", "validity_months: soon")],
        ["award.yaml:19", f"{GOVERNANCE}:22"],
    ),
    "its questions may be named elsewhere": (
        [("sections/statistics.yaml", "title:", "titel:"), (GOVERNANCE, "{ref: UK_CE,", "{ref: UK_CD,")],
        [GOVERNANCE, "sections/statistics.yaml:3", "sections/statistics.yaml:5"],
    ),
}


@pytest.mark.parametrize("case", SEVERAL)
def test_each_mistake_is_told_and_nothing_that_only_follows(draft: Edit, case: str) -> None:
    edits, places = SEVERAL[case]
    folder = [draft(*edit) for edit in edits][-1]
    errors = refused(folder)
    assert len(errors) == len(places), errors
    assert all(error.startswith(f"{place}:") for error, place in zip(errors, places, strict=True)), errors


def test_a_list_whose_parts_are_wrong_is_not_called_empty(draft: Edit) -> None:
    folder = draft("templates/pledge.yaml", "questions: [gov_pledge]", "questions: [Gov Pledge]")
    (error,) = refused(folder)
    assert "questions[0]" in error
    (other,) = refused(draft("templates/pledge.yaml", "questions: [Gov Pledge]", "questions: []"))
    assert "questions: at least 1 needed here" in other


def test_the_shared_options_are_needed(draft: Edit) -> None:
    text = (DIRECTORY / "2026" / "edition.yaml").read_text("utf-8")
    block = text[text.index("shared_options:") : text.index("\nunits:")]
    (error,) = refused(draft("edition.yaml", block, "shared_options: {}"))
    assert "shared_options: at least 1 needed here" in error
