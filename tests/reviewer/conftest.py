"""A reviewer signed in, with an assessment in their hands."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.settings import Settings
from tests import helpers
from tests.actions.cases import Case, case, to_review


@pytest.fixture
def one(app: Flask, moment: datetime, settings: Settings) -> Case:
    with app.app_context():
        return case(settings, to_review)


@pytest.fixture
def client(app: Flask, one: Case) -> FlaskClient:
    made = app.test_client()
    helpers.sign_in(made, "reviewer@ministry.example")
    return made
