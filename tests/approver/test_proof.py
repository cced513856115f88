"""A certificate that cannot be drawn: nothing is granted, nothing half done, and the approver is told."""

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.domain.lifecycle import State
from compliance.journeys.approver import proof
from compliance.settings import Settings
from compliance.store.awards import Award, Certificate
from compliance.store.base import db
from compliance.store.reviews import Decision
from tests.actions.cases import case
from tests.approver.test_case_page import recommended, sat_down

KEPT = (Award, Certificate, Decision)


def test_a_template_that_breaks_grants_nothing(
    app: Flask, settings: Settings, moment: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        one = case(settings, recommended)
    desk = sat_down(app, one)
    draft = desk.form(desk.client.get(desk.address).text)
    given = {**draft, "letter_en": "My own words.", "act": "approve", "reason": ""}
    monkeypatch.setattr(proof, "MODULE", "tests.approver.broken_certificate")
    refused = desk.client.post(desk.address, data=given)
    assert refused.status_code == 200
    assert "could not be drawn, so nothing was decided" in refused.text
    assert "My own words." in refused.text
    with app.app_context():
        assert one.assessment.state is State.RECOMMENDED
        assert not any(db.session().scalar(sa.select(sa.func.count()).select_from(table)) for table in KEPT)
    monkeypatch.undo()
    assert desk.client.post(desk.address, data=given).status_code == 302
    with app.app_context():
        assert [db.session().scalar(sa.select(sa.func.count()).select_from(table)) for table in KEPT] == [1, 1, 1]
