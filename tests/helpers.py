"""What tests of every journey share: people, companies, and signing in through the real form."""

import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from compliance.actions.accounts import create_person
from compliance.actions.companies import register_company
from compliance.actions.company_details import CompanyDetails
from compliance.actions.grounds import Why
from compliance.domain.grounds import Ground
from compliance.domain.roles import Role
from compliance.domain.standing import AwardAct, Standing, standing
from compliance.domain.succession import Held, counting
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import Person, person_by_email

PASSWORD = "krahom sraem bay chhnang"
KINDS = ("isp", "hosting", "platform")
_numbers = count(1)


def person(email: str, *roles: Role, name: str = "", language: str = "en", **more: Any) -> Person:
    """An account that can sign in with PASSWORD; inside an application context."""
    with transaction() as session:
        return create_person(session, email, name or email.partition("@")[0].title(), language, PASSWORD, roles, **more)


def details(**changes: Any) -> CompanyDetails:
    """A company's details that the rules accept; each call has another registration number."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name_km": f"ក្រុមហ៊ុន តេស្ត {number}",
        "name_latin": f"Test Company {number}",
        "registration_number": f"0000{number:04}",
        "kinds": ("isp",),
        "workers": 12,
        "province": "phnom-penh",
    }
    return CompanyDetails(**{**values, **changes})


def company(owner: Person, kinds: tuple[str, ...] = KINDS, **changes: Any) -> Company:
    """A company whose owner is `owner`; inside an application context."""
    with transaction() as session:
        made, _ = register_company(session, session.merge(owner).actor(), details(**changes), kinds)
        return made


def why(act: AwardAct, reason: str = "late") -> Why:
    """Why an award is acted on; against the company at once, so that no day has to pass."""
    ground = Ground.REMEDIED if act is AwardAct.REINSTATED else Ground.CHILDREN_AT_RISK
    return Why(ground, reason, "ហេតុផលសម្រាប់សាធារណជន", "A reason for everybody.")


def token(page: TestResponse) -> str:
    """The CSRF token of the first form on the page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, "the page has no form"
    return found.group(1)


def post(client: FlaskClient, address: str, data: dict[str, Any] | None = None, form: str = "") -> TestResponse:
    """Opens the page with the form (at `form`, else at the address itself) and posts it."""
    page = client.get(form or address)
    return client.post(address, data={"csrf_token": token(page), **(data or {})})


def sign_in(client: FlaskClient, who: Person | str, password: str = PASSWORD, lang: str = "en") -> TestResponse:
    """Signs in through the real form; whoever needs a second factor sets it up or uses it. Returns the last answer."""
    email = who if isinstance(who, str) else who.email
    address = f"/{lang}/account/sign-in"
    answer = post(client, address, {"email": email, "password": password})
    assert answer.status_code == 302, "the address or the password is wrong"
    where = answer.headers["Location"]
    if "second-factor/set-up" in where:
        return set_up_authenticator(client, where)
    if "second-factor/code" in where:
        return post(client, where, {"code": code_now(client.application, email)})
    return answer


def set_up_authenticator(client: FlaskClient, address: str) -> TestResponse:
    """Sets up an authenticator app on the page at `address` and enters its first code."""
    page = post(client, address, {"setup": "authenticator"})
    key = re.search(r'data-key="([A-Z2-7]+)"', page.text)
    action = re.search(r'<form method="post" action="([^"]+)" id="code-form"', page.text)
    assert key, "the page shows no key"
    assert action, "the page asks for no code"
    code = TOTP(key=key.group(1)).generate().token
    return client.post(unescape(action.group(1)), data={"csrf_token": token(page), "code": code})


def code_now(app: Flask, email: str) -> str:
    """The code of a person's authenticator app, as if none had been used in this half minute."""
    with app.app_context():
        with transaction() as session:
            found = person_by_email(session, email)
            assert found is not None
            found.totp_counter = None
            secret = found.tf_totp_secret
        return str(app.extensions["security"].totp_factory.generate_totp_password(secret))


def reload(who: Person) -> Person:
    """The person as the store has them now."""
    return db.session.get_one(Person, who.id, populate_existing=True)


def entries_about(session: Session, subject: str, subject_id: int) -> list[AuditEntry]:
    """What was done to one thing, oldest first."""
    query = sa.select(AuditEntry).where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
    return list(session.scalars(query.order_by(AuditEntry.seq)))


def company_standing(awards: Sequence[Held], on: date) -> Standing | None:
    """How a company stands on a day; None before its first award."""
    award = counting(awards, on)
    return standing(award.term, award.last_act, on) if award else None
