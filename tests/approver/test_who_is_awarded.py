"""The pages of review and decision say who would be awarded, what of it changed, and who may be taken for it."""

import re
import shutil
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions import reviewing
from compliance.actions.companies import edit_company
from compliance.domain.lifecycle import State
from compliance.settings import Settings
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.people import Person
from tests import helpers
from tests.actions.cases import CAFE, Case, case, reload, to_recommended
from tests.actions.test_seen_company import AS_IT_IS, KINDS, replace
from tests.keys import lay_keys

REASON = "All of it was found to be so."


@pytest.fixture
def one(app: Flask, settings: Settings, moment: datetime) -> Case:
    with app.app_context():
        made = case(settings, to_recommended)
        with transaction() as session:
            reviewing.declare(session, reload(made.hands.approver), made.assessment_id, has_tie=False, tie="")
        helpers.company(helpers.person("x@else.example"), name_latin="Test Cafe 2", registration_number="A 1")
        return made


LETTER = {"letter_km": "សេចក្តីសម្រេច", "letter_en": "The decision"}


def signed_in(app: Flask, user_id: int | None) -> FlaskClient:
    with app.app_context():
        email = db.session.get_one(Person, user_id).email
    client = app.test_client()
    helpers.sign_in(client, email)
    return client


def rename(app: Flask, one: Case) -> None:
    with app.app_context(), transaction() as session:
        wish = replace(AS_IT_IS, name_latin="Another Shop", province="kep")
        edit_company(session, reload(one.hands.owner), one.company_id, wish, KINDS)


@pytest.mark.parametrize(
    ("lang", "changed"), [("en", "Changed since the company submitted"), ("km", "បានផ្លាស់ប្តូរចាប់តាំងពី")]
)
def test_reviewer_and_approver_see_what_changed_and_who_is_alike(
    app: Flask, one: Case, lang: str, changed: str
) -> None:
    pages = {
        f"/{lang}/review/{one.assessment_id}": signed_in(app, one.hands.reviewer.user_id),
        f"/{lang}/decide/{one.assessment_id}": signed_in(app, one.hands.approver.user_id),
    }
    for address, client in pages.items():
        page = client.get(address).text
        assert "Test Cafe 2" in page
        assert "T-1" in page
        assert changed not in page
    rename(app, one)
    for address, client in pages.items():
        page = client.get(address).text
        assert changed in page
        assert f"<s>{CAFE.name_latin}</s><br><b>Another Shop</b>" in page


def test_a_decision_on_another_name_is_refused_and_keeps_what_was_typed(app: Flask, one: Case) -> None:
    client, address = signed_in(app, one.hands.approver.user_id), f"/en/decide/{one.assessment_id}"
    shown = dict(re.findall(r'name="(csrf_token|seen|told)"[^>]*value="([^"]*)"', client.get(address).text))
    rename(app, one)
    told = client.post(address, data={**shown, "act": "approve", "drafted_for": "approve", **LETTER, "reason": REASON})
    assert told.status_code == 409
    assert REASON in told.text
    assert "Another Shop" in client.get(address).text


@pytest.mark.parametrize(("lang", "words"), [("en", "has to be signed"), ("km", "ត្រូវតែចុះហត្ថលេខាឌីជីថល")])
def test_without_a_key_nothing_is_awarded_and_what_was_typed_is_kept(
    app: Flask, one: Case, settings: Settings, lang: str, words: str
) -> None:
    client, address = signed_in(app, one.hands.approver.user_id), f"/{lang}/decide/{one.assessment_id}"
    shown = dict(re.findall(r'name="(csrf_token|seen|told)"[^>]*value="([^"]*)"', client.get(address).text))
    shutil.rmtree(settings.keys_dir)
    told = client.post(address, data={**shown, "act": "approve", "drafted_for": "approve", **LETTER, "reason": REASON})
    assert told.status_code == 503
    assert words in told.text
    assert REASON in told.text
    with app.app_context():
        assert one.assessment.state is State.RECOMMENDED
        assert awards_of(db.session(), one.company_id) == []
    lay_keys(settings.keys_dir)
    again = client.post(address, data={**shown, "act": "approve", "drafted_for": "approve", **LETTER, "reason": REASON})
    assert again.status_code == 302, "with the key back the same page goes through"
