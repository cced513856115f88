"""Files on the page of all questions: a question's own, and one for every answer that lacks evidence."""

import io
from functools import cache
from typing import Any

import pikepdf
import pytest
from werkzeug.test import TestResponse

from compliance.domain.roles import CompanyRole
from compliance.store.base import db
from compliance.store.evidence_files import evidence_for
from tests import helpers
from tests.actions import samples
from tests.officer.conftest import Bench, send
from tests.officer.test_all_questions import page_fields, stored, told

SECTION = "/section/governance/all"
YES = {"gov_lead": "yes", "gov_conduct": "yes", "gov_product_review": "no"}


@cache
def document(name: str) -> bytes:
    return samples.pdf(Lang=pikepdf.String(name))


def file(name: str = "rules.pdf", data: bytes | None = None) -> tuple[io.BytesIO, str]:
    return io.BytesIO(document(name) if data is None else data), name


def save(bench: Bench, section: str = SECTION, **fields: Any) -> TestResponse:
    page = bench.client.get(bench.path(section))
    data = {**page_fields(page), **fields}
    return bench.client.post(bench.path(section), data=data, content_type="multipart/form-data")


def given(bench: Bench) -> dict[str, list[str]]:
    with bench.app.app_context():
        found = evidence_for(db.session(), bench.assessment)
    return {name: [one.name for one in files] for name, files in found.items()}


@pytest.mark.both_databases
def test_a_file_for_all_supports_the_answers_that_ask_for_one_and_no_others(bench: Bench) -> None:
    send(bench.client, bench.path("/question/gov_conduct"), gov_conduct="yes", file=file("own.pdf"), act="stay")
    first = page_fields(bench.client.get(bench.path(SECTION)))
    for click in range(2):
        data = {**first, **YES, "shared-files": file(), "act": "stay"}
        sent = bench.client.post(bench.path(SECTION), data=data, content_type="multipart/form-data")
        assert sent.status_code == 302, "pressed twice, it is taken once"
        page = told(bench.client.get(bench.path(SECTION)))
        assert ("rules.pdf supports these answers now: Responsible senior manager." in page) == (click == 0)
    assert given(bench) == {"gov_conduct": ["own.pdf"], "gov_lead": ["rules.pdf"]}
    offered = page.partition("supports every answer of this page that asks for evidence and has none:")[2]
    assert "Responsible senior manager" not in offered
    assert "Check before launch" not in offered, "an answer that earns nothing needs none"


def test_a_question_s_own_file_is_its_evidence_and_its_answer(bench: Bench) -> None:
    both = {"file-gov_pledge": [file("one.pdf"), file("two.pdf")], "file-gov_lead": file("lead.pdf")}
    assert save(bench, **YES, **both).status_code == 302
    assert given(bench) == {"gov_pledge": ["one.pdf", "two.pdf"], "gov_lead": ["lead.pdf"]}
    assert stored(bench)["gov_pledge"] == ("given", "")
    assert "one.pdf" in told(bench.client.get(bench.path(SECTION)))


def test_what_is_refused_is_told_in_its_place_and_every_answer_is_saved(bench: Bench) -> None:
    wrong = save(
        bench, **YES, **{"file-gov_pledge": file("virus.exe", b"MZ"), "shared-files": file("notes.txt", b"words")}
    )
    assert wrong.status_code == 422
    page = wrong.text
    for place, name in (("file-gov_pledge", "virus.exe"), ("shared-files", "notes.txt")):
        assert f'href="#{place}"' in page
        assert f'id="{place}"' in page
        assert f"{name}: This kind of file is not accepted." in page
    assert stored(bench)["gov_lead"] == ("yes", "")
    assert given(bench) == {}
    none = save(bench, "/section/csam/all", csam_procedure="no", **{"shared-files": file()})
    assert none.status_code == 422
    assert "No answer of this page asks for evidence that it does not have" in told(none)
    assert given(bench) == {}


def test_nobody_else_s_page_takes_a_file(bench: Bench) -> None:
    token = {"csrf_token": helpers.token(bench.client.get(bench.path()))}
    strange = {**token, "version-gov_lead": "0", "gov_lead": "yes", "file-csam_terms": file()}
    sent = bench.client.post(bench.path(SECTION), data=strange, content_type="multipart/form-data")
    assert sent.status_code == 302, "a question that is not of this page takes none"
    assert given(bench) == {}
    for browser, status in ((bench.colleague(CompanyRole.VIEWER), 403), (bench.stranger(), 404)):
        token = {"csrf_token": helpers.token(browser.get("/en/company/register"))}
        data = {**token, "version-gov_lead": "1", "gov_lead": "yes", "shared-files": file()}
        refused = browser.post(bench.path(SECTION), data=data, content_type="multipart/form-data")
        assert refused.status_code == status
    assert given(bench) == {}
