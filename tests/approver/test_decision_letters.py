"""The letter about a decision: drafted from the rulings, edited, sent with the decision, kept as it was sent."""

import html
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pikepdf import Pdf

from compliance.actions import reviewing
from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.jobs.letter_paper import print_letters
from compliance.jobs.sweep import known_files
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.decision_letters import DecisionLetter
from compliance.store.files import file_store
from compliance.store.people import Person
from tests import helpers
from tests.actions.cases import CAFE, Case, case, reload, to_review
from tests.jobs.world import notices, told
from tests.officer.test_decision import DRAFT

LETTER = re.compile(r'<textarea[^>]*name="(letter_km|letter_en)"[^>]*>\s?(.*?)</textarea>', re.S)
HIDDEN = re.compile(r'name="(csrf_token|seen|told|drafted_for)"[^>]*value="([^"]*)"')


def lower(one: Case) -> None:
    """Recommended one level below the claim."""
    to_review(one)
    acts.rule(one.hands, one.assessment_id, 0)
    with transaction() as session:
        for question in ("gov_conduct", "gov_risk_assessment"):
            reviewing.rule(session, one.hands.reviewer, one.assessment_id, question, DRAFT)
    acts.recommend(CAFE, one.hands, one.assessment_id, 0)


@dataclass
class Desk:
    """The approver's browser before a recommended case."""

    one: Case
    client: FlaskClient

    @property
    def address(self) -> str:
        return f"/en/decide/{self.one.assessment_id}"

    def form(self, page: str = "") -> dict[str, str]:
        text = page or self.client.get(self.address).text
        return {name: html.unescape(value) for name, value in [*HIDDEN.findall(text), *LETTER.findall(text)]}


@pytest.fixture
def desk(app: Flask, settings: Settings, moment: datetime) -> Desk:
    with app.app_context():
        one = case(settings, lower)
        with transaction() as session:
            reviewing.declare(session, reload(one.hands.approver), one.assessment_id, has_tie=False, tie="")
        email = db.session.get_one(Person, one.hands.approver.user_id).email
    client = app.test_client()
    helpers.sign_in(client, email)
    return Desk(one, client)


@pytest.mark.both_databases
def test_the_draft_says_what_differs_and_what_was_sent_is_kept_to_the_byte(
    app: Flask, desk: Desk, settings: Settings
) -> None:
    draft = desk.form()
    assert draft["letter_en"].startswith("To Test Café")
    for part in (
        "Bronze award, for 24 months",
        "You claimed: Silver",
        "2. Rules for staff and partners",
        "no signature",
    ):
        assert part in draft["letter_en"]
    assert "ហាងអ៊ីនធឺណិត តេស្ត" in draft["letter_km"]
    edited = {**draft, "letter_en": draft["letter_en"] + "\n\nWe thank you <b>all</b>."}
    assert desk.client.post(desk.address, data={**edited, "act": "approve", "reason": ""}).status_code == 302
    owner, page = app.test_client(), f"/en/company/assessment/{desk.one.assessment_id}"
    helpers.sign_in(owner, "owner@cafe.example")
    text = owner.get(f"{page}/decision").text
    assert "We thank you &lt;b&gt;all&lt;/b&gt;." in text
    assert "The PDF of the letter is being made" in text
    assert owner.get(f"{page}/letter.pdf").status_code == 404
    with app.app_context():
        assert print_letters(settings) == 1
        assert print_letters(settings) == 0
        kept = db.session.scalars(sa.select(DecisionLetter)).one()
        assert kept.text_en == edited["letter_en"].replace("\r\n", "\n")
        assert kept.pdf_sha256 in known_files(db.session())
        stored = file_store(settings).get(kept.pdf_sha256)
        packed_as = f"letters/letter-{kept.id}.pdf"
        values = [told(one) for one in notices() if one.kind == "award_granted"]
        assert values
        assert all(one and "We thank you" in one["letter_en"] for one in values)
    assert owner.get(f"{page}/letter.pdf").data == stored
    with Pdf.open(io.BytesIO(stored)) as pdf:
        assert len(pdf.pages) >= 2
    archive = zipfile.ZipFile(
        io.BytesIO(owner.get(f"/en/company/{desk.one.company_id}/everything.zip", buffered=True).data)
    )
    assert archive.read(packed_as) == stored


def test_choosing_the_other_decision_shows_its_draft_before_anything_is_decided(app: Flask, desk: Desk) -> None:
    draft = {**desk.form(), "letter_en": "Dear café, well done."}
    page = desk.client.post(desk.address, data={**draft, "act": "refuse", "reason": "Not yet."}).text
    assert "The letter was written for another decision." in page
    anew = desk.form(page)
    assert anew["drafted_for"] == "refuse"
    assert "It cannot give an award at this time." in anew["letter_en"]
    assert "Dear café, well done." in page, "what was written is not lost"
    assert "Not yet." in page
    with app.app_context():
        assert desk.one.assessment.state is State.RECOMMENDED
    assert desk.client.post(desk.address, data={**anew, "act": "refuse", "reason": "Not yet."}).status_code == 302


def test_a_letter_in_one_language_only_is_refused_and_a_return_needs_none(app: Flask, desk: Desk) -> None:
    draft = {**desk.form(), "letter_km": "  "}
    page = desk.client.post(desk.address, data={**draft, "act": "approve", "reason": ""}).text
    assert "Write the letter in both languages." in page
    long = desk.client.post(desk.address, data={**draft, "letter_km": "ក" * 8001, "act": "approve", "reason": ""}).text
    assert "Use at most 8000 characters." in long
    assert desk.client.post(desk.address, data={**draft, "act": "return", "reason": "Look again."}).status_code == 302
    with app.app_context():
        assert not db.session.scalars(sa.select(DecisionLetter)).all()


@pytest.mark.both_databases
def test_nobody_changes_what_was_sent(app: Flask, desk: Desk) -> None:
    desk.client.post(desk.address, data={**desk.form(), "act": "approve", "reason": ""})
    for change in ({"text_en": "Another"}, {"text_km": "ផ្សេង"}):
        with app.app_context(), pytest.raises(sa.exc.DatabaseError), transaction() as session:
            session.execute(sa.update(DecisionLetter).values(**change))
