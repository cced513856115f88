"""Roles: strangers find nothing, viewers read, editors write, signatories sign; strange input is a clean refusal."""

import io
from html import unescape

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import CompanyRole
from compliance.store import base
from compliance.store.assessments import Answer
from compliance.store.evidence_files import EvidenceFile
from compliance.store.people import Membership
from compliance.store.plans import PlanStep
from tests import helpers
from tests.actions import samples
from tests.officer.conftest import Bench, send

READ = ("", "/section/csam", "/question/gov_policy", "/score", "/plan", "/check", "/clarification")
WRITE = ("/plan/gov_policy", "/plan/own", "/withdraw", "/submit")


@pytest.mark.parametrize("rest", [*READ, *WRITE, "/receipt", "/decision"])
def test_strangers_find_nothing(bench: Bench, rest: str) -> None:
    assert bench.stranger().get(bench.path(rest)).status_code == 404


def test_strangers_find_no_company_and_change_nothing(bench: Bench) -> None:
    stranger = bench.stranger()
    for rest in ("", "/details", "/evidence", "/questionnaire", "/everything.zip"):
        assert stranger.get(f"/en/company/{bench.company}{rest}").status_code == 404, rest
    token = helpers.token(stranger.get("/en/company/register"))
    for rest in (f"/{bench.company}/start", f"/assessment/{bench.assessment}/question/gov_policy"):
        assert stranger.post(f"/en/company{rest}", data={"csrf_token": token}).status_code == 404, rest


def test_viewers_read_and_change_nothing(bench: Bench) -> None:
    viewer = bench.colleague(CompanyRole.VIEWER)
    for rest in READ:
        assert viewer.get(bench.path(rest)).status_code == 200, rest
    for rest in WRITE:
        assert viewer.get(bench.path(rest)).status_code == 403, rest
    page = viewer.get(bench.path("/question/gov_policy")).text
    assert "Your role in this company is to read" in page
    assert 'id="answer"' not in page
    token = helpers.token(viewer.get("/en/company/register"))
    for rest in ("/question/gov_policy", "/question/gov_policy/autosave", "/clarification", "/plan/gov_policy"):
        data = {"csrf_token": token, "version": "0", "gov_policy": "yes", "reply": "x"}
        assert viewer.post(bench.path(rest), data=data).status_code == 403, rest


def test_editors_write_and_do_not_sign(bench: Bench) -> None:
    editor = bench.colleague(CompanyRole.EDITOR)
    assert send(editor, bench.path("/question/gov_policy"), gov_policy="yes").status_code == 302
    assert editor.get(bench.path("/submit")).status_code == 403


def test_signatories_sign_and_do_not_write(bench: Bench) -> None:
    signatory = bench.colleague(CompanyRole.SIGNATORY)
    assert "Your role in this company is to read" in signatory.get(bench.path("/question/gov_policy")).text
    assert signatory.get(bench.path("/submit")).headers["Location"].endswith("/check")


@pytest.mark.parametrize(
    "address",
    [
        "/en/company/99999",
        "/en/company/9223372036854775808",
        "/en/company/0",
        "/en/company/assessment/99999",
        "/en/company/assessment/18446744073709551616/score",
        "/en/company/file/99999",
    ],
)
def test_unknown_ids_are_not_found(bench: Bench, address: str) -> None:
    assert bench.client.get(address).status_code == 404


def test_unknown_questions_and_sections_are_not_found(bench: Bench) -> None:
    for rest in ("/question/no_such", "/section/no_such", "/plan/no_such", "/question/no_such/autosave"):
        assert bench.client.get(bench.path(rest)).status_code in {404, 405}, rest


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name_km": "Only Latin"}, "Write the company's name in Khmer letters."),
        ({"name_latin": "ខ្មែរ"}, "Write the company's name in Latin letters."),
        ({"registration_number": ""}, "Enter the company's registration number."),
        ({"kinds": []}, "Choose at least one kind of service."),
        ({"kinds": ["spaceship"]}, "Choose at least one kind of service."),
        ({"province": "atlantis"}, "Choose a province."),
        ({"workers": "many"}, "whole number|valid integer|number of people"),
        ({"workers": "0"}, "at least 1"),
        ({"places": "99999999999"}, "Enter the number of places"),
        ({"places": "-" + "9" * 400}, "Enter the number of places"),
        ({"workers": "៩" * 400}, "number of people"),
        ({"website": "javascript:alert(1)"}, "web address"),
    ],
)
def test_a_wrong_company_stays_typed(bench: Bench, changes: dict[str, object], error: str) -> None:
    good = {
        "name_km": "ក្រុមហ៊ុន", "name_latin": "Kept <b>Name</b>", "registration_number": "77-1", "kinds": ["isp"],
        "workers": "៥", "places": "1", "province": "kep", "website": "",
    }  # fmt: skip
    reply = helpers.post(bench.client, "/en/company/register", {**good, **changes})
    assert reply.status_code == 422
    assert any(words in unescape(reply.text) for words in error.split("|")), error
    if "name_latin" not in changes:
        assert "Kept &lt;b&gt;Name&lt;/b&gt;" in reply.text


def test_the_blank_questionnaire_prints_every_question(bench: Bench) -> None:
    page = bench.client.get(f"/km/company/{bench.company}/questionnaire").text
    assert page.count("☐") > 100


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("rest", "fields"),
    [
        ("/plan/make", {"seen": "x"}),
        ("/question/gov_policy", {"gov_policy": "yes"}),
        ("/question/gov_policy", {"file": "policy.pdf"}),
    ],
)
def test_whoever_is_removed_while_the_page_is_open(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, rest: str, fields: dict[str, str]
) -> None:
    """The right is read in the transaction that uses it: it was there when the request began."""
    editor, begin = bench.colleague(CompanyRole.EDITOR), base.begin_writing

    def then_begin() -> Session:
        with base.db.engine.connect() as elsewhere:
            elsewhere.execute(sa.update(Membership).values(ended_at=clock.now()))
            elsewhere.commit()
        return begin()

    token = helpers.token(editor.get(bench.path(rest)))
    monkeypatch.setattr(base, "begin_writing", then_begin)
    sent: dict[str, object] = {"csrf_token": token, "version": "0", **fields}
    if "file" in fields:
        sent["file"] = (io.BytesIO(samples.pdf()), fields["file"])
    assert editor.post(bench.path(rest), data=sent).status_code == 404
    with bench.app.app_context():
        for table in (Answer, PlanStep, EvidenceFile):
            assert base.db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
