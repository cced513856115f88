"""Two approvers at the same case: the second is told that somebody was faster, and keeps what was typed."""

import re
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions import reviewing
from compliance.domain.lifecycle import State
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import Person
from tests import helpers
from tests.actions.cases import Case, case, reload, to_recommended

REASON = "The plan names nobody who answers for it."


@dataclass
class Desk:
    """A recommended case; both approvers declared that nothing ties them to the company."""

    one: Case
    first: FlaskClient
    second: FlaskClient

    @property
    def address(self) -> str:
        return f"/en/decide/{self.one.assessment_id}"

    def page(self, client: FlaskClient) -> dict[str, str]:
        """The hidden fields of the decision as the page showed them."""
        text = client.get(self.address).text
        hidden = dict(re.findall(r'name="(csrf_token|seen|told)"[^>]*value="([^"]*)"', text))
        return {**hidden, "letter_km": "សេចក្តីសម្រេច", "letter_en": "The decision"}


@pytest.fixture
def desk(app: Flask, settings: Settings, moment: datetime) -> Desk:
    with app.app_context():
        one = case(settings, to_recommended)
        people = [one.hands.approver, one.hands.second]
        for actor in people:
            with transaction() as session:
                reviewing.declare(session, reload(actor), one.assessment_id, has_tie=False, tie="")
        emails = [db.session.get_one(Person, actor.user_id).email for actor in people]
    clients = [app.test_client(), app.test_client()]
    for client, email in zip(clients, emails, strict=True):
        helpers.sign_in(client, email)
    return Desk(one, *clients)


@pytest.mark.parametrize(("act", "state"), [("refuse", State.REFUSED), ("return", State.IN_REVIEW)])
def test_the_second_comes_second_and_keeps_the_reason(app: Flask, desk: Desk, act: str, state: State) -> None:
    early, late = desk.page(desk.first), desk.page(desk.second)
    done = desk.first.post(desk.address, data={**early, "act": act, "drafted_for": act, "reason": "Not yet."})
    assert done.status_code == 302
    again = desk.first.post(desk.address, data={**early, "act": act, "drafted_for": act, "reason": "Not yet."})
    assert again.status_code == 302, "the same button pressed twice is no error"
    if state is State.REFUSED:
        page = desk.second.get(desk.address).text
        assert "Refused</b>" in page
        assert "Not yet." in page
    told = desk.second.post(desk.address, data={**late, "act": act, "drafted_for": act, "reason": REASON})
    assert told.status_code == 409
    assert "Somebody was faster" in told.text
    assert "Somebody else decided this while you had the page open" in told.text
    assert REASON in told.text
    with app.app_context():
        assert desk.one.assessment.state is state
