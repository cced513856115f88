"""Documents to adapt: an edition's files say them, in both languages, beside questions that exist."""

import re

import pytest

from questionnaires import Edition, EditionRefusedError, current, load
from questionnaires.templates import Template
from tests.questionnaires.conftest import Edit

KHMER = re.compile(r"[\u1780-\u17ff]")
ESSENTIAL = ("gov_pledge", "gov_policy", "csam_procedure", "gov_conduct", "ur_report_tool")


@pytest.fixture(scope="module")
def edition() -> Edition:
    return current()


@pytest.mark.parametrize("question", ESSENTIAL)
def test_a_question_that_asks_for_a_document_offers_one_to_adapt(edition: Edition, question: str) -> None:
    assert edition.templates_for(question)


@pytest.mark.parametrize("template", current().templates, ids=lambda template: str(template.id))
def test_each_says_the_same_parts_in_both_languages(template: Template) -> None:
    khmer, english = (list(_texts(template.worded(lang, "K"))) for lang in ("km", "en"))
    assert len(khmer) == len(english)
    assert all(KHMER.search(text) for text in khmer)
    assert not any(KHMER.search(text) for text in english)


@pytest.mark.parametrize("template", current().templates, ids=lambda template: str(template.id))
def test_each_leaves_no_place_open_for_the_name(template: Template) -> None:
    for lang in ("km", "en"):
        whole = "\n".join(_texts(template.worded(lang, "Café {0} ក")))
        assert "{company}" not in whole
        assert "Café {0} ក" in whole


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("templates/pledge.yaml", "gov_pledge]", "gov_pledg]", "there is no question called gov_pledg"),
        ("templates/pledge.yaml", "id: pledge", "id: oath", "must be pledge, as edition.yaml lists it"),
        ("templates/pledge.yaml", "  - heading: {km", "  - headings: {km", "not known here"),
        ("templates/notice.yaml", "  - list:\n", "  - text: {km: ក, en: a}\n    list:\n", "one part holds one thing"),
        ("edition.yaml", "templates: [pledge,", "templates: [pledge, pledge,", "template pledge stands twice"),
        ("edition.yaml", "templates: [pledge,", "templates: [oath,", "templates/oath.yaml"),
    ],
)
def test_a_slip_is_told_where_it_stands(draft: Edit, file: str, old: str, new: str, reason: str) -> None:
    with pytest.raises(EditionRefusedError) as refused:
        load(draft(file, old, new))
    assert reason in str(refused.value)
    assert len(refused.value.errors) == 1


def _texts(worded: object) -> list[str]:
    if isinstance(worded, str):
        return [worded]
    inside = worded.values() if isinstance(worded, dict) else worded if isinstance(worded, list) else ()
    return [text for one in inside for text in _texts(one)]
