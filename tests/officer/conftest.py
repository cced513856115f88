"""An officer who is signed in, a company, a draft. Nothing here holds an application context while pages are asked."""

import re
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions.renewing import start
from compliance.domain.roles import CompanyRole
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import Membership, person_by_email
from tests import helpers

OWNER = "owner@isp.example"


@dataclass(frozen=True)
class Bench:
    """Ids of what every test of this journey starts from, and the owner's browser."""

    app: Flask
    client: FlaskClient
    company: int
    assessment: int

    def path(self, rest: str = "", lang: str = "en") -> str:
        return f"/{lang}/company/assessment/{self.assessment}{rest}"

    def colleague(self, role: CompanyRole) -> FlaskClient:
        """The browser of another person of the company."""
        email = f"{role.value}@isp.example"
        with self.app.app_context():
            number = helpers.person(email).id
            with transaction() as session:
                session.add(Membership(company_id=self.company, person_id=number, role=role, since=clock.now()))
        return signed_in(self.app, email)

    def stranger(self) -> FlaskClient:
        """The browser of somebody with a company of their own."""
        with self.app.app_context():
            helpers.company(helpers.person("stranger@other.example"))
        return signed_in(self.app, "stranger@other.example")


def signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    helpers.sign_in(client, email)
    return client


@pytest.fixture
def owner(app: Flask, moment: datetime) -> str:
    """The address of somebody with an account and no company yet."""
    with app.app_context():
        helpers.person(OWNER, name="Sok Dara")
    return OWNER


@pytest.fixture
def bench(app: Flask, client: FlaskClient, owner: str) -> Bench:
    """A company with a draft; its owner is signed in."""
    with app.app_context():
        company: Company = helpers.company(person_by_email(db.session(), owner))
        with transaction() as session:
            number = start(session, person_by_email(session, owner).actor(), company.id).id
        made = Bench(app, client, company.id, number)
    helpers.sign_in(client, owner)
    return made


def send(client: FlaskClient, address: str, **data: object) -> TestResponse:
    """Posts to the page at `address` with its token and the version it carries, files included."""
    page = client.get(address)
    version = re.search(r'name="version"[^>]*value="(\d*)"', page.text)
    known = {"csrf_token": helpers.token(page), "version": version[1] if version else ""}
    return client.post(address, data={**known, **data}, content_type="multipart/form-data")
